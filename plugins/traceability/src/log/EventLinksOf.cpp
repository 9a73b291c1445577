// SPDX-License-Identifier: Apache-2.0
#include "log/EventLinksOf.h"

#include "epcis/Time.h"
#include "gs1/DigitalLink.h"
#include "gs1/Percent.h"

#include <algorithm>

namespace dalate::traceability {

namespace {

using epcis::Action;
using epcis::Event;
using epcis::EventType;

bool isStep(const Event& event, std::string_view word) {
    const std::string_view step = event.bizStep;
    return step.size() > word.size() && step.substr(step.size() - word.size()) == word &&
           step[step.size() - word.size() - 1] == '-';
}

class Reader {
public:
    Reader(const Event& event, Identifiers& identifiers) : event_(event), identifiers_(identifiers) {}

    EventLinks read(std::int64_t id, std::string_view eventId) {
        links_.event = id;
        links_.at = event_.eventTime;
        switch (event_.type) {
        case EventType::transformation: transformation(eventId); break;
        case EventType::aggregation: inside(LinkKind::contained); break;
        case EventType::association: inside(LinkKind::attached); break;
        case EventType::object:
            if (event_.action == Action::add) {
                links_.made = nodes(event_.epcs, event_.quantities);
                lotOf(event_.epcs);
            }
            break;
        default: break;
        }
        if (isStep(event_, "shipping")) shipped();
        pieces();
        sensorTimes();
        for (std::vector<Node>* list : {&links_.made, &links_.shipped, &links_.children}) settle(*list);
        return std::move(links_);
    }

private:
    static void settle(std::vector<Node>& nodes) {
        std::sort(nodes.begin(), nodes.end());
        nodes.erase(std::unique(nodes.begin(), nodes.end()), nodes.end());
    }

    std::vector<Node> nodes(const std::vector<std::string>& epcs, const std::vector<epcis::Quantity>& quantities) {
        std::vector<Node> all;
        for (const std::string& epc : epcs) all.push_back(identifiers_.intern(epc));
        for (const epcis::Quantity& q : quantities) all.push_back(identifiers_.intern(q.epcClass));
        return all;
    }

    std::vector<Item> items(const std::vector<std::string>& epcs, const std::vector<epcis::Quantity>& quantities) {
        std::vector<Item> all;
        for (const std::string& epc : epcs) all.push_back({identifiers_.intern(epc), parseAmount("1", "")});
        for (const epcis::Quantity& q : quantities)
            all.push_back({identifiers_.intern(q.epcClass), q.amount.empty() ? Amount{} : parseAmount(q.amount, q.uom)});
        return all;
    }

    void transformation(std::string_view eventId) {
        links_.process = identifiers_.internProcess(event_.transformationId.empty() ? eventId : event_.transformationId);
        links_.inputs = items(event_.inputEpcs, event_.inputQuantities);
        links_.outputs = items(event_.outputEpcs, event_.outputQuantities);
        links_.made = nodes(event_.outputEpcs, event_.outputQuantities);
        lotOf(event_.outputEpcs);
    }

    void inside(LinkKind relation) {
        links_.parent = identifiers_.intern(event_.parentId);
        links_.relation = relation;
        links_.move = event_.action == Action::add      ? MoveKind::add
                      : event_.action == Action::remove ? MoveKind::remove
                                                        : MoveKind::observe;
        links_.children = nodes(event_.childEpcs, event_.childQuantities);
        const auto sameAsParent = std::remove(links_.children.begin(), links_.children.end(), links_.parent);
        links_.children.erase(sameAsParent, links_.children.end());
    }

    void shipped() {
        for (const auto* list : {&event_.epcs, &event_.childEpcs})
            for (const std::string& epc : *list) links_.shipped.push_back(identifiers_.intern(epc));
        for (const auto* list : {&event_.quantities, &event_.childQuantities})
            for (const epcis::Quantity& q : *list) links_.shipped.push_back(identifiers_.intern(q.epcClass));
        if (!event_.parentId.empty()) links_.shipped.push_back(identifiers_.intern(event_.parentId));
    }

    // cbvmda:lotNumber beside serialised items: they are pieces of that lot.
    void lotOf(const std::vector<std::string>& epcs) {
        std::string_view lot;
        for (const ValueView member : event_.ilmd)
            if (member.isText() && event_.context.expand(member.key()).local == "lotNumber") lot = member.text();
        if (lot.empty() || lot.size() > 20) return;
        for (const std::string& epc : epcs) {
            const auto link = gs1::parseDigitalLink(epc);
            const auto* item = std::get_if<gs1::DigitalLink>(&link);
            if (!item || item->ai != "01" || item->qualifier("21").empty()) continue;
            links_.members.emplace_back(identifiers_.intern(lotUri(item->key, lot)), identifiers_.intern(epc));
        }
        std::sort(links_.members.begin(), links_.members.end());
        links_.members.erase(std::unique(links_.members.begin(), links_.members.end()), links_.members.end());
    }

    // The canonical form of an item hides its lot; a Digital Link as it was sent may name both.
    void pieces() {
        for (const char* list : {"epcList", "childEPCs", "inputEPCList", "outputEPCList"})
            for (const ValueView epc : event_.raw[list]) {
                if (epc.text().find("/10/") == std::string_view::npos) continue;
                const auto link = gs1::parseDigitalLink(epc.text());
                const auto* item = std::get_if<gs1::DigitalLink>(&link);
                if (!item || item->ai != "01") continue;
                const std::string_view lot = item->qualifier("10");
                if (lot.empty() || item->qualifier("21").empty()) continue;
                links_.pieces.emplace_back(identifiers_.intern(lotUri(item->key, lot)),
                                           identifiers_.intern(item->canonical()));
            }
    }

    void sensorTimes() {
        const auto see = [this](ValueView text) {
            const auto instant = epcis::parseInstant(text.text());
            if (instant && (!links_.latestSensorTime || instant->micros > *links_.latestSensorTime))
                links_.latestSensorTime = instant->micros;
        };
        for (const ValueView element : event_.sensorElements) {
            for (const char* name : {"time", "startTime", "endTime"}) see(element["sensorMetadata"][name]);
            for (const ValueView report : element["sensorReport"]) see(report["time"]);
        }
    }

    const Event& event_;
    Identifiers& identifiers_;
    EventLinks links_;
};

} // namespace

EventLinks eventLinksOf(const Event& event, std::int64_t id, std::string_view eventId, Identifiers& identifiers) {
    return Reader(event, identifiers).read(id, eventId);
}

std::string lotUri(std::string_view gtin, std::string_view lot) {
    return std::string("https://id.gs1.org/01/").append(gtin).append("/10/").append(gs1::encodeValue(lot));
}

} // namespace dalate::traceability
