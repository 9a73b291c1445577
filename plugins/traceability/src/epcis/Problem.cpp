// SPDX-License-Identifier: Apache-2.0
#include "epcis/Problem.h"

namespace dalate::traceability::epcis {

namespace {

/// At most 80 bytes, never ending inside a UTF-8 character.
std::string_view beginning(std::string_view text) noexcept {
    constexpr std::size_t most = 80;
    if (text.size() <= most) return text;
    std::size_t end = most;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80)
        --end;
    return text.substr(0, end);
}

bool isPlain(std::string_view key) noexcept {
    for (const char c : key)
        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'))
            return false;
    return !key.empty();
}

} // namespace

std::string Path::text() const {
    if (up_ == nullptr) return std::string(key_);
    std::string out = up_->text();
    if (isIndex_) return out.append("[").append(std::to_string(index_)).append("]");
    if (isPlain(key_)) return out.append(".").append(key_);
    return out.append("['").append(beginning(key_)).append("']");
}

void Problems::add(std::string_view code, const Path& path, std::string_view value) {
    if (count_++ >= limit) return;
    out_.push_back({std::string("traceability.epcis.").append(code), event_, path.text(),
                    std::string(beginning(value))});
}

} // namespace dalate::traceability::epcis
