// SPDX-License-Identifier: Apache-2.0
#include "portal/TemplateSource.h"

#include "base/Json.h"

#include <algorithm>
#include <cctype>
#include <optional>
#include <utility>

namespace dalate::portal {

namespace {

constexpr auto npos = std::string_view::npos;

std::string_view trimmed(std::string_view s) {
    while (!s.empty() && std::isspace(static_cast<unsigned char>(s.front())))
        s.remove_prefix(1);
    while (!s.empty() && std::isspace(static_cast<unsigned char>(s.back())))
        s.remove_suffix(1);
    return s;
}

bool isName(std::string_view name) {
    if (name == ".") return true;
    bool start = true;
    for (const char c : name) {
        if (c == '.') {
            if (start) return false;
            start = true;
            continue;
        }
        const bool letter = std::isalpha(static_cast<unsigned char>(c)) || c == '_';
        if (!letter && (start || !std::isdigit(static_cast<unsigned char>(c)))) return false;
        start = false;
    }
    return !start;
}

bool isTextId(std::string_view id) {
    return !id.empty() && std::all_of(id.begin(), id.end(), [](char c) {
        return std::isalnum(static_cast<unsigned char>(c)) || c == '.' || c == '_' || c == '-';
    });
}

class Parser {
public:
    Parser(TemplateSource& source, std::string_view text, Problems& problems)
        : source_(source), text_(text), problems_(problems) {}

    void run() {
        head();
        while (at_ < text_.size()) {
            const std::size_t open = text_.find("{{", at_);
            markup(text_.substr(at_, open == npos ? npos : open - at_));
            if (open == npos) break;
            at_ = open;
            if (!tag()) break;
        }
        for (const std::size_t section : open_)
            fault(source_.pieces[section].line,
                  "section {{#" + source_.pieces[section].name + "}} is never closed",
                  "add {{/" + source_.pieces[section].name + "}}");
    }

private:
    void fault(int line, std::string what, std::string remedy) {
        problems_.push_back({source_.file, line, std::move(what), std::move(remedy)});
    }

    void head() {
        if (!text_.starts_with("{{!")) {
            fault(1, "the template does not begin with a head comment",
                  "begin with {{! page: " + source_.name + " … example: {…} }}");
            return;
        }
        // The example's own braces could end the comment, so the comment ends where a line is just `}}`.
        std::size_t end = text_.find("\n}}");
        if (end == npos) {
            fault(1, "the head comment is not closed by a line of its own that begins with }}",
                  "write }} on a line of its own");
            return;
        }
        const std::string_view comment = text_.substr(3, end - 3);
        end += 3;
        if (end < text_.size() && text_[end] == '\n') ++end;
        fields(comment);
        line_ += static_cast<int>(
            std::count(text_.begin(), text_.begin() + static_cast<std::ptrdiff_t>(end), '\n'));
        at_ = end;
    }

    void fields(std::string_view comment) {
        const std::size_t example = comment.find("\nexample:");
        std::string_view lines = comment.substr(0, example);
        bool named = false;
        int line = 1;
        for (; !lines.empty(); ++line) {
            const std::size_t stop = lines.find('\n');
            const std::string_view row = lines.substr(0, stop);
            lines = stop == npos ? std::string_view() : lines.substr(stop + 1);
            const std::string_view all = line == 1 ? trimmed(row) : row;
            const auto rest = [&](std::string_view key) -> std::optional<std::string_view> {
                if (!all.starts_with(key)) return std::nullopt;
                return trimmed(all.substr(key.size()));
            };
            if (const auto name = rest("page:")) {
                named = *name == source_.name;
            } else if (const auto component = rest("component:")) {
                named = *component == source_.name;
                source_.component = true;
            } else if (const auto layout = rest("layout:")) {
                source_.layout = *layout != "none";
                if (source_.layout)
                    fault(line, "layout: knows only `none`", "leave the line out for the portal's layout");
            } else if (const auto title = rest("title:")) {
                source_.titleText = title->starts_with("t:") ? std::string(title->substr(2)) : std::string();
                if (!isTextId(source_.titleText)) fault(line, "title: is no text id", "write title: t:<id>");
            } else if (const auto parameters = rest("parameters:")) {
                split(*parameters);
            }
        }
        if (!named)
            fault(1, "the head comment does not name this template",
                  "write page: or component: " + source_.name);
        if (example == npos) {
            fault(1, "the head comment has no example", "add example: {…} with every key the template reads");
            return;
        }
        if (comment.find("}}", example) != npos)
            fault(line, "the example holds `}}`", "write `} }`, so that the file stays plain Mustache");
        auto value = json::parse(trimmed(comment.substr(example + 9)));
        if (!value || !value->view().isMap())
            fault(line, "the example is no JSON object", "mend the JSON after example:");
        else
            source_.example = std::move(*value);
    }

