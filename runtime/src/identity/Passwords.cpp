// SPDX-License-Identifier: Apache-2.0
#include "identity/Passwords.h"

#include "base/Ids.h"
#include "base/Result.h"

#include <argon2.h>
#include <openssl/crypto.h>
#include <openssl/rand.h>
#include <utf8proc.h>

#include <array>
#include <cstdlib>
#include <optional>

namespace dalate::identity {
namespace {

constexpr std::uint32_t memoryKib = 19 * 1024;
constexpr std::uint32_t passes = 2;
constexpr std::uint32_t lanes = 1;
constexpr std::size_t hashBytes = 32;
constexpr std::size_t saltBytes = 16;
constexpr std::string_view parameters = "$argon2id$v=19$m=19456,t=2,p=1$";
// What is hashed at most: 128 characters of up to 18 code points each after NFKC stay well below.
constexpr std::size_t mostBytes = 16 * 1024;

/// Text that is wiped when it goes.
class Secret {
public:
    explicit Secret(std::string text) : text_(std::move(text)) {}
    Secret(const Secret&) = delete;
    Secret& operator=(const Secret&) = delete;
    ~Secret() { OPENSSL_cleanse(text_.data(), text_.size()); }
    const std::string& text() const noexcept { return text_; }

private:
    std::string text_;
};

/// NFKC, so that the same password typed on two input methods is the same; nothing when it is not UTF-8.
std::optional<std::string> normalised(std::string_view password) {
    utf8proc_uint8_t* mapped = nullptr;
    const auto options = static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT);
    const utf8proc_ssize_t length =
        utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(password.data()),
                     static_cast<utf8proc_ssize_t>(password.size()), &mapped, options);
    if (length < 0) return std::nullopt;
    std::string text(reinterpret_cast<char*>(mapped), static_cast<std::size_t>(length));
    OPENSSL_cleanse(mapped, static_cast<std::size_t>(length));
    std::free(mapped);
    return text;
}

} // namespace

void Passwords::check(std::string_view password) {
    if (password.size() > mostBytes) throw Error(422, "core.password.length");
    const auto normal = normalised(password);
    if (!normal) throw Error(422, "core.password.encoding");
    const Secret text(*normal);
    std::size_t characters = 0;
    for (const char c : text.text()) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x20 || byte == 0x7f) throw Error(422, "core.password.encoding");
        if ((byte & 0xc0) != 0x80) ++characters;
    }
    if (characters < leastCharacters || characters > mostCharacters)
        throw Error(422, "core.password.length", Value::map([](MapWriter& m) {
                        m.set("least", leastCharacters).set("most", mostCharacters);
                    }));
}

std::string Passwords::hash(std::string_view password) {
    const auto normal = normalised(password);
    if (!normal || normal->size() > mostBytes) throw Error(422, "core.password.encoding");
    const Secret text(*normal);
    std::array<unsigned char, saltBytes> salt{};
    if (RAND_bytes(salt.data(), static_cast<int>(salt.size())) != 1) throw Error(500, "core.random");
    std::array<char, 160> phc{};
    const int status = argon2id_hash_encoded(passes, memoryKib, lanes, text.text().data(), text.text().size(),
                                             salt.data(), salt.size(), hashBytes, phc.data(), phc.size());
    if (status != ARGON2_OK) throw Error(500, "core.password.hash");
    return phc.data();
}

bool Passwords::matches(std::string_view password, const std::string& phc) noexcept {
    try {
        if (password.size() > mostBytes) password = password.substr(0, mostBytes);
        const auto normal = normalised(password);
        const Secret text(normal.value_or(std::string()));
        const bool same = argon2id_verify(phc.c_str(), text.text().data(), text.text().size()) == ARGON2_OK;
        return normal.has_value() && same;
    } catch (const std::bad_alloc&) {
        return false;
    }
}

bool Passwords::isOutdated(std::string_view phc) noexcept {
    return !phc.starts_with(parameters);
}

const std::string& Passwords::decoy() {
    static const std::string made = hash(randomHex(32));
    return made;
}

} // namespace dalate::identity
