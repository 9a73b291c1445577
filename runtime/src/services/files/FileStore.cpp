// SPDX-License-Identifier: Apache-2.0
#include "services/files/FileStore.h"

#include "base/Ids.h"
#include "storage/Tx.h"

#include <algorithm>

namespace dalate::services::files {

namespace {

constexpr std::array<std::string_view, 5> words{"owner", "organisation", "case", "object", "public"};
constexpr std::size_t longestObject = 200;

/// A query begins with it; `readRow` reads what it names.
constexpr std::string_view select = "SELECT id, sha256, thumb, size, type, name, plugin, object, visibility,"
                                    " owner_user, owner_org, created_at FROM file";

File readRow(storage::Rows& rows) {
    File file;
    file.id = rows.integer(0);
    file.sha256 = rows.text(1);
    file.thumb = rows.text(2);
    file.size = static_cast<std::uint64_t>(rows.integer(3));
    file.type = rows.text(4);
    file.name = rows.text(5);
    file.plugin = rows.text(6);
    file.object = rows.text(7);
    file.visibility = visibilityOf(rows.text(8));
    file.ownerUser = rows.integer(9);
    file.ownerOrganisation = rows.integer(10);
    file.createdAt = rows.integer(11);
    return file;
}

void checkObject(std::string_view object) {
    const bool plain = std::none_of(object.begin(), object.end(), [](char c) {
        return static_cast<unsigned char>(c) <= 0x20 || c == 0x7f;
    });
    if (object.empty() || object.size() > longestObject || !plain) throw Error(400, "core.file.object");
}

} // namespace

Visibility visibilityOf(std::string_view word) {
    const auto found = std::find(words.begin(), words.end(), word);
    if (found == words.end())
        throw Error(400, "core.file.visibility",
                    Value::map([&](MapWriter& m) { m.set("visibility", word.substr(0, 32)); }));
    return static_cast<Visibility>(found - words.begin());
}

std::string_view nameOf(Visibility visibility) noexcept {
    return words[static_cast<std::size_t>(visibility)];
}

FileStore::FileStore(Options options)
    : options_(std::move(options)), blobs_(options_.folder), intake_(options_.intake, blobs_) {}

void FileStore::readers(Visibility visibility, Readable decides) {
    readers_[static_cast<std::size_t>(visibility)] = std::move(decides);
}

Upload FileStore::take(const Part& part) {
    // The database lies on the same disk as a rule, and a full one would stop more than uploads.
    if (blobs_.freeBytes() < options_.quotas.leaveFree + part.bytes.size())
        throw Error(507, "core.file.no_space", Value::map([](MapWriter& m) { m.set("act", "free space"); }));
    return intake_.take(part);
}

void FileStore::demandRoom(storage::Tx& tx, const identity::Principal& principal, std::uint64_t bytes) const {
    const auto demand = [&](std::uint64_t most, const char* sql, std::int64_t whose) {
        if (most == 0 || whose == 0) return;
        auto rows = tx.query(sql, {{"whose", whose}});
        rows.next();
        if (static_cast<std::uint64_t>(rows.integer(0)) + bytes > most)
            throw Error(413, "core.file.quota", Value::map([&](MapWriter& m) {
                            m.set("mib", static_cast<std::int64_t>(most >> 20));
                        }));
    };
    demand(options_.quotas.account, "SELECT COALESCE(SUM(size), 0) FROM file WHERE owner_user = :whose",
           principal.user);
    demand(options_.quotas.organisation, "SELECT COALESCE(SUM(size), 0) FROM file WHERE owner_org = :whose",
           principal.organisation);
}

std::int64_t FileStore::keep(storage::Tx& tx, const Upload& upload, const Owner& owner) {
    checkObject(owner.object);
    demandRoom(tx, owner.principal, upload.size);
    const std::int64_t id = newId();
    tx.exec("INSERT INTO file (id, sha256, thumb, size, type, name, plugin, object, visibility, owner_user,"
            " owner_org, created_at)"
            " VALUES (:id, :sha256, :thumb, :size, :type, :name, :plugin, :object, :visibility, :user, :org, "
            ":now)",
            {{"id", id},
             {"sha256", upload.sha256},
             {"thumb", upload.thumb},
             {"size", upload.size},
             {"type", upload.type},
             {"name", upload.name},
             {"plugin", owner.plugin},
             {"object", owner.object},
             {"visibility", nameOf(owner.visibility)},
             {"user", owner.principal.user},
             {"org", owner.principal.organisation},
             {"now", now()}});
    return id;
}

std::optional<File> FileStore::find(storage::Tx& tx, std::int64_t id) {
    static const std::string sql = std::string(select) + " WHERE id = :id";
    auto rows = tx.query(sql, {{"id", id}});
    return rows.next() ? std::optional(readRow(rows)) : std::nullopt;
}

std::vector<File> FileStore::of(storage::Tx& tx, std::string_view plugin, std::string_view object) {
    static const std::string sql =
        std::string(select) + " WHERE plugin = :plugin AND object = :object ORDER BY id LIMIT 1000";
    auto rows = tx.query(sql, {{"plugin", plugin}, {"object", object}});
    std::vector<File> found;
    while (rows.next())
        found.push_back(readRow(rows));
    return found;
}

std::vector<File> FileStore::below(storage::Tx& tx, std::string_view prefix, Micros before) {
    // Plugin by plugin, each found by a look into the index: its first column is the plugin.
    static const std::string sql = std::string(select) +
                                   " WHERE plugin = :plugin AND object > :first AND object < :last"
                                   " AND created_at < :before ORDER BY object, id";
    std::string last(prefix);
    ++last.back();
    std::vector<File> found;
    for (std::string plugin;;) {
        {
            auto rows = tx.query("SELECT plugin FROM file WHERE plugin > :plugin ORDER BY plugin LIMIT 1",
                                 {{"plugin", plugin}});
            if (!rows.next()) return found;
            plugin = rows.text(0);
        }
        auto rows =
            tx.query(sql, {{"plugin", plugin}, {"first", prefix}, {"last", last}, {"before", before}});
        while (rows.next())
            found.push_back(readRow(rows));
    }
}

bool FileStore::mayRead(storage::Tx& tx, const identity::Principal& who, const File& file) const {
    if (file.visibility == Visibility::open) return true;
    if (who.isPerson() && who.user != 0 && who.user == file.ownerUser) return true;
    if (who.isAnonymous()) return false;
    if (file.visibility == Visibility::organisation)
        return file.ownerOrganisation != 0 && who.organisation == file.ownerOrganisation &&
               (who.isToken() ? who.tokenPlugin == file.plugin : who.isStaff());
    const Readable& decides = readers_[static_cast<std::size_t>(file.visibility)];
    return decides && decides(tx, who, file);
}

bool FileStore::hand(storage::Tx& tx, std::string_view plugin, std::int64_t id, std::string_view to,
                     Visibility visibility) {
    checkObject(to);
    return tx.exec("UPDATE file"
                   " SET object = :to, visibility = :visibility"
                   " WHERE id = :id AND plugin = :plugin",
                   {{"to", to}, {"visibility", nameOf(visibility)}, {"id", id}, {"plugin", plugin}}) == 1;
}

std::int64_t FileStore::removeBut(storage::Tx& tx, std::string_view plugin, std::string_view object,
                                  std::span<const std::int64_t> kept) {
    std::int64_t removed = 0;
    for (const File& file : of(tx, plugin, object))
        if (std::find(kept.begin(), kept.end(), file.id) == kept.end() && remove(tx, plugin, file.id))
            ++removed;
    return removed;
}

bool FileStore::remove(storage::Tx& tx, std::string_view plugin, std::int64_t id) {
    return tx.exec("DELETE FROM file WHERE id = :id AND plugin = :plugin",
                   {{"id", id}, {"plugin", plugin}}) == 1;
}

} // namespace dalate::services::files
