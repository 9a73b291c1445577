// SPDX-License-Identifier: Apache-2.0
#include "admin/Messages.h"

#include "base/Json.h"

#include <fstream>
#include <sstream>

namespace dalate::admin {
namespace {

Value read(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    if (!in) return Value::map();
    std::ostringstream text;
    text << in.rdbuf();
    return json::parse(text.str()).take();
}

std::string filled(std::string_view text, ValueView values) {
    std::string out;
    while (!text.empty()) {
        const std::size_t open = text.find('{');
        const std::size_t close = open == std::string_view::npos ? open : text.find('}', open);
        if (close == std::string_view::npos) break;
        out.append(text.substr(0, open));
        const std::string_view name = text.substr(open + 1, close - open - 1);
        const ValueView value = values[name];
        if (value.isList() || value.isMap())
            json::write(value, out);
        else
            out.append(value.asText());
        text.remove_prefix(close + 1);
    }
    return out.append(text);
}

} // namespace

Messages::Messages(const std::filesystem::path& file) : all_(read(file)) {}

std::string_view Messages::find(std::string_view id, std::string_view language, std::string_view part) const {
    const ValueView entry = all_[id];
    const std::string_view own = entry[language][part].text();
    return own.empty() ? entry[part].text() : own;
}

std::string Messages::text(std::string_view id, ValueView values, std::string_view language) const {
    const std::string_view text = find(id, language, "text");
    if (!text.empty()) return filled(text, values);
    std::string bare(id);
    if (!values.isNull()) bare.append(" ").append(json::write(values));
    return bare;
}

std::string Messages::remedy(std::string_view id, ValueView values, std::string_view language) const {
    return filled(find(id, language, "remedy"), values);
}

} // namespace dalate::admin
