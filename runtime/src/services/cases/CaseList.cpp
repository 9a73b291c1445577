// SPDX-License-Identifier: Apache-2.0
#include "services/cases/CaseList.h"

#include "services/Declared.h"
#include "services/cases/CaseStore.h"
#include "services/cases/Machine.h"
#include "services/rules/RuleBook.h"
#include "storage/Tx.h"

#include <algorithm>
#include <limits>

namespace dalate::services::cases {

namespace {

/// LIKE's own signs as themselves.
std::string pattern(std::string_view words) {
    std::string out = "%";
    for (const char c : words) {
        if (c == '%' || c == '_' || c == '!') out += '!';
        out += c;
    }
    return out + "%";
}

} // namespace

CaseList::Reach CaseList::reachOf(const Who& who, const Declared& declared, std::string_view name) {
    using Kind = Actor::Kind;
    if (who.isSystem()) return {Reach::Kind::all, 0, 0};
    const identity::Principal& p = *who.principal;
    Reach reach{Reach::Kind::own, p.isPerson() ? p.user : 0, p.organisation};
    const Machine* machine = declared.machine(name);
    if (!machine || !p.isPerson()) return reach;
    for (const Actor& a : machine->audience) {
        bool held = a.kind == Kind::role && p.hasRole(a.name);
        if (a.kind == Kind::rule && declared.rules)
            for (const std::string& role : declared.rules->at(now()).roles(a.name))
                held = held || p.hasRole(role);
        if (a.kind == Kind::desk) held = p.sitsAt(a.name);
        if (!held) continue;
        if (a.where == Actor::Where::any)
            reach.kind = Reach::Kind::all;
        else if (reach.kind == Reach::Kind::own && p.organisation != 0)
            reach.kind = Reach::Kind::organisation;
    }
    return reach;
}

CaseList::Page CaseList::read(storage::Tx& tx, const Reach& reach, const Filter& f, std::optional<Key> after,
                              std::int64_t limit) {
    limit = std::clamp<std::int64_t>(limit, 1, 500);
    const Key behind = after.value_or(Key{std::numeric_limits<Micros>::max(), std::numeric_limits<Micros>::max()});
    const std::string words = f.words.empty() ? std::string() : pattern(f.words);
    const std::int64_t life = f.life == Filter::Life::any ? 0 : f.life == Filter::Life::live ? 1 : 2;
    std::vector<std::int64_t> ids;
    Page page;
    {
        auto rows =
            tx.query("SELECT c.id, c.changed_at FROM case_record c "
                     "WHERE (:plugin = '' OR c.plugin = :plugin) "
                     "AND (:machine = '' OR c.machine = :machine) "
                     "AND (:state = '' OR c.state = :state) "
                     "AND (:desk = '' OR c.desk = :desk) "
                     "AND (:assignee = 0 OR c.assignee = :assignee) "
                     "AND (:applicant = 0 OR c.applicant = :applicant) "
                     "AND (:life = 0 OR (:life = 1 AND c.closed_at = 0) OR (:life = 2 AND c.closed_at <> 0)) "
                     "AND (:words = '' OR c.number LIKE :words ESCAPE '!' OR c.title LIKE :words ESCAPE '!') "
                     "AND (:reach = 2 "
                     "OR (:reach = 1 AND (c.organisation = :organisation OR c.origin = :organisation)) "
                     "OR (:account <> 0 AND (c.applicant = :account OR c.assignee = :account OR EXISTS ("
                     "SELECT 1 FROM case_relation r WHERE r.case_id = c.id AND r.account = :account)))) "
                     "AND (c.changed_at < :changed OR (c.changed_at = :changed AND c.id < :id)) "
                     "ORDER BY c.changed_at DESC, c.id DESC LIMIT :limit",
                     {{"plugin", f.plugin},
                      {"machine", f.machine},
                      {"state", f.state},
                      {"desk", f.desk},
                      {"assignee", f.assignee},
                      {"applicant", f.applicant},
                      {"life", life},
                      {"words", words},
                      {"reach", static_cast<int>(reach.kind)},
                      {"organisation", reach.organisation},
                      {"account", reach.account},
                      {"changed", behind.changedAt},
                      {"id", behind.id},
                      {"limit", limit + 1}});
        Key last;
        while (rows.next()) {
            if (static_cast<std::int64_t>(ids.size()) == limit) {
                page.next = last;
                break;
            }
            ids.push_back(rows.integer(0));
            last = {rows.integer(1), rows.integer(0)};
        }
    }
    for (const std::int64_t id : ids)
        if (auto found = CaseStore::find(tx, id)) page.cases.push_back(std::move(*found));
    return page;
}

} // namespace dalate::services::cases
