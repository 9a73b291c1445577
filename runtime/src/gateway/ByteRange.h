// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace dalate::gateway {

/// What of a file is asked for.
struct ByteRange {
    enum class Kind {
        whole,        ///< no range, one that is not understood, or several: RFC 9110, 14.2 lets us send all
        part,         ///< 206
        unsatisfiable ///< 416
    };
    Kind kind = Kind::whole;
    std::uint64_t offset = 0;
    std::uint64_t length = 0;
};

/// Reads the field Range (RFC 9110, 14.1.2) for a file of `size` octets.
ByteRange rangeOf(std::optional<std::string_view> field, std::uint64_t size) noexcept;

} // namespace dalate::gateway
