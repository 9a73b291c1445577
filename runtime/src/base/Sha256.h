// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace dalate {

/// SHA-256 (FIPS 180-4) of bytes that come in pieces. Used by one thread at a time. Throws
/// `std::runtime_error` where OpenSSL has no such digest or no memory.
class Sha256 {
public:
    Sha256();
    ~Sha256();
    Sha256(const Sha256&) = delete;
    Sha256& operator=(const Sha256&) = delete;

    void add(std::string_view bytes);
    /// 64 lower-case hexadecimal digits of all that was added; once, at the end.
    std::string hex();

private:
    struct State;
    std::unique_ptr<State> state_;
};

/// The same of bytes that are all there.
std::string sha256Hex(std::string_view bytes);

} // namespace dalate
