// SPDX-License-Identifier: Apache-2.0
#include "pages/RecordPages.h"

#include "gs1/DigitalLink.h"
#include "gs1/Percent.h"
#include "log/EventLinksOf.h"
#include "record/RecordForm.h"
#include "record/RecordKeeper.h"
#include "record/RecordStore.h"

#include <dalate/print.hpp>

namespace dalate::traceability {

namespace {

constexpr std::string_view places = "https://id.gs1.org/414/", parties = "https://id.gs1.org/417/";
constexpr std::size_t mostChoices = 60;

FarmRecord::Kind kindOf(const Request& request) {
    if (const auto kind = farmRecordKind(request.param("kind"))) return *kind;
    throw Error(404, "core.not_found");
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
            if (request.can("traceability.record.read")) m.set("list_href", "/lists/traceability/records");
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
        // Nothing new is kept where the form was sent twice.
        RecordKeeper(request, tx, vocabulary).keep(*record);
        tx.commit();
    }
    return Response::redirect(pageOf(request, "/records?saved=1"));
}

Response RecordPages::takeBack(Request& request, const epcis::Vocabulary& vocabulary) {
    const std::int64_t id = Value::of(request.param("record")).view().integer().value_or(0);
    Tx tx = request.begin(TxMode::write);
    RecordKeeper(request, tx, vocabulary).takeBack(id);
    tx.commit();
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
