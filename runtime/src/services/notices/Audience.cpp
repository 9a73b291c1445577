// SPDX-License-Identifier: Apache-2.0
#include "services/notices/Audience.h"

#include "storage/Tx.h"

namespace dalate::services::notices {

namespace {

std::vector<std::int64_t> idsOf(storage::Rows rows) {
    std::vector<std::int64_t> ids;
    while (rows.next())
        ids.push_back(rows.integer(0));
    return ids;
}

} // namespace

std::vector<std::int64_t> membersOf(storage::Tx& tx, std::string_view plugin, const Audience& audience,
                                    Micros time) {
    switch (audience.kind) {
    case Audience::Kind::account:
        return idsOf(tx.query("SELECT id FROM account WHERE id = :account AND disabled = 0",
                              {{"account", audience.account}}));
    case Audience::Kind::role:
        return idsOf(
            tx.query("SELECT a.id FROM account a JOIN account_role r ON r.account = a.id"
                     " WHERE r.role = :role AND a.disabled = 0"
                     " AND (:organisation = 0 OR a.organisation = :organisation)"
                     " UNION SELECT a.id FROM delegation d"
                     " JOIN account g ON g.id = d.giver"
                     " JOIN account_role r ON r.account = d.giver AND r.role = d.role"
                     " JOIN account a ON a.id = d.taker"
                     " WHERE d.role = :role AND d.starts_at <= :time AND d.ends_at > :time"
                     " AND a.disabled = 0 AND g.disabled = 0"
                     " AND (:organisation = 0 OR a.organisation = :organisation)"
                     " ORDER BY 1",
                     {{"role", audience.name}, {"organisation", audience.organisation}, {"time", time}}));
    case Audience::Kind::desk:
        return idsOf(tx.query("SELECT DISTINCT a.id FROM desk d JOIN desk_member m ON m.desk = d.id"
                              " JOIN account a ON a.id = m.account"
                              " WHERE d.name = :desk AND a.disabled = 0"
                              " AND (:organisation = 0 OR d.organisation = :organisation) ORDER BY a.id",
                              {{"desk", audience.name}, {"organisation", audience.organisation}}));
    case Audience::Kind::relation:
        return idsOf(tx.query("SELECT a.id FROM case_relation r JOIN case_record c ON c.id = r.case_id"
                              " JOIN account a ON a.id = r.account"
                              " WHERE r.case_id = :case AND r.relation = :relation AND c.plugin = :plugin"
                              " AND a.disabled = 0 ORDER BY a.id",
                              {{"case", audience.caseId}, {"relation", audience.name}, {"plugin", plugin}}));
    }
    return {};
}

} // namespace dalate::services::notices
