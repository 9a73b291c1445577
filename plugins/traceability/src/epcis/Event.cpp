// SPDX-License-Identifier: Apache-2.0
#include "epcis/Event.h"

#include "epcis/Fields.h"

namespace dalate::traceability::epcis {

std::string_view toText(EventType type) noexcept {
    switch (type) {
    case EventType::object:
        return "ObjectEvent";
    case EventType::aggregation:
        return "AggregationEvent";
    case EventType::transaction:
        return "TransactionEvent";
    case EventType::transformation:
        return "TransformationEvent";
    case EventType::association:
        return "AssociationEvent";
    case EventType::extension:
        break;
    }
    return {};
}

std::string_view toText(Action action) noexcept {
    switch (action) {
    case Action::observe:
        return "OBSERVE";
    case Action::add:
        return "ADD";
    case Action::remove:
        return "DELETE";
    }
    return {};
}

std::optional<EventType> eventType(std::string_view name) noexcept {
    for (const EventType type : {EventType::object, EventType::aggregation, EventType::transaction,
                                 EventType::transformation, EventType::association})
        if (toText(type) == name) return type;
    return std::nullopt;
}

std::vector<Key> Event::keys() const {
    std::vector<Key> out;
    const auto add = [&out](Field field, const std::vector<std::string>& ids) {
        for (const auto& id : ids)
            out.push_back({field, id});
    };
    const auto addClasses = [&out](Field field, const std::vector<Quantity>& amounts) {
        for (const auto& amount : amounts)
            out.push_back({field, amount.epcClass});
    };
    add(Field::epc, epcs);
    add(Field::childEpc, childEpcs);
    if (!parentId.empty()) out.push_back({Field::parent, parentId});
    add(Field::inputEpc, inputEpcs);
    add(Field::outputEpc, outputEpcs);
    addClasses(Field::epcClass, quantities);
    addClasses(Field::childClass, childQuantities);
    addClasses(Field::inputClass, inputQuantities);
    addClasses(Field::outputClass, outputQuantities);
    return out;
}

std::vector<ValueView> Event::extensions() const {
    std::vector<ValueView> out;
    for (const ValueView member : raw)
        if (eventShape().find(member.key()) == nullptr) out.push_back(member);
    return out;
}

} // namespace dalate::traceability::epcis
