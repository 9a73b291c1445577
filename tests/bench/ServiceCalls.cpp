// SPDX-License-Identifier: Apache-2.0
// bench_service_calls ROUNDS CALLS — one service call of a plugin through the C table with flat values,
// beside a virtual call in the plugin with the same values, and one with plain numbers. The service adds two
// numbers: what is measured is the door. Prints a line a round, nanoseconds a call: table flat plain
#include "base/Ids.h"
#include "base/Log.h"
#include "host/PluginHost.h"
#include "plugin/Lifecycle.h"
#include "storage/Migrator.h"
#include "storage/Pool.h"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

using namespace dalate;
namespace fs = std::filesystem;

/// Each call's values stay in its request's arena, so a round is of several requests.
constexpr int callsOfOne = 1000;

void run(int rounds, int calls, const fs::path& folder) {
    const fs::path source = DALATE_SOURCE_DIR;
    log::configure(log::Form::text, log::Level::error);
    storage::Pool pool({.file = folder / "bench.db"});
    storage::Migrator(pool).run("core", source / "migrations");
    host::PluginHost::Options options;
    options.schemas = source / "sdk/schema";
    host::PluginHost host(options, pool,
                          portal::TemplateStore::core(source / "templates", source / "runtime/i18n",
                                                      source / "runtime/static"));
    host.parts().registry.offer(
        {"core", "bench/1", "add", services::Touch::nothing, [](services::ServiceContext&, ValueView in) {
             return Value::map([&](MapWriter& m) {
                 m.set("sum", in["a"].integer().value_or(0) + in["b"].integer().value_or(0));
             });
         }});
    plugin::LifecycleOptions life;
    life.folders = {BENCH_PLUGINS};
    life.data = folder / "data";
    life.schema = source / "sdk/schema/plugin.schema.json";
    life.first = plugin::Desired::enabled;
    plugin::Lifecycle lifecycle(life, pool, host);
    host.attach(lifecycle.invoke(), lifecycle.current());
    lifecycle.start();
    lifecycle.settle(std::chrono::seconds(10));
    const std::string path = "/bench_asker/ask/" + std::to_string(callsOfOne);
    const identity::Principal nobody;
    for (int round = 0; round < rounds; ++round) {
        std::vector<double> took[3];
        const int requests = std::max(1, calls / callsOfOne);
        for (int i = 0; i < requests; ++i) {
            const plugin::Match match = lifecycle.current().get()->routes().match("GET", path);
            if (match.kind != plugin::Match::Kind::found)
                throw std::runtime_error("the plugin is not active");
            host::CallRequest request;
            request.method = "GET";
            request.path = path;
            request.params = match.params;
            request.principal = &nobody;
            const host::Reply reply = host.answer(*match.lease, *match.route, match.handler, request);
            if (reply.status != 200) throw std::runtime_error(reply.messageId);
            std::istringstream words(reply.body);
            for (auto& each : took) {
                double nanoseconds = 0;
                words >> nanoseconds;
                each.push_back(nanoseconds / callsOfOne);
            }
        }
        // The middle request, since another process may take the core from some.
        for (auto& each : took) {
            std::nth_element(each.begin(), each.begin() + requests / 2, each.end());
            std::cout << each[static_cast<std::size_t>(requests / 2)] << " ";
        }
        std::cout << std::endl;
    }
    lifecycle.stop();
}

} // namespace

int main(int argc, char** argv) {
    if (argc != 3) {
        std::cerr << "usage: bench_service_calls ROUNDS CALLS\n";
        return 2;
    }
    const fs::path folder = fs::temp_directory_path() / ("dalate-bench-calls-" + randomHex(8));
    fs::create_directories(folder);
    int status = 0;
    try {
        run(std::atoi(argv[1]), std::atoi(argv[2]), folder);
    } catch (const std::exception& error) {
        std::cerr << "bench_service_calls: " << error.what() << "\n";
        status = 1;
    }
    fs::remove_all(folder);
    return status;
}
