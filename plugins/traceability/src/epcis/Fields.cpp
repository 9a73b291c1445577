// SPDX-License-Identifier: Apache-2.0
#include "epcis/Fields.h"

#include "epcis/Event.h"

namespace dalate::traceability::epcis {

namespace {

constexpr std::uint8_t bit(EventType type) {
    return static_cast<std::uint8_t>(1u << static_cast<unsigned>(type));
}

constexpr std::uint8_t everywhere = 0xff;
constexpr std::uint8_t extension = bit(EventType::extension);
constexpr std::uint8_t object = bit(EventType::object) | extension;
constexpr std::uint8_t transaction = bit(EventType::transaction) | extension;
constexpr std::uint8_t transformation = bit(EventType::transformation) | extension;
constexpr std::uint8_t nested = bit(EventType::aggregation) | bit(EventType::association) | extension;
constexpr std::uint8_t acting = everywhere & ~bit(EventType::transformation);

constexpr bool required = true;
constexpr bool optional = false;

constexpr Member single(std::string_view name, Kind kind, bool must = optional,
                        std::uint8_t types = everywhere, bool hashed = true) {
    return {name, kind, Count::one, types, must, 0, hashed, "", name, nullptr};
}

constexpr Member record(std::string_view name, const Shape& shape, bool hashed = true) {
    return {name, Kind::object, Count::one, everywhere, optional, 0, hashed, "", name, &shape};
}

constexpr Member records(std::string_view name, std::string_view item, const Shape& shape,
                         std::uint8_t types = everywhere) {
    return {name, Kind::object, Count::many, types, optional, 0, true, name, item, &shape};
}

template <std::size_t n>
constexpr Shape shapeOf(const Member (&members)[n], bool extensions) {
    return {members, n, extensions};
}

constexpr Member quantityMembers[] = {
    single("epcClass", Kind::epcClass, required),
    single("quantity", Kind::amount),
    single("uom", Kind::unit),
};
constexpr Shape quantity = shapeOf(quantityMembers, false);

constexpr Member placeMembers[] = {single("id", Kind::identifier, required)};
constexpr Shape place = shapeOf(placeMembers, true);

constexpr Member transactionMembers[] = {
    single("type", Kind::transactionType),
    single("bizTransaction", Kind::identifier, required),
};
constexpr Shape businessTransaction = shapeOf(transactionMembers, false);

constexpr Member sourceMembers[] = {
    single("type", Kind::partyType, required),
    single("source", Kind::identifier, required),
};
constexpr Shape source = shapeOf(sourceMembers, false);

constexpr Member destinationMembers[] = {
    single("type", Kind::partyType, required),
    single("destination", Kind::identifier, required),
};
constexpr Shape destination = shapeOf(destinationMembers, false);

constexpr Member dispositionMembers[] = {
    {"set", Kind::disposition, Count::set, everywhere, optional, 1, true, "", "set", nullptr},
    {"unset", Kind::disposition, Count::set, everywhere, optional, 1, true, "", "unset", nullptr},
};
constexpr Shape persistentDisposition = shapeOf(dispositionMembers, false);

constexpr Member metadataMembers[] = {
    single("time", Kind::time),
    single("startTime", Kind::time),
    single("endTime", Kind::time),
    single("deviceID", Kind::identifier),
    single("deviceMetadata", Kind::identifier),
    single("rawData", Kind::identifier),
    single("dataProcessingMethod", Kind::identifier),
    single("bizRules", Kind::identifier),
};
constexpr Shape sensorMetadata = shapeOf(metadataMembers, true);

constexpr Member reportMembers[] = {
    single("type", Kind::measurement),
    single("exception", Kind::alert),
    single("deviceID", Kind::identifier),
    single("deviceMetadata", Kind::identifier),
    single("rawData", Kind::identifier),
    single("dataProcessingMethod", Kind::identifier),
    single("bizRules", Kind::identifier),
    single("time", Kind::time),
    single("microorganism", Kind::identifier),
    single("chemicalSubstance", Kind::identifier),
    single("value", Kind::decimal),
    single("component", Kind::component),
    single("stringValue", Kind::text),
    single("booleanValue", Kind::boolean),
    single("hexBinaryValue", Kind::hex),
    single("uriValue", Kind::identifier),
    single("minValue", Kind::decimal),
    single("maxValue", Kind::decimal),
    single("meanValue", Kind::decimal),
    single("sDev", Kind::decimal),
    single("percRank", Kind::decimal),
    single("percValue", Kind::decimal),
    single("uom", Kind::text),
    single("coordinateReferenceSystem", Kind::identifier),
};
constexpr Shape sensorReport = shapeOf(reportMembers, true);

constexpr Member elementMembers[] = {
    record("sensorMetadata", sensorMetadata),
    {"sensorReport", Kind::object, Count::many, everywhere, required, 1, true, "", "sensorReport",
     &sensorReport},
};
constexpr Shape sensorElement = shapeOf(elementMembers, true);

constexpr Member declarationMembers[] = {
    single("declarationTime", Kind::time, required),
    single("reason", Kind::errorReason),
    {"correctiveEventIDs", Kind::identifier, Count::many, everywhere, optional, 0, true, "",
     "correctiveEventID", nullptr},
};
constexpr Shape errorDeclaration = shapeOf(declarationMembers, true);

constexpr Member things(std::string_view name, Count count, std::uint8_t types) {
    return {name, Kind::epc, count, types, optional, 0, true, name, "epc", nullptr};
}

constexpr Member eventMembers[] = {
    single("type", Kind::typeName, required, everywhere, false),
    single("eventTime", Kind::time, required),
    single("eventTimeZoneOffset", Kind::offset, required),
    {"certificationInfo", Kind::identifier, Count::oneOrMany, everywhere, optional, 0, true, "",
     "certificationInfo", nullptr},
    things("epcList", Count::set, object | transaction),
    single("parentID", Kind::epc, optional, nested | transaction),
    things("inputEPCList", Count::set, transformation),
    things("childEPCs", Count::many, nested),
    records("quantityList", "quantityElement", quantity, object | transaction),
    records("childQuantityList", "quantityElement", quantity, nested),
    records("inputQuantityList", "quantityElement", quantity, transformation),
    things("outputEPCList", Count::set, transformation),
    records("outputQuantityList", "quantityElement", quantity, transformation),
    single("action", Kind::action, optional, acting),
    single("transformationID", Kind::identifier, optional, transformation),
    single("bizStep", Kind::bizStep),
    single("disposition", Kind::disposition),
    record("persistentDisposition", persistentDisposition),
    record("readPoint", place),
    record("bizLocation", place),
    records("bizTransactionList", "", businessTransaction),
    records("destinationList", "", destination),
    records("sourceList", "", source),
    records("sensorElementList", "sensorElement", sensorElement),
    {"ilmd", Kind::masterData, Count::one, object | transformation, optional, 0, true, "", "ilmd", nullptr},
    single("eventID", Kind::identifier, optional, everywhere, false),
    single("recordTime", Kind::time, optional, everywhere, false),
    record("errorDeclaration", errorDeclaration, false),
    single("@context", Kind::context, optional, everywhere, false),
};
constexpr Shape event = shapeOf(eventMembers, true);

} // namespace

const Member* Shape::find(std::string_view name) const noexcept {
    for (const Member& member : *this)
        if (member.name == name) return &member;
    return nullptr;
}

const Shape& eventShape() noexcept {
    return event;
}

} // namespace dalate::traceability::epcis
