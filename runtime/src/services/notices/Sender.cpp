// SPDX-License-Identifier: Apache-2.0
#include "services/notices/Sender.h"

#include "base/Ids.h"
#include "base/Log.h"
#include "base/Result.h"
#include "portal/TemplateStore.h"
#include "storage/Pool.h"
#include "storage/Session.h"
#include "storage/Tx.h"

#include <algorithm>
#include <chrono>

namespace dalate::services::notices {

namespace {

constexpr auto sleep = std::chrono::milliseconds(500);
constexpr Micros longestPause = 3'600'000'000;
/// While the plugin, and with it the words, is away.
constexpr Micros awayPause = 60'000'000;

void tell(log::Level level, const char* id, const OutgoingNotice& one, std::string_view error) {
    // Neither address nor words: both are the person's.
    const Value fields = Value::map([&](MapWriter& m) {
        m.set("notice", std::to_string(one.notice.id))
            .set("channel", one.channel)
            .set("attempt", one.attempt);
        m.set("error", error);
    });
    if (level == log::Level::error)
        log::error(id, fields);
    else
        log::warning(id, fields);
}

} // namespace

Sender::Sender(storage::Pool& pool, Options options)
    : pool_(pool), options_(std::move(options)), node_("n" + std::to_string(options_.node) + "-"),
      owner_(node_ + randomHex(12)) {}

Sender::~Sender() {
    stop();
}

void Sender::start() {
    if (!options_.channels.empty()) thread_ = std::thread([this] { run(); });
}

void Sender::stop() noexcept {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    changed_.notify_all();
    if (thread_.joinable()) thread_.join();
}

std::vector<std::string> Sender::channels() const {
    std::vector<std::string> names;
    for (const auto& channel : options_.channels)
        names.emplace_back(channel->name());
    return names;
}

bool Sender::isStopping() {
    const std::lock_guard lock(mutex_);
    return stopping_;
}

void Sender::run() {
    for (bool begun = false;;) {
        try {
            if (!begun) {
                const auto lease = pool_.lease();
                storage::Tx tx(*lease, storage::Tx::Mode::write);
                Outgoing::takeBack(tx, node_);
                tx.commit();
                begun = true;
            }
            sendDue();
        } catch (const std::exception&) {
            // The database is away or full: the rows wait, and so does the thread.
            log::warning("core.notice.sender_waits");
        }
        std::unique_lock lock(mutex_);
        if (changed_.wait_for(lock, sleep, [this] { return stopping_; })) return;
    }
}

std::int64_t Sender::sendDue() {
    std::int64_t delivered = 0;
    for (const auto& channel : options_.channels)
        for (Outcome outcome = Outcome::putOff; outcome != Outcome::none && !isStopping();) {
            outcome = sendOne(*channel);
            if (outcome == Outcome::delivered) ++delivered;
        }
    return delivered;
}

Sender::Outcome Sender::sendOne(Channel& channel) {
    const auto inTransaction = [&](auto work) {
        const auto lease = pool_.lease();
        storage::Tx tx(*lease, storage::Tx::Mode::write);
        auto result = work(tx);
        tx.commit();
        return result;
    };
    const Micros time = options_.clock();
    {
        const auto lease = pool_.lease();
        storage::Tx tx(*lease, storage::Tx::Mode::read);
        if (!Outgoing::isDue(tx, channel.name(), time)) return Outcome::none;
    }
    const auto one = inTransaction([&](storage::Tx& tx) {
        return Outgoing::take(tx, channel.name(), owner_, time, time + options_.lease);
    });
    if (!one) return Outcome::none;

    const auto words = wordsOf(one->notice, options_.templates()->texts(), one->language);
    if (!words) {
        inTransaction([&](storage::Tx& tx) {
            return Outgoing::later(tx, *one, owner_, time + awayPause, false, "core.plugin.away");
        });
        return Outcome::putOff;
    }
    Letter letter;
    letter.id = "notice-" + std::to_string(one->notice.id);
    letter.to = one->address;
    letter.subject = words->subject;
    letter.text = words->text;
    if (!one->notice.href.empty()) letter.link = options_.baseUrl + one->notice.href;
    try {
        channel.deliver(letter);
    } catch (const Error& error) {
        const bool again = error.status() == 503 && one->attempt < Outgoing::mostAttempts;
        tell(again ? log::Level::warning : log::Level::error,
             again ? "core.notice.put_off" : "core.notice.given_up", *one, error.id());
        inTransaction([&](storage::Tx& tx) {
            const Micros pause =
                std::min(longestPause, options_.retryPause << std::min<std::int64_t>(one->attempt - 1, 12));
            return again ? Outgoing::later(tx, *one, owner_, options_.clock() + pause, true, error.id())
                         : Outgoing::failed(tx, *one, owner_, options_.clock(), error.id());
        });
        return Outcome::putOff;
    }
    inTransaction([&](storage::Tx& tx) { return Outgoing::sent(tx, *one, owner_, options_.clock()); });
    return Outcome::delivered;
}

} // namespace dalate::services::notices
