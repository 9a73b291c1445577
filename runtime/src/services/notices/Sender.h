// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "services/notices/Channel.h"
#include "services/notices/Outgoing.h"

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace dalate::portal {
class TemplateStore;
}
namespace dalate::storage {
class Pool;
}

namespace dalate::services::notices {

/// The thread that hands notices to the channels. It looks for due rows every half second, so nothing depends
/// on its being woken. `start` and `stop` once each.
class Sender {
public:
    struct Options {
        /// The ways out; none: nothing is sent.
        std::vector<std::unique_ptr<Channel>> channels;
        /// Texts in force, for the words.
        std::function<std::shared_ptr<const portal::TemplateStore>()> templates;
        /// Scheme and authority of the portal, before a notice's path.
        std::string baseUrl;
        std::function<Micros()> clock;
        /// Of this daemon among those that share the database: what its process before this one had taken is
        /// taken back at start.
        std::int64_t node = 0;
        /// For how long a row is taken: longer than a channel needs for one letter.
        Micros lease = 180'000'000;
        /// Before the second try; doubled with each further, up to an hour.
        Micros retryPause = 30'000'000;
    };

    Sender(storage::Pool& pool, Options options);
    ~Sender();
    Sender(const Sender&) = delete;
    Sender& operator=(const Sender&) = delete;

    void start();
    /// Ends after the letter that it is at.
    void stop() noexcept;

    /// The channels' names.
    std::vector<std::string> channels() const;

    /// Sends all that is due now on the calling thread; how many were delivered. The thread's own work, for
    /// tests too.
    std::int64_t sendDue();

private:
    enum class Outcome { none, delivered, putOff };
    Outcome sendOne(Channel& channel);
    bool isStopping();
    void run();

    storage::Pool& pool_;
    Options options_;
    /// The node's name, and with a random part behind it this process's.
    std::string node_, owner_;
    std::mutex mutex_;
    std::condition_variable changed_;
    bool stopping_ = false;
    std::thread thread_;
};

} // namespace dalate::services::notices
