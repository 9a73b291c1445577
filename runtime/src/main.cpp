// SPDX-License-Identifier: Apache-2.0
// dalate — the one binary: the daemon and the tools that work on its database.
#include "admin/Messages.h"
#include "app/Commands.h"
#include "app/Daemon.h"
#include "base/Log.h"
#include "base/Result.h"

#include <iostream>
#include <span>

#include <unistd.h>

namespace {

using dalate::Value;
using dalate::app::CommandLine;
using dalate::app::Config;

struct Command {
    const char* name;
    int (*run)(const CommandLine&, const Config&);
    const char* meaning;
};

constexpr Command commands[] = {
    {"serve", dalate::app::serve, "serve the portal"},
    {"demo", dalate::app::demo, "make the demo county where it is missing, and serve it"},
    {"migrate", dalate::app::migrate, "bring the core's schema up to date [--status | --dry-run]"},
    {"org", dalate::app::organisation, "add NAME --kind KIND [--parent NAME] | list"},
    {"user", dalate::app::user,
     "add LOGIN --name N --org ORG --roles A,B | list | roles | password | disable"},
    {"desk", dalate::app::desk,
     "add NAME --org ORG --title TITLE | member NAME LOGIN --org ORG | remove NAME LOGIN --org ORG | list"},
    {"delegate", dalate::app::delegate, "FROM TO --role ROLE --from DAY --until DAY"},
    {"token", dalate::app::token, "issue NAME --plugin ID --scope SCOPE --org ORG | list | revoke ID"},
    {"cases", dalate::app::cases, "verify: reckon every case's history again, say whose chain is not whole"},
    {"files", dalate::app::files, "verify: read every attached file, say what is missing or altered"},
    {"events", dalate::app::events, "dead: list the deliveries given up | replay LETTER|all: deliver again"},
    {"jobs", dalate::app::jobs,
     "dead: list the jobs given up | replay JOB|all: try again | drop JOB: let it be"},
    {"audit", dalate::app::audit, "list [--object OBJECT]"},
    {"config", dalate::app::printConfig, "every setting, its meaning and the value in force"},
};

int usage() {
    std::cerr << "usage: dalate COMMAND [--config FILE] [--data DIR] [--set key=value] …\n";
    for (const Command& command : commands) std::cerr << "  " << command.name << "\t" << command.meaning << "\n";
    return 2;
}

/// Says in words what went wrong and what to do, where the catalogue can be read; else the id alone, on a log line.
void explain(const dalate::Error& error, const CommandLine& line) {
    const auto given = line.settings.find("share.dir");
    const std::filesystem::path share = given == line.settings.end() ? "/usr/share/dalate" : given->second;
    try {
        const dalate::admin::Messages catalogue(share / "runtime/data/messages.json");
        std::cerr << "dalate: " << catalogue.text(error.id(), error.details()) << "\n"
                  << catalogue.remedy(error.id(), error.details()) << "\n";
    } catch (const std::exception&) {
        dalate::log::error(error.id(), error.details());
    }
}

std::span<const char* const> environment() {
    std::size_t count = 0;
    while (environ[count]) ++count;
    return {environ, count};
}

} // namespace

int main(int argc, char** argv) {
    CommandLine line;
    try {
        line = CommandLine::parse(argc, argv);
        if (line.command.empty() || line.has("help")) return usage();
        for (const Command& command : commands)
            if (line.command == command.name)
                return command.run(line, Config(line.settings, line.configFile, environment()));
        std::cerr << "dalate: no such command: " << line.command << "\n";
        return usage();
    } catch (const dalate::Error& error) {
        explain(error, line);
        return error.status() >= 500 ? 1 : 2;
    } catch (const std::exception& error) {
        dalate::log::error("core.start.failed",
                           Value::map([&](dalate::MapWriter& m) { m.set("what", error.what()); }));
        return 1;
    }
}
