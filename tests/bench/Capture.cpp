// SPDX-License-Identifier: Apache-2.0
// bench_capture — how fast events come to rest, through the routes that a cooperative's system uses.
//
//   bench_capture documents URL TOKEN EVENTS SIZE   EVENTS events in documents of SIZE, two senders, each
//   waiting for
//                                                   its document's job before the next. Prints: events
//                                                   seconds
//   bench_capture single URL TOKEN SECONDS CLIENTS  one event a request; 201 means stored. Prints: events
//   seconds bench_capture fill URL TOKEN EVENTS LOTS        LOTS lots that hang together and other events,
//   EVENTS in all, in
//                                                   turn. Prints: events seconds, and the page of the first
//                                                   lot
#include "Mix.h"

#include "base/Json.h"
#include "support/Capture.h"
#include "support/Client.h"

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <exception>
#include <functional>
#include <iostream>
#include <mutex>
#include <stdexcept>
#include <thread>

#include <fmt/format.h>

namespace {

using namespace dalate;
using namespace dalate::bench;
using Clock = std::chrono::steady_clock;

struct Place {
    std::string url;
    std::string token;
};

/// Distinct for each run on one database.
std::string runName() {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return fmt::format("{:x}",
                       std::chrono::duration_cast<std::chrono::milliseconds>(now).count() & 0xffffffff);
}

void store(testing::Client& client, const std::vector<std::string>& events) {
    const Value state = testing::capture(client, document(events));
    if (!state["success"].truth()) throw std::runtime_error("refused: " + json::write(state).substr(0, 600));
}

/// Runs `work` on so many threads, each with a client of its own; the first failure is thrown.
void inParallel(const Place& place, int threads, const std::function<void(testing::Client&, int)>& work) {
    std::vector<std::thread> all;
    std::exception_ptr failure;
    std::mutex guard;
    for (int lane = 0; lane < threads; ++lane)
        all.emplace_back([&, lane] {
            try {
                testing::Client client(place.url);
                client.bearer(place.token);
                work(client, lane);
            } catch (...) {
                const std::lock_guard lock(guard);
                if (!failure) failure = std::current_exception();
            }
        });
    for (std::thread& each : all)
        each.join();
    if (failure) std::rethrow_exception(failure);
}

void print(std::size_t events, Clock::time_point from) {
    std::cout << events << " " << std::chrono::duration<double>(Clock::now() - from).count() << std::endl;
}

/// `documents` made beforehand are sent by two senders; making them is no part of the time.
void sendAll(const Place& place, const std::vector<std::vector<std::string>>& documents) {
    std::atomic<std::size_t> next{0};
    inParallel(place, 2, [&](testing::Client& client, int) {
        for (std::size_t i = next++; i < documents.size(); i = next++)
            store(client, documents[i]);
    });
}

void documents(const Place& place, std::size_t events, std::size_t size) {
    Mix mix(runName(), 0);
    std::vector<std::vector<std::string>> all;
    for (std::size_t done = 0; done < events; done += size) {
        all.emplace_back();
        for (std::size_t i = 0; i < size; ++i)
            all.back().push_back(mix.next());
    }
    const auto from = Clock::now();
    sendAll(place, all);
    print(all.size() * size, from);
}

void single(const Place& place, double seconds, int clients) {
    const std::string run = runName();
    std::atomic<std::size_t> stored{0};
    const auto from = Clock::now();
    inParallel(place, clients, [&](testing::Client& client, int lane) {
        Mix mix(run, lane);
        while (std::chrono::duration<double>(Clock::now() - from).count() < seconds) {
            const testing::Answer answer =
                client.send("POST", "/traceability/epcis/events", "application/json", alone(mix.next()));
            if (answer.status != 201)
                throw std::runtime_error(fmt::format("an event answered {}: {}", answer.status, answer.body));
            ++stored;
        }
    });
    print(stored, from);
}

void fill(const Place& place, std::size_t events, std::size_t lots) {
    const std::string run = runName();
    const Chain chain(run, lots);
    Mix mix(run, 0);
    const auto from = Clock::now();
    // The chain's events lie scattered among the others, as they would after a year.
    const std::size_t every = std::max<std::size_t>(1, events / chain.events().size());
    std::size_t made = 0, chained = 0;
    while (made < events || chained < chain.events().size()) {
        std::vector<std::vector<std::string>> some;
        for (int d = 0; d < 8 && (made < events || chained < chain.events().size()); ++d) {
            some.emplace_back();
            for (int i = 0; i < 1000; ++i, ++made)
                some.back().push_back(made % every == 0 && chained < chain.events().size()
                                          ? chain.events()[chained++]
                                          : mix.next());
        }
        sendAll(place, some);
    }
    print(made, from);
    std::cout << lotPage(chain.firstLot()) << std::endl;
}

} // namespace

int main(int argc, char** argv) {
    const std::string mode = argc == 6 ? argv[1] : "";
    try {
        if (mode == "documents")
            documents({argv[2], argv[3]}, std::strtoull(argv[4], nullptr, 10),
                      std::strtoull(argv[5], nullptr, 10));
        else if (mode == "single")
            single({argv[2], argv[3]}, std::atof(argv[4]), std::atoi(argv[5]));
        else if (mode == "fill")
            fill({argv[2], argv[3]}, std::strtoull(argv[4], nullptr, 10),
                 std::strtoull(argv[5], nullptr, 10));
        else {
            std::cerr << "usage: bench_capture documents URL TOKEN EVENTS SIZE\n"
                         "       bench_capture single URL TOKEN SECONDS CLIENTS\n"
                         "       bench_capture fill URL TOKEN EVENTS LOTS\n";
            return 2;
        }
        return 0;
    } catch (const std::exception& error) {
        std::cerr << "bench_capture: " << error.what() << "\n";
        return 1;
    }
}
