// SPDX-License-Identifier: Apache-2.0
#include "identity/Csrf.h"

#include "base/Ids.h"
#include "identity/Digest.h"

#include <array>
#include <optional>

namespace dalate::identity {
namespace {

constexpr std::size_t secretBytes = 32;
using Block = std::array<unsigned char, secretBytes>;

int digit(char c) noexcept {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return -1;
}

std::optional<Block> fromHex(std::string_view hex) noexcept {
    if (hex.size() != 2 * secretBytes) return std::nullopt;
    Block block{};
    for (std::size_t i = 0; i < secretBytes; ++i) {
        const int high = digit(hex[2 * i]), low = digit(hex[2 * i + 1]);
        if (high < 0 || low < 0) return std::nullopt;
        block[i] = static_cast<unsigned char>(high << 4 | low);
    }
    return block;
}

} // namespace

std::string Csrf::newSecret() {
    return randomHex(secretBytes);
}

std::string Csrf::mask(std::string_view secret) {
    const auto plain = fromHex(secret);
    if (!plain) return {};
    std::string token = randomHex(secretBytes);
    const Block pad = *fromHex(token);
    static constexpr char digits[] = "0123456789abcdef";
    for (std::size_t i = 0; i < secretBytes; ++i) {
        const unsigned byte = (*plain)[i] ^ pad[i];
        token.push_back(digits[byte >> 4]);
        token.push_back(digits[byte & 15]);
    }
    return token;
}

bool Csrf::matches(std::string_view secret, std::string_view token) noexcept {
    if (token.size() != 4 * secretBytes) return false;
    const auto plain = fromHex(secret);
    const auto pad = fromHex(token.substr(0, 2 * secretBytes));
    auto masked = fromHex(token.substr(2 * secretBytes));
    if (!plain || !pad || !masked) return false;
    for (std::size_t i = 0; i < secretBytes; ++i)
        (*masked)[i] ^= (*pad)[i];
    const auto text = [](const Block& block) {
        return std::string_view(reinterpret_cast<const char*>(block.data()), block.size());
    };
    return equalInConstantTime(text(*plain), text(*masked));
}

} // namespace dalate::identity
