// SPDX-License-Identifier: Apache-2.0
#include "services/cases/History.h"

#include "base/Sha256.h"
#include "services/cases/CaseStore.h"
#include "storage/Tx.h"

#include <string_view>

namespace dalate::services::cases {

namespace {

/// In the order in which `read` takes them and `append` binds them.
constexpr std::string_view columns =
    "entry, at, act, transition, from_state, to_state, version, actor_kind, actor, actor_name, actor_role, "
    "organisation, organisation_name, on_behalf, on_behalf_name, reason, answers, details, ip, request_id, hash";

/// Each member with its length before it, so that no two rows read alike.
class Run {
public:
    Run& add(std::string_view text) {
        bytes_ += std::to_string(text.size());
        bytes_ += ':';
        bytes_ += text;
        return *this;
    }
    Run& add(std::int64_t number) { return add(std::to_string(number)); }
    std::string digest() const { return sha256Hex(bytes_); }

private:
    std::string bytes_;
};

} // namespace

std::string History::root(const Case& c) {
    return Run().add("dalate.case/1").add(c.id).add(c.plugin).add(c.machine).add(c.number).digest();
}

std::string History::hash(const std::string& previous, std::int64_t caseId, const Entry& e) {
    Run run;
    run.add(previous).add(caseId).add(e.entry).add(e.at).add(e.act).add(e.transition).add(e.from).add(e.to);
    run.add(e.version).add(e.actorKind).add(e.actor).add(e.actorName).add(e.actorRole).add(e.organisation);
    run.add(e.organisationName).add(e.onBehalf).add(e.onBehalfName).add(e.reason).add(e.answers).add(e.details);
    return run.add(e.ip).add(e.requestId).digest();
}

void History::append(storage::Tx& tx, Case& c, Entry e) {
    e.entry = c.entries + 1;
    e.hash = hash(c.entries == 0 ? root(c) : c.head, c.id, e);
    static const std::string text =
        "INSERT INTO case_history (case_id, " + std::string(columns) +
        ") "
        "VALUES (:case, :entry, :at, :act, :transition, :from, :to, :version, :kind, :actor, :name, :role, "
        ":organisation, :orgname, :behalf, :behalfname, :reason, :answers, :details, :ip, :request, :hash)";
    tx.exec(text,
            {{"case", c.id},
             {"entry", e.entry},
             {"at", e.at},
             {"act", e.act},
             {"transition", e.transition},
             {"from", e.from},
             {"to", e.to},
             {"version", e.version},
             {"kind", e.actorKind},
             {"actor", e.actor},
             {"name", e.actorName},
             {"role", e.actorRole},
             {"organisation", e.organisation},
             {"orgname", e.organisationName},
             {"behalf", e.onBehalf},
             {"behalfname", e.onBehalfName},
             {"reason", e.reason},
             {"answers", e.answers},
             {"details", e.details},
             {"ip", e.ip},
             {"request", e.requestId},
             {"hash", e.hash}});
    c.entries = e.entry;
    c.head = std::move(e.hash);
}

namespace {

Entry read(const storage::Rows& rows) {
    Entry e;
    e.entry = rows.integer(0);
    e.at = rows.integer(1);
    e.act = rows.text(2);
    e.transition = rows.text(3);
    e.from = rows.text(4);
    e.to = rows.text(5);
    e.version = rows.integer(6);
    e.actorKind = rows.text(7);
    e.actor = rows.integer(8);
    e.actorName = rows.text(9);
    e.actorRole = rows.text(10);
    e.organisation = rows.integer(11);
    e.organisationName = rows.text(12);
    e.onBehalf = rows.integer(13);
    e.onBehalfName = rows.text(14);
    e.reason = rows.text(15);
    e.answers = rows.text(16);
    e.details = rows.text(17);
    e.ip = rows.text(18);
    e.requestId = rows.text(19);
    e.hash = rows.text(20);
    return e;
}

} // namespace

std::vector<Entry> History::of(storage::Tx& tx, std::int64_t caseId, std::int64_t behind, std::int64_t limit) {
    static const std::string text = "SELECT " + std::string(columns) +
                                    " FROM case_history WHERE case_id = :case AND entry > :behind "
                                    "ORDER BY entry LIMIT :limit";
    std::vector<Entry> all;
    auto rows = tx.query(text, {{"case", caseId}, {"behind", behind}, {"limit", limit}});
    while (rows.next())
        all.push_back(read(rows));
    return all;
}

std::vector<Entry> History::moves(storage::Tx& tx, std::int64_t caseId) {
    static const std::string text = "SELECT " + std::string(columns) +
                                    " FROM case_history WHERE case_id = :case AND act IN ('open', 'move') "
                                    "ORDER BY entry";
    std::vector<Entry> all;
    auto rows = tx.query(text, {{"case", caseId}});
    while (rows.next())
        all.push_back(read(rows));
    return all;
}

bool History::hasDone(storage::Tx& tx, std::int64_t caseId, std::int64_t actor, std::string_view transition) {
    auto rows = tx.query("SELECT 1 FROM case_history WHERE case_id = :case "
                         "AND (actor = :actor OR on_behalf = :actor) "
                         "AND actor_kind = 'person' AND transition = :transition LIMIT 1",
                         {{"case", caseId}, {"actor", actor}, {"transition", transition}});
    return rows.next();
}

History::Verdict History::verify(storage::Tx& tx, const Case& c) {
    static const std::string text =
        "SELECT " + std::string(columns) + " FROM case_history WHERE case_id = :case ORDER BY entry";
    Verdict verdict;
    std::string previous = root(c), state;
    std::int64_t version = 0;
    const auto broken = [&](std::int64_t at, const char* fault) {
        if (verdict.whole()) {
            verdict.brokenAt = at;
            verdict.fault = fault;
        }
    };
    // Row by row: a long history is never in memory as a whole.
    auto rows = tx.query(text, {{"case", c.id}});
    while (rows.next()) {
        const Entry e = read(rows);
        ++verdict.entries;
        if (e.entry != verdict.entries)
            broken(verdict.entries, "missing");
        else if (e.hash != hash(previous, c.id, e))
            broken(e.entry, "changed");
        previous = e.hash;
        if (e.act != "open" && e.act != "move") continue;
        state = e.to;
        version = e.version;
    }
    if (c.entries != verdict.entries) broken(verdict.entries + 1, "missing");
    if (c.head != previous || c.state != state || c.version != version) broken(verdict.entries, "head");
    return verdict;
}

std::int64_t History::verifyAll(storage::Tx& tx, std::string_view plugin,
                                const std::function<void(const Case&, const Verdict&)>& broken) {
    constexpr std::int64_t some = 500;
    std::int64_t read = 0, last = 0;
    for (bool more = true; more;) {
        std::vector<std::int64_t> ids;
        {
            auto rows = tx.query("SELECT id FROM case_record WHERE id > :last AND (:plugin = '' OR plugin = :plugin) "
                                 "ORDER BY id LIMIT :limit",
                                 {{"last", last}, {"plugin", plugin}, {"limit", some}});
            while (rows.next())
                ids.push_back(rows.integer(0));
        }
        for (const std::int64_t id : ids) {
            const Case c = *CaseStore::find(tx, id);
            if (const Verdict verdict = verify(tx, c); !verdict.whole()) broken(c, verdict);
        }
        read += static_cast<std::int64_t>(ids.size());
        more = !ids.empty();
        if (more) last = ids.back();
    }
    return read;
}

} // namespace dalate::services::cases
