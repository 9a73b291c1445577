// SPDX-License-Identifier: Apache-2.0
#include "epcis/Schema.h"

#include "epcis/Decimal.h"
#include "epcis/Fields.h"
#include "epcis/Time.h"
#include "epcis/Uri.h"
#include "gs1/Identifier.h"

#include <algorithm>

namespace dalate::traceability::epcis {

namespace {

/// `^[A-Z0-9]{2,3}$`: UN/CEFACT Recommendation 20.
bool isUnit(std::string_view text) noexcept {
    if (text.size() < 2 || text.size() > 3) return false;
    return std::all_of(text.begin(), text.end(),
                       [](char c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); });
}

bool isHexRun(std::string_view text) noexcept {
    return !text.empty() && text.find_first_not_of("0123456789abcdefABCDEF") == std::string_view::npos;
}

std::string_view vocabularyCode(Kind kind) noexcept {
    switch (kind) {
    case Kind::bizStep:
        return "biz_step";
    case Kind::disposition:
        return "disposition";
    case Kind::transactionType:
        return "transaction_type";
    case Kind::partyType:
        return "party_type";
    case Kind::errorReason:
        return "error_reason";
    case Kind::measurement:
        return "measurement_type";
    case Kind::alert:
        return "sensor_alert";
    default:
        return "sensor_component";
    }
}

bool isPresent(ValueView value) noexcept {
    return !value.raw().empty();
}

/// Not missing and not an empty list; what has another form altogether has had its own problem told.
bool hasItems(ValueView list) noexcept {
    return isPresent(list) && !(list.isList() && list.begin() == list.end());
}

class Checker {
public:
    Checker(const Vocabulary& vocabulary, const Context& context, Micros now, Problems& problems)
        : vocabulary_(vocabulary), context_(context), now_(now), problems_(problems) {}

    void event(ValueView node, const Path& path) {
        const ValueView typeName = node["type"];
        const auto type = readType(typeName, path);
        if (!type) return;
        object(node, eventShape(), path, 1u << static_cast<unsigned>(*type));
        times(node, path);
        sensors(node["sensorElementList"], Path(path, "sensorElementList"));
        if (*type == EventType::extension) return;
        doing(node, *type, path);
        subject(node, *type, path);
    }

private:
    std::optional<EventType> readType(ValueView name, const Path& path) {
        if (!isPresent(name)) {
            problems_.add("field_missing", Path(path, "type"));
            return std::nullopt;
        }
        if (name.isText()) {
            if (const auto type = eventType(name.text())) return type;
            if (isUri(name.text())) return EventType::extension;
        }
        problems_.add("event_type", Path(path, "type"), name.text());
        return std::nullopt;
    }

    void object(ValueView node, const Shape& shape, const Path& path, unsigned types) {
        for (const ValueView child : node) {
            const Path here(path, child.key());
            const Member* member = shape.find(child.key());
            if (member == nullptr) {
                if (!shape.extensions || !isExtensionKey(child.key())) problems_.add("field_unknown", here);
            } else if ((member->types & types) == 0) {
                problems_.add("field_wrong_event", here);
            } else {
                field(child, *member, here);
            }
        }
        for (const Member& member : shape)
            if (member.required && !isPresent(node[member.name]))
                problems_.add(member.kind == Kind::offset ? "offset_missing" : "field_missing",
                              Path(path, member.name));
    }

    void field(ValueView value, const Member& member, const Path& path) {
        if (member.count == Count::one || (member.count == Count::oneOrMany && !value.isList())) {
            one(value, member, path);
            return;
        }
        if (!value.isList()) {
            problems_.add("field_type", path, value.text());
            return;
        }
        std::size_t index = 0;
        for (const ValueView item : value)
            one(item, member, Path(path, index++));
        if (index < member.minItems) problems_.add("list_empty", path);
        if (member.count == Count::set) distinct(value, path);
    }

