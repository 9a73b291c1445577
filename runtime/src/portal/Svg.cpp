// SPDX-License-Identifier: Apache-2.0
#include "portal/Svg.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <vector>

namespace dalate::portal {

namespace {

constexpr std::array<std::string_view, 24> elements{
    "a",       "circle",  "clipPath",       "defs",           "desc",  "ellipse",
    "g",       "line",    "linearGradient", "marker",         "mask",  "path",
    "pattern", "polygon", "polyline",       "radialGradient", "rect",  "stop",
    "svg",     "switch",  "symbol",         "text",           "title", "tspan"};

bool nameByte(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '_' || c == ':' || c == '.';
}
bool space(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

class Reader {
public:
    explicit Reader(std::string_view text) : text_(text) {}

    bool whole() {
        skipSpace();
        while (at_ < text_.size()) {
            if (text_[at_] != '<') {
                // Text may stand inside only: what follows the root would be page content.
                if (open_.empty() && !space(text_[at_])) return false;
                ++at_;
                continue;
            }
            if (!tag()) return false;
        }
        return seenRoot_ && open_.empty();
    }

private:
    bool tag() {
        ++at_;
        const bool closing = take('/');
        const std::string_view name = word();
        if (std::find(elements.begin(), elements.end(), name) == elements.end()) return false;
        if (closing) {
            skipSpace();
            if (open_.empty() || open_.back() != name || !take('>')) return false;
            open_.pop_back();
            return true;
        }
        if (open_.empty() && (seenRoot_ || name != "svg")) return false;
        seenRoot_ = true;
        if (open_.size() > 64) return false;
        for (;;) {
            const bool gap = skipSpace();
            if (take('>')) {
                open_.push_back(name);
                return true;
            }
            if (take('/')) return take('>');
            if (!gap || !attribute()) return false;
        }
    }

    bool attribute() {
        const std::string_view name = word();
        if (name.empty() || name == "style" || name.starts_with("on") || name.starts_with("On") ||
            name.starts_with("ON") || name.starts_with("oN"))
            return false;
        if (!take('=') || at_ >= text_.size() || (text_[at_] != '"' && text_[at_] != '\'')) return false;
        const char quote = text_[at_++];
        const std::size_t end = text_.find(quote, at_);
        if (end == std::string_view::npos) return false;
        const std::string_view value = text_.substr(at_, end - at_);
        at_ = end + 1;
        if (value.find('<') != std::string_view::npos) return false;
        if (value.find("url(") != std::string_view::npos && !value.starts_with("url(#")) return false;
        const std::size_t colon = name.find(':');
        const std::string_view local = colon == std::string_view::npos ? name : name.substr(colon + 1);
        if (local != "href") return true;
        // A character reference could spell a scheme; an address within the site needs none but &amp;.
        if (value.starts_with("#")) return true;
        return value.starts_with("/") && !value.starts_with("//") &&
               value.find("&#") == std::string_view::npos && value.find('\\') == std::string_view::npos;
    }

    std::string_view word() {
        const std::size_t from = at_;
        while (at_ < text_.size() && nameByte(text_[at_]))
            ++at_;
        return text_.substr(from, at_ - from);
    }
    bool take(char c) {
        if (at_ >= text_.size() || text_[at_] != c) return false;
        ++at_;
        return true;
    }
    bool skipSpace() {
        const std::size_t from = at_;
        while (at_ < text_.size() && space(text_[at_]))
            ++at_;
        return at_ != from;
    }

    std::string_view text_;
    std::size_t at_ = 0;
    std::vector<std::string_view> open_;
    bool seenRoot_ = false;
};

} // namespace

bool isPlainSvg(std::string_view text) {
    return Reader(text).whole();
}

} // namespace dalate::portal
