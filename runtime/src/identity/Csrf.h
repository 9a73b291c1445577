// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace dalate::identity {

/// The token of unsafe forms. The secret (256 bits, 64 hexadecimal digits) lies in the session; every
/// response carries it under a fresh random mask, so that compression leaks nothing and tokens of one page
/// never repeat.
class Csrf {
public:
    static std::string newSecret();
    /// 128 hexadecimal digits: mask, then secret xor mask.
    static std::string mask(std::string_view secret);
    /// Constant time in the secret; false for anything that is not a masked token.
    static bool matches(std::string_view secret, std::string_view token) noexcept;
};

} // namespace dalate::identity
