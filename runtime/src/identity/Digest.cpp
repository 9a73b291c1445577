// SPDX-License-Identifier: Apache-2.0
#include "identity/Digest.h"

#include <openssl/crypto.h>

namespace dalate::identity {

bool equalInConstantTime(std::string_view a, std::string_view b) noexcept {
    return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

} // namespace dalate::identity
