// SPDX-License-Identifier: Apache-2.0
#include "admin/Messages.h"

#include "base/Json.h"

#include <fstream>
#include <sstream>
#include <utility>

namespace dalate::admin {
namespace {

Value read(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    if (!in) return Value::map();
    std::ostringstream text;
    text << in.rdbuf();
    return json::parse(text.str()).take();
}

/// What stands for one placeholder: a list's entries one by one, a phrase in the words of the language.
void append(std::string& out, ValueView value, ValueView words) {
    if (value.isList()) {
        bool first = true;
        for (const ValueView entry : value) {
            if (!std::exchange(first, false)) out.append("; ");
            append(out, entry, words);
        }
    } else if (value.isMap()) {
        json::write(value, out);
    } else {
        const std::string plain = value.asText();
        const std::string_view word = words[plain].text();
        out.append(word.empty() ? std::string_view(plain) : word);
    }
}

std::string filled(std::string_view text, ValueView values, ValueView words) {
    std::string out;
    while (!text.empty()) {
        const std::size_t open = text.find('{');
        const std::size_t close = open == std::string_view::npos ? open : text.find('}', open);
        if (close == std::string_view::npos) break;
        out.append(text.substr(0, open));
        append(out, values[text.substr(open + 1, close - open - 1)], words);
        text.remove_prefix(close + 1);
    }
    return out.append(text);
}

} // namespace

Messages::Messages(const std::filesystem::path& file) : all_(read(file)) {}

bool Messages::has(std::string_view id) const noexcept { return all_.view().has(id); }

ValueView Messages::form(std::string_view id, std::string_view language) const noexcept {
    const ValueView line = all_[id];
    const ValueView own = line[language];
    return own.isMap() ? own : line;
}

std::string Messages::text(std::string_view id, ValueView values, std::string_view language) const {
    const ValueView said = form(id, language);
    const std::string_view text = said["text"].text();
    if (!text.empty()) return filled(text, values, said["words"]);
    std::string bare(id);
    if (!values.isNull()) bare.append(" ").append(json::write(values));
    return bare;
}

std::string Messages::remedy(std::string_view id, ValueView values, std::string_view language) const {
    const ValueView said = form(id, language);
    return filled(said["remedy"].text(), values, said["words"]);
}

} // namespace dalate::admin
