// SPDX-License-Identifier: Apache-2.0
#include "services/cases/LiveStates.h"

#include "services/Declared.h"
#include "services/cases/Machine.h"
#include "storage/Tx.h"

#include <string>

namespace dalate::services::cases {

void demandLiveStates(storage::Tx& tx, const Declared& declared, plugin::Problems& problems) {
    auto rows = tx.query("SELECT machine, state, COUNT(*) FROM case_record "
                         "WHERE plugin = :plugin AND closed_at = 0 GROUP BY machine, state",
                         {{"plugin", declared.plugin}});
    while (rows.next()) {
        const Machine* machine = declared.machine(rows.text(0));
        if (machine && machine->state(rows.text(1))) continue;
        problems.emplace_back("core.case.state_gone", "cases/" + std::string(rows.text(0)) + ".json",
                              Value::map([&](MapWriter& m) {
                                  m.set("machine", rows.text(0)).set("state", rows.text(1));
                                  m.set("count", rows.integer(2));
                              }));
    }
}

} // namespace dalate::services::cases
