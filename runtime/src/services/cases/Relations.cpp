// SPDX-License-Identifier: Apache-2.0
#include "services/cases/Relations.h"

#include "storage/Tx.h"

namespace dalate::services::cases {

bool Relations::add(storage::Tx& tx, std::int64_t caseId, std::string_view relation, std::int64_t account,
                    Micros at) {
    {
        auto rows = tx.query("SELECT 1 FROM case_relation "
                             "WHERE case_id = :case AND relation = :relation AND account = :account",
                             {{"case", caseId}, {"relation", relation}, {"account", account}});
        if (rows.next()) return false;
    }
    tx.exec("INSERT INTO case_relation (case_id, relation, account, since) "
            "VALUES (:case, :relation, :account, :since)",
            {{"case", caseId}, {"relation", relation}, {"account", account}, {"since", at}});
    return true;
}

bool Relations::remove(storage::Tx& tx, std::int64_t caseId, std::string_view relation, std::int64_t account) {
    return tx.exec("DELETE FROM case_relation "
                   "WHERE case_id = :case AND relation = :relation AND account = :account",
                   {{"case", caseId}, {"relation", relation}, {"account", account}}) == 1;
}

std::vector<std::string> Relations::of(storage::Tx& tx, std::int64_t caseId, std::int64_t account) {
    std::vector<std::string> all;
    auto rows = tx.query("SELECT relation FROM case_relation WHERE case_id = :case AND account = :account",
                         {{"case", caseId}, {"account", account}});
    while (rows.next())
        all.emplace_back(rows.text(0));
    return all;
}

std::vector<Relations::Person> Relations::list(storage::Tx& tx, std::int64_t caseId) {
    std::vector<Person> all;
    auto rows = tx.query("SELECT relation, account, since FROM case_relation WHERE case_id = :case "
                         "ORDER BY relation, since, account",
                         {{"case", caseId}});
    while (rows.next())
        all.push_back({std::string(rows.text(0)), rows.integer(1), rows.integer(2)});
    return all;
}

std::vector<std::int64_t> Relations::in(storage::Tx& tx, std::int64_t caseId, std::string_view relation) {
    std::vector<std::int64_t> all;
    auto rows = tx.query("SELECT account FROM case_relation WHERE case_id = :case AND relation = :relation "
                         "ORDER BY since, account",
                         {{"case", caseId}, {"relation", relation}});
    while (rows.next())
        all.push_back(rows.integer(0));
    return all;
}

} // namespace dalate::services::cases
