// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace dalate::traceability::gs1 {

/// True when `text` is one or more ASCII digits.
bool isDigits(std::string_view text) noexcept;

/// The check digit, '0'…'9', that belongs behind `digits` (GS1 General Specifications §7.9: weights 3, 1 from
/// the right). `digits` must be all digits; of any length, so it serves GTIN, SSCC, GLN, GSRN, GSIN and the
/// rest.
char checkDigit(std::string_view digits) noexcept;

/// True when the last digit of `key` is the check digit of those before it; false for what is not all digits
/// or shorter than two.
bool hasCheckDigit(std::string_view key) noexcept;

/// A GTIN-8, -12, -13 or -14 padded to the 14 digits of AI (01); empty for any other length or for
/// non-digits. Does not look at the check digit.
std::string gtin14(std::string_view gtin);

} // namespace dalate::traceability::gs1
