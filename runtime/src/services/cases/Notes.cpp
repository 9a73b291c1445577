// SPDX-License-Identifier: Apache-2.0
#include "services/cases/Notes.h"

#include "storage/Tx.h"

#include <algorithm>

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

bool Notes::hasFile(storage::Tx& tx, std::int64_t caseId, std::int64_t file) {
    auto rows = tx.query("SELECT 1 FROM case_attachment WHERE case_id = :case AND file = :file",
                         {{"case", caseId}, {"file", file}});
    return rows.next();
}

void Notes::add(storage::Tx& tx, std::int64_t caseId, const Attachment& a) {
    tx.exec("INSERT INTO case_attachment (case_id, file, at, account, name) "
            "VALUES (:case, :file, :at, :account, :name)",
            {{"case", caseId}, {"file", a.file}, {"at", a.at}, {"account", a.account}, {"name", a.name}});
}

std::vector<Notes::Comment> Notes::comments(storage::Tx& tx, std::int64_t caseId, For reader, std::int64_t limit) {
    std::vector<Comment> all;
    auto rows = tx.query("SELECT id, at, account, name, organisation_name, internal, text FROM case_comment "
                         "WHERE case_id = :case AND internal <= :most ORDER BY id DESC LIMIT :limit",
                         {{"case", caseId}, {"most", reader == For::inside ? 1 : 0}, {"limit", limit}});
    while (rows.next())
        all.push_back({rows.integer(0), rows.integer(1), rows.integer(2), std::string(rows.text(3)),
                       std::string(rows.text(4)), rows.flag(5), std::string(rows.text(6))});
    std::reverse(all.begin(), all.end());
    return all;
}

std::int64_t Notes::commentCount(storage::Tx& tx, std::int64_t caseId, For reader) {
    auto rows = tx.query("SELECT COUNT(*) FROM case_comment WHERE case_id = :case AND internal <= :most",
                         {{"case", caseId}, {"most", reader == For::inside ? 1 : 0}});
    rows.next();
    return rows.integer(0);
}

Notes::Amount Notes::commentsBy(storage::Tx& tx, std::int64_t caseId, std::int64_t account) {
    auto rows = tx.query("SELECT COUNT(CASE WHEN account = :account THEN 1 END), COUNT(*) FROM case_comment "
                         "WHERE case_id = :case",
                         {{"case", caseId}, {"account", account}});
    rows.next();
    return {rows.integer(0), rows.integer(1)};
}

Notes::Amount Notes::attachmentsBy(storage::Tx& tx, std::int64_t caseId, std::int64_t account) {
    auto rows = tx.query("SELECT COUNT(CASE WHEN account = :account THEN 1 END), COUNT(*) FROM case_attachment "
                         "WHERE case_id = :case",
                         {{"case", caseId}, {"account", account}});
    rows.next();
    return {rows.integer(0), rows.integer(1)};
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
