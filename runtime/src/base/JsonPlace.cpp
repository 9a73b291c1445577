// SPDX-License-Identifier: Apache-2.0
#include "base/JsonPlace.h"

#include "base/Json.h"

#include <algorithm>
#include <charconv>
#include <optional>

namespace dalate::json {

namespace {

/// One step of a path: a member's name, or an index.
struct Step {
    std::string_view name;
    std::optional<std::size_t> index;
};

/// Takes the first step off a path; nothing where none is left or it has another form.
std::optional<Step> takeStep(std::string_view& path) {
    if (path.starts_with('.')) {
        const std::size_t end = std::min(path.find_first_of(".[", 1), path.size());
        const Step step{path.substr(1, end - 1), {}};
        path.remove_prefix(end);
        return step;
    }
    if (!path.starts_with('[')) return std::nullopt;
    if (path.size() > 1 && (path[1] == '\'' || path[1] == '"')) {
        const std::size_t end = path.find(path[1] == '\'' ? "']" : "\"]", 2);
        if (end == path.npos) return std::nullopt;
        const Step step{path.substr(2, end - 2), {}};
        path.remove_prefix(end + 2);
        return step;
    }
    std::size_t index = 0;
    const auto [stop, fault] = std::from_chars(path.data() + 1, path.data() + path.size(), index);
    if (fault != std::errc() || stop == path.data() + path.size() || *stop != ']') return std::nullopt;
    path.remove_prefix(static_cast<std::size_t>(stop - path.data()) + 1);
    return Step{{}, index};
}

/// Walks over a JSON text without building anything.
class Walker {
public:
    explicit Walker(std::string_view text) : text_(text) { blanks(); }

    std::size_t at() const noexcept { return at_; }

    /// From an object's brace to the key of a member; stays where there is none.
    std::optional<std::size_t> toMember(std::string_view name) {
        if (peek() != '{') return std::nullopt;
        std::size_t here = at_;
        ++at_;
        for (blanks(); peek() == '"'; blanks()) {
            const std::size_t key = at_;
            string();
            const bool found = isName(text_.substr(key, at_ - key), name);
            blanks();
            if (peek() == ':') ++at_;
            blanks();
            if (found) return key;
            value();
            blanks();
            if (peek() == ',') ++at_;
        }
        at_ = here;
        return std::nullopt;
    }

    /// From a list's bracket to an item; stays where there is none.
    std::optional<std::size_t> toItem(std::size_t index) {
        if (peek() != '[') return std::nullopt;
        const std::size_t here = at_;
        ++at_;
        for (blanks(); at_ < text_.size() && peek() != ']'; blanks()) {
            if (index-- == 0) return at_;
            const std::size_t before = at_;
            value();
            blanks();
            if (peek() == ',') ++at_;
            if (at_ == before) break; // no JSON
        }
        at_ = here;
        return std::nullopt;
    }

private:
    char peek() const noexcept { return at_ < text_.size() ? text_[at_] : '\0'; }

    void blanks() noexcept { at_ = std::min(text_.find_first_not_of(" \t\r\n", at_), text_.size()); }

    void string() noexcept {
        for (++at_; at_ < text_.size() && text_[at_] != '"'; ++at_)
            if (text_[at_] == '\\') ++at_;
        at_ = std::min(at_ + 1, text_.size());
    }

    void value() noexcept {
        std::size_t depth = 0;
        do {
            switch (peek()) {
            case '"':
                string();
                break;
            case '{':
            case '[':
                ++depth;
                ++at_;
                break;
            case '}':
            case ']':
                if (depth > 0) --depth;
                ++at_;
                break;
            default:
                // A number or a word, or what stands between values.
                at_ =
                    std::min(text_.find_first_of(depth > 0 ? "\"{}[]" : ",}] \t\r\n", at_ + 1), text_.size());
            }
        } while (depth > 0 && at_ < text_.size());
    }

    /// Whether a key with its quotes is the name.
    static bool isName(std::string_view quoted, std::string_view name) {
        if (quoted.find('\\') == quoted.npos)
            return quoted.size() == name.size() + 2 && quoted.substr(1, name.size()) == name;
        const Result<Value> key = parse(quoted);
        return key && key->view().text() == name;
    }

    std::string_view text_;
    std::size_t at_ = 0;
};

} // namespace

std::size_t lineAt(std::string_view text, std::size_t offset) noexcept {
    const std::string_view before = text.substr(0, std::min(offset, text.size()));
    return 1 + static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n'));
}

std::size_t lineOf(std::string_view text, std::string_view path) {
    if (path.starts_with('$')) path.remove_prefix(1);
    Walker walker(text);
    std::size_t found = walker.at();
    while (const std::optional<Step> step = takeStep(path)) {
        const auto next = step->index ? walker.toItem(*step->index) : walker.toMember(step->name);
        if (!next) break;
        found = *next;
    }
    return lineAt(text, found);
}

std::string placeIn(std::string_view file, std::string_view text, std::string_view path) {
    std::string place(file);
    place += ':';
    place += std::to_string(lineOf(text, path));
    place += ' ';
    place += path;
    return place;
}

} // namespace dalate::json
