// SPDX-License-Identifier: Apache-2.0
#include "hold/HoldStore.h"

#include "log/BatchedStatement.h"

#include <algorithm>
#include <tuple>

namespace dalate::traceability {

namespace {

LotHold readHold(const Rows& rows) {
    LotHold h;
    h.kase = rows.integer(0);
    h.node = rows.integer(1);
    h.number = rows.text(2);
    h.measure = rows.text(3);
    h.ground = rows.text(4);
    h.basis = rows.text(5);
    h.proposedAt = rows.integer(6);
    h.heldAt = rows.integer(7);
    h.dueAt = rows.integer(8);
    h.unknownYear = rows.integer(9);
    h.releasedAt = rows.integer(10);
    h.traced = rows.integer(11);
    return h;
}

} // namespace

void HoldStore::propose(const LotHold& h) {
    tx_.exec("INSERT INTO traceability_lot_hold (kase, node, number, measure, ground, basis, proposed_at) "
             "VALUES (:kase, :node, :number, :measure, :ground, :basis, :at)",
             {{"kase", h.kase}, {"node", h.node}, {"number", h.number}, {"measure", h.measure},
              {"ground", h.ground}, {"basis", h.basis}, {"at", h.proposedAt}});
}

bool HoldStore::putInForce(std::int64_t kase, Time heldAt, Time dueAt, std::int64_t unknownYear) {
    return tx_.exec("UPDATE traceability_lot_hold SET held_at = :held, due_at = :due, unknown_year = :unknown "
                    "WHERE kase = :kase AND held_at = 0 AND released_at = 0",
                    {{"held", heldAt}, {"due", dueAt}, {"unknown", unknownYear}, {"kase", kase}}) == 1;
}

bool HoldStore::end(std::int64_t kase, Time at) {
    return tx_.exec("UPDATE traceability_lot_hold SET released_at = :at WHERE kase = :kase AND released_at = 0",
                    {{"at", at}, {"kase", kase}}) == 1;
}

void HoldStore::setTraced(std::int64_t kase, HolderSearch search) {
    tx_.exec("UPDATE traceability_lot_hold SET traced = :traced WHERE kase = :kase",
             {{"traced", static_cast<std::int64_t>(search)}, {"kase", kase}});
}

std::optional<LotHold> HoldStore::find(std::int64_t kase) {
    Rows rows = tx_.query("SELECT kase, node, number, measure, ground, basis, proposed_at, held_at, due_at, unknown_year, "
                          "released_at, traced FROM traceability_lot_hold WHERE kase = :kase",
                          {{"kase", kase}});
    return rows.next() ? std::optional(readHold(rows)) : std::nullopt;
}

std::vector<LotHold> HoldStore::of(Node lot) {
    Rows rows = tx_.query("SELECT kase, node, number, measure, ground, basis, proposed_at, held_at, due_at, unknown_year, "
                          "released_at, traced FROM traceability_lot_hold WHERE node = :node "
                          "ORDER BY proposed_at DESC, kase DESC LIMIT 50",
                          {{"node", lot}});
    std::vector<LotHold> found;
    while (rows.next()) found.push_back(readHold(rows));
    return found;
}

std::vector<LotHold> HoldStore::everInForce(const std::vector<Node>& lots) {
    static const BatchedStatement naming("SELECT kase, node, number, measure, ground, basis, proposed_at, held_at, due_at, "
                                         "unknown_year, released_at, traced FROM traceability_lot_hold WHERE node IN (",
                                         ") AND held_at > 0");
    std::vector<LotHold> found;
    naming.each<Param>(tx_, lots, [&](const Rows& rows) { found.push_back(readHold(rows)); });
    std::sort(found.begin(), found.end(), [](const LotHold& a, const LotHold& b) {
        return std::tie(b.heldAt, b.kase) < std::tie(a.heldAt, a.kase);
    });
    return found;
}

std::vector<Holder> HoldStore::holders(std::int64_t kase) {
    Rows rows = tx_.query("SELECT organisation, people, told_at, released_told_at FROM traceability_hold_holder "
                          "WHERE kase = :kase ORDER BY organisation",
                          {{"kase", kase}});
    std::vector<Holder> found;
    while (rows.next()) found.push_back({rows.integer(0), rows.integer(1), rows.integer(2), rows.integer(3)});
    return found;
}

bool HoldStore::add(std::int64_t kase, const Holder& holder) {
    {
        Rows rows = tx_.query("SELECT 1 FROM traceability_hold_holder WHERE kase = :kase AND organisation = :organisation",
                              {{"kase", kase}, {"organisation", holder.organisation}});
        if (rows.next()) return false;
    }
    tx_.exec("INSERT INTO traceability_hold_holder (kase, organisation, people, told_at) "
             "VALUES (:kase, :organisation, :people, :at)",
             {{"kase", kase}, {"organisation", holder.organisation}, {"people", holder.people}, {"at", holder.toldAt}});
    return true;
}

void HoldStore::setReleasedTold(std::int64_t kase, std::int64_t organisation, Time at) {
    tx_.exec("UPDATE traceability_hold_holder SET released_told_at = :at WHERE kase = :kase AND organisation = :organisation",
             {{"at", at}, {"kase", kase}, {"organisation", organisation}});
}

} // namespace dalate::traceability
