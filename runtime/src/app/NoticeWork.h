// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/Config.h"
#include "services/notices/Notices.h"
#include "services/notices/Sender.h"

namespace dalate::host {
class PluginHost;
}
namespace dalate::storage {
class Pool;
}

namespace dalate::app {

/// Notices, and the thread that sends them out of the house by the ways that the settings `mail.*`, `sms.*`
/// and `notices.*` name. Made before the lifecycle starts; everything given outlives it.
class NoticeWork {
public:
    /// `told` is called, after the commit, of an account that has a new notice. `demo`: text messages go to a
    /// file of the data folder where no other is set. Throws as Config's readers, 400 `core.config.bad_value`
    /// for a sender that is no address, `core.notice.quiet` for quiet hours that are none.
    NoticeWork(const Config& config, host::PluginHost& host, storage::Pool& pool, std::string baseUrl,
               bool demo, std::function<void(std::int64_t account)> told);
    NoticeWork(const NoticeWork&) = delete;
    NoticeWork& operator=(const NoticeWork&) = delete;

    void start() { sender_.start(); }
    /// Ends after the letter that is being sent.
    void stop() noexcept { sender_.stop(); }

    const services::notices::Notices& notices() const noexcept { return notices_; }
    std::vector<std::string> channels() const { return sender_.channels(); }

private:
    services::notices::Sender sender_;
    services::notices::Notices notices_;
};

} // namespace dalate::app
