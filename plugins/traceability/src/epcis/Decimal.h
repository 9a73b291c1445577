// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace dalate::traceability::epcis {

/// An exact decimal number of any length (quantities, mass balance). No floating point: 0.1 + 0.2 is 0.3.
/// A value type; safe from several threads when not shared for writing.
class Decimal {
public:
    /// Zero.
    Decimal() = default;

    /// Reads a JSON number (`-12.50`, `1e3`). Nothing for any other text, and for exponents beyond ±400,
    /// which would only serve to fill memory.
    static std::optional<Decimal> parse(std::string_view text);

    /// Plain digits without exponent, without leading or trailing zeros: `-12.5`, `1000`, `0`.
    std::string text() const;

    bool isZero() const noexcept { return digits_.empty(); }
    bool isNegative() const noexcept { return negative_; }

    friend Decimal operator+(const Decimal& a, const Decimal& b);
    friend Decimal operator-(const Decimal& a, const Decimal& b) { return a + b.negated(); }
    friend Decimal operator*(const Decimal& a, const Decimal& b);
    friend bool operator==(const Decimal& a, const Decimal& b) { return compare(a, b) == 0; }
    friend bool operator!=(const Decimal& a, const Decimal& b) { return compare(a, b) != 0; }
    friend bool operator<(const Decimal& a, const Decimal& b) { return compare(a, b) < 0; }
    friend bool operator>(const Decimal& a, const Decimal& b) { return compare(a, b) > 0; }
    friend bool operator<=(const Decimal& a, const Decimal& b) { return compare(a, b) <= 0; }
    friend bool operator>=(const Decimal& a, const Decimal& b) { return compare(a, b) >= 0; }

private:
    static int compare(const Decimal& a, const Decimal& b);
    Decimal negated() const;
    void settle();

    // The number is ± 0.d1d2d3… × 10^point over `digits_`, which neither starts nor ends with '0'; zero has
    // none.
    std::string digits_;
    int point_ = 0;
    bool negative_ = false;
};

} // namespace dalate::traceability::epcis
