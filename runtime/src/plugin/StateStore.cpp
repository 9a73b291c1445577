// SPDX-License-Identifier: Apache-2.0
#include "plugin/StateStore.h"

#include "base/Json.h"
#include "storage/Pool.h"
#include "storage/Tx.h"

namespace dalate::plugin {

std::map<std::string, StoredState, std::less<>> StateStore::load() {
    std::map<std::string, StoredState, std::less<>> all;
    const auto lease = pool_.lease();
    storage::Tx tx(*lease, storage::Tx::Mode::read);
    auto rows = tx.query("SELECT plugin, desired, state, version, problems, changed_by, changed_at "
                         "FROM plugin_state");
    while (rows.next()) {
        StoredState s;
        s.desired = rows.text(1) == "enabled" ? Desired::enabled : Desired::disabled;
        s.state = rows.text(2);
        s.version = rows.text(3);
        if (!rows.isNull(4))
            if (Result<Value> list = json::parse(rows.text(4)); list) s.problems = problemsFrom(*list);
        s.changedBy = rows.text(5);
        s.changedAt = rows.integer(6);
        all.emplace(rows.text(0), std::move(s));
    }
    return all;
}

void StateStore::save(const std::string& plugin, const StoredState& s, const Beside& beside) {
    const std::string problems = json::write(toValue(s.problems));
    const std::string_view desired = s.desired == Desired::enabled ? "enabled" : "disabled";
    const auto lease = pool_.lease();
    storage::Tx tx(*lease, storage::Tx::Mode::write);
    const std::int64_t changed = tx.exec("UPDATE plugin_state "
                                         "SET desired = :desired, state = :state, version = :version, "
                                         "problems = :problems, changed_by = :by, changed_at = :at "
                                         "WHERE plugin = :plugin",
                                         {{"desired", desired},
                                          {"state", s.state},
                                          {"version", s.version},
                                          {"problems", problems},
                                          {"by", s.changedBy},
                                          {"at", s.changedAt},
                                          {"plugin", plugin}});
    if (changed == 0)
        tx.exec(
            "INSERT INTO plugin_state (plugin, desired, state, version, problems, changed_by, changed_at) "
            "VALUES (:plugin, :desired, :state, :version, :problems, :by, :at)",
            {{"plugin", plugin},
             {"desired", desired},
             {"state", s.state},
             {"version", s.version},
             {"problems", problems},
             {"by", s.changedBy},
             {"at", s.changedAt}});
    if (beside) beside(tx);
    tx.commit();
}

} // namespace dalate::plugin
