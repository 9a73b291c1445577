// SPDX-License-Identifier: Apache-2.0
// A topic is the state of one thing, by name: `unread`, `job/17`, `case/42`. A page that is open holds one
// stream and names its topics; one thread reads their states and appends to the stream what is not as it was.
// It goes by what the database holds, not by what somebody told it: `touch` only makes it look at once, and
// every look reads what is committed. So nothing that is rolled back is ever shown, nothing is lost where a
// process dies or another one writes, and a page that comes back starts with the state as it is.
//
//     page --subscribe--> reader {stream, who, [topic, what was last said]} <--look-- the thread
//                                                                touch(topic) ----------^
//
// The right to see is asked with the state, at each look; a stream ends after a while, and the browser's next
// one asks for the session too.
#pragma once

#include "base/Clock.h"
#include "identity/Principal.h"

#include <dalate/value.hpp>

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace dalate::http {
class Stream;
}
namespace dalate::storage {
class Pool;
class Tx;
} // namespace dalate::storage

namespace dalate::services::live {

/// The topics of one name before the slash.
struct Kind {
    std::string name;
    /// The state, a map, as `who` may see it in a read transaction; nothing where there is none for her.
    /// `object` is what stands behind the slash. May throw `Error`: 4xx counts as nothing.
    std::function<std::optional<Value>(storage::Tx& tx, const identity::Principal& who,
                                       std::string_view object)>
        state;
    /// The name under which the topic is touched, where it is not its own: the same for all who follow one
    /// thing.
    std::function<std::string(const identity::Principal& who, std::string_view object)> key{};
};

/// Feeds open pages: the core's (unread notices, a job, a case; app/LiveWork) and the plugins'
/// (PluginTopics). `start` and `stop` once each, in this order; `subscribe` and `touch` from any thread.
class Topics {
public:
    struct Options {
        /// How often all is looked at where nobody touches.
        Micros every = 2'000'000;
        /// And how soon again where somebody does.
        Micros least = 100'000;
        /// A silent stream gets a comment this often, so that a reader who has gone is noticed.
        Micros beat = 15'000'000;
        /// A stream lives this long; the browser asks for the next.
        Micros life = 120'000'000;
        std::size_t topicsAStream = 20;
        /// More streams of one person end her oldest.
        std::size_t streamsAPerson = 8;
        /// More streams than these are refused.
        std::size_t streams = 4000;
        /// The steady clock, or a test's.
        std::function<Micros()> clock = [] { return steadyNow(); };
    };

    Topics(storage::Pool& pool, Options options);
    explicit Topics(storage::Pool& pool) : Topics(pool, Options()) {}
    ~Topics();
    Topics(const Topics&) = delete;
    Topics& operator=(const Topics&) = delete;

    /// Before `start`.
    void add(Kind kind);

    void start();
    /// Ends every stream.
    void stop() noexcept;

    /// Those of `topics` that `who` may see now, each once. Throws `Error` 422 `core.live.topics` (details:
    /// most) for more than a stream takes, 503 `core.live.full`.
    std::vector<std::string> allowed(const identity::Principal& who, const std::vector<std::string>& topics);

    /// Feeds `stream` with events of `topics` (what `allowed` has answered): `event: state`, `data: {"topic",
    /// "state"}`, the present states first.
    void subscribe(const identity::Principal& who, const std::vector<std::string>& topics,
                   std::shared_ptr<http::Stream> stream);

    /// Somebody has committed something about a topic, named by its kind's key.
    void touch(std::string_view key) noexcept;

    std::size_t readers() const;

    /// Looks once at what was touched, or (`all`) at everything, on the calling thread. The thread's own
    /// work, for tests too; by one thread at a time.
    void look(bool all);

private:
    struct Followed {
        std::string topic;
        std::string key;
        const Kind* kind = nullptr;
        std::string object;
        std::string said;
    };
    struct Reader {
        std::shared_ptr<http::Stream> stream;
        identity::Principal who;
        /// Only the thread that looks reads or changes what was said.
        std::vector<Followed> followed;
        Micros endsAt = 0;
        Micros beatAt = 0;
        bool fresh = true;
    };

    std::optional<Followed> parse(const identity::Principal& who, std::string_view topic) const;
    std::optional<Value> stateOf(storage::Tx& tx, const identity::Principal& who,
                                 const Followed& followed) const;
    bool feed(storage::Tx& tx, Reader& reader, const std::set<std::string, std::less<>>& touched, bool all);
    void run();

    storage::Pool& pool_;
    const Options options_;
    std::map<std::string, Kind, std::less<>> kinds_;

    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<std::shared_ptr<Reader>> readers_;
    std::set<std::string, std::less<>> touched_;
    bool urgent_ = false;
    bool stopping_ = false;
    std::thread thread_;
};

} // namespace dalate::services::live
