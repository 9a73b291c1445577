// SPDX-License-Identifier: Apache-2.0
#include "portal/PageProgram.h"

#include "base/Log.h"
#include "portal/Escape.h"
#include "portal/Svg.h"

#include <kainjow/mustache.hpp>

#include <charconv>
#include <cstring>
#include <map>

namespace dalate::portal {

namespace {

/// Stands before and after the number of a run of markup in the text that kainjow parses: its parser takes
/// about 15 ns a byte, and markup is nine tenths of a page.
constexpr char runMark = '\x1f';

constexpr std::uint32_t maxNesting = 64;

/// `map[name]`. A page looks up hundreds of names, so members in front of it are stepped over by their heads
/// alone, without a view of each.
ValueView member(ValueView map, std::string_view name) noexcept {
    if (!map.isMap()) return {};
    std::string_view rest = map.payload();
    while (rest.size() >= ValueView::headSize) {
        const std::size_t size = ValueView::u32(rest.data());
        const std::size_t keyLength = ValueView::u16(rest.data() + 4);
        if (size > rest.size() || size < ValueView::headSize + keyLength) break;
        if (keyLength == name.size() &&
            std::memcmp(rest.data() + ValueView::headSize, name.data(), keyLength) == 0)
            return ValueView(rest.data(), size);
        rest.remove_prefix(size);
    }
    return {};
}

bool space(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

} // namespace

void PageProgram::Builder::markup(std::string_view bytes) {
    pending_ += bytes;
}

void PageProgram::Builder::value(std::string_view name, Escape escape) {
    flush();
    switch (escape) {
    case Escape::html:
        mustache_.append("{{").append(name).append("}}");
        return;
    case Escape::url:
        mustache_.append("{{%u ").append(name).append("}}");
        return;
    case Escape::urlPart:
        mustache_.append("{{%c ").append(name).append("}}");
        return;
    case Escape::svg:
        mustache_.append("{{{").append(name).append("}}}");
        return;
    }
}

void PageProgram::Builder::open(std::string_view name, Piece::Kind kind, bool once) {
    flush();
    mustache_.append(kind == Piece::Kind::inverted ? "{{^" : "{{#")
        .append(once ? "?" : "")
        .append(name)
        .append("}}");
}

void PageProgram::Builder::close(std::string_view name, bool once) {
    flush();
    mustache_.append("{{/").append(once ? "?" : "").append(name).append("}}");
}

std::size_t PageProgram::Builder::size() const noexcept {
    return pool_.size() + pending_.size() + mustache_.size();
}

void PageProgram::Builder::flush() {
    if (pending_.empty()) return;
    const std::size_t start = pool_.size();
    for (std::size_t i = 0; i < pending_.size();) {
        const std::string_view rest = std::string_view(pending_).substr(i);
        if (rest.starts_with("<pre")) preformatted_ = true;
        if (rest.starts_with("</pre")) preformatted_ = false;
        if (!space(pending_[i]) || preformatted_) {
            pool_ += pending_[i++];
            continue;
        }
        // Indentation and empty lines serve the template's reader only; one break or blank stays between
        // words.
        bool broken = false;
        while (i < pending_.size() && space(pending_[i]))
            broken |= pending_[i++] == '\n';
        pool_ += broken ? '\n' : ' ';
    }
    pending_.clear();
    mustache_ += runMark;
    mustache_ += std::to_string(runs_.size());
    mustache_ += runMark;
    runs_.emplace_back(static_cast<std::uint32_t>(start), static_cast<std::uint32_t>(pool_.size() - start));
}

/// Turns kainjow's tree into operations.
class PageProgram::Compiler {
public:
    using Node = kainjow::mustache::component<std::string>;

    Compiler(PageProgram& program, const std::vector<std::pair<std::uint32_t, std::uint32_t>>& runs)
        : program_(program), runs_(runs) {}

    bool children(const Node& node, std::uint32_t depth) {
        if (depth > maxNesting) return fail("sections are nested deeper than 64");
        for (const Node& child : node.children)
            if (!one(child, depth)) return false;
        return true;
    }

    const std::string& why() const noexcept { return why_; }

private:
    bool fail(std::string why) {
        why_ = std::move(why);
        return false;
    }

    bool one(const Node& node, std::uint32_t depth) {
        using kainjow::mustache::tag_type;
        if (node.is_text()) return text(node.text);
        switch (node.tag.type) {
        case tag_type::variable:
            return variable(node.tag.name);
        case tag_type::unescaped_variable:
            return add(Do::value, Escape::svg, node.tag.name);
        case tag_type::section_begin:
            return section(node, depth, Do::section);
        case tag_type::section_begin_inverted:
            return section(node, depth, Do::inverted);
        default:
            return fail("`" + node.tag.name + "` is left over after composing");
        }
    }

    bool text(std::string_view tokens) {
        while (!tokens.empty()) {
            const std::size_t end = tokens.find(runMark, 1);
            std::size_t run = 0;
            if (tokens[0] != runMark || end == std::string_view::npos ||
                std::from_chars(tokens.data() + 1, tokens.data() + end, run).ptr != tokens.data() + end ||
                run >= runs_.size())
                return fail("markup is left over after composing");
            program_.operations_.push_back({Do::markup, Escape::html, runs_[run].first, runs_[run].second});
            tokens.remove_prefix(end + 1);
        }
        return true;
    }

    bool variable(const std::string& name) {
        if (name.starts_with("%u ")) return add(Do::value, Escape::url, name.substr(3));
        if (name.starts_with("%c ")) return add(Do::value, Escape::urlPart, name.substr(3));
        return add(Do::value, Escape::html, name);
    }