    void split(std::string_view list) {
        while (!list.empty()) {
            const std::size_t comma = list.find(',');
            source_.parameters.emplace_back(trimmed(list.substr(0, comma)));
            list = comma == npos ? std::string_view() : list.substr(comma + 1);
        }
    }

    void markup(std::string_view bytes) {
        if (bytes.empty()) return;
        Piece piece;
        piece.line = line_;
        piece.name = bytes;
        source_.pieces.push_back(std::move(piece));
        line_ += static_cast<int>(std::count(bytes.begin(), bytes.end(), '\n'));
        at_ += bytes.size();
    }

    bool tag() {
        const bool triple = text_.substr(at_).starts_with("{{{");
        const std::string_view closing = triple ? "}}}" : "}}";
        const std::size_t end = text_.find(closing, at_ + 2);
        if (end == npos) {
            fault(line_, "a tag is not closed", "add " + std::string(closing));
            return false;
        }
        const std::size_t from = at_ + (triple ? 3 : 2);
        const std::string_view whole = text_.substr(from, end - from);
        const std::string_view contents = trimmed(whole);
        const int line = line_;
        line_ += static_cast<int>(std::count(whole.begin(), whole.end(), '\n'));
        at_ = end + closing.size();
        Piece piece;
        piece.line = line;
        if (triple || contents.starts_with("&")) {
            piece.kind = Piece::Kind::value;
            piece.escape = Escape::svg;
            named(piece, triple ? contents : trimmed(contents.substr(1)));
        } else if (contents.empty() || contents[0] == '=' || contents[0] == '!') {
            fault(line, "{{" + std::string(contents.substr(0, 1)) + "…}} is not allowed here",
                  "only the head may be a comment, and delimiters stay {{ and }}");
        } else {
            plain(piece, contents);
        }
        return true;
    }

    void plain(Piece& piece, std::string_view contents) {
        switch (contents[0]) {
        case '#':
        case '^':
            piece.kind = contents[0] == '#' ? Piece::Kind::section : Piece::Kind::inverted;
            named(piece, trimmed(contents.substr(1)));
            open_.push_back(source_.pieces.size() - 1);
            return;
        case '/':
            close(piece, trimmed(contents.substr(1)));
            return;
        case '>':
            partial(piece, trimmed(contents.substr(1)));
            return;
        default:
            break;
        }
        if (contents.starts_with("t:")) {
            piece.kind = Piece::Kind::text;
            piece.name = contents.substr(2);
            if (!isTextId(piece.name))
                fault(piece.line, "{{" + std::string(contents) + "}} is no text id", "write {{t:<id>}}");
            source_.pieces.push_back(std::move(piece));
        } else if (contents.starts_with("static:")) {
            piece.kind = Piece::Kind::asset;
            piece.name = contents.substr(7);
            source_.pieces.push_back(std::move(piece));
        } else {
            piece.kind = Piece::Kind::value;
            named(piece, contents);
        }
    }

