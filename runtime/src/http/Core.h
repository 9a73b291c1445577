// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "http/BodySpool.h"
#include "http/Front.h"
#include "http/Inbox.h"
#include "http/Metrics.h"
#include "http/Origin.h"
#include "http/WorkQueue.h"

#include <Poco/AutoPtr.h>
#include <Poco/Net/HTTPServerParams.h>

#include <atomic>
#include <memory>
#include <string>
#include <vector>

namespace dalate::http {

/// What the loop, the workers, the tickets and the streams of one front share. Lives as long as any of them.
struct Core : std::enable_shared_from_this<Core> {
    Core(FrontConfig configuration, Handler& answers);

    /// The page of an answer that the front gives by itself.
    std::string errorPage(int status) const;

    FrontConfig config;
    Handler& handler;
    Metrics metrics;
    SpoolSpace space;
    TrustedProxies proxies;
    Poco::AutoPtr<Poco::Net::HTTPServerParams> params;
    Inbox inbox;
    WorkQueue queue;
    /// Set once: from then on every answer closes its connection.
    std::atomic<bool> stopping{false};
    /// When a stop gives up on what is still under way. Written before `stopping`.
    std::chrono::steady_clock::time_point drainEnd;
    std::vector<Descriptor> listeners;

private:
    std::vector<std::pair<int, std::string>> pages_;
};

} // namespace dalate::http
