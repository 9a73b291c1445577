// SPDX-License-Identifier: Apache-2.0
#include "record/RecordKeeper.h"

#include "epcis/Schema.h"
#include "gs1/DigitalLink.h"
#include "log/EventLinksOf.h"
#include "log/Recorder.h"
#include "record/RecordStore.h"
#include "story/Wording.h"

#include <dalate/audit.hpp>

#include <algorithm>

namespace dalate::traceability {

namespace {

constexpr std::string_view parties = "https://id.gs1.org/417/";

/// The first lot number with `prefix` that no event has used, from `count` on: also a void record keeps its number.
std::string freeLot(Identifiers& identifiers, const std::string& gtin, const std::string& prefix, std::int64_t count) {
    std::string lot;
    do lot = lotUri(gtin, prefix + std::to_string(++count));
    while (identifiers.find(lot));
    return lot;
}

} // namespace

bool isOwn(const Party& party, const Call& call) {
    return party.organisation == call.principal().organisation() &&
           party.name.zh == call.principal().organisationName();
}

std::string eventIdOf(const Call& call, const std::string& submission) {
    if (submission.empty()) return {};
    std::string id = sha256Hex(call, std::to_string(call.principal().user()) + '\n' + submission).substr(0, 32);
    id[12] = '8'; // RFC 9562: a UUID of our own making
    id[16] = 'a';
    for (const std::size_t dash : {20, 16, 12, 8}) id.insert(dash, 1, '-');
    return "urn:uuid:" + id;
}

/// A new lot of the day for a harvest; for packing, the packed lot's own number with a count behind.
void RecordKeeper::nameWhatIsMade(FarmRecord& record, CatalogueStore& catalogue) {
    std::string gtin, prefix;
    if (record.kind == FarmRecord::Kind::harvest) {
        const auto link = gs1::parseDigitalLink(record.plotLot);
        gtin = std::get<gs1::DigitalLink>(link).key;
        prefix = Wording::date(record.at);
        prefix.erase(std::remove(prefix.begin(), prefix.end(), '-'), prefix.end());
        prefix += '-';
    } else if (record.kind == FarmRecord::Kind::packing) {
        const auto link = gs1::parseDigitalLink(record.lot);
        const auto& lot = std::get<gs1::DigitalLink>(link);
        gtin = lot.key;
        prefix = std::string(lot.qualifier("10")).substr(0, 16) + "B";
    } else {
        return;
    }
    Identifiers identifiers(tx_);
    record.made = freeLot(identifiers, gtin, prefix, catalogue.countLots(gtin, prefix));
}

/// Checks and stores an event of the plugin's own making; its number, 0 where it was there.
std::int64_t RecordKeeper::store(ValueView event, Node* node, std::string_view lot) {
    std::vector<epcis::Problem> problems;
    const auto document = epcis::readDocument(event, problems);
    if (!document) throw Error(500, problems.front().code);
    if (!epcis::check(*document, 0, vocabulary_, call_.now(), problems)) throw Error(422, problems.front().code);
    Recorder recorder(call_, tx_, call_.now());
    const Captor captor{call_.principal().organisation(), call_.principal().user(), 0};
    const ReadyEvent ready = makeReady(call_, *document, 0, call_.now());
    switch (recorder.record(ready, captor)) {
    case Recorder::Outcome::stored: break;
    case Recorder::Outcome::duplicate: return 0;
    case Recorder::Outcome::conflict: throw Error(409, "traceability.capture.conflict");
    }
    if (node) *node = recorder.identifiers().intern(lot);
    return recorder.lastId();
}

std::optional<std::int64_t> RecordKeeper::keep(FarmRecord record) {
    Identifiers identifiers(tx_);
    if (!record.eventId.empty() && EventStore(tx_, identifiers).head(record.eventId, false)) return std::nullopt;
    CatalogueStore catalogue(tx_);
    nameWhatIsMade(record, catalogue);
    for (const Party& party : catalogue.parties(call_.principal().organisation(), parties))
        if (isOwn(party, call_)) record.owner = party.uri;

    const Value event = record.event();
    const std::string lot = !record.made.empty() ? record.made : !record.lot.empty() ? record.lot : record.plotLot;
    RecordRow row;
    row.event = store(event, &row.node, lot);
    if (row.event == 0) return std::nullopt; // the same, without a number
    row.id = call_.host().newId();
    row.person = call_.principal().user();
    row.organisation = call_.principal().organisation();
    row.kind = toText(record.kind);
    row.happenedAt = record.at;
    row.recordedAt = call_.now();
    // What grows on a plot has a number of our own making, which tells nobody anything: the plot's name does.
    const Wording wording(call_);
    Labels labels(tx_, wording);
    row.summary = lot == record.plotLot ? labels.place(record.plot) : labels.ofUri(lot).text;
    if (!record.kilograms.empty()) row.summary += " · " + wording.amount(parseAmount(record.kilograms, "KGM"));
    if (!record.pesticide.empty()) row.summary += " · " + record.pesticide + " " + record.dose;
    RecordStore(tx_).add(row);
    return row.id;
}

void RecordKeeper::takeBack(std::int64_t id) {
    RecordStore records(tx_);
    const auto row = records.find(id);
    if (!row) throw Error(404, "core.not_found");
    if (row->voidedAt != 0) return;
    Identifiers identifiers(tx_);
    const auto body = EventStore(tx_, identifiers).body(row->event);
    if (!body) throw Error(404, "core.not_found");
    const Value declaration = errorDeclarationOf(call_.jsonParse(*body), call_.now());
    store(declaration, nullptr, {});
    records.setVoided(id, call_.now());
    audit::record(call_, tx_, "traceability.record.void", std::to_string(id));
}

} // namespace dalate::traceability
