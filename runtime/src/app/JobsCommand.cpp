// SPDX-License-Identifier: Apache-2.0
#include "app/Commands.h"
#include "app/Database.h"
#include "base/Result.h"
#include "services/jobs/DeadJobs.h"
#include "storage/Session.h"
#include "storage/Tx.h"

#include <charconv>
#include <iostream>

namespace dalate::app {

namespace {

using services::jobs::DeadJob;
using services::jobs::DeadJobs;

/// Calls `each` with every dead job, a page at a time.
template <class Each>
void forAll(storage::Tx& tx, Each&& each) {
    constexpr std::int64_t page = 200;
    std::int64_t last = 0;
    for (bool more = true; more;) {
        const std::vector<DeadJob> some = DeadJobs::list(tx, last, page);
        for (const DeadJob& job : some)
            each(job);
        more = !some.empty();
        if (more) last = some.back().id;
    }
}

void print(const DeadJob& job) {
    std::cout << job.id << "\t" << job.plugin << "\t" << job.name << "\t" << job.error.view()["id"].text()
              << "\t" << job.attempts << "\t" << job.replays << "\t" << toRfc3339(job.diedAt) << "\n";
}

[[noreturn]] void refuse(const CommandLine& line, const std::string& word) {
    throw Error(400, "core.command.unknown_word",
                Value::map([&](MapWriter& m) { m.set("command", line.command).set("word", word); }));
}

std::int64_t number(const CommandLine& line, const std::string& word) {
    std::int64_t id = 0;
    const auto [end, fault] = std::from_chars(word.data(), word.data() + word.size(), id);
    if (fault != std::errc() || end != word.data() + word.size()) refuse(line, word);
    return id;
}

int replay(storage::Tx& tx, const CommandLine& line) {
    const std::string& which = line.word(1, "JOB|all");
    std::int64_t asked = 0;
    const auto again = [&](std::int64_t id) {
        DeadJobs::replay(tx, id, now());
        ++asked;
    };
    if (which == "all")
        forAll(tx, [&](const DeadJob& job) { again(job.id); });
    else
        again(number(line, which));
    tx.commit();
    std::cout << "put in the queue " << asked << "\n";
    return 0;
}

int drop(storage::Tx& tx, const CommandLine& line) {
    DeadJobs::drop(tx, number(line, line.word(1, "JOB")));
    tx.commit();
    std::cout << "dropped\n";
    return 0;
}

} // namespace

int jobs(const CommandLine& line, const Config& config) {
    line.allow({});
    const std::string& word = line.word(0, "dead|replay|drop");
    if (word != "dead" && word != "replay" && word != "drop") refuse(line, word);
    const auto pool = openDatabase(config, 1);
    const auto lease = pool->lease();
    storage::Tx tx(*lease, word == "dead" ? storage::Tx::Mode::read : storage::Tx::Mode::write);
    if (word == "replay") return replay(tx, line);
    if (word == "drop") return drop(tx, line);
    forAll(tx, &print);
    return 0;
}

} // namespace dalate::app