    void named(Piece& piece, std::string_view name) {
        const std::string written(name);
        if (piece.kind != Piece::Kind::value && name.starts_with("?")) {
            piece.once = true;
            name.remove_prefix(1);
        }
        if (name.starts_with("@")) {
            piece.parameter = true;
            name.remove_prefix(1);
            if (!source_.declares(name))
                fault(piece.line, "{{" + written + "}} is no parameter of this component",
                      "declare it in the head's parameters:, which only components have");
        }
        if (!isName(name))
            fault(piece.line, "`" + written + "` is no name", "use letters, digits and _, joined by dots");
        piece.name = name;
        source_.pieces.push_back(std::move(piece));
    }

    void close(Piece& piece, std::string_view name) {
        piece.kind = Piece::Kind::end;
        named(piece, "x");
        if (open_.empty()) {
            fault(piece.line, "{{/" + std::string(name) + "}} closes nothing",
                  "remove it or open the section");
            return;
        }
        Piece& begin = source_.pieces[open_.back()];
        const std::string expected =
            std::string(begin.once ? "?" : "") + (begin.parameter ? "@" : "") + begin.name;
        if (name != expected)
            fault(piece.line, "{{/" + std::string(name) + "}} closes {{#" + expected + "}}",
                  "close sections in their order");
        begin.end = source_.pieces.size() - 1;
        open_.pop_back();
    }

    void partial(Piece& piece, std::string_view contents) {
        piece.kind = Piece::Kind::partial;
        const std::size_t space = contents.find_first_of(" \n\t");
        piece.name = contents.substr(0, space);
        std::string_view rest = space == npos ? std::string_view() : trimmed(contents.substr(space));
        while (!rest.empty()) {
            const std::size_t equals = rest.find('=');
            if (equals == npos || !isName(trimmed(rest.substr(0, equals)))) {
                fault(piece.line, "the arguments of {{>" + piece.name + "}} cannot be read",
                      "write key=t:id, key=\"literal\" or key=name");
                break;
            }
            const std::string key(trimmed(rest.substr(0, equals)));
            rest = trimmed(rest.substr(equals + 1));
            Argument argument;
            if (rest.starts_with("\"")) {
                const std::size_t quote = rest.find('"', 1);
                argument.kind = Argument::Kind::literal;
                argument.value = rest.substr(1, quote == npos ? npos : quote - 1);
                rest = quote == npos ? std::string_view() : trimmed(rest.substr(quote + 1));
            } else {
                const std::size_t stop = std::min(rest.find_first_of(" \n\t"), rest.size());
                std::string_view value = rest.substr(0, stop);
                rest = trimmed(rest.substr(stop));
                if (value.starts_with("t:")) {
                    argument.kind = Argument::Kind::text;
                    value.remove_prefix(2);
                } else if (!isName(value.starts_with("@") ? value.substr(1) : value)) {
                    fault(piece.line, "argument " + key + " of {{>" + piece.name + "}} is no name",
                          "put literals in double quotes");
                }
                argument.value = value;
            }
            if (!piece.arguments.emplace(key, std::move(argument)).second)
                fault(piece.line, "argument " + key + " is given twice", "give it once");
        }
        source_.pieces.push_back(std::move(piece));
    }

    TemplateSource& source_;
    std::string_view text_;
    Problems& problems_;
    std::size_t at_ = 0;
    int line_ = 1;
    std::vector<std::size_t> open_;
};

} // namespace

bool TemplateSource::declares(std::string_view parameter) const {
    return std::find(parameters.begin(), parameters.end(), parameter) != parameters.end();
}

TemplateSource parseTemplate(std::string name, std::string file, std::string_view text, Problems& problems) {
    TemplateSource source;
    source.name = std::move(name);
    source.file = std::move(file);
    Parser(source, text, problems).run();
    return source;
}

} // namespace dalate::portal
