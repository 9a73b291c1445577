// SPDX-License-Identifier: Apache-2.0
//
// The trace graph's vocabulary. A node is an interned identifier; its kind lies in the low three bits of its
// number, so that a search decides what to do with a node without reading a row for it.
//
//   node = (sequence << 3) | kind
//
// An edge says that matter can pass from one node to the other:
//   input      item -> process      consumed at `start`
//   output     process -> item      made at `start`
//   member     lot -> instance      the instance is a piece of the lot, at all times
//   contained  item -> container    inside during [start, end), by aggregation
//   attached   item -> carrier      the same, by association
// A process is one transformation event, or all events that share a transformationID; it keeps a mix of n
// inputs into m outputs at n + m edges instead of n * m.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

namespace dalate::traceability {

using Node = std::int64_t;

/// Microseconds since 1970-01-01T00:00:00Z.
using Time = std::int64_t;
inline constexpr Time always = std::numeric_limits<Time>::min();
inline constexpr Time never = std::numeric_limits<Time>::max();

enum class NodeKind : int {
    lot = 0,       ///< a product class with its lot number
    instance = 1,  ///< one serialised item
    container = 2, ///< a logistic unit or returnable asset (SSCC, GRAI, GIAI)
    product = 3,   ///< a product class without lot: named by events, never searched through
    process = 4,   ///< a transformation
    place = 5,
    party = 6,
    other = 7
};

inline NodeKind kindOf(Node node) noexcept { return static_cast<NodeKind>(node & 7); }

/// A quantity in millionths of its unit: exact for up to six decimals, which is finer than any scale here.
struct Amount {
    static constexpr std::int64_t unknown = std::numeric_limits<std::int64_t>::min();
    std::int64_t millionths = unknown;
    std::uint32_t unit = 0; ///< UN/CEFACT Rec 20 code, see packUnit; 0 counts pieces

    bool known() const noexcept { return millionths != unknown; }
    bool operator==(const Amount& o) const noexcept { return millionths == o.millionths && unit == o.unit; }
};

/// The amount of a JSON number such as `200.5` or `1.2e3` with a unit code of at most three characters.
/// Unknown where the digits do not fit 63 bits of millionths; a seventh decimal is rounded half up.
Amount parseAmount(std::string_view digits, std::string_view unit);

/// "200.5", without trailing zeros; empty for unknown.
std::string amountText(std::int64_t millionths);

/// A unit code of at most three characters as a number, and back. Longer codes give 0.
std::uint32_t packUnit(std::string_view code) noexcept;
std::string unitText(std::uint32_t unit);

/// Kilogram where the unit is one of mass (KGM, GRM, TNE, MGM, LBR), so that inputs and outputs compare;
/// any other amount as it is.
Amount inBaseUnit(Amount amount) noexcept;

enum class LinkKind : int { input = 1, output = 2, member = 3, contained = 4, attached = 5 };

struct Edge {
    Node from = 0;
    Node to = 0;
    LinkKind kind = LinkKind::input;
    Time start = 0;
    Time end = 0;
    std::int64_t event = 0; ///< the stored event that says so
    Amount amount;
};

} // namespace dalate::traceability
