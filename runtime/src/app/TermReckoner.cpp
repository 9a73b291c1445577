// SPDX-License-Identifier: Apache-2.0
#include "app/TermReckoner.h"

#include "base/Log.h"

namespace dalate::app {

TermReckoner::TermReckoner(std::function<void()> work, std::chrono::milliseconds pause)
    : work_(std::move(work)), pause_(pause), thread_([this] { run(); }) {}

TermReckoner::~TermReckoner() {
    {
        const std::lock_guard lock(mutex_);
        ending_ = true;
    }
    told_.notify_all();
    thread_.join();
}

bool TermReckoner::tried() noexcept {
    try {
        work_();
        return true;
    } catch (const std::exception& error) {
        log::warning("core.holiday.reckon", Value::map([&](MapWriter& m) { m.set("error", error.what()); }));
        return false;
    }
}

void TermReckoner::reckon() noexcept {
    if (tried()) return;
    {
        const std::lock_guard lock(mutex_);
        wanted_ = true;
    }
    told_.notify_all();
}

void TermReckoner::run() {
    std::unique_lock lock(mutex_);
    while (true) {
        told_.wait(lock, [this] { return wanted_ || ending_; });
        if (told_.wait_for(lock, pause_, [this] { return ending_; })) return;
        lock.unlock();
        const bool done = tried();
        lock.lock();
        if (done) wanted_ = false;
    }
}

} // namespace dalate::app
