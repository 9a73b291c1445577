// SPDX-License-Identifier: Apache-2.0
//
// One EPCIS 2.0 event (追溯事件) as the rest of the plugin sees it: the JSON as it was sent (`raw`, borrowed)
// and beside it what is searched, traced and compared, in one canonical form:
//
//   identifiers    GS1 Digital Link URIs on https://id.gs1.org, whatever form was sent (`gs1/Identifier.h`);
//                  what is no GS1 key stays as it is
//   vocabulary     full web URIs (https://ref.gs1.org/cbv/BizStep-shipping), whatever form was sent
//   times          microseconds since 1970-01-01T00:00:00Z
//   amounts        decimal text exactly as sent (`epcis/Decimal.h` reckons with it)
//
// Made by `normalize` (epcis/Normalize.h) from an event that `check` (epcis/Schema.h) found without problems.
#pragma once

#include "epcis/Context.h"

#include <dalate/value.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dalate::traceability::epcis {

/// Microseconds since 1970-01-01T00:00:00Z.
using Micros = std::int64_t;

/// The five types of EPCIS 2.0 §7.4; `extension` is any other, named by `Event::typeName`.
enum class EventType { object, aggregation, transaction, transformation, association, extension };

enum class Action { observe, add, remove };

/// `ObjectEvent` …; `extension` has no name of its own and gives "".
std::string_view toText(EventType type) noexcept;
/// The type of that name; nothing for an extension's.
std::optional<EventType> eventType(std::string_view name) noexcept;
/// `OBSERVE`, `ADD`, `DELETE`.
std::string_view toText(Action action) noexcept;

/// An amount of a class (QuantityElement, EPCIS 2.0 §7.3.3.3).
struct Quantity {
    std::string epcClass; ///< canonical
    std::string amount;   ///< decimal digits as sent; empty when the sender does not know it
    std::string uom;      ///< UN/CEFACT Rec 20; empty for a count of things
};

/// An element of a source, destination or business transaction list.
struct TypedId {
    std::string type; ///< full web URI; empty where none was sent
    std::string id;   ///< canonical
};

/// EPCIS 2.0 §7.4.1.2. A void of an earlier record: the event with the same content and id says that it was
/// wrong.
struct ErrorDeclaration {
    Micros time = 0;
    std::string reason; ///< full web URI; empty where none was sent
    std::vector<std::string> correctiveEventIds;
};

struct PersistentDisposition {
    std::vector<std::string> set, unset; ///< full web URIs
};

/// Where an identifier stands in an event. The numbers are stored beside the identifier: append only.
enum class Field {
    epc = 1,         ///< epcList
    childEpc = 2,    ///< childEPCs
    parent = 3,      ///< parentID
    inputEpc = 4,    ///< inputEPCList
    outputEpc = 5,   ///< outputEPCList
    epcClass = 6,    ///< quantityList
    childClass = 7,  ///< childQuantityList
    inputClass = 8,  ///< inputQuantityList
    outputClass = 9, ///< outputQuantityList
};

/// One searchable identifier of an event.
struct Key {
    Field field;
    std::string_view id; ///< canonical; borrows from the event
};

struct Event {
    EventType type = EventType::object;
    std::string typeName; ///< as sent, e.g. `ObjectEvent`; an extension's full IRI
    std::string eventId;  ///< as sent; empty where none was sent: then the hash id is the id
    Micros eventTime = 0;
    int offsetMinutes = 0;            ///< eventTimeZoneOffset, minutes east of UTC
    std::optional<Micros> recordTime; ///< as sent; the repository sets its own
    std::optional<Action> action;     ///< none for transformations
    std::string bizStep, disposition; ///< full web URIs; empty where none was sent
    std::optional<PersistentDisposition> persistentDisposition;
    std::string readPoint, bizLocation; ///< canonical; empty where none was sent
    std::string transformationId;       ///< canonical; empty where none was sent
    std::string parentId;               ///< canonical; empty where none was sent

    std::vector<std::string> epcs, childEpcs, inputEpcs, outputEpcs; ///< canonical, in the order sent
    std::vector<Quantity> quantities, childQuantities, inputQuantities, outputQuantities;
    std::vector<TypedId> sources, destinations, bizTransactions;
    std::vector<std::string> certifications;
    std::optional<ErrorDeclaration> errorDeclaration;

    ValueView ilmd;           ///< instance/lot master data, a map, or null
    ValueView sensorElements; ///< a list, or null
    ValueView raw;            ///< the event as sent
    Context context;          ///< the prefixes in force for it

    /// Every identifier that MATCH_ queries and the trace look at, with its field.
    std::vector<Key> keys() const;

    /// The members of `raw` that EPCIS does not define (extension fields), in their order.
    std::vector<ValueView> extensions() const;
};

} // namespace dalate::traceability::epcis
