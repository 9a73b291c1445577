// SPDX-License-Identifier: Apache-2.0
#include "story/Story.h"

#include "epcis/Normalize.h"
#include "epcis/Time.h"
#include "story/Wording.h"
#include "trace/Presence.h"
#include "trace/TraceSearch.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <tuple>

namespace dalate::traceability {

namespace {

constexpr std::size_t mostEvents = 80;
constexpr std::size_t mostNodes = 400;

/// When each node of the trace belongs to the story.
std::map<Node, Presence> windowsOf(const Trace& trace) {
    std::map<Node, Presence> windows;
    windows[trace.start].add({always, never});
    for (bool grew = true; grew;) {
        grew = false;
        for (const Edge& e : trace.edges) {
            switch (e.kind) {
            case LinkKind::output:
            case LinkKind::input:
                if (windows.count(e.to) && windows[e.from].add({always, e.start + 1})) grew = true;
                break;
            case LinkKind::member:
                if (!windows.count(e.to)) break;
                for (const Interval& i : std::vector<Interval>(windows[e.to].intervals()))
                    if (windows[e.from].add(i)) grew = true;
                break;
            default:
                if (!windows.count(e.from)) break;
                for (const Interval& i : std::vector<Interval>(windows[e.from].intervals()))
                    if (windows[e.to].add(common(i, {e.start, e.end}))) grew = true;
            }
        }
    }
    return windows;
}

void readTemperatures(const epcis::Event& event, TemperatureRecord& own, TemperatureRecord& all) {
    for (const ValueView element : event.sensorElements) {
        const ValueView whole = element["sensorMetadata"]["time"];
        for (const ValueView report : element["sensorReport"]) {
            if (lastWord(report["type"].text()) != "Temperature") continue;
            const auto at = epcis::parseInstant((report["time"].isText() ? report["time"] : whole).text());
            for (const char* member : {"value", "minValue", "maxValue"}) {
                const std::string digits = report[member].asText();
                double celsius = 0;
                const auto [end, fault] = std::from_chars(digits.data(), digits.data() + digits.size(), celsius);
                if (digits.empty() || fault != std::errc() || *end != '\0') continue;
                own.add(at ? at->micros : event.eventTime, celsius, digits);
                all.add(at ? at->micros : event.eventTime, celsius, digits);
            }
        }
    }
}

} // namespace

Story tell(const Call& call, Tx& tx, Identifiers& identifiers, EdgeSource& edges, Node node) {
    TraceLimits limits;
    limits.nodes = mostNodes;
    const Trace back = trace(edges, node, Direction::backward, limits);
    Story story;
    story.windows = windowsOf(back);
    const auto& windows = story.windows;
    story.complete = back.complete;
    EventStore store(tx, identifiers);
    // Of equal times, what was written down first comes first.
    std::map<std::tuple<Time, Time, std::string>, EventRow> rows;
    for (const TracedNode& traced : back.nodes) {
        if (kindOf(traced.node) == NodeKind::process || kindOf(traced.node) == NodeKind::product) continue;
        const auto window = windows.find(traced.node);
        if (window == windows.end()) continue;
        for (EventRow& row : store.naming(traced.node, mostEvents + 1)) {
            if (!window->second.holds(row.eventTime)) continue;
            auto key = std::tuple(row.eventTime, row.recordTime, row.eventId);
            rows.emplace(std::move(key), std::move(row));
        }
    }
    for (auto& [key, row] : rows) {
        if (story.events.size() == mostEvents) {
            story.complete = false;
            break;
        }
        StoryEvent told;
        told.event = epcis::normalizeStored(call.jsonParse(row.body));
        readTemperatures(told.event, told.temperature, story.temperature);
        story.steps.emplace(lastWord(row.step));
        if (lastWord(row.disposition) == "recalled") story.recalled = true;
        if (told.event.persistentDisposition)
            for (const std::string& set : told.event.persistentDisposition->set)
                if (lastWord(set) == "recalled") story.recalled = true;
        told.row = std::move(row);
        story.events.push_back(std::move(told));
    }
    story.withdrawn = store.countVoided(node);
    return story;
}

Amount amountIn(const epcis::Event& event, std::string_view uri) {
    for (const auto* list : {&event.outputQuantities, &event.quantities, &event.childQuantities, &event.inputQuantities})
        for (const epcis::Quantity& q : *list)
            if (q.epcClass == uri && !q.amount.empty()) return parseAmount(q.amount, q.uom);
    return {};
}

} // namespace dalate::traceability
