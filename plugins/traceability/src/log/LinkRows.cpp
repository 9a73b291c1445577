// SPDX-License-Identifier: Apache-2.0
#include "log/LinkRows.h"

#include "log/LinkStatements.h"

#include <algorithm>

namespace dalate::traceability {

namespace {

std::optional<std::int64_t> stored(Amount amount) {
    return amount.known() ? std::optional(amount.millionths) : std::nullopt;
}

Amount amountOf(const Rows& rows, std::size_t column, std::size_t unit) {
    return {rows.isNull(column) ? Amount::unknown : rows.integer(column), static_cast<std::uint32_t>(rows.integer(unit))};
}

} // namespace

void LinkRows::leaving(const std::vector<Node>& nodes, Links links, std::vector<Edge>& out) {
    linkStatement(EdgeSide::leaving, links)
        .each<Param>(tx_, nodes, [&](const Rows& row) { out.push_back(edgeOf(row)); });
}

void LinkRows::reaching(const std::vector<Node>& nodes, Links links, std::vector<Edge>& out) {
    linkStatement(EdgeSide::reaching, links)
        .each<Param>(tx_, nodes, [&](const Rows& row) { out.push_back(edgeOf(row)); });
}

void LinkRows::addEdge(const Edge& e) {
    // Only an edge that an identifier itself says can come twice.
    if (e.event == 0) {
        Rows rows = tx_.query("SELECT 1 FROM traceability_edge_f WHERE src = :src AND kind = :kind "
                              "AND start_at = :start AND dst = :dst AND event = 0",
                              {{"src", e.from}, {"kind", static_cast<int>(e.kind)}, {"start", e.start}, {"dst", e.to}});
        if (rows.next()) return;
    }
    const auto amount = stored(e.amount);
    for (const char* sql :
         {"INSERT INTO traceability_edge_f (src, kind, start_at, dst, event, end_at, amount, unit) "
          "VALUES (:src, :kind, :start, :dst, :event, :end, :amount, :unit)",
          "INSERT INTO traceability_edge_b (src, kind, start_at, dst, event, end_at, amount, unit) "
          "VALUES (:src, :kind, :start, :dst, :event, :end, :amount, :unit)"})
        tx_.exec(sql, {{"src", e.from}, {"kind", static_cast<int>(e.kind)}, {"start", e.start}, {"dst", e.to},
                       {"event", e.event}, {"end", e.end}, {"amount", amount}, {"unit", e.amount.unit}});
}

void LinkRows::dropEdge(const Edge& e) {
    for (const char* sql : {"DELETE FROM traceability_edge_f WHERE src = :src AND kind = :kind AND start_at = :start "
                            "AND dst = :dst AND event = :event",
                            "DELETE FROM traceability_edge_b WHERE dst = :dst AND kind = :kind AND start_at = :start "
                            "AND src = :src AND event = :event"})
        tx_.exec(sql, {{"src", e.from}, {"kind", static_cast<int>(e.kind)}, {"start", e.start}, {"dst", e.to},
                       {"event", e.event}});
}

void LinkRows::addMove(Node parent, Node child, const Move& m) {
    tx_.exec("INSERT INTO traceability_move (parent, child, at, event, relation, kind) "
             "VALUES (:parent, :child, :at, :event, :relation, :kind)",
             {{"parent", parent}, {"child", child}, {"at", m.at}, {"event", m.event},
              {"relation", static_cast<int>(m.relation)}, {"kind", static_cast<int>(m.kind)}});
}

void LinkRows::dropMove(Node parent, Node child, const Move& m) {
    tx_.exec("DELETE FROM traceability_move WHERE parent = :parent AND child = :child AND at = :at AND event = :event",
             {{"parent", parent}, {"child", child}, {"at", m.at}, {"event", m.event}});
}

std::vector<Move> LinkRows::moves(Node parent, Node child) {
    Rows rows = tx_.query("SELECT child, at, event, relation, kind FROM traceability_move "
                          "WHERE parent = :parent AND child IN (0, :child)",
                          {{"parent", parent}, {"child", child}});
    std::vector<Move> found;
    while (rows.next())
        found.push_back({rows.integer(1), static_cast<MoveKind>(rows.integer(4)), rows.integer(2),
                         static_cast<LinkKind>(rows.integer(3)), rows.integer(0) == 0});
    return found;
}

std::vector<Node> LinkRows::everInside(LinkKind relation, Node parent) {
    Rows rows = tx_.query("SELECT DISTINCT child FROM traceability_move "
                          "WHERE parent = :parent AND child > 0 AND relation = :relation",
                          {{"parent", parent}, {"relation", static_cast<int>(relation)}});
    std::vector<Node> found;
    while (rows.next()) found.push_back(rows.integer(0));
    return found;
}

void LinkRows::addMoment(Node node, Milestone milestone, Moment m) {
    tx_.exec("INSERT INTO traceability_moment (node, milestone, at, event) VALUES (:node, :milestone, :at, :event)",
             {{"node", node}, {"milestone", static_cast<int>(milestone)}, {"at", m.at}, {"event", m.event}});
}

void LinkRows::dropMoment(Node node, Milestone milestone, Moment m) {
    tx_.exec("DELETE FROM traceability_moment "
             "WHERE node = :node AND milestone = :milestone AND at = :at AND event = :event",
             {{"node", node}, {"milestone", static_cast<int>(milestone)}, {"at", m.at}, {"event", m.event}});
}

Time LinkRows::firstMoment(Node node, Milestone milestone) {
    Rows rows = tx_.query("SELECT MIN(at) FROM traceability_moment WHERE node = :node AND milestone = :milestone",
                          {{"node", node}, {"milestone", static_cast<int>(milestone)}});
    return rows.next() && !rows.isNull(0) ? rows.integer(0) : never;
}

std::vector<Moment> LinkRows::momentsBefore(Node node, Milestone milestone, Time end) {
    Rows rows = tx_.query("SELECT at, event FROM traceability_moment "
                          "WHERE node = :node AND milestone = :milestone AND at < :end",
                          {{"node", node}, {"milestone", static_cast<int>(milestone)}, {"end", end}});
    std::vector<Moment> found;
    while (rows.next()) found.push_back({rows.integer(0), rows.integer(1)});
    return found;
}

Finding findingOf(const Rows& rows, std::size_t c) {
    Finding f;
    f.rule = static_cast<Rule>(rows.integer(c));
    f.subject = rows.integer(c + 1);
    f.related = rows.integer(c + 2);
    f.second = rows.integer(c + 3);
    f.event = rows.integer(c + 4);
    f.at = rows.integer(c + 5);
    f.stated = amountOf(rows, c + 6, c + 8);
    f.allowed = amountOf(rows, c + 7, c + 8);
    return f;
}

bool LinkRows::precedes(std::int64_t a, std::int64_t b) {
    Rows rows = tx_.query("SELECT first.event_id < second.event_id FROM traceability_event first, traceability_event second "
                          "WHERE first.id = :a AND second.id = :b",
                          {{"a", a}, {"b", b}});
    return rows.next() && rows.integer(0) != 0;
}

void LinkRows::setFindings(Rule rule, Node subject, Node related, const std::vector<Finding>& findings) {
    // What stays keeps its number and its date; nearly always there is nothing before and nothing after.
    std::vector<Finding> missing = findings;
    std::vector<std::int64_t> outdated;
    {
        Rows rows = tx_.query("SELECT id, rule, subject, related, second, event, at, stated, allowed, unit "
                              "FROM traceability_finding WHERE subject = :subject AND rule = :rule "
                              "AND (:related = 0 OR related = :related)",
                              {{"subject", subject}, {"rule", static_cast<int>(rule)}, {"related", related}});
        while (rows.next()) {
            const auto same = std::find(missing.begin(), missing.end(), findingOf(rows, 1));
            if (same != missing.end())
                missing.erase(same);
            else
                outdated.push_back(rows.integer(0));
        }
    }
    for (const std::int64_t id : outdated)
        tx_.exec("DELETE FROM traceability_finding WHERE id = :id", {{"id", id}});
    for (const Finding& f : missing)
        tx_.exec("INSERT INTO traceability_finding "
                 "(id, rule, subject, related, second, event, at, stated, allowed, unit, found_at) VALUES "
                 "(:id, :rule, :subject, :related, :second, :event, :at, :stated, :allowed, :unit, :now)",
                 {{"id", host_.newId()}, {"rule", static_cast<int>(f.rule)}, {"subject", f.subject},
                  {"related", f.related}, {"second", f.second}, {"event", f.event}, {"at", f.at},
                  {"stated", stored(f.stated)}, {"allowed", stored(f.allowed)}, {"unit", f.stated.unit},
                  {"now", host_.now()}});
}

} // namespace dalate::traceability
