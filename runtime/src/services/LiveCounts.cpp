// SPDX-License-Identifier: Apache-2.0
#include "services/LiveCounts.h"

#include "base/Log.h"
#include "base/Result.h"

#include <exception>
#include <system_error>
#include <utility>

namespace dalate::services {

namespace {

void sayFailed(std::string_view plugin, std::string_view subject, std::string_view reason) {
    log::warning("core.count.failed", Value::map([&](MapWriter& m) {
                     m.set("plugin", plugin).set("count", subject).set("error", reason);
                 }));
}

} // namespace

LiveCounts::~LiveCounts() {
    stop(std::chrono::milliseconds(0));
    for (auto& [plugin, asker] : askers_)
        if (asker.thread.joinable()) asker.thread.join();
}

std::size_t LiveCounts::stop(std::chrono::milliseconds drain) {
    std::unique_lock lock(mutex_);
    stopping_ = true;
    answered_.wait_for(lock, drain, [this] { return running_ == 0; });
    return running_;
}

std::vector<std::optional<LiveCount>> LiveCounts::of(std::vector<Question> questions) {
    std::vector<std::optional<LiveCount>> counts(questions.size());
    std::vector<Entry*> awaited;
    std::unique_lock lock(mutex_);
    const Micros asked = steadyNow();
    for (Question& question : questions) {
        // Neither map gives up an entry, so pointers into them stay good.
        Asker& asker = askers_[question.plugin];
        Entry& entry = asker.entries[question.subject];
        if (entry.answeredAt != 0 && asked - entry.answeredAt < options_.every) continue;
        if (!entry.late) awaited.push_back(&entry);
        if (entry.asking || entry.wanted || stopping_) continue;
        entry.wanted = std::move(question.ask);
        if (asker.running) continue;
        // The one before it has nothing left to do but return.
        if (asker.thread.joinable()) asker.thread.join();
        try {
            asker.thread = std::thread([this, plugin = question.plugin] { run(plugin); });
            asker.running = true;
            ++running_;
        } catch (const std::system_error&) {
            entry.wanted = nullptr;
            sayFailed(question.plugin, question.subject, "no thread");
        }
    }
    answered_.wait_for(lock, options_.patience, [&] {
        for (const Entry* entry : awaited)
            if (entry->answeredAt < asked && (entry->asking || entry->wanted)) return false;
        return true;
    });
    const Micros now = steadyNow();
    for (std::size_t i = 0; i < questions.size(); ++i) {
        const Entry& entry = askers_[questions[i].plugin].entries[questions[i].subject];
        if (entry.answer && now - entry.answeredAt <= options_.oldest) counts[i] = entry.answer;
    }
    return counts;
}

void LiveCounts::run(const std::string& plugin) {
    std::unique_lock lock(mutex_);
    Asker& asker = askers_[plugin];
    for (bool any = true; any && !stopping_;) {
        any = false;
        for (auto& [subject, entry] : asker.entries) {
            if (!entry.wanted || stopping_) continue;
            any = true;
            auto ask = std::exchange(entry.wanted, nullptr);
            entry.asking = true;
            lock.unlock();
            const Micros began = steadyNow();
            std::optional<LiveCount> answer;
            std::string reason = "no number";
            try {
                answer = read(plugin, ask(began + options_.limit));
            } catch (const Error& error) {
                reason = error.id();
            } catch (...) {
                // The thread must end well, whatever came through.
                reason = "exception";
            }
            ask = nullptr;
            const Micros ended = steadyNow();
            if (answer && ended - began > options_.limit) {
                answer.reset();
                reason = "too slow";
            }
            if (!answer) sayFailed(plugin, subject, reason);
            lock.lock();
            entry.asking = false;
            entry.answer = std::move(answer);
            entry.answeredAt = ended;
            entry.late = !entry.answer ||
                         ended - began > std::chrono::microseconds(options_.patience).count();
            answered_.notify_all();
        }
    }
    for (auto& [subject, entry] : asker.entries)
        entry.wanted = nullptr;
    asker.running = false;
    --running_;
    answered_.notify_all();
}

std::optional<LiveCount> LiveCounts::read(std::string_view plugin, const Value& answer) {
    const auto count = answer["count"].integer();
    const std::string_view label = answer["label"].text();
    if (!count || *count < 0 || !label.starts_with(plugin) || label.substr(plugin.size()).substr(0, 1) != ".")
        return std::nullopt;
    return LiveCount{*count, std::string(label)};
}

} // namespace dalate::services
