// SPDX-License-Identifier: Apache-2.0
#include "portal/TemplateLint.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string>
#include <utility>

namespace dalate::portal {

namespace {

enum class Place {
    content,
    tagOpen,
    tagName,
    inTag,
    attributeName,
    beforeValue,
    quoted,
    unquoted,
    comment,
    rawText
};

template <std::size_t N>
bool among(const std::array<std::string_view, N>& names, std::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

constexpr std::array<std::string_view, 5> rawNames{"html_svg", "html_qr", "html_chart", "html_map",
                                                   "html_figure"};
constexpr std::array<std::string_view, 7> refusedElements{"base",   "object", "embed", "applet",
                                                          "iframe", "frame",  "style"};
constexpr std::array<std::string_view, 10> addressAttributes{
    "href", "src", "action", "formaction", "xlink:href", "poster", "cite", "data", "background", "manifest"};

char lower(char c) {
    return static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
}
bool space(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

class Linter {
public:
    Linter(TemplateSource& source, Problems& problems) : source_(source), problems_(problems) {}

    void run() {
        for (std::size_t i = 0; i < source_.pieces.size(); ++i) {
            Piece& piece = source_.pieces[i];
            line_ = piece.line;
            switch (piece.kind) {
            case Piece::Kind::markup:
                for (const char c : piece.name) {
                    feed(c);
                    if (c == '\n') ++line_;
                }
                break;
            case Piece::Kind::section:
            case Piece::Kind::inverted:
                section(piece);
                break;
            case Piece::Kind::end:
                end(piece);
                break;
            case Piece::Kind::partial:
                partial(piece);
                break;
            default:
                value(piece);
                break;
            }
        }
        if (place_ != Place::content)
            fault("the template ends inside a tag, a comment or an attribute", "close it in the same file");
    }

private:
    struct Spot {
        Place place;
        char quote;
        std::string element, attribute;
        bool operator==(const Spot&) const = default;
    };

    void fault(std::string what, std::string remedy) {
        problems_.push_back({source_.file, line_, std::move(what), std::move(remedy)});
    }

    Spot spot() const {
        const bool inside = place_ != Place::content;
        return {place_, place_ == Place::quoted ? quote_ : '\0', inside ? element_ : std::string(),
                place_ == Place::quoted ? attribute_ : std::string()};
    }

    /// A section may begin or end where a name has just been read: `<input{{#x}} checked{{/x}}>`.
    void settle() {
        if (place_ == Place::attributeName) endAttribute();
        if (place_ == Place::tagName) place_ = Place::inTag;
    }

    void section(const Piece& piece) {
        settle();
        if (place_ != Place::content && place_ != Place::inTag && place_ != Place::quoted &&
            place_ != Place::rawText)
            fault("a section begins in the middle of a name, an unquoted value or a comment",
                  "put it around whole attributes or elements");
        if (place_ == Place::rawText && element_ == "script")
            fault("a tag stands in <script>", "read data-… attributes from a module instead");
        spots_.emplace_back(spot(), piece.line);
    }

    void end(const Piece& piece) {
        settle();
        if (spots_.empty()) return;
        if (!(spots_.back().first == spot())) {
            line_ = piece.line;
            fault("the section of line " + std::to_string(spots_.back().second) +
                      " begins and ends in different places of the markup",
                  "close tags and quotes within the section that opened them");
        }
        spots_.pop_back();
    }

    void partial(const Piece& piece) {
        if (piece.name == "components/csrf") formHasCsrf_ = true;
        const bool titleSlot = piece.name == "title" && place_ == Place::rawText && element_ == "title";
        if (place_ != Place::content && !titleSlot)
            fault("{{>" + piece.name + "}} stands inside a tag", "use components between tags only");
    }

    void value(Piece& piece) {
        settle();
        if (piece.escape == Escape::svg) {
            const std::string_view name = piece.name;
            const std::size_t dot = name.rfind('.');
            const std::string_view last = dot == std::string_view::npos ? name : name.substr(dot + 1);
            if (!among(rawNames, last))
                fault("{{{" + piece.name + "}}} would put unescaped data into the page",
                      "write {{" + piece.name +
                          "}}, or give the value one of the names for vetted SVG (TemplateLint.h)");
            if (place_ != Place::content)
                fault("{{{" + piece.name + "}}} stands inside a tag", "put it between tags");
            return;
        }
        switch (place_) {
        case Place::content:
            piece.inContent = closing_ || element_ != "option";
            return;
        case Place::rawText:
            if (element_ == "script")
                fault("a tag stands in <script>", "read data-… attributes from a module instead");
            return;
        case Place::quoted:
            attributeValue(piece);
            return;
        case Place::comment:
            fault("a tag stands in an HTML comment", "remove the comment");
            return;
        case Place::beforeValue:
        case Place::unquoted:
            fault("attribute " + attribute_ + " holds a tag without quotes",
                  "put the value in double quotes");
            place_ = Place::unquoted;
            return;
        default:
            fault("a tag makes up the name of an element or attribute", "write names out");
            return;
        }
    }

    void attributeValue(Piece& piece) {
        if (attribute_ == "srcset") fault("srcset holds a tag", "name pictures by src");
        const bool first = value_.empty() && !valueHasTag_;
        valueHasTag_ = true;
        if (piece.kind == Piece::Kind::asset) {
            if (first) assetFirst_ = true;
            value_ += "/";
            return;
        }
        if (!among(addressAttributes, attribute_)) return;
        if (element_ == "script" || element_ == "link")
            fault("<" + element_ + "> takes its address from data", "serve the file and write {{static:…}}");
        if (piece.kind == Piece::Kind::text && first)
            fault("attribute " + attribute_ + " begins with a text",
                  "write the beginning of the address out");
        piece.escape = first ? Escape::url : Escape::urlPart;
        value_ += "/";
    }

    void feed(char c) {
        switch (place_) {
        case Place::content:
            if (c == '<') {
                place_ = Place::tagOpen;
                element_.clear();
                closing_ = false;
            }
            return;
        case Place::tagOpen:
            tagOpen(c);
            return;
        case Place::tagName:
            if (space(c))
                place_ = Place::inTag;
            else if (c == '>')
                endTag();
            else if (c == '/')
                place_ = Place::inTag;
            else
                element_ += lower(c);
            if (element_ == "!--") place_ = Place::comment, comment_.clear();
            return;
        case Place::inTag:
            inTag(c);
            return;
        case Place::attributeName:
            if (c == '=')
                place_ = Place::beforeValue;
            else if (space(c))
                endAttribute();
            else if (c == '>')
                endAttribute(), endTag();
            else
                attribute_ += lower(c);
            return;
        case Place::beforeValue:
            if (c == '"' || c == '\'') {
                quote_ = c;
                place_ = Place::quoted;
            } else if (c == '>') {
                endAttribute(), endTag();
            } else if (!space(c)) {
                value_ += c;
                place_ = Place::unquoted;
            }
            return;
        case Place::quoted:
            if (c == quote_)
                endAttribute();
            else
                value_ += c;
            return;
        case Place::unquoted:
            if (space(c))
                endAttribute();
            else if (c == '>')
                endAttribute(), endTag();
            else
                value_ += c;
            return;
        case Place::comment:
            comment_ += c;
            if (comment_.ends_with("-->")) place_ = Place::content;
            return;
        case Place::rawText:
            rawText(c);
            return;
        }
    }

    void tagOpen(char c) {
        if (c == '/' && element_.empty() && !closing_) {
            closing_ = true;
        } else if (std::isalpha(static_cast<unsigned char>(c)) || c == '!') {
            element_ = lower(c);
            place_ = Place::tagName;
            formPosts_ = formPosts_ && !(element_ == "form" && !closing_);
            assetFirst_ = hasSource_ = hasHref_ = false;
        } else {
            fault("`<` begins no tag", "write &lt;");
            place_ = Place::content;
        }
    }

    void inTag(char c) {
        if (c == '>') {
            endTag();
        } else if (c == '=' || c == '"' || c == '\'') {
            fault("an attribute of <" + element_ + "> has no name or no space before it",
                  "write name=\"value\"");
        } else if (!space(c) && c != '/') {
            attribute_ = lower(c);
            value_.clear();
            valueHasTag_ = assetFirst_ = false;
            place_ = Place::attributeName;
        }
    }

    void endAttribute() {
        place_ = Place::inTag;
        if (attribute_.starts_with("on") || attribute_ == "style" || attribute_ == "srcdoc")
            fault("attribute " + attribute_ + " is inline script, style or page",
                  "use a class, or a module that finds the element");
        if (attribute_ == "http-equiv")
            fault("<meta http-equiv> is not allowed", "the gateway sends the fields");
        if (among(addressAttributes, attribute_)) {
            std::string start;
            for (const char c : value_)
                if (!space(c)) start += lower(c);
            if (start.starts_with("javascript:") || start.starts_with("data:") ||
                start.starts_with("vbscript:"))
                fault("attribute " + attribute_ + " holds a script or data address",
                      "link to an address of this site");
            if (attribute_ == "src") hasSource_ = assetFirst_;
            if (attribute_ == "href") hasHref_ = assetFirst_;
        }
        if (element_ == "form" && attribute_ == "method" && !closing_) {
            std::string method;
            for (const char c : value_)
                method += lower(c);
            formPosts_ = method == "post";
            formHasCsrf_ = false;
            formLine_ = line_;
        }
        if (element_ == "input" && attribute_ == "name" && value_ == "csrf") formHasCsrf_ = true;
        attribute_.clear();
        value_.clear();
        valueHasTag_ = assetFirst_ = false;
    }

    void endTag() {
        place_ = Place::content;
        if (closing_) {
            if (element_ == "form" && formPosts_ && !formHasCsrf_) {
                const int here = line_;
                line_ = formLine_;
                fault("a form posts without the hidden field csrf", "put {{>components/csrf}} into it");
                line_ = here;
            }
            if (element_ == "form") formPosts_ = false;
            return;
        }
        if (among(refusedElements, element_))
            fault("<" + element_ + "> is not allowed", "see TemplateLint.h for what is");
        if (element_ == "script" && !hasSource_)
            fault("<script> is inline or from elsewhere", "write src=\"{{static:…}}\"");
        if (element_ == "link" && !hasHref_)
            fault("<link> is not from {{static:…}}", "write href=\"{{static:…}}\"");
        if (element_ == "script" || element_ == "title" || element_ == "textarea") {
            place_ = Place::rawText;
            tail_.clear();
        }
    }

    void rawText(char c) {
        tail_ += lower(c);
        const std::string close = "</" + element_ + ">";
        if (tail_.ends_with(close)) {
            place_ = Place::content;
        } else if (element_ == "script" && !space(c) && !close.starts_with(tail_)) {
            fault("<script> has content", "put it into static/ and name it by {{static:…}}");
            tail_.clear();
        }
    }

    TemplateSource& source_;
    Problems& problems_;
    int line_ = 1;
    Place place_ = Place::content;
    char quote_ = '"';
    bool closing_ = false;
    std::string element_, attribute_, value_, comment_, tail_;
    bool valueHasTag_ = false, assetFirst_ = false, hasSource_ = false, hasHref_ = false;
    bool formPosts_ = false, formHasCsrf_ = false;
    int formLine_ = 0;
    std::vector<std::pair<Spot, int>> spots_;
};

} // namespace

void lint(TemplateSource& source, Problems& problems) {
    Linter(source, problems).run();
}

} // namespace dalate::portal
