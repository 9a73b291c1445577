// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace dalate::identity {

/// Argon2id (RFC 9106) over the NFKC form, m = 19 MiB, t = 2, p = 1, kept as a PHC string. About 47 ms a call
/// on the reference machine: on request threads only through `HashPool`.
class Passwords {
public:
    static constexpr std::size_t leastCharacters = 12;
    static constexpr std::size_t mostCharacters = 128;

    /// Throws `core.password.length` (422) outside 12 to 128 characters, `core.password.encoding` (422) for
    /// text that is not UTF-8 or holds control characters.
    static void check(std::string_view password);
    /// A PHC string with a fresh 128-bit salt.
    static std::string hash(std::string_view password);
    static bool matches(std::string_view password, const std::string& phc) noexcept;
    /// Whether `phc` was made with other parameters than today's.
    static bool isOutdated(std::string_view phc) noexcept;
    /// A hash of nothing anybody knows: compared against for unknown users, so that they take the same time.
    static const std::string& decoy();
};

} // namespace dalate::identity
