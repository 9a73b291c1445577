// SPDX-License-Identifier: Apache-2.0
#include "record/HarvestSheet.h"

#include "log/EventLinksOf.h"
#include "record/RecordKeeper.h"
#include "story/Wording.h"

#include <algorithm>

namespace dalate::traceability {

namespace {

constexpr std::string_view permission = "traceability.record.own", places = "https://id.gs1.org/414/";
constexpr Time hour = 3'600'000'000;

[[noreturn]] void refuse(std::string_view what, ValueView named) {
    throw Error(422, "traceability.sheet." + std::string(what),
                Value::map([&](MapWriter& m) { m.set("name", named.text()); }));
}

bool bears(const Name& name, std::string_view text) {
    return text == name.zh || text == name.en || text == name.mn;
}

std::string productNamed(CatalogueStore& catalogue, std::int64_t organisation, ValueView name) {
    for (const Product& product : catalogue.products(organisation))
        if (name.text() == product.gtin || bears(product.name, name.text())) return product.gtin;
    refuse("product", name);
}

std::string plotNamed(CatalogueStore& catalogue, std::int64_t organisation, ValueView name) {
    for (const Party& plot : catalogue.parties(organisation, places))
        if (name.text() == std::string_view(plot.uri).substr(places.size()) || bears(plot.name, name.text()))
            return plot.uri;
    refuse("plot", name);
}

/// Noon of a day behind us, as the form has it; today is now.
Time timeOf(ValueView day, Time now) {
    const auto start = startOfDay(day.text());
    if (!start || *start > now || now - *start > 400 * 24 * hour) refuse("day", day);
    return std::min(*start + 12 * hour, now);
}

} // namespace

Value HarvestSheet::bringIn(ServiceCall& call, const epcis::Vocabulary& vocabulary) {
    call.require(permission);
    const ValueView in = call.arguments(), answers = in["answers"];
    const std::int64_t organisation = call.principal().organisation();
    Tx tx = call.begin(TxMode::write);
    CatalogueStore catalogue(tx);
    FarmRecord record;
    record.kind = FarmRecord::Kind::harvest;
    record.at = timeOf(answers["day"], call.now());
    record.plot = plotNamed(catalogue, organisation, answers["plot"]);
    record.plotLot = lotUri(productNamed(catalogue, organisation, answers["product"]), plotLotNumber(record.plot, record.at));
    record.kilograms = positiveDecimal(answers["weight"].asText()).value_or("");
    // Two rows that say the same are two harvests; a row of a batch is one, however often it is brought in.
    record.eventId = eventIdOf(call, "harvest\n" + in["batch"].asText() + '\n' + in["row"].asText());
    const auto id = RecordKeeper(call, tx, vocabulary).keep(std::move(record));
    if (!id) throw Error(409, "traceability.sheet.twice");
    tx.commit();
    return Value::map([&](MapWriter& m) { m.set("key", std::to_string(*id)); });
}

Value HarvestSheet::takeBack(ServiceCall& call, const epcis::Vocabulary& vocabulary) {
    call.require(permission);
    Tx tx = call.begin(TxMode::write);
    RecordKeeper(call, tx, vocabulary).takeBack(Value::of(call.arguments()["key"].text()).view().integer().value_or(0));
    tx.commit();
    return Value::map();
}

} // namespace dalate::traceability