    void distinct(ValueView list, const Path& path) {
        std::vector<std::string_view> texts;
        for (const ValueView item : list)
            texts.push_back(item.text());
        std::sort(texts.begin(), texts.end());
        const auto twice = std::adjacent_find(texts.begin(), texts.end());
        if (twice != texts.end()) problems_.add("item_twice", path, *twice);
    }

    void one(ValueView value, const Member& member, const Path& path) {
        switch (member.kind) {
        case Kind::context:
            if (!isContext(value)) problems_.add("context_invalid", path, value.text());
            return;
        case Kind::typeName:
            return; // read first, before anything else
        case Kind::object:
            if (value.isMap()) {
                object(value, *member.shape, path, 0xff);
                if (member.name == "persistentDisposition" && !value.has("set") && !value.has("unset"))
                    problems_.add("field_missing", Path(path, "set"));
                return;
            }
            break;
        case Kind::masterData:
            if (value.isMap()) {
                for (const ValueView child : value)
                    if (!isExtensionKey(child.key()))
                        problems_.add("ilmd_namespace", Path(path, child.key()));
                return;
            }
            break;
        case Kind::decimal:
        case Kind::amount:
            if (value.isNumber()) {
                number(value, member.kind, path);
                return;
            }
            break;
        case Kind::boolean:
            if (value.isBoolean()) return;
            break;
        default:
            if (value.isText()) {
                text(value.text(), member.kind, path);
                return;
            }
            break;
        }
        problems_.add("field_type", path, value.text());
    }

    void number(ValueView value, Kind kind, const Path& path) {
        const auto number = Decimal::parse(value.asText());
        if (!number)
            problems_.add("number_range", path, value.text());
        else if (kind == Kind::amount && number->isNegative())
            problems_.add("quantity_negative", path, value.text());
    }

    void text(std::string_view value, Kind kind, const Path& path) {
        if (isVocabulary(kind)) {
            word(value, kind, path);
            return;
        }
        switch (kind) {
        case Kind::time:
            if (!parseInstant(value)) problems_.add("time_format", path, value);
            break;
        case Kind::offset:
            if (!parseOffset(value)) problems_.add("offset_format", path, value);
            break;
        case Kind::action:
            if (value != "ADD" && value != "OBSERVE" && value != "DELETE")
                problems_.add("action", path, value);
            break;
        case Kind::unit:
            if (!isUnit(value)) problems_.add("unit", path, value);
            break;
        case Kind::hex:
            if (!isHexRun(value)) problems_.add("hex", path, value);
            break;
        case Kind::identifier:
            if (!isUri(value)) problems_.add("uri", path, value);
            break;
        case Kind::epc:
        case Kind::epcClass:
            thing(value, path);
            break;
        default:
            break;
        }
    }

    void word(std::string_view value, Kind kind, const Path& path) {
        switch (vocabulary_.classify(kind, value, context_)) {
        case Vocabulary::Term::standard:
        case Vocabulary::Term::foreign:
            break;
        case Vocabulary::Term::unknown:
        case Vocabulary::Term::malformed:
            problems_.add(vocabularyCode(kind), path, value);
            break;
        }
    }

    void thing(std::string_view value, const Path& path) {
        if (!isUri(value)) {
            problems_.add("uri", path, value);
            return;
        }
        switch (gs1::readIdentifier(context_.iri(value)).fault) {
        case gs1::IdentifierFault::none:
            break;
        case gs1::IdentifierFault::malformed:
            problems_.add("epc_malformed", path, value);
            break;
        case gs1::IdentifierFault::gtinCheckDigit:
            problems_.add("gtin_check_digit", path, value);
            break;
        case gs1::IdentifierFault::ssccCheckDigit:
            problems_.add("sscc_check_digit", path, value);
            break;
        }
    }

    void times(ValueView node, const Path& path) {
        const std::string_view text = node["eventTime"].text();
        const auto time = parseInstant(text);
        if (!time) return;
        if (time->micros > now_ + futureTolerance) problems_.add("future", Path(path, "eventTime"), text);
        const auto offset = parseOffset(node["eventTimeZoneOffset"].text());
        if (offset && time->offsetMinutes && *offset != *time->offsetMinutes)
            problems_.add("offset_mismatch", Path(path, "eventTimeZoneOffset"),
                          node["eventTimeZoneOffset"].text());
    }

