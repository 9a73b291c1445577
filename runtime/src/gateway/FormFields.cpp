// SPDX-License-Identifier: Apache-2.0
#include "gateway/FormFields.h"

#include "base/Utf8.h"

#include <algorithm>

namespace dalate::gateway {
namespace {

int digit(char c) noexcept {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

std::optional<std::string> decode(std::string_view text, char plus) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        char c = text[i];
        if (c == '%') {
            if (i + 2 >= text.size()) return std::nullopt;
            const int high = digit(text[i + 1]), low = digit(text[i + 2]);
            if (high < 0 || low < 0) return std::nullopt;
            c = static_cast<char>(high << 4 | low);
            i += 2;
        } else if (c == '+') {
            c = plus;
        }
        if (c == '\0') return std::nullopt;
        out.push_back(c);
    }
    if (findInvalidUtf8(out) != std::string_view::npos) return std::nullopt;
    return out;
}

bool isPlainName(std::string_view name) noexcept {
    return !name.empty() && std::none_of(name.begin(), name.end(), [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte < 0x20 || byte == 0x7f;
    });
}

} // namespace

Result<host::Fields> parseFields(std::string_view text, const FieldLimits& limits) {
    host::Fields fields;
    std::size_t count = 0;
    while (!text.empty()) {
        const std::size_t end = text.find('&');
        const std::string_view piece = text.substr(0, end);
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
        if (piece.empty()) continue;
        if (++count > limits.fields) return Error(413, "core.form.size");
        const std::size_t equals = piece.find('=');
        auto name = decode(piece.substr(0, equals), ' ');
        auto value = equals == std::string_view::npos ? std::string() : decode(piece.substr(equals + 1), ' ');
        if (!name || !value || !isPlainName(*name)) return Error(400, "core.form.encoding");
        if (name->size() > limits.nameBytes || value->size() > limits.valueBytes)
            return Error(413, "core.form.size");
        const auto known = std::find_if(fields.begin(), fields.end(),
                                        [&](const auto& field) { return field.first == *name; });
        if (known == fields.end())
            fields.emplace_back(std::move(*name), std::vector<std::string>{std::move(*value)});
        else
            known->second.push_back(std::move(*value));
    }
    return fields;
}

const std::string* firstOf(const host::Fields& fields, std::string_view name) noexcept {
    for (const auto& [key, values] : fields)
        if (key == name && !values.empty()) return &values.front();
    return nullptr;
}

std::optional<std::string> decodePercent(std::string_view text) {
    return decode(text, '+');
}

std::string encodePercent(std::string_view text) {
    static constexpr char digits[] = "0123456789ABCDEF";
    std::string out;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
            c == '.' || c == '_' || c == '~' || c == '/') {
            out.push_back(c);
        } else {
            out.push_back('%');
            out.push_back(digits[byte >> 4]);
            out.push_back(digits[byte & 15]);
        }
    }
    return out;
}

} // namespace dalate::gateway
