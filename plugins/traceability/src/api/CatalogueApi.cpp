// SPDX-License-Identifier: Apache-2.0
#include "api/CatalogueApi.h"

#include "catalogue/CatalogueStore.h"
#include "epcis/Time.h"
#include "gs1/CheckDigit.h"
#include "gs1/Identifier.h"
#include "hold/HoldMoves.h"
#include "log/EventLinksOf.h"
#include "log/Identifiers.h"

namespace dalate::traceability {

namespace {

[[noreturn]] void refuse(std::string_view member) {
    throw Error(400, "traceability.catalogue.member", Value::map([&](MapWriter& m) { m.set("member", member); }));
}

std::string text(ValueView body, std::string_view member, std::size_t most, bool needed = true) {
    const ValueView value = body[member];
    if (value.isNull() && !needed) return {};
    if (!value.isText() || value.text().size() > most || (needed && value.text().empty())) refuse(member);
    return std::string(value.text());
}

std::string oneOf(ValueView body, std::string_view member, std::initializer_list<std::string_view> words) {
    const std::string value = text(body, member, 20);
    for (const std::string_view word : words)
        if (value == word) return value;
    refuse(member);
}

Name name(ValueView body) {
    const ValueView node = body["name"];
    if (!node.isMap()) refuse("name");
    return {text(node, "zh", 200), text(node, "en", 200, false), text(node, "mn", 200, false)};
}

std::string gtin(std::string_view digits) {
    const std::string whole = gs1::gtin14(digits);
    if (whole.empty() || !gs1::hasCheckDigit(whole)) refuse("gtin");
    return whole;
}

[[noreturn]] void notYours() { throw Error(409, "traceability.catalogue.not_yours"); }

} // namespace

Response CatalogueApi::putProduct(Request& request) {
    const ValueView body = request.json();
    Product product;
    product.gtin = gtin(request.param("gtin"));
    product.name = name(body);
    product.category = oneOf(body, "category", {"vegetable", "fruit", "fish", "meat", "egg", "milk", "grain", "other"});
    product.organisationName = text(body, "grower", 200);
    product.organisation = request.principal().organisation();
    Tx tx = request.begin(TxMode::write);
    if (!CatalogueStore(tx).put(product)) notYours();
    tx.commit();
    return Response::empty(204);
}

Response CatalogueApi::putParty(Request& request) {
    const ValueView body = request.json();
    Party party;
    const gs1::Identifier id = gs1::readIdentifier(text(body, "id", 500));
    const NodeKind kind = kindOfIdentifier(id.canonical);
    if (id.fault != gs1::IdentifierFault::none || (kind != NodeKind::place && kind != NodeKind::party)) refuse("id");
    party.uri = id.canonical;
    party.name = name(body);
    party.organisation = request.principal().organisation();
    Tx tx = request.begin(TxMode::write);
    if (!CatalogueStore(tx).put(party)) notYours();
    tx.commit();
    return Response::empty(204);
}

Response CatalogueApi::addPaper(Request& request) {
    const ValueView body = request.json();
    Paper paper;
    paper.isTest = oneOf(body, "kind", {"certificate", "test"}) == "test";
    paper.title = text(body, "title", 200);
    paper.number = text(body, "number", 80);
    paper.issuer = text(body, "issuer", 200);
    paper.note = text(body, "note", 500, false);
    paper.result = oneOf(body, "result", {"pass", "fail", "none"});
    const auto issued = epcis::parseInstant(text(body, "issued", 40));
    if (!issued) refuse("issued");
    paper.issuedAt = issued->micros;
    const std::string lot = lotUri(gtin(text(body, "gtin", 14)), text(body, "lot", 20));
    paper.organisation = request.principal().organisation();
    paper.id = request.host().newId();
    Tx tx = request.begin(TxMode::write);
    const auto product = CatalogueStore(tx).product(gtin(text(body, "gtin", 14)));
    if (product && product->organisation != paper.organisation) notYours();
    paper.node = Identifiers(tx).intern(lot);
    CatalogueStore(tx).add(paper);
    if (paper.isTest && paper.result == "fail") HoldMoves::proposeAfter(paper, lot, request, tx);
    tx.commit();
    return Response::empty(204);
}

} // namespace dalate::traceability
