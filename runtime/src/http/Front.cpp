// SPDX-License-Identifier: Apache-2.0
#include "http/Front.h"

#include "http/Core.h"
#include "http/Listeners.h"
#include "http/Loop.h"
#include "http/Worker.h"

#include <algorithm>
#include <future>
#include <thread>

namespace dalate::http {

namespace {

/// A thread, and whether it has ended: an abandoned one cannot be joined.
struct Watched {
    std::thread thread;
    std::future<void> ended;

    template <class Run>
    explicit Watched(Run run) {
        std::packaged_task<void()> task(std::move(run));
        ended = task.get_future();
        thread = std::thread(std::move(task));
    }
};

} // namespace

struct Front::Threads {
    std::unique_ptr<Loop> loop;
    std::thread loopThread;
    std::vector<Watched> workers;
};

Front::Front(FrontConfig config, Handler& handler)
    : core_(std::make_shared<Core>(std::move(config), handler)) {}

Front::~Front() {
    stop(std::chrono::milliseconds(0));
}

void Front::start() {
    for (const int inherited : core_->config.inherited)
        core_->listeners.push_back(adoptListener(inherited));
    for (const std::string& address : core_->config.bind)
        core_->listeners.push_back(listenOn(address));
    threads_ = std::make_unique<Threads>();
    threads_->loop = std::make_unique<Loop>(core_);
    const unsigned cores = std::max(1u, std::thread::hardware_concurrency());
    const unsigned count = core_->config.threads > 0 ? core_->config.threads : 2 * cores;
    for (unsigned i = 0; i < count; ++i)
        threads_->workers.emplace_back([core = core_] { Worker::run(core); });
    threads_->loopThread = std::thread([loop = threads_->loop.get()] { loop->run(); });
}

StopReport Front::stop(std::chrono::milliseconds drain) {
    StopReport report;
    if (!threads_) return report;
    core_->drainEnd = std::chrono::steady_clock::now() + drain;
    core_->stopping.store(true, std::memory_order_release);
    core_->inbox.wake();
    threads_->loopThread.join();
    report.requestsLeft = threads_->loop->requestsLeft();

    const auto lastCall =
        std::max(core_->drainEnd, std::chrono::steady_clock::now() + std::chrono::milliseconds(200));
    for (Watched& worker : threads_->workers) {
        if (worker.ended.wait_until(lastCall) == std::future_status::ready) {
            worker.thread.join();
        } else {
            worker.thread.detach();
            ++report.threadsLeft;
        }
    }
    threads_.reset();
    return report;
}

std::vector<std::string> Front::addresses() const {
    std::vector<std::string> addresses;
    for (const int listener : listeners())
        addresses.push_back(boundAddress(listener));
    return addresses;
}

std::uint16_t Front::port() const {
    const std::string first = addresses().at(0);
    return static_cast<std::uint16_t>(std::stoul(first.substr(first.rfind(':') + 1)));
}

std::vector<int> Front::listeners() const {
    std::vector<int> listeners;
    for (const Descriptor& listener : core_->listeners)
        listeners.push_back(listener.get());
    return listeners;
}

const Metrics& Front::metrics() const noexcept {
    return core_->metrics;
}

} // namespace dalate::http
