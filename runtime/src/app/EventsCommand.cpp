// SPDX-License-Identifier: Apache-2.0
#include "app/Commands.h"
#include "app/Database.h"
#include "base/Result.h"
#include "services/events/DeadLetters.h"
#include "storage/Session.h"
#include "storage/Tx.h"

#include <charconv>
#include <iostream>

namespace dalate::app {

namespace {

using services::events::DeadLetter;
using services::events::DeadLetters;

/// Calls `each` with every letter, a page at a time.
template <class Each>
void forAll(storage::Tx& tx, Each&& each) {
    constexpr std::int64_t page = 200;
    std::int64_t last = 0;
    for (bool more = true; more;) {
        const std::vector<DeadLetter> some = DeadLetters::list(tx, last, page);
        for (const DeadLetter& letter : some) each(letter);
        more = !some.empty();
        if (more) last = some.back().id;
    }
}

void print(const DeadLetter& letter) {
    std::cout << letter.id << "\t" << letter.subscriber << "\t" << letter.event.name << "\t" << letter.event.id << "\t"
              << letter.error.view()["id"].text() << "\t" << letter.tries << "\t" << toRfc3339(letter.diedAt)
              << (letter.askedAt != 0 ? "\tasked for" : "") << "\n";
}

std::int64_t number(const CommandLine& line, const std::string& word) {
    std::int64_t id = 0;
    const auto [end, fault] = std::from_chars(word.data(), word.data() + word.size(), id);
    if (fault != std::errc() || end != word.data() + word.size())
        throw Error(400, "core.command.unknown_word",
                    Value::map([&](MapWriter& m) { m.set("command", line.command).set("word", word); }));
    return id;
}

int replay(storage::Pool& pool, const CommandLine& line) {
    const std::string& which = line.word(1, "LETTER|all");
    std::int64_t asked = 0;
    const auto lease = pool.lease();
    storage::Tx tx(*lease, storage::Tx::Mode::write);
    const auto ask = [&](std::int64_t id) {
        DeadLetters::ask(tx, id, now());
        ++asked;
    };
    if (which == "all")
        forAll(tx, [&](const DeadLetter& letter) { ask(letter.id); });
    else
        ask(number(line, which));
    tx.commit();
    std::cout << "asked for " << asked << "\n";
    return 0;
}

} // namespace

int events(const CommandLine& line, const Config& config) {
    line.allow({});
    const std::string& word = line.word(0, "dead|replay");
    if (word != "dead" && word != "replay")
        throw Error(400, "core.command.unknown_word",
                    Value::map([&](MapWriter& m) { m.set("command", line.command).set("word", word); }));
    const auto pool = openDatabase(config, 1);
    if (word == "replay") return replay(*pool, line);
    const auto lease = pool->lease();
    storage::Tx tx(*lease, storage::Tx::Mode::read);
    forAll(tx, &print);
    return 0;
}

} // namespace dalate::app