    /// Action and the fields that hang on it.
    void doing(ValueView node, EventType type, const Path& path) {
        const std::string_view action = node["action"].text();
        if (type != EventType::transformation && !isPresent(node["action"]))
            problems_.add("field_missing", Path(path, "action"));
        const bool needsParent = type == EventType::association ||
                                 (type == EventType::aggregation && (action == "ADD" || action == "DELETE"));
        if (needsParent && !isPresent(node["parentID"]))
            problems_.add("parent_missing", Path(path, "parentID"), action);
        if (type == EventType::object && isPresent(node["ilmd"]) &&
            (action == "OBSERVE" || action == "DELETE"))
            problems_.add("ilmd_action", Path(path, "ilmd"), action);
        if (type == EventType::transaction && !hasItems(node["bizTransactionList"]))
            problems_.add("field_missing", Path(path, "bizTransactionList"));
    }

    /// EPCIS 2.0, sensor elements: what the metadata says holds for every report, so a report must not say it
    /// again.
    void sensors(ValueView list, const Path& path) {
        constexpr std::string_view shared[] = {
            "time", "deviceID", "deviceMetadata", "rawData", "dataProcessingMethod", "bizRules"};
        std::size_t index = 0;
        for (const ValueView element : list) {
            const Path elementPath(path, index++);
            const ValueView metadata = element["sensorMetadata"];
            std::size_t reportIndex = 0;
            for (const ValueView report : element["sensorReport"]) {
                const Path reports(elementPath, "sensorReport");
                const Path reportPath(reports, reportIndex++);
                // The schema asks for a type always; an alarm that measures nothing is reported without one.
                if (report.isMap() && !report.has("type") && !report.has("exception"))
                    problems_.add("field_missing", Path(reportPath, "type"));
                for (const std::string_view name : shared)
                    if (metadata.has(name) && report.has(name))
                        problems_.add("sensor_field_twice", Path(reportPath, name), report[name].text());
            }
        }
    }

    /// An event must be about something: things, amounts, or a measurement at a place.
    void subject(ValueView node, EventType type, const Path& path) {
        const bool removes = node["action"].text() == "DELETE";
        const bool inputs = hasItems(node["inputEPCList"]) || hasItems(node["inputQuantityList"]);
        const bool outputs = hasItems(node["outputEPCList"]) || hasItems(node["outputQuantityList"]);
        bool any = false;
        switch (type) {
        case EventType::object:
            any = isPresent(node["epcList"]) || hasItems(node["quantityList"]) ||
                  (hasItems(node["sensorElementList"]) && isPresent(node["readPoint"]));
            break;
        case EventType::transaction:
            any = isPresent(node["epcList"]) || hasItems(node["quantityList"]) || removes;
            break;
        case EventType::aggregation:
        case EventType::association:
            any = hasItems(node["childEPCs"]) || hasItems(node["childQuantityList"]) || removes;
            break;
        case EventType::transformation:
            any = isPresent(node["transformationID"]) ? inputs || outputs : inputs && outputs;
            break;
        case EventType::extension:
            any = true;
            break;
        }
        if (!any)
            problems_.add(type == EventType::transformation ? "transformation_sides" : "subject_missing",
                          path);
    }

    const Vocabulary& vocabulary_;
    const Context& context_;
    Micros now_;
    Problems& problems_;
};

} // namespace

bool check(const Document& document, std::size_t index, const Vocabulary& vocabulary, Micros now,
           std::vector<Problem>& problems) {
    Problems found(index, problems);
    const ValueView event = document.events.at(index);
    const std::string root = document.eventPath(index);
    const Path path(root);
    if (!event.isMap()) {
        found.add("field_type", path, event.text());
        return false;
    }
    const Context context(document.context, event["@context"]);
    Checker(vocabulary, context, now, found).event(event, path);
    return !found.any();
}

} // namespace dalate::traceability::epcis
