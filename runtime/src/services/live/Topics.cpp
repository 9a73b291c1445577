// SPDX-License-Identifier: Apache-2.0
#include "services/live/Topics.h"

#include "base/Json.h"
#include "base/Log.h"
#include "http/Stream.h"
#include "storage/Pool.h"
#include "storage/Session.h"
#include "storage/Tx.h"

#include <algorithm>
#include <chrono>
#include <exception>
#include <utility>

namespace dalate::services::live {

namespace {

std::string eventOf(std::string_view topic, std::string_view state) {
    std::string event = "event: state\ndata: {\"topic\":";
    event += json::write(Value::of(topic));
    event += ",\"state\":";
    event += state;
    event += "}\n\n";
    return event;
}

} // namespace

Topics::Topics(storage::Pool& pool, Options options) : pool_(pool), options_(std::move(options)) {}

Topics::~Topics() {
    stop();
}

void Topics::add(Kind kind) {
    std::string name = kind.name;
    kinds_.emplace(std::move(name), std::move(kind));
}

void Topics::start() {
    thread_ = std::thread([this] { run(); });
}

void Topics::stop() noexcept {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
        for (const auto& reader : readers_)
            reader->stream->end();
        readers_.clear();
    }
    changed_.notify_all();
    if (thread_.joinable()) thread_.join();
}

std::size_t Topics::readers() const {
    const std::lock_guard lock(mutex_);
    return readers_.size();
}

std::optional<Topics::Followed> Topics::parse(const identity::Principal& who, std::string_view topic) const {
    const std::size_t slash = topic.find('/');
    const auto kind = kinds_.find(topic.substr(0, slash));
    if (kind == kinds_.end() || topic.size() > 300) return std::nullopt;
    Followed followed;
    followed.topic = topic;
    followed.kind = &kind->second;
    if (slash != std::string_view::npos) followed.object = topic.substr(slash + 1);
    followed.key = followed.kind->key ? followed.kind->key(who, followed.object) : followed.topic;
    return followed;
}

std::optional<Value> Topics::stateOf(storage::Tx& tx, const identity::Principal& who,
                                     const Followed& followed) const {
    try {
        return followed.kind->state(tx, who, followed.object);
    } catch (const Error& error) {
        // What she may not see and what is not there are the same to her.
        if (error.status() >= 500) throw;
        return std::nullopt;
    }
}

std::vector<std::string> Topics::allowed(const identity::Principal& who,
                                         const std::vector<std::string>& topics) {
    if (topics.size() > options_.topicsAStream)
        throw Error(422, "core.live.topics", Value::map([&](MapWriter& m) {
                        m.set("most", static_cast<std::int64_t>(options_.topicsAStream));
                    }));
    if (readers() >= options_.streams) throw Error(503, "core.live.full");
    std::vector<std::string> seen;
    const auto lease = pool_.lease();
    storage::Tx tx(*lease, storage::Tx::Mode::read);
    for (const std::string& topic : topics) {
        if (std::find(seen.begin(), seen.end(), topic) != seen.end()) continue;
        if (const auto followed = parse(who, topic); followed && stateOf(tx, who, *followed))
            seen.push_back(topic);
    }
    return seen;
}

void Topics::subscribe(const identity::Principal& who, const std::vector<std::string>& topics,
                       std::shared_ptr<http::Stream> stream) {
    auto reader = std::make_shared<Reader>();
    reader->stream = std::move(stream);
    reader->who = who;
    for (const std::string& topic : topics)
        if (auto followed = parse(who, topic)) reader->followed.push_back(std::move(*followed));
    const Micros at = options_.clock();
    reader->endsAt = at + options_.life;
    reader->beatAt = at + options_.beat;
    // The browser's pause before it asks again.
    reader->stream->append("retry: 3000\n\n");
    {
        const std::lock_guard lock(mutex_);
        if (stopping_) {
            reader->stream->end();
            return;
        }
        const auto hers = [&](const std::shared_ptr<Reader>& other) {
            return who.isPerson() && other->who.isPerson() && other->who.user == who.user;
        };
        if (std::count_if(readers_.begin(), readers_.end(), hers) >=
            static_cast<std::ptrdiff_t>(options_.streamsAPerson)) {
            // In the order of their coming, so the first is the oldest.
            const auto oldest = std::find_if(readers_.begin(), readers_.end(), hers);
            (*oldest)->stream->end();
            readers_.erase(oldest);
        }
        readers_.push_back(std::move(reader));
        urgent_ = true;
    }
    changed_.notify_all();
}

