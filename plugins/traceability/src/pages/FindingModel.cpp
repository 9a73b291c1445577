// SPDX-License-Identifier: Apache-2.0
#include "pages/FindingModel.h"

#include "log/EventStore.h"
#include "log/LinkRows.h"

#include <optional>
#include <utility>

namespace dalate::traceability {

namespace {

/// What a process made; of several the first by name, whatever came first.
std::optional<Node> outputOf(Tx& tx, Node process) {
    Rows rows = tx.query("SELECT e.dst FROM traceability_edge_f e JOIN traceability_ident i ON i.id = e.dst "
                         "WHERE e.src = :process AND e.kind = :output ORDER BY i.uri LIMIT 1",
                         {{"process", process}, {"output", static_cast<int>(LinkKind::output)}});
    return rows.next() ? std::optional(rows.integer(0)) : std::nullopt;
}

} // namespace

std::vector<ListedFinding> findingsOf(Tx& tx, const std::vector<Node>& subjects) {
    std::vector<ListedFinding> found;
    for (const Node subject : subjects) {
        Rows rows = tx.query("SELECT id, rule, subject, related, second, event, at, stated, allowed, unit "
                             "FROM traceability_finding WHERE subject = :subject ORDER BY rule, at, id LIMIT 50",
                             {{"subject", subject}});
        while (rows.next()) found.push_back({rows.integer(0), findingOf(rows, 1)});
    }
    return found;
}

std::vector<ListedFinding> latestFindings(Tx& tx, int rule, std::int64_t before, std::size_t limit) {
    Rows rows = tx.query("SELECT id, rule, subject, related, second, event, at, stated, allowed, unit "
                         "FROM traceability_finding WHERE (:rule = 0 OR rule = :rule) AND (:before = 0 OR id < :before) "
                         "ORDER BY id DESC LIMIT :most",
                         {{"rule", rule}, {"before", before}, {"most", limit}});
    std::vector<ListedFinding> found;
    while (rows.next()) found.push_back({rows.integer(0), findingOf(rows, 1)});
    return found;
}

void writeFindings(ListWriter& list, const std::vector<ListedFinding>& findings, Tx& tx, const Wording& wording,
                   Labels& labels) {
    Identifiers identifiers(tx);
    EventStore events(tx, identifiers);
    for (const ListedFinding& each : findings)
        list.map([&](MapWriter& m) {
            Finding f = each.finding;
            // The two parents in the order of their names: their numbers tell which was seen first.
            if (f.second && identifiers.uri(f.second) < identifiers.uri(f.related)) std::swap(f.related, f.second);
            const std::string base = "traceability.finding." + std::string(nameOf(f.rule));
            m.set("title", wording.text(base));
            m.set("what", wording.text(base + ".what", Value::map([&](MapWriter& v) {
                                           v.set("first", f.related ? labels.of(f.related).text : std::string());
                                           v.set("second", f.second ? labels.of(f.second).text : std::string());
                                           v.set("stated", wording.amount(f.stated));
                                           v.set("allowed", wording.amount(f.allowed));
                                       })));
            const auto row = events.row(f.event);
            if (row) m.set("event", row->eventId).set("step", wording.step(row->step));
            // An event has no page of its own, and a process is known by what it made.
            const bool ofProcess = kindOf(f.subject) == NodeKind::process;
            const std::optional<Node> subject = f.rule == Rule::sensorAfterEvent ? std::nullopt
                                                : ofProcess                      ? outputOf(tx, f.subject)
                                                                                 : std::optional(f.subject);
            if (subject) {
                const Labels::Label about = labels.of(*subject);
                m.set("about", about.text).set("href", about.href);
            }
            m.set("time", wording.time(f.at)).set("iso", Wording::iso(f.at));
        });
}

} // namespace dalate::traceability
