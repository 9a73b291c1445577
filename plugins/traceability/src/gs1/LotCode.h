// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace dalate::traceability::gs1 {

/// The lot that a person means by what she typed or copied from under a label.
struct LotCode {
    std::string gtin; ///< 14 digits
    std::string lot;
    std::string uri;  ///< canonical, of the lot alone

    /// The path under which a label's code leads to the lot: `/01/09521234500018/10/CARP-1`.
    std::string path() const;
};

/// Reads a Digital Link, whole or from its path on, with or without the slash before it, or GS1's element string with
/// brackets, `(01)09521234500018(10)CARP-1`; a serial number in it is left away. Nothing where the text names no lot, or
/// its GTIN has a wrong check digit.
std::optional<LotCode> readLotCode(std::string_view text);

} // namespace dalate::traceability::gs1
