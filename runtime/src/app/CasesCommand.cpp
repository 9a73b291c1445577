// SPDX-License-Identifier: Apache-2.0
#include "app/Commands.h"
#include "app/Database.h"
#include "base/Result.h"
#include "services/cases/History.h"
#include "storage/Session.h"
#include "storage/Tx.h"

#include <iostream>

namespace dalate::app {

int cases(const CommandLine& line, const Config& config) {
    using services::cases::Case;
    using services::cases::History;
    line.allow({"plugin"});
    if (line.word(0, "verify") != "verify")
        throw Error(400, "core.command.unknown_word", Value::map([&](MapWriter& m) {
                        m.set("command", line.command).set("word", line.words[0]);
                    }));
    const auto pool = openDatabase(config, 1);
    const auto lease = pool->lease();
    storage::Tx tx(*lease, storage::Tx::Mode::read);
    const std::string plugin = line.has("plugin") ? line.option("plugin") : std::string();
    std::int64_t broken = 0;
    const std::int64_t read =
        History::verifyAll(tx, plugin, [&](const Case& one, const History::Verdict& verdict) {
            ++broken;
            std::cout << verdict.fault << "\t" << one.plugin << "\t" << one.number << "\t" << one.id << "\tentry "
                      << verdict.brokenAt.value_or(0) << "\n";
        });
    std::cout << "whole " << read - broken << ", broken " << broken << "\n";
    return broken == 0 ? 0 : 1;
}

} // namespace dalate::app
