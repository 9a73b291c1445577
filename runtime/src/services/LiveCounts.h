// SPDX-License-Identifier: Apache-2.0
// The numbers on the home page's tiles. One entry a number: the last answer with its age, and whether somebody
// wants a younger one. A plugin is asked on a thread that is there only while it is being asked, one a plugin,
// so that a plugin that hangs costs one thread and no page. A page takes what is there and waits once, briefly,
// for what is about to come.
#pragma once

#include "base/Clock.h"

#include <dalate/value.hpp>

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace dalate::services {

/// What a tile shows: a number of at least 0 and the text id of what is counted.
struct LiveCount {
    std::int64_t count = 0;
    std::string label;
};

/// Asks plugins for their numbers and keeps the answers for a while. Safe from any thread.
class LiveCounts {
public:
    struct Options {
        /// A plugin is asked for a number once in this time at most.
        Micros every = 10'000'000;
        /// An older answer is not shown any more.
        Micros oldest = 60'000'000;
        /// How long a page waits, for all its numbers together.
        std::chrono::milliseconds patience{50};
        /// The time a plugin is given; what it answers later does not count.
        Micros limit = 1'000'000;
    };

    /// One number that is wanted. `ask` is called on another thread and may throw; it answers
    /// {count: integer, label: text id} by `deadline` (steady clock). It is let go right after the call.
    struct Question {
        std::string plugin;
        /// Names the number, e.g. `hello/1.guests`.
        std::string subject;
        std::function<Value(Micros deadline)> ask;
    };

    explicit LiveCounts(Options options) : options_(options) {}
    LiveCounts() : LiveCounts(Options()) {}
    /// Waits for the calls that run, however long they take.
    ~LiveCounts();
    LiveCounts(const LiveCounts&) = delete;
    LiveCounts& operator=(const LiveCounts&) = delete;

    /// The numbers, in the questions' order; nothing where the plugin has failed, is slow or has answered
    /// something else. Never throws on a plugin's account.
    std::vector<std::optional<LiveCount>> of(std::vector<Question> questions);

    /// Asks no more and waits for the calls that run, at most `drain`. Answers how many still run.
    std::size_t stop(std::chrono::milliseconds drain);

private:
    struct Entry {
        std::optional<LiveCount> answer;
        Micros answeredAt = 0; ///< steady clock; of the last answer or failure, 0: never
        bool late = false;     ///< the last answer failed or took too long: no page waits for the next
        std::function<Value(Micros)> wanted;
        bool asking = false;
    };
    struct Asker {
        std::thread thread;
        bool running = false;
        std::map<std::string, Entry, std::less<>> entries;
    };

    void run(const std::string& plugin);
    static std::optional<LiveCount> read(std::string_view plugin, const Value& answer);

    const Options options_;
    std::mutex mutex_;
    std::condition_variable answered_;
    std::map<std::string, Asker, std::less<>> askers_;
    std::size_t running_ = 0;
    bool stopping_ = false;
};

} // namespace dalate::services
