// SPDX-License-Identifier: Apache-2.0
#include "identity/Organisations.h"

#include "base/Clock.h"
#include "base/Ids.h"
#include "storage/Tx.h"

namespace dalate::identity {
namespace {

Organisation read(const storage::Rows& rows) {
    return {rows.integer(0), rows.maybeInteger(1).value_or(0), std::string(rows.text(2)),
            std::string(rows.text(3))};
}

} // namespace

std::int64_t Organisations::create(storage::Tx& tx, std::string_view name, std::string_view kind,
                                   std::int64_t parent) {
    if (name.empty() || name.size() > 200) throw Error(400, "core.org.name");
    if (parent != 0 && !find(tx, parent)) throw Error(409, "core.org.parent_unknown");
    const std::int64_t id = newId();
    tx.exec("INSERT INTO organisation (id, parent, name, kind, created_at)"
            " VALUES (:id, :parent, :name, :kind, :created_at)",
            {{"id", id},
             {"parent", parent != 0 ? storage::Cell(parent) : storage::Cell(nullptr)},
             {"name", name},
             {"kind", kind},
             {"created_at", now()}});
    return id;
}

std::optional<Organisation> Organisations::find(storage::Tx& tx, std::int64_t id) {
    auto rows = tx.query("SELECT id, parent, name, kind FROM organisation WHERE id = :id", {{"id", id}});
    if (!rows.next()) return std::nullopt;
    return read(rows);
}

std::optional<Organisation> Organisations::findByName(storage::Tx& tx, std::string_view name) {
    auto rows =
        tx.query("SELECT id, parent, name, kind FROM organisation WHERE name = :name ORDER BY id LIMIT 1",
                 {{"name", name}});
    if (!rows.next()) return std::nullopt;
    return read(rows);
}

std::vector<Organisation> Organisations::list(storage::Tx& tx) {
    auto rows = tx.query("SELECT id, parent, name, kind FROM organisation ORDER BY name, id");
    std::vector<Organisation> all;
    while (rows.next())
        all.push_back(read(rows));
    return all;
}

std::vector<std::int64_t> Organisations::subtree(storage::Tx& tx, std::int64_t id) {
    auto rows = tx.query("WITH RECURSIVE below (id) AS ("
                         "  SELECT id FROM organisation WHERE id = :id"
                         "  UNION"
                         "  SELECT o.id FROM organisation o JOIN below b ON o.parent = b.id)"
                         " SELECT id FROM below",
                         {{"id", id}});
    std::vector<std::int64_t> ids;
    while (rows.next())
        ids.push_back(rows.integer(0));
    return ids;
}

} // namespace dalate::identity
