// SPDX-License-Identifier: Apache-2.0
// bench_transitions ROUNDS SECONDS — durable transitions of cases on SQLite, each in a write transaction of
// its own with its history row, deadline and to-do rows, by one thread and by eight, each with its own case.
// Prints a line a round, transitions a second: one eight
#include "../unit/services_cases/County.h"

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <thread>

namespace {

using namespace dalate;
using namespace dalate::test;

constexpr std::string_view machineText = R"({
    "machine": "shuttle", "title": "desk.ticket", "number": "S{seq:6}",
    "open": {"to": "here", "by": ["role:agent"]},
    "states": [{"name": "here", "label": "desk.h", "kind": "working"}, {"name": "there", "label": "desk.t", "kind": "working"},
               {"name": "gone", "label": "desk.g", "kind": "done"}],
    "transitions": [{"name": "go", "label": "desk.g", "from": ["here"], "to": "there", "by": ["role:agent"]},
                    {"name": "come", "label": "desk.c", "from": ["there"], "to": "here", "by": ["role:agent"]},
                    {"name": "end", "label": "desk.e", "from": ["here"], "to": "gone", "by": ["role:agent"]}],
    "deadlines": [{"name": "answer", "in": ["here"], "term": "2 days", "ladder": [
        {"after": "0 s", "notices": [{"to": "role:agent", "notice": "late"}]}]}]
})";

double perSecond(County& county, int threads, double seconds) {
    const Principal clerk = County::person(2, 70, {"agent"});
    std::atomic<std::int64_t> moves{0};
    std::atomic<bool> failed{false};
    const auto begin = std::chrono::steady_clock::now();
    const auto over = begin + std::chrono::duration_cast<std::chrono::steady_clock::duration>(
                                  std::chrono::duration<double>(seconds));
    std::vector<std::thread> all;
    for (int i = 0; i < threads; ++i)
        all.emplace_back([&] {
            try {
                Case c = county.write([&](storage::Tx& tx, AfterCommit& after) {
                    return county.engine.open(tx, County::by(&clerk, after), "desk", "shuttle", {});
                });
                while (std::chrono::steady_clock::now() < over) {
                    c = county.write([&](storage::Tx& tx, AfterCommit& after) {
                        return county.engine.move(tx, County::by(&clerk, after), c.id,
                                                  {c.state == "here" ? "go" : "come", c.version, {}, {}});
                    });
                    ++moves;
                }
            } catch (const std::exception& error) {
                std::cerr << "bench_transitions: " << error.what() << "\n";
                failed = true;
            }
        });
    for (std::thread& thread : all)
        thread.join();
    if (failed) throw std::runtime_error("a thread gave up");
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
    return static_cast<double>(moves) / took.count();
}

} // namespace

int main(int argc, char** argv) {
    if (argc != 3) {
        std::cerr << "usage: bench_transitions ROUNDS SECONDS\n";
        return 2;
    }
    try {
        County county;
        county.declare(machineText);
        for (int round = 0; round < std::atoi(argv[1]); ++round) {
            const double one = perSecond(county, 1, std::atof(argv[2]));
            std::cout << one << " " << perSecond(county, 8, std::atof(argv[2])) << std::endl;
        }
        return 0;
    } catch (const std::exception& error) {
        std::cerr << "bench_transitions: " << error.what() << "\n";
        return 1;
    }
}
