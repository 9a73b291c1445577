// SPDX-License-Identifier: Apache-2.0
//
// The GS1 application identifiers (AI, 应用标识符) that a Digital Link URI or an EPCIS event can be keyed
// with: primary keys and, for each, the qualifiers that may follow it, in their fixed order.
#pragma once

#include <string_view>

namespace dalate::traceability::gs1 {

/// What the variable part of a value may hold (GS1 General Specifications, figures 7.11-1 and 7.11-2).
enum class Charset {
    digits,
    set82, ///< letters, digits and !"%&'()*+,-./:;<=>?_
    set39, ///< capitals, digits and #-/
};

struct ApplicationIdentifier {
    std::string_view code;      ///< "01"
    std::string_view shortName; ///< "gtin": the name of Digital Link 1.1, read but never written
    std::string_view title;     ///< "GTIN"
    unsigned fixedDigits;       ///< leading digits that every value has
    unsigned checkedDigits;     ///< how many of them end in a check digit; 0 for none
    unsigned maxRest;           ///< longest variable part behind them
    unsigned minRest;
    Charset rest;
    /// Codes that may follow a primary key, in order, separated by spaces; alternatives are told by the
    /// pattern of the key (`22 10 21 235`). Empty for a qualifier and for a key without any.
    std::string_view qualifiers;
    bool primary;
};

/// The entry of a code (`01`) or of a short name (`gtin`); null when this table has none.
const ApplicationIdentifier* findAi(std::string_view codeOrName) noexcept;

enum class ValueFault { none, length, charset, checkDigit };

/// Whether `value` (percent-decoded) may stand behind `ai`. A GTIN of 8, 12 or 13 digits is taken for its
/// 14-digit form.
ValueFault checkValue(const ApplicationIdentifier& ai, std::string_view value) noexcept;

} // namespace dalate::traceability::gs1