void Topics::touch(std::string_view key) noexcept {
    try {
        const std::lock_guard lock(mutex_);
        if (readers_.empty()) return;
        touched_.emplace(key);
        urgent_ = true;
    } catch (const std::exception&) {
        // Without memory for a name it is found at the next look at everything.
        return;
    }
    changed_.notify_all();
}

void Topics::look(bool all) {
    std::vector<std::shared_ptr<Reader>> readers;
    std::set<std::string, std::less<>> touched;
    {
        const std::lock_guard lock(mutex_);
        readers = readers_;
        touched.swap(touched_);
        urgent_ = false;
    }
    if (readers.empty()) return;
    std::vector<const Reader*> gone;
    {
        const auto lease = pool_.lease();
        storage::Tx tx(*lease, storage::Tx::Mode::read);
        for (const auto& reader : readers)
            if (!feed(tx, *reader, touched, all)) gone.push_back(reader.get());
    }
    const std::lock_guard lock(mutex_);
    std::erase_if(readers_, [&](const std::shared_ptr<Reader>& reader) {
        return std::find(gone.begin(), gone.end(), reader.get()) != gone.end();
    });
}

bool Topics::feed(storage::Tx& tx, Reader& reader, const std::set<std::string, std::less<>>& touched,
                  bool all) {
    const Micros at = options_.clock();
    if (!reader.stream->open()) return false;
    if (at >= reader.endsAt) {
        reader.stream->end();
        return false;
    }
    const bool fresh = std::exchange(reader.fresh, false);
    for (auto followed = reader.followed.begin(); followed != reader.followed.end();) {
        if (!all && !fresh && touched.count(followed->key) == 0) {
            ++followed;
            continue;
        }
        std::optional<Value> state;
        try {
            state = stateOf(tx, reader.who, *followed);
        } catch (const Error& error) {
            // One topic's fault keeps nobody else's from being told.
            log::warning("core.live.wait", Value::map([&](MapWriter& m) {
                             m.set("topic", followed->key).set("error", error.id());
                         }));
            ++followed;
            continue;
        }
        if (!state) {
            // It has gone, or is hers no more.
            followed = reader.followed.erase(followed);
            continue;
        }
        std::string text = json::write(*state);
        if (text != followed->said) {
            if (!reader.stream->append(eventOf(followed->topic, text))) return false;
            followed->said = std::move(text);
            reader.beatAt = at + options_.beat;
        }
        ++followed;
    }
    if (reader.followed.empty()) {
        reader.stream->end();
        return false;
    }
    if (at < reader.beatAt) return true;
    reader.beatAt = at + options_.beat;
    return reader.stream->append(":\n\n");
}

void Topics::run() {
    Micros next = options_.clock();
    for (;;) {
        bool all = false;
        {
            std::unique_lock lock(mutex_);
            const auto pause = std::chrono::microseconds(std::max<Micros>(0, next - options_.clock()));
            changed_.wait_for(lock, pause, [this] { return stopping_ || urgent_; });
            if (stopping_) return;
            // A job that tells every row it has done is looked at now and then.
            changed_.wait_for(lock, std::chrono::microseconds(options_.least), [this] { return stopping_; });
            if (stopping_) return;
            all = options_.clock() >= next;
        }
        if (all) next = options_.clock() + options_.every;
        try {
            look(all);
        } catch (const std::exception&) {
            // The database is away or busy: what was touched is found when everything is looked at.
            log::warning("core.live.wait");
        }
    }
}

} // namespace dalate::services::live
