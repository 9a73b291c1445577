// SPDX-License-Identifier: Apache-2.0
#include "epcis/Normalize.h"

#include "epcis/Canonical.h"
#include "epcis/Time.h"

namespace dalate::traceability::epcis {

namespace {

class Reader {
public:
    Reader(ValueView node, Context context) : node_(node) {
        event_.raw = node;
        event_.context = std::move(context);
    }

    Event read() {
        what();
        when();
        why();
        event_.ilmd = node_["ilmd"];
        event_.sensorElements = node_["sensorElementList"];
        return std::move(event_);
    }

private:
    std::string text(ValueView value, Kind kind) const {
        return value.isNull() ? std::string() : canonicalText(kind, value, event_.context);
    }

    void what() {
        const std::string_view name = node_["type"].text();
        const auto type = eventType(name);
        event_.type = type.value_or(EventType::extension);
        event_.typeName = type ? std::string(name) : event_.context.iri(name);
        event_.parentId = text(node_["parentID"], Kind::epc);
        ids("epcList", event_.epcs);
        ids("childEPCs", event_.childEpcs);
        ids("inputEPCList", event_.inputEpcs);
        ids("outputEPCList", event_.outputEpcs);
        amounts("quantityList", event_.quantities);
        amounts("childQuantityList", event_.childQuantities);
        amounts("inputQuantityList", event_.inputQuantities);
        amounts("outputQuantityList", event_.outputQuantities);
        event_.transformationId = text(node_["transformationID"], Kind::identifier);
    }

    void when() {
        event_.eventId = node_["eventID"].text();
        event_.eventTime = time(node_["eventTime"]).value_or(0);
        event_.offsetMinutes = parseOffset(node_["eventTimeZoneOffset"].text()).value_or(0);
        event_.recordTime = time(node_["recordTime"]);
        const ValueView declaration = node_["errorDeclaration"];
        if (!declaration.isMap()) return;
        ErrorDeclaration error;
        error.time = time(declaration["declarationTime"]).value_or(0);
        error.reason = text(declaration["reason"], Kind::errorReason);
        for (const ValueView id : declaration["correctiveEventIDs"])
            error.correctiveEventIds.emplace_back(id.text());
        event_.errorDeclaration = std::move(error);
    }

    void why() {
        const std::string_view action = node_["action"].text();
        for (const Action one : {Action::observe, Action::add, Action::remove})
            if (toText(one) == action) event_.action = one;
        event_.bizStep = text(node_["bizStep"], Kind::bizStep);
        event_.disposition = text(node_["disposition"], Kind::disposition);
        event_.readPoint = text(node_["readPoint"]["id"], Kind::identifier);
        event_.bizLocation = text(node_["bizLocation"]["id"], Kind::identifier);
        typed("sourceList", Kind::partyType, "source", event_.sources);
        typed("destinationList", Kind::partyType, "destination", event_.destinations);
        typed("bizTransactionList", Kind::transactionType, "bizTransaction", event_.bizTransactions);
        const ValueView certificates = node_["certificationInfo"];
        if (certificates.isText()) event_.certifications.push_back(text(certificates, Kind::identifier));
        for (const ValueView one : certificates)
            event_.certifications.push_back(text(one, Kind::identifier));
        const ValueView lasting = node_["persistentDisposition"];
        if (!lasting.isMap()) return;
        PersistentDisposition disposition;
        for (const ValueView one : lasting["set"])
            disposition.set.push_back(text(one, Kind::disposition));
        for (const ValueView one : lasting["unset"])
            disposition.unset.push_back(text(one, Kind::disposition));
        event_.persistentDisposition = std::move(disposition);
    }

    static std::optional<Micros> time(ValueView value) {
        const auto instant = parseInstant(value.text());
        return instant ? std::optional<Micros>(instant->micros) : std::nullopt;
    }

    void ids(std::string_view name, std::vector<std::string>& out) const {
        for (const ValueView id : node_[name])
            out.push_back(text(id, Kind::epc));
    }

    void amounts(std::string_view name, std::vector<Quantity>& out) const {
        for (const ValueView element : node_[name])
            out.push_back({text(element["epcClass"], Kind::epcClass), element["quantity"].asText(),
                           std::string(element["uom"].text())});
    }

    void typed(std::string_view name, Kind kind, std::string_view id, std::vector<TypedId>& out) const {
        for (const ValueView element : node_[name])
            out.push_back({text(element["type"], kind), text(element[id], Kind::identifier)});
    }

    ValueView node_;
    Event event_;
};

} // namespace

Event normalize(const Document& document, std::size_t index) {
    const ValueView event = document.events.at(index);
    return Reader(event, Context(document.context, event["@context"])).read();
}

Event normalizeStored(ValueView stored) {
    return Reader(stored, Context(Context(), stored["@context"])).read();
}

Value storedForm(const Event& event, std::string_view eventId, Micros recordTime) {
    return Value::map([&](MapWriter& out) {
        const Value context = event.context.own();
        if (!context.view().isNull()) out.set("@context", context);
        bool named = false;
        for (const ValueView member : event.raw) {
            const std::string_view key = member.key();
            if (key == "@context" || key == "recordTime") continue;
            if (key == "eventID") {
                named = true;
                out.set(key, eventId);
            } else {
                out.set(key, member);
            }
        }
        if (!named) out.set("eventID", eventId);
        out.set("recordTime", toUtcMillis(recordTime));
    });
}

} // namespace dalate::traceability::epcis
