// SPDX-License-Identifier: Apache-2.0
#include "portal/Composer.h"

#include "portal/Escape.h"

#include <algorithm>
#include <utility>

namespace dalate::portal {

namespace {

constexpr std::size_t maxDepth = 16;
/// Components that include others twice double at each level; a real page stays far below this.
constexpr std::size_t maxComposed = 1u << 20;

} // namespace

Composer::Composer(std::string_view owner, std::string_view language, const TemplateSources& components,
                   const Translator& texts, const StaticFiles& statics, Problems& problems)
    : owner_(owner), language_(language), components_(components), texts_(texts), statics_(statics),
      problems_(problems) {}

std::shared_ptr<const PageProgram> Composer::compose(const TemplateSource& page) {
    page_ = &page;
    const auto layout = components_.find("layout");
    const bool framed = page.layout && !page.component && layout != components_.end();
    const TemplateSource& outermost = framed ? *layout->second : page;
    open_ = {outermost.name};
    range(outermost, 0, outermost.pieces.size(), {});
    if (faults_ > 0) return nullptr;
    std::string why;
    auto program = builder_.build(why);
    if (!program) fault(page, 0, "the composed page cannot be compiled: " + why, "simplify the sections");
    return program;
}

void Composer::fault(const TemplateSource& source, int line, std::string what, std::string remedy) {
    ++faults_;
    Problem problem{source.file, line, std::move(what), std::move(remedy)};
    // Each language is composed on its own, so most faults would be told three times.
    const std::string told = problem.text();
    if (std::none_of(problems_.begin(), problems_.end(), [&](const Problem& p) { return p.text() == told; }))
        problems_.push_back(std::move(problem));
}

void Composer::range(const TemplateSource& source, std::size_t from, std::size_t to,
                     const Parameters& parameters) {
    for (std::size_t i = from; i < to; ++i) {
        const Piece& piece = source.pieces[i];
        switch (piece.kind) {
        case Piece::Kind::markup:
            builder_.markup(piece.name);
            break;
        case Piece::Kind::value:
            value(source, piece, parameters);
            break;
        case Piece::Kind::text:
            text(source, piece.line, piece.name, {piece.escape, piece.inContent});
            break;
        case Piece::Kind::asset:
            if (const std::string* href = statics_.href(piece.name))
                builder_.markup(*href);
            else
                fault(source, piece.line, "{{static:" + piece.name + "}} names no file",
                      "add it to static/ or mend the name");
            break;
        case Piece::Kind::partial:
            partial(source, piece, parameters);
            break;
        case Piece::Kind::section:
        case Piece::Kind::inverted:
            section(source, i, parameters);
            i = piece.end;
            break;
        case Piece::Kind::end:
            break;
        }
    }
}

void Composer::value(const TemplateSource& source, const Piece& piece, const Parameters& parameters) {
    if (!piece.parameter || parameters.fromScope) {
        builder_.value(piece.name, piece.escape);
        return;
    }
    const auto given = parameters.given.find(piece.name);
    if (given == parameters.given.end()) return;
    const Argument& argument = given->second;
    if (argument.kind == Argument::Kind::name)
        builder_.value(argument.value, piece.escape);
    else if (piece.escape == Escape::svg)
        fault(source, piece.line, "{{{@" + piece.name + "}}} is given a text",
              "give it the name of a model's html_ value");
    else if (argument.kind == Argument::Kind::text)
        text(source, piece.line, argument.value, {piece.escape, piece.inContent});
    else
        literal(source, piece.line, argument.value, piece.escape);
}

void Composer::section(const TemplateSource& source, std::size_t at, const Parameters& parameters) {
    const Piece& piece = source.pieces[at];
    std::string_view name = piece.name;
    if (piece.parameter && !parameters.fromScope) {
        const auto given = parameters.given.find(piece.name);
        const bool absent = given == parameters.given.end();
        if (absent || given->second.kind != Argument::Kind::name) {
            // Known now: the branch is taken or dropped, and no section is left for rendering.
            const bool holds = !absent && !given->second.value.empty();
            if (holds == (piece.kind == Piece::Kind::section)) range(source, at + 1, piece.end, parameters);
            return;
        }
        name = given->second.value;
    }
    builder_.open(name, piece.kind, piece.once);
    range(source, at + 1, piece.end, parameters);
    builder_.close(name, piece.once);
}

void Composer::partial(const TemplateSource& source, const Piece& piece, const Parameters& parameters) {
    if (source.name == "layout" && piece.name == "content") {
        open_.push_back(page_->name);
        range(*page_, 0, page_->pieces.size(), {});
        open_.pop_back();
        return;
    }
    if (source.name == "layout" && piece.name == "title") return title();
    const bool allowed = piece.name.starts_with("components/") ||
                         (piece.name.size() > owner_.size() && piece.name.starts_with(owner_) &&
                          piece.name[owner_.size()] == '/');
    const auto found = components_.find(piece.name);
    if (!allowed || found == components_.end())
        return fault(source, piece.line,
                     "{{>" + piece.name + "}} names no component of the core or of this plugin",
                     "mend the name, or begin that file with {{! component: " + piece.name);
    if (std::find(open_.begin(), open_.end(), piece.name) != open_.end())
        return fault(source, piece.line,
                     "{{>" + piece.name + "}} includes itself by way of " + std::string(open_.back()),
                     "break the circle");
    if (open_.size() >= maxDepth)
        return fault(source, piece.line, "components are nested deeper than 16 at {{>" + piece.name + "}}",
                     "flatten them");
    if (builder_.size() > maxComposed)
        return fault(source, piece.line, "the composed page passes 1 MiB at {{>" + piece.name + "}}",
                     "include less");
    const TemplateSource& component = *found->second;
    const Parameters inner = arguments(source, piece, component, parameters);
    open_.push_back(component.name);
    range(component, 0, component.pieces.size(), inner);
    open_.pop_back();
}

Composer::Parameters Composer::arguments(const TemplateSource& source, const Piece& piece,
                                         const TemplateSource& component, const Parameters& outer) {
    Parameters inner;
    inner.fromScope = piece.arguments.empty();
    for (const auto& [key, written] : piece.arguments) {
        if (!component.declares(key)) {
            fault(source, piece.line, "{{>" + piece.name + "}} has no parameter " + key,
                  "see its head comment");
            continue;
        }
        Argument argument = written;
        if (argument.kind == Argument::Kind::name && argument.value.starts_with("@")) {
            const std::string name = argument.value.substr(1);
            if (!source.declares(name))
                fault(source, piece.line, "@" + name + " is no parameter of this component",
                      "declare it in the head's parameters:");
            if (outer.fromScope) {
                argument.value = name;
            } else {
                const auto given = outer.given.find(name);
                if (given == outer.given.end()) continue;
                argument = given->second;
            }
        }
        inner.given.emplace(key, std::move(argument));
    }
    return inner;
}

void Composer::title() {
    if (page_->titleText.empty()) return builder_.value("page.title", Escape::html);
    builder_.open("page.title", Piece::Kind::section, true);
    builder_.value("page.title", Escape::html);
    builder_.close("page.title", true);
    builder_.open("page.title", Piece::Kind::inverted, true);
    text(*page_, 1, page_->titleText, {Escape::html, false});
    builder_.close("page.title", true);
}

void Composer::text(const TemplateSource& source, int line, std::string_view id, Place place) {
    const std::string* found = texts_.find(language_, id);
    const bool foreign =
        !id.starts_with("core.") && !(id.starts_with(owner_) && id.substr(owner_.size()).starts_with("."));
    if (!found || foreign)
        return fault(source, line, "{{t:" + std::string(id) + "}} has no text in " + std::string(language_),
                     "add it to i18n/" + std::string(language_) + ".json");
    const bool borrowed = place.inContent && !texts_.speaks(language_, id);
    if (borrowed) builder_.markup("<span lang=\"" + std::string(languages().front().tag) + "\">");
    const std::vector<std::string_view> names = placeholders(*found);
    std::string_view rest = *found;
    for (const std::string_view name : names) {
        const auto brace = static_cast<std::size_t>(name.data() - rest.data()) - 1;
        literal(source, line, rest.substr(0, brace), place.escape);
        builder_.value(name, place.escape);
        rest.remove_prefix(brace + name.size() + 2);
    }
    literal(source, line, rest, place.escape);
    if (borrowed) builder_.markup("</span>");
}

void Composer::literal(const TemplateSource& source, int line, std::string_view bytes, Escape escape) {
    std::string out;
    if (escape == Escape::urlPart) {
        escapeUrlPart(bytes, out);
    } else {
        if (escape == Escape::url && !isSafeUrl(bytes, {}))
            fault(source, line, "`" + std::string(bytes) + "` is no address that may be linked to",
                  "begin with / or https:");
        escapeHtml(bytes, out);
    }
    builder_.markup(out);
}

} // namespace dalate::portal
