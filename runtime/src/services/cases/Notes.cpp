// SPDX-License-Identifier: Apache-2.0
#include "services/cases/Notes.h"

#include "storage/Tx.h"

namespace dalate::services::cases {

void Notes::add(storage::Tx& tx, std::int64_t caseId, const Comment& c) {
    tx.exec("INSERT INTO case_comment (id, case_id, at, account, name, organisation_name, internal, text) "
            "VALUES (:id, :case, :at, :account, :name, :organisation, :internal, :text)",
            {{"id", c.id},
             {"case", caseId},
             {"at", c.at},
             {"account", c.account},
             {"name", c.name},
             {"organisation", c.organisationName},
             {"internal", c.internal ? 1 : 0},
             {"text", c.text}});
}

bool Notes::add(storage::Tx& tx, std::int64_t caseId, const Attachment& a) {
    {
        auto rows = tx.query("SELECT 1 FROM case_attachment WHERE case_id = :case AND file = :file",
                             {{"case", caseId}, {"file", a.file}});
        if (rows.next()) return false;
    }
    tx.exec("INSERT INTO case_attachment (case_id, file, at, account, name) "
            "VALUES (:case, :file, :at, :account, :name)",
            {{"case", caseId}, {"file", a.file}, {"at", a.at}, {"account", a.account}, {"name", a.name}});
    return true;
}

std::vector<Notes::Comment> Notes::comments(storage::Tx& tx, std::int64_t caseId, For reader) {
    std::vector<Comment> all;
    auto rows = tx.query("SELECT id, at, account, name, organisation_name, internal, text FROM case_comment "
                         "WHERE case_id = :case AND internal <= :most ORDER BY id",
                         {{"case", caseId}, {"most", reader == For::staff ? 1 : 0}});
    while (rows.next())
        all.push_back({rows.integer(0), rows.integer(1), rows.integer(2), std::string(rows.text(3)),
                       std::string(rows.text(4)), rows.flag(5), std::string(rows.text(6))});
    return all;
}

std::vector<Notes::Attachment> Notes::attachments(storage::Tx& tx, std::int64_t caseId) {
    std::vector<Attachment> all;
    auto rows = tx.query("SELECT file, at, account, name FROM case_attachment WHERE case_id = :case "
                         "ORDER BY at, file",
                         {{"case", caseId}});
    while (rows.next())
        all.push_back({rows.integer(0), rows.integer(1), rows.integer(2), std::string(rows.text(3))});
    return all;
}

} // namespace dalate::services::cases
