// SPDX-License-Identifier: Apache-2.0
//
// The fields of an EPCIS 2.0 event as one table: for each object (event, quantity element, sensor report …) a
// `Shape`, a row a field, in the order in which the CBV 2.0 event hash writes them into the pre-hash string.
// The checker, the hash, the canonical content and the reader all walk this table, so none knows a field that
// another forgets.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace dalate::traceability::epcis {

/// What one value of a field is.
enum class Kind {
    context,
    typeName,
    time,
    offset,
    action,
    identifier, ///< any URI; GS1 keys in it are brought to one form
    epc,        ///< an identifier of a thing: GTIN and SSCC are checked
    epcClass,   ///< an identifier of a class of things: checked alike
    bizStep,
    disposition,
    transactionType,
    partyType,
    errorReason,
    measurement,
    alert,
    component,
    decimal,
    amount, ///< a decimal that is not negative
    unit,
    text,
    boolean,
    hex,
    object,
    masterData, ///< ilmd: a map of extension fields
};

enum class Count {
    one,
    many,      ///< an array
    set,       ///< an array without equal items
    oneOrMany, ///< a value or an array
};

struct Shape;

struct Member {
    std::string_view name;
    Kind kind;
    Count count;
    std::uint8_t
        types; ///< in which event types it may stand, one bit each; only looked at in an event's shape
    bool required;
    unsigned minItems; ///< of an array that is there
    bool hashed;
    std::string_view list; ///< written once before the items into the pre-hash string
    std::string_view item; ///< written before each item
    const Shape* shape;    ///< of an object
};

struct Shape {
    const Member* fields;
    std::size_t count;
    bool extensions; ///< may carry fields of other namespaces

    const Member* begin() const noexcept { return fields; }
    const Member* end() const noexcept { return fields + count; }
    const Member* find(std::string_view name) const noexcept;
};

const Shape& eventShape() noexcept;

} // namespace dalate::traceability::epcis