    bool section(const Node& node, std::uint32_t depth, Do what) {
        const bool once = node.tag.name.starts_with("?");
        const std::size_t at = program_.operations_.size();
        add(once && what == Do::section ? Do::once : what, Escape::html,
            once ? node.tag.name.substr(1) : node.tag.name);
        if (!children(node, depth + 1)) return false;
        program_.operations_[at].b = static_cast<std::uint32_t>(program_.operations_.size());
        return true;
    }

    bool add(Do what, Escape escape, const std::string& name) {
        program_.operations_.push_back({what, escape, path(name), 0});
        return true;
    }

    std::uint32_t path(std::string_view name) {
        const auto known = known_.find(name);
        if (known != known_.end()) return known->second;
        Path path{Root::scope, static_cast<std::uint32_t>(program_.segments_.size()), 0};
        std::string_view rest = name;
        if (name == ".") {
            path.root = Root::self;
            rest = {};
        } else if (name.starts_with("page.") || name.starts_with("model.")) {
            path.root = name[0] == 'p' ? Root::page : Root::model;
            rest.remove_prefix(path.root == Root::page ? 5 : 6);
        }
        while (!rest.empty()) {
            const std::size_t dot = std::min(rest.find('.'), rest.size());
            program_.segments_.push_back(
                {static_cast<std::uint32_t>(program_.pool_.size()), static_cast<std::uint32_t>(dot)});
            program_.pool_ += rest.substr(0, dot);
            rest.remove_prefix(std::min(dot + 1, rest.size()));
            ++path.count;
        }
        const auto index = static_cast<std::uint32_t>(program_.paths_.size());
        program_.paths_.push_back(path);
        known_.emplace(name, index);
        return index;
    }

    PageProgram& program_;
    const std::vector<std::pair<std::uint32_t, std::uint32_t>>& runs_;
    std::map<std::string, std::uint32_t, std::less<>> known_;
    std::string why_;
};

std::shared_ptr<const PageProgram> PageProgram::Builder::build(std::string& why) {
    flush();
    kainjow::mustache::context<std::string> none;
    kainjow::mustache::context_internal<std::string> internal(none);
    kainjow::mustache::component<std::string> root;
    std::string fault;
    kainjow::mustache::parser<std::string>(mustache_, internal, root, fault);
    if (!fault.empty()) {
        why = fault;
        return nullptr;
    }
    auto program = std::make_shared<PageProgram>();
    program->pool_ = std::move(pool_);
    Compiler compiler(*program, runs_);
    if (!compiler.children(root, 0)) {
        why = compiler.why();
        return nullptr;
    }
    program->pool_.shrink_to_fit();
    program->operations_.shrink_to_fit();
    return program;
}

void PageProgram::render(const Input& input, std::string& out) const {
    const Scope top{input.model, input.model};
    run(0, static_cast<std::uint32_t>(operations_.size()), top, input, out);
}

std::size_t PageProgram::footprint() const noexcept {
    return pool_.capacity() + operations_.capacity() * sizeof(Operation) + paths_.capacity() * sizeof(Path) +
           segments_.capacity() * sizeof(Span) + sizeof *this;
}

ValueView PageProgram::find(std::uint32_t index, const Scope& scope, const Input& input) const {
    const Path& path = paths_[index];
    ValueView value;
    switch (path.root) {
    case Root::self:
        return scope.self;
    case Root::scope:
        value = scope.names;
        break;
    case Root::page:
        value = input.page;
        break;
    case Root::model:
        value = input.model;
        break;
    }
    for (std::uint32_t i = 0; i < path.count; ++i) {
        const Span& segment = segments_[path.first + i];
        value = member(value, std::string_view(pool_.data() + segment.offset, segment.length));
    }
    return value;
}

void PageProgram::run(std::uint32_t from, std::uint32_t to, const Scope& scope, const Input& input,
                      std::string& out) const {
    for (std::uint32_t i = from; i < to;) {
        const Operation& operation = operations_[i];
        if (operation.what == Do::markup) {
            out.append(pool_.data() + operation.a, operation.b);
            ++i;
            continue;
        }
        const ValueView value = find(operation.a, scope, input);
        if (operation.what == Do::value) {
            put(value, operation.escape, input, out);
            ++i;
            continue;
        }
        if (value.truth() != (operation.what == Do::inverted)) {
            if (operation.what != Do::section) {
                run(i + 1, operation.b, scope, input, out);
            } else if (value.isList()) {
                for (const ValueView row : value)
                    run(i + 1, operation.b, {row.isMap() ? row : ValueView(), row}, input, out);
            } else {
                run(i + 1, operation.b, {value.isMap() ? value : scope.names, value}, input, out);
            }
        }
        i = operation.b;
    }
}

void PageProgram::put(ValueView value, Escape escape, const Input& input, std::string& out) const {
    char digits[24];
    std::string_view text;
    switch (value.tag()) {
    case Tag::integer:
        text = {digits, static_cast<std::size_t>(
                            std::to_chars(digits, digits + sizeof digits, *value.integer()).ptr - digits)};
        break;
    case Tag::text:
    case Tag::number:
        text = value.payload();
        break;
    default:
        return;
    }
    switch (escape) {
    case Escape::html:
        escapeHtml(text, out);
        return;
    case Escape::urlPart:
        escapeUrlPart(text, out);
        return;
    case Escape::url:
        if (isSafeUrl(text, input.baseUrl)) {
            escapeHtml(text, out);
            return;
        }
        out += '#';
        break;
    case Escape::svg:
        if (isPlainSvg(text)) {
            out += text;
            return;
        }
        if (text.empty()) return;
        break;
    }
    log::warning("core.template.value_refused", Value::map([&](MapWriter& m) {
                     m.set("key", value.key()).set("as", escape == Escape::url ? "address" : "svg");
                 }));
}

} // namespace dalate::portal
