// SPDX-License-Identifier: Apache-2.0
#include "log/Recorder.h"

#include "epcis/EventHash.h"
#include "gs1/DigitalLink.h"
#include "log/EventLinksOf.h"

#include <dalate/live.hpp>
#include <dalate/settings.hpp>

#include <set>
#include <utility>

namespace dalate::traceability {

std::string sha256(const Call& call, std::string_view bytes) {
    return std::string(call.digest(Digest::sha256, bytes));
}

std::string sha256Hex(const Call& call, std::string_view bytes) {
    constexpr char digits[] = "0123456789abcdef";
    std::string hex;
    for (const char c : call.digest(Digest::sha256, bytes)) {
        hex += digits[static_cast<unsigned char>(c) >> 4];
        hex += digits[static_cast<unsigned char>(c) & 15];
    }
    return hex;
}

ReadyEvent makeReady(const Call& call, const epcis::Document& document, std::size_t index, Time now) {
    ReadyEvent ready;
    ready.event = epcis::normalize(document, index);
    ready.id = ready.event.eventId;
    if (ready.id.empty())
        ready.id = epcis::eventHashId(ready.event.raw, ready.event.context,
                                      [&call](std::string_view bytes) { return sha256(call, bytes); });
    ready.content = sha256Hex(call, epcis::contentForm(ready.event));
    ready.body = call.jsonWrite(epcis::storedForm(ready.event, ready.id, now));
    return ready;
}

Recorder::Recorder(const Call& call, Tx& tx, Time now)
    : call_(call), tx_(tx), now_(now), identifiers_(tx), events_(tx, identifiers_), links_(tx, call.host()),
      linker_(links_, settings::integer(call.host(), "balance_tolerance_permille")), tally_(tx) {}

Recorder::Outcome Recorder::record(const ReadyEvent& ready, const Captor& captor) {
    const bool declares = ready.event.errorDeclaration.has_value();
    if (const auto same = events_.head(ready.id, declares))
        return same->content == ready.content ? Outcome::duplicate : Outcome::conflict;
    const auto other = events_.head(ready.id, !declares);
    if (other && other->organisation != captor.organisation) return Outcome::conflict;

    lastId_ = call_.host().newId();
    const std::int64_t voided = !declares && other ? other->id : 0;
    events_.add(ready.event, lastId_, ready.id, ready.content, ready.body, now_, voided, captor);
    if (declares) {
        if (other) {
            events_.setVoided(other->id, lastId_);
            takeOut(other->id, ready.id);
        }
    } else if (voided == 0) {
        const EventLinks links = eventLinksOf(ready.event, lastId_, ready.id, identifiers_);
        linker_.link(links);
        noteLots(ready.event, links, captor);
        countLots(links, 1);
        tally_.addEvents(ready.event.eventTime, 1);
    }
    if (!std::exchange(isSaid_, true)) live::changed(call_, tx_, "lots");
    return Outcome::stored;
}

void Recorder::takeOut(std::int64_t id, std::string_view eventId) {
    // The declaration need not repeat the event: what it put into the graph is read from the event itself.
    const auto body = events_.body(id);
    if (!body) return;
    const epcis::Event event = epcis::normalizeStored(call_.jsonParse(*body));
    const EventLinks links = eventLinksOf(event, id, eventId, identifiers_);
    linker_.unlink(links);
    countLots(links, -1);
    tally_.addEvents(event.eventTime, -1);
}

void Recorder::countLots(const EventLinks& links, int change) {
    const std::set<Node> made(links.made.begin(), links.made.end());
    for (const Node node : made) {
        if (kindOf(node) != NodeKind::lot) continue;
        Rows makers = tx_.query("SELECT (SELECT COUNT(*) FROM (SELECT 1 FROM traceability_moment "
                                "WHERE node = :node AND milestone = 1 LIMIT 2) m) "
                                "FROM traceability_lot WHERE node = :node",
                                {{"node", node}});
        // With this event there is one that makes the lot, without it none: then it was this one alone.
        if (makers.next() && makers.integer(0) == (change > 0 ? 1 : 0)) tally_.addLots(change);
    }
}

void Recorder::noteLots(const epcis::Event& event, const EventLinks& links, const Captor& captor) {
    if (links.made.empty()) return;
    const auto note = [&](std::string_view uri) {
        const auto link = gs1::parseDigitalLink(uri);
        const auto* lot = std::get_if<gs1::DigitalLink>(&link);
        if (!lot || lot->ai != "01" || lot->qualifier("10").empty() || !lot->qualifier("21").empty()) return;
        const Node node = identifiers_.intern(uri);
        Rows known = tx_.query("SELECT first_at FROM traceability_lot WHERE node = :node", {{"node", node}});
        if (known.next()) {
            if (known.integer(0) > links.at)
                tx_.exec("UPDATE traceability_lot SET first_at = :at WHERE node = :node AND first_at > :at",
                         {{"node", node}, {"at", links.at}});
            return;
        }
        tx_.exec("INSERT INTO traceability_lot (node, gtin, lot, organisation, first_at) "
                 "VALUES (:node, :gtin, :lot, :organisation, :at)",
                 {{"node", node}, {"gtin", lot->key}, {"lot", lot->qualifier("10")},
                  {"organisation", captor.organisation}, {"at", links.at}});
    };
    for (const auto* list : {&event.quantities, &event.outputQuantities})
        for (const epcis::Quantity& q : *list) note(q.epcClass);
}

} // namespace dalate::traceability
