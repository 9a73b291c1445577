// SPDX-License-Identifier: Apache-2.0
#include "pages/RecordPages.h"

#include "epcis/Schema.h"
#include "gs1/DigitalLink.h"
#include "gs1/Percent.h"
#include "log/EventLinksOf.h"
#include "log/Recorder.h"
#include "record/RecordForm.h"
#include "record/RecordStore.h"

#include <dalate/audit.hpp>
#include <dalate/print.hpp>

#include <algorithm>

namespace dalate::traceability {

namespace {

constexpr std::string_view places = "https://id.gs1.org/414/", parties = "https://id.gs1.org/417/";
constexpr std::size_t mostChoices = 60;

FarmRecord::Kind kindOf(const Request& request) {
    if (const auto kind = farmRecordKind(request.param("kind"))) return *kind;
    throw Error(404, "core.not_found");
}

/// A cooperative registers its buyers too; its own party is the one that bears its name.
bool isOwn(const Party& party, const Request& request) {
    return party.organisation == request.principal().organisation() &&
           party.name.zh == request.principal().organisationName();
}

RecordForm::Choices choicesFor(Tx& tx, const Request& request, const Wording& wording) {
    CatalogueStore catalogue(tx);
    Labels labels(tx, wording);
    Identifiers identifiers(tx);
    const std::int64_t organisation = request.principal().organisation();
    RecordForm::Choices choices;
    const std::vector<Party> plots = catalogue.parties(organisation, places);
    for (const Product& product : catalogue.products(organisation))
        for (const Party& plot : plots)
            if (choices.crops.size() < mostChoices)
                choices.crops.push_back({product.gtin + "|" + plot.uri, product.name.in(wording.language()) + " · " +
                                                                            plot.name.in(wording.language())});
    for (const LotRow& lot : catalogue.lots(organisation, {}, mostChoices))
        choices.lots.push_back({lotUri(lot.gtin, lot.lot), labels.lot(lot.gtin, lot.lot)});
    for (const Party& party : catalogue.parties(std::nullopt, parties))
        if (!isOwn(party, request) && choices.receivers.size() < mostChoices)
            choices.receivers.push_back({party.uri, party.name.in(wording.language())});
    return choices;
}

/// The first lot number with `prefix` that no event has used, from `count` on: also a void record keeps its number.
std::string freeLot(Identifiers& identifiers, const std::string& gtin, const std::string& prefix, std::int64_t count) {
    std::string lot;
    do lot = lotUri(gtin, prefix + std::to_string(++count));
    while (identifiers.find(lot));
    return lot;
}

/// A new lot of the day for a harvest; for packing, the packed lot's own number with a count behind.
void nameWhatIsMade(FarmRecord& record, CatalogueStore& catalogue, Identifiers& identifiers) {
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
    record.made = freeLot(identifiers, gtin, prefix, catalogue.countLots(gtin, prefix));
}

/// Checks and stores an event of the plugin's own making; what the rules refuse is a fault of the form.
std::int64_t store(Request& request, Tx& tx, const epcis::Document& document, const epcis::Vocabulary& vocabulary,
                   Node* lotNode, std::string_view lot) {
    std::vector<epcis::Problem> problems;
    if (!epcis::check(document, 0, vocabulary, request.now(), problems)) throw Error(422, problems.front().code);
    Recorder recorder(request, tx, request.now());
    const Captor captor{request.principal().organisation(), request.principal().user(), 0};
    const ReadyEvent ready = makeReady(request, document, 0, request.now());
    switch (recorder.record(ready, captor)) {
    case Recorder::Outcome::stored: break;
    case Recorder::Outcome::duplicate: return 0;
    case Recorder::Outcome::conflict: throw Error(409, "traceability.capture.conflict");
    }
    if (lotNode) *lotNode = recorder.identifiers().intern(lot);
    return recorder.lastId();
}

/// The id of what a person sends with a form: the same for the same form with the same answers, and nobody else's.
std::string eventIdOf(const Request& request, const std::string& submission) {
    if (submission.empty()) return {};
    std::string id = sha256Hex(request, std::to_string(request.principal().user()) + '\n' + submission).substr(0, 32);
    id[12] = '8'; // RFC 9562: a UUID of our own making
    id[16] = 'a';
    for (const std::size_t dash : {20, 16, 12, 8}) id.insert(dash, 1, '-');
    return "urn:uuid:" + id;
}

std::string pageOf(const Request& request, std::string_view rest) {
    return std::string(request.pluginPath()).append(rest);
}

} // namespace

Response RecordPages::list(Request& request) {
    const Wording wording(request);
    Value model;
    {
        Tx tx = request.begin(TxMode::read);
        Labels labels(tx, wording);
        const auto rows = RecordStore(tx).latest(100);
        model = Value::map([&](MapWriter& m) {
            if (request.query("saved")) m.set("saved", true);
            if (request.query("voided")) m.set("voided", true);
            m.list("forms", [&](ListWriter& forms) {
                for (const char* kind : {"harvest", "pesticide", "packing", "dispatch"})
                    forms.map([&](MapWriter& f) {
                        f.set("href", pageOf(request, "/records/new/") + kind);
                        f.set("label", wording.text("traceability.form." + std::string(kind) + ".title"));
                    });
            });
            m.list("records", [&](ListWriter& list) {
                for (const RecordRow& row : rows)
                    list.map([&](MapWriter& r) {
                        const Labels::Label lot = labels.of(row.node);
                        r.set("kind", wording.text("traceability.form." + row.kind + ".title"));
                        r.set("day", wording.day(row.happenedAt)).set("summary", row.summary).set("lot", lot.text);
                        r.set("is_void", row.voidedAt != 0).set("void_href", pageOf(request, "/records/void/") + std::to_string(row.id));
                        if (row.voidedAt != 0 || row.kind == "pesticide" || lot.href.empty()) return;
                        r.set("label_href", pageOf(request, "/lots/") + lot.href.substr(4, 14) +
                                                lot.href.substr(lot.href.find("/10/") + 3) + "/label");
                    });
            });
        });
    }
    return Response::page("traceability/records", std::move(model));
}

Response RecordPages::form(Request& request) {
    const Wording wording(request);
    const FarmRecord::Kind kind = kindOf(request);
    RecordForm::Choices choices;
    {
        Tx tx = request.begin(TxMode::read);
        choices = choicesFor(tx, request, wording);
    }
    RecordForm form(kind, std::move(choices), wording);
    form.startOn(request.now(), request.host().newId());
    return Response::page("traceability/record-form", form.model(pageOf(request, "/records/new/").append(toText(kind))));
}

Response RecordPages::add(Request& request, const epcis::Vocabulary& vocabulary) {
    const Wording wording(request);
    const FarmRecord::Kind kind = kindOf(request);
    std::optional<FarmRecord> record;
    {
        Tx tx = request.begin(TxMode::write);
        RecordForm form(kind, choicesFor(tx, request, wording), wording);
        record = form.read(request);
        if (!record) {
            const Value model = form.model(pageOf(request, "/records/new/").append(toText(kind)));
            return Response::page("traceability/record-form", model, 422);
        }
        record->eventId = eventIdOf(request, form.submission());
        Identifiers identifiers(tx);
        if (!record->eventId.empty() && EventStore(tx, identifiers).head(record->eventId, false))
            return Response::redirect(pageOf(request, "/records?saved=1")); // sent twice
        CatalogueStore catalogue(tx);
        nameWhatIsMade(*record, catalogue, identifiers);
        for (const Party& party : catalogue.parties(request.principal().organisation(), parties))
            if (isOwn(party, request)) record->owner = party.uri;

        const Value event = record->event();
        std::vector<epcis::Problem> problems;
        const auto document = epcis::readDocument(event, problems);
        if (!document) throw Error(500, problems.front().code);
        const std::string lot = !record->made.empty() ? record->made : !record->lot.empty() ? record->lot : record->plotLot;
        RecordRow row;
        row.event = store(request, tx, *document, vocabulary, &row.node, lot);
        if (row.event == 0) return Response::redirect(pageOf(request, "/records?saved=1")); // the same, without a number
        row.id = request.host().newId();
        row.person = request.principal().user();
        row.organisation = request.principal().organisation();
        row.kind = toText(kind);
        row.happenedAt = record->at;
        row.recordedAt = request.now();
        // What grows on a plot has a number of our own making, which tells nobody anything: the plot's name does.
        Labels labels(tx, wording);
        row.summary = lot == record->plotLot ? labels.place(record->plot) : labels.ofUri(lot).text;
        if (!record->kilograms.empty()) row.summary += " · " + wording.amount(parseAmount(record->kilograms, "KGM"));
        if (!record->pesticide.empty()) row.summary += " · " + record->pesticide + " " + record->dose;
        RecordStore(tx).add(row);
        tx.commit();
    }
    return Response::redirect(pageOf(request, "/records?saved=1"));
}

Response RecordPages::takeBack(Request& request, const epcis::Vocabulary& vocabulary) {
    const std::int64_t id = Value::of(request.param("record")).view().integer().value_or(0);
    Tx tx = request.begin(TxMode::write);
    RecordStore records(tx);
    const auto row = records.find(id);
    if (!row) throw Error(404, "core.not_found");
    if (row->voidedAt == 0) {
        Identifiers identifiers(tx);
        const auto body = EventStore(tx, identifiers).body(row->event);
        if (!body) throw Error(404, "core.not_found");
        const Value declaration = errorDeclarationOf(request.jsonParse(*body), request.now());
        std::vector<epcis::Problem> problems;
        const auto document = epcis::readDocument(declaration, problems);
        if (!document) throw Error(500, problems.front().code);
        store(request, tx, *document, vocabulary, nullptr, {});
        records.setVoided(id, request.now());
        audit::record(request, tx, "traceability.record.void", std::to_string(id));
        tx.commit();
    }
    return Response::redirect(pageOf(request, "/records?voided=1"));
}

Response RecordPages::label(Request& request) {
    const Wording wording(request);
    const std::string code =
        "/01/" + gs1::encodeValue(request.param("gtin")) + "/10/" + gs1::encodeValue(request.param("lot"));
    const auto parsed = gs1::parseDigitalLink(code);
    const auto* link = std::get_if<gs1::DigitalLink>(&parsed);
    if (!link) throw Error(404, "core.not_found");
    const std::string address = link->format(request.baseUrl());
    std::optional<LotRow> lot;
    std::string product;
    {
        Tx tx = request.begin(TxMode::read);
        Identifiers identifiers(tx);
        CatalogueStore catalogue(tx);
        if (const auto node = identifiers.find(link->canonical())) lot = catalogue.lot(*node);
        if (const auto known = catalogue.product(link->key)) product = known->name.in(wording.language());
    }
    const bool own = lot && (lot->organisation == request.principal().organisation() ||
                             request.can("traceability.event.read_all"));
    if (!own) throw Error(404, "core.not_found");
    const std::string_view qr = print::qr(request, address);
    return Response::page("traceability/label", Value::map([&](MapWriter& m) {
                              m.set("html_qr", qr).set("title", product.empty() ? "GTIN " + link->key : product);
                              m.set("address", address).set("scan_href", link->format(""));
                              m.list("lines", [&](ListWriter& lines) {
                                  const auto line = [&](const std::string& text) {
                                      lines.map([&](MapWriter& l) { l.set("text", text); });
                                  };
                                  line(wording.text("traceability.fact.lot") + " " + lot->lot);
                                  line(wording.day(lot->firstAt));
                              });
                          }));
}

} // namespace dalate::traceability
