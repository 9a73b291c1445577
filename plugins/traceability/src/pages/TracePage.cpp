// SPDX-License-Identifier: Apache-2.0
#include "pages/TracePage.h"

#include "gs1/DigitalLink.h"
#include "gs1/Identifier.h"
#include "gs1/Percent.h"
#include "log/EventLinksOf.h"
#include "log/LinkRows.h"
#include "pages/FindingModel.h"
#include "trace/TraceDrawing.h"

#include <algorithm>
#include <algorithm>
#include <map>
#include <set>
#include <tuple>

namespace dalate::traceability {

namespace {

constexpr std::size_t mostRows = 500;      // in the table
constexpr std::size_t mostHolders = 20000; // asked for; beyond, the page says that it is not complete

constexpr std::size_t mostNamed = 8; // holders in one row

constexpr std::size_t mostSorted = 2000; // nodes; a longer table is cut anyway and keeps the order of the numbers

/// A place or party that had an item, and when it was last said so.
struct Holder {
    std::string uri;
    Time last = 0;
};

/// All that had `node`, the latest first: a lot is in many places at once.
std::vector<Holder> holdersOf(Tx& tx, Node node) {
    Rows rows = tx.query("SELECT i.uri, MAX(e.event_time) AS last_time FROM traceability_event e "
                         "JOIN traceability_ident i ON i.id = CASE WHEN e.receiver <> 0 THEN e.receiver "
                         "WHEN e.biz_location <> 0 THEN e.biz_location ELSE e.read_point END "
                         "WHERE e.id IN (SELECT event FROM traceability_event_key WHERE ident = :node) "
                         "AND e.voided = 0 AND e.declares_error = 0 GROUP BY i.uri ORDER BY last_time DESC, i.uri LIMIT 50",
                         {{"node", node}});
    std::vector<Holder> holders;
    while (rows.next()) holders.push_back({std::string(rows.text(0)), rows.integer(1)});
    return holders;
}

/// Numbers of nodes tell which identifier was seen first; a page must not.
void sortByName(Trace& trace, Identifiers& identifiers) {
    if (trace.nodes.size() > mostSorted) return;
    std::map<Node, std::string> names;
    for (const TracedNode& n : trace.nodes) names[n.node] = identifiers.uri(n.node);
    std::sort(trace.nodes.begin(), trace.nodes.end(), [&](const TracedNode& a, const TracedNode& b) {
        return std::tie(a.depth, names[a.node]) < std::tie(b.depth, names[b.node]);
    });
}

struct Side {
    Trace trace;
    std::vector<std::pair<TracedNode, std::vector<Holder>>> items; ///< without processes; the first are shown
    std::set<std::string> holders;
    std::size_t total = 0, endings = 0;
};

Side follow(Tx& tx, const Request& request, Identifiers& identifiers, Node node, Direction direction) {
    LinkRows edges(tx, request.host());
    TraceLimits limits;
    // Half of what is left, so that both directions and the page have their time.
    const std::int64_t stopAt = request.timeLeft() / 2;
    limits.over = [&request, stopAt] { return request.timeLeft() < stopAt; };
    Side side;
    side.trace = trace(edges, node, direction, limits);
    sortByName(side.trace, identifiers);
    for (const TracedNode& n : side.trace.nodes) {
        if (kindOf(n.node) == NodeKind::process) continue;
        // Who has the lot itself belongs to where it went.
        if (n.node == node && direction == Direction::backward) continue;
        if (n.node != node) ++side.total;
        if (n.node != node && n.ending && !n.carriedOnly) ++side.endings;
        if (side.total > mostHolders || (limits.over() && side.items.size() >= mostRows)) {
            side.trace.complete = false;
            continue;
        }
        std::vector<Holder> holders = holdersOf(tx, n.node);
        for (const Holder& holder : holders) side.holders.insert(holder.uri);
        if (side.items.size() < mostRows) side.items.emplace_back(n, std::move(holders));
    }
    return side;
}

/// A lot's page of this kind, so that an inspector walks on from lot to lot; anything else keeps its own address.
std::string onward(const std::string& pluginPath, const std::string& href) {
    const auto parsed = gs1::parseDigitalLink(href);
    const auto* link = std::get_if<gs1::DigitalLink>(&parsed);
    if (!link || link->ai != "01" || link->qualifier("10").empty() || !link->qualifier("21").empty()) return href;
    return pluginPath + "/lots/" + link->key + "/" + gs1::encodeValue(link->qualifier("10"));
}

/// The holders' names, each once: a shop's place and its party are called the same.
std::string namesOf(const std::vector<Holder>& holders, const Wording& wording, Labels& labels) {
    std::vector<std::string> names;
    for (const Holder& holder : holders) {
        std::string name = labels.place(holder.uri);
        if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(std::move(name));
        if (names.size() > mostNamed) break;
    }
    std::string text;
    for (std::size_t i = 0; i < names.size() && i < mostNamed; ++i)
        text += (i ? wording.text("traceability.fact.comma") : "") + names[i];
    return names.size() > mostNamed ? text + "…" : text;
}

void writeItems(ListWriter& rows, const Side& side, const Wording& wording, Labels& labels,
                const std::string& pluginPath) {
    for (const auto& [item, holders] : side.items)
        rows.map([&, &traced = item, &known = holders](MapWriter& m) {
            const Labels::Label label = labels.of(traced.node);
            m.set("name", label.text).set("depth", traced.depth).set("share", Wording::percent(traced.share));
            m.set("amount", wording.amount(traced.amount));
            m.set("holder", namesOf(known, wording, labels));
            if (!known.empty()) m.set("since", wording.day(known.front().last));
            if (traced.ending && traced.depth > 0) m.set("ending", true);
            if (traced.carriedOnly) m.set("carried", true);
            if (!label.href.empty()) m.set("href", onward(pluginPath, label.href));
        });
}

void writeSide(MapWriter& m, const Side& side, const Wording& wording, Labels& labels, const std::string& pluginPath) {
    const bool forward = side.trace.direction == Direction::forward;
    const std::string base = forward ? "traceability.trace.forward" : "traceability.trace.backward";
    const Value counts = Value::map([&](MapWriter& v) {
        v.set("items", side.total).set("ends", side.endings).set("holders", side.holders.size());
    });
    m.set("summary", side.total == 0 ? wording.text(base + ".none") : wording.text(base + ".summary", counts));
    if (side.total > mostRows || !side.trace.complete)
        m.set("cut", wording.text(side.trace.complete ? "traceability.trace.cut" : "traceability.trace.stopped",
                                  Value::map([&](MapWriter& v) {
                                      v.set("shown", side.items.size()).set("total", side.total);
                                  })));
    if (!side.trace.cycles.empty()) m.set("cycle", true);
    m.list("items", [&](ListWriter& rows) { writeItems(rows, side, wording, labels, pluginPath); });
    if (side.total == 0) return;
    const Drawing drawing = draw(
        side.trace,
        [&](const TracedNode& n) {
            const Labels::Label label = labels.of(n.node);
            std::string line = wording.amount(n.amount);
            if (const std::string share = Wording::percent(n.share); !share.empty() && n.node != side.trace.start)
                line += (line.empty() ? "" : " · ") + share;
            return DrawnLabel{label.text, line, onward(pluginPath, label.href)};
        },
        wording.text(base + ".title"));
    m.map("drawing", [&](MapWriter& d) {
        d.set("html_svg", drawing.svg).set("label", wording.text(base + ".title"));
        d.set("caption", drawing.left == 0 ? wording.text("traceability.trace.caption")
                                           : wording.text("traceability.trace.caption_cut", Value::map([&](MapWriter& v) {
                                                              v.set("left", drawing.left);
                                                          })));
    });
}

Response show(Request& request, const std::string& uri) {
    const Wording wording(request);
    const std::string pluginPath(request.pluginPath());
    Value model;
    {
        Tx tx = request.begin(TxMode::read);
        Identifiers identifiers(tx);
        const auto node = identifiers.find(uri);
        if (!node) throw Error(404, "core.not_found");
        Labels labels(tx, wording);
        const Side back = follow(tx, request, identifiers, *node, Direction::backward);
        const Side on = follow(tx, request, identifiers, *node, Direction::forward);
        const Labels::Label label = labels.of(*node);
        std::vector<Node> subjects{*node};
        for (const TracedNode& n : back.trace.nodes)
            if (kindOf(n.node) == NodeKind::process && subjects.size() < 50) subjects.push_back(n.node);
        const auto findings = findingsOf(tx, subjects);
        model = Value::map([&](MapWriter& m) {
            m.set("heading", label.text).set("id", uri);
            if (!label.href.empty()) m.set("scan_href", label.href);
            m.map("backward", [&](MapWriter& side) { writeSide(side, back, wording, labels, pluginPath); });
            m.map("forward", [&](MapWriter& side) { writeSide(side, on, wording, labels, pluginPath); });
            m.list("findings", [&](ListWriter& list) { writeFindings(list, findings, tx, wording, labels); });
        });
    }
    return Response::page("traceability/trace", std::move(model));
}

} // namespace

Response TracePage::lot(Request& request) {
    return show(request, lotUri(request.param("gtin"), request.param("lot")));
}

Response TracePage::any(Request& request) {
    const auto id = request.query("id");
    if (!id || id->empty()) throw Error(404, "core.not_found");
    return show(request, gs1::canonicalId(*id));
}

} // namespace dalate::traceability
