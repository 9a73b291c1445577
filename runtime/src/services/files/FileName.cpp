// SPDX-License-Identifier: Apache-2.0
#include "services/files/FileName.h"

#include "base/Utf8.h"

#include <utf8proc.h>

#include <cstdlib>
#include <memory>

namespace dalate::services::files {

namespace {

constexpr std::size_t longest = 200;

Error bad() {
    return Error(422, "core.file.name");
}

bool isHidden(utf8proc_int32_t point) noexcept {
    const auto category = utf8proc_category(point);
    return category == UTF8PROC_CATEGORY_CC || category == UTF8PROC_CATEGORY_CF ||
           category == UTF8PROC_CATEGORY_CO || category == UTF8PROC_CATEGORY_ZL ||
           category == UTF8PROC_CATEGORY_ZP;
}

} // namespace

Result<std::string> fileName(std::string_view sent) {
    if (sent.empty() || sent.size() > 4 * longest || findInvalidUtf8(sent) != std::string_view::npos)
        return bad();
    utf8proc_uint8_t* mapped = nullptr;
    const auto size = utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(sent.data()),
                                   static_cast<utf8proc_ssize_t>(sent.size()), &mapped,
                                   static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE));
    if (size < 0) return bad();
    const std::unique_ptr<utf8proc_uint8_t, void (*)(void*)> owned(mapped, &std::free);
    std::string_view name(reinterpret_cast<const char*>(mapped), static_cast<std::size_t>(size));
    while (name.starts_with(' '))
        name.remove_prefix(1);
    while (name.ends_with(' '))
        name.remove_suffix(1);
    if (name.empty() || name.size() > longest || name.find_first_not_of('.') == std::string_view::npos)
        return bad();
    if (name.find_first_of("/\\<>:\"|?*") != std::string_view::npos ||
        name.find("%00") != std::string_view::npos)
        return bad();
    for (std::string_view rest = name; !rest.empty();) {
        utf8proc_int32_t point = 0;
        const auto used = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(rest.data()),
                                           static_cast<utf8proc_ssize_t>(rest.size()), &point);
        if (used <= 0 || isHidden(point)) return bad();
        rest.remove_prefix(static_cast<std::size_t>(used));
    }
    return std::string(name);
}

std::string attachmentNamed(std::string_view name) {
    static constexpr char digits[] = "0123456789ABCDEF";
    std::string plain, encoded;
    for (const char c : name) {
        const auto byte = static_cast<unsigned char>(c);
        const bool safe = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                          c == '.' || c == '-' || c == '_';
        if (safe || c == ' ')
            plain += c;
        else if (byte < 0x80 || byte >= 0xc0) // one sign for a character, whatever its length
            plain += '_';
        if (safe) {
            encoded += c;
        } else {
            encoded += '%';
            encoded += digits[byte >> 4];
            encoded += digits[byte & 15];
        }
    }
    return "attachment; filename=\"" + plain + "\"; filename*=UTF-8''" + encoded;
}

} // namespace dalate::services::files
