// SPDX-License-Identifier: Apache-2.0
#include "pages/ListPages.h"

#include "gs1/Percent.h"
#include "log/Tally.h"
#include "pages/FindingModel.h"

#include <dalate/live.hpp>

namespace dalate::traceability {

namespace {

constexpr std::size_t perPage = 20;

std::int64_t number(std::optional<std::string_view> text) {
    return text ? Value::of(*text).view().integer().value_or(0) : 0;
}

/// `<first made>-<node>`; the newest where there is none.
LotPlace placeAfter(std::optional<std::string_view> text) {
    if (!text) return {};
    const std::size_t dash = text->find('-');
    if (dash == std::string_view::npos) return {};
    return {number(text->substr(0, dash)), number(text->substr(dash + 1))};
}

} // namespace

Response ListPages::home(Request& request) {
    std::int64_t lots = 0, events = 0;
    {
        Tx tx = request.begin(TxMode::read);
        Tally tally(tx);
        lots = tally.lots();
        events = tally.events();
    }
    return Response::page("traceability/home", Value::map([&](MapWriter& m) {
                              m.set("lots", lots).set("events", events);
                              m.set("find", std::string(request.pluginPath()) + "/find");
                          }));
}

Value ListPages::eventsThisYear(ServiceCall& call) {
    Tx tx = call.begin(TxMode::read);
    const std::int64_t count = Tally(tx).eventsInYearOf(call.now());
    return Value::map([&](MapWriter& m) { m.set("count", count).set("label", "traceability.tile.events"); });
}

Response ListPages::lots(Request& request) {
    const Wording wording(request);
    const bool all = request.can("traceability.event.read_all");
    const bool traces = request.can("traceability.trace.read");
    const auto before = request.query("before");
    const std::string path = std::string(request.pluginPath()) + "/lots";
    Value model;
    {
        Tx tx = request.begin(TxMode::read);
        Labels labels(tx, wording);
        auto rows = CatalogueStore(tx).lots(all ? std::nullopt : std::optional(request.principal().organisation()),
                                            placeAfter(before), perPage + 1);
        const bool more = rows.size() > perPage;
        if (more) rows.pop_back();
        model = Value::map([&](MapWriter& m) {
            m.list("rows", [&](ListWriter& list) {
                Days days(wording);
                std::string own = path + "/"; // one buffer, cut back to here for each row
                const std::size_t stem = own.size();
                for (const LotRow& row : rows)
                    list.map([&](MapWriter& r) {
                        own.resize(stem);
                        own.append(row.gtin).append("/").append(gs1::encodeValue(row.lot));
                        r.set("name", labels.lot(row.gtin, row.lot)).set("day", days.text(row.firstAt));
                        r.set("href", traces ? own : scanPath(row.gtin, row.lot));
                        r.set("label_href", own.append("/label"));
                    });
            });
            if (more)
                m.set("next_href", path + "?before=" + std::to_string(rows.back().firstAt) + "-" +
                                   std::to_string(rows.back().node));
            if (before)
                m.set("previous_href", path);
            else
                m.set("live", live::topic(request, "lots")).set("here", path);
        });
    }
    return Response::page("traceability/lots", std::move(model));
}

Response ListPages::findings(Request& request) {
    const Wording wording(request);
    const std::int64_t rule = number(request.query("rule")), before = number(request.query("before"));
    const std::string path = std::string(request.pluginPath()) + "/findings";
    Value model;
    {
        Tx tx = request.begin(TxMode::read);
        Labels labels(tx, wording);
        auto found = latestFindings(tx, static_cast<int>(rule), before, perPage + 1);
        const bool more = found.size() > perPage;
        if (more) found.pop_back();
        model = Value::map([&](MapWriter& m) {
            m.set("action", path);
            m.list("rules", [&](ListWriter& rules) {
                rules.map([&](MapWriter& r) {
                    r.set("value", 0).set("label", wording.text("traceability.findings.any")).set("selected", rule == 0);
                });
                for (const Rule each : allRules)
                    rules.map([&](MapWriter& r) {
                        r.set("value", static_cast<int>(each)).set("selected", rule == static_cast<int>(each));
                        r.set("label", wording.text("traceability.finding." + std::string(nameOf(each))));
                    });
            });
            m.list("rows", [&](ListWriter& rows) { writeFindings(rows, found, tx, wording, labels); });
            const std::string same = path + "?rule=" + std::to_string(rule);
            if (more) m.set("next_href", same + "&before=" + std::to_string(found.back().id));
            if (before > 0) m.set("previous_href", same);
        });
    }
    return Response::page("traceability/findings", std::move(model));
}

} // namespace dalate::traceability
