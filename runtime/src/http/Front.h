// SPDX-License-Identifier: Apache-2.0
// Bytes in, whole requests out. One loop thread owns every connection that waits: parked ones cost about a
// hundred bytes and no thread. It reads and checks heads, spools bodies, and queues whole requests; a worker
// takes one, calls the handler and writes the answer once without waiting; what the socket does not take goes
// back to the loop. A connection has one owner at a time (loop or worker), so it needs no lock.
#pragma once

#include "http/Metrics.h"
#include "http/RequestHead.h"

#include <chrono>
#include <cstdint>
#include <exception>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace dalate::http {

class Request;
class Response;
struct Core;

/// What a request becomes. One object serves all worker threads.
class Handler {
public:
    virtual ~Handler() = default;

    /// Called once in each worker thread before its first and after its last request; must not throw.
    virtual void threadStart() {}
    virtual void threadStop() {}

    /// Answers one whole request. Whatever it throws becomes a plain 500 and a closed connection, and is
    /// handed to `FrontConfig::onFault`.
    virtual void handle(Request& request, Response& response) = 0;
};

/// What a route says about a body that has been announced and not yet read.
struct Admission {
    /// Octets after decoding; more is refused with 413.
    std::uint64_t maxBytes = 64 * 1024;
    /// 0, or the status with which the request is refused unread.
    int refusal = 0;

    static Admission upTo(std::uint64_t bytes) { return {bytes, 0}; }
    static Admission refuse(int status) { return {0, status}; }
};

/// Addresses, limits and deadlines. The defaults are those of architecture.md §3.
struct FrontConfig {
    /// `127.0.0.1:8080`, `[::1]:8080`; port 0 takes a free one. An IPv6 address does not take IPv4
    /// connections.
    std::vector<std::string> bind;
    /// Sockets that listen already (see `inheritedListeners`); the front takes them over.
    std::vector<int> inherited;

    /// Worker threads; 0 is two a core.
    unsigned threads = 0;
    /// Whole requests that may wait for a worker; then 503 with Retry-After.
    std::size_t queue = 1024;
    std::size_t maxConnections = 20000;
    /// Connections from one address, trusted proxies apart; 0 is no limit.
    std::size_t maxPerAddress = 0;

    /// From the first byte of a head to its end.
    std::chrono::milliseconds headTime{10000};
    /// Without a byte, before the first request or between two.
    std::chrono::milliseconds idleTime{75000};
    /// After `rateGrace`, a body must arrive, and an answer be taken, at least this fast: octets a second, on
    /// average.
    std::uint64_t bodyRate = 512;
    std::uint64_t answerRate = 256;
    std::chrono::milliseconds rateGrace{10000};
    /// Without an octet of a waiting answer or stream taken by the client: then the connection is reset. An
    /// average rate alone would let one that took much at first hold the rest of a large answer for minutes.
    std::chrono::milliseconds writeStall{30000};
    /// How long a closed connection is still drained, so that the client can read the answer.
    std::chrono::milliseconds lingerTime{3000};
    /// When stopping: how long idle connections are still listened to (their next request is served and
    /// closed).
    std::chrono::milliseconds stopIdleTime{300};

    /// Where bodies and answers that outgrow memory go (unlinked files), and their sum in octets; then 507.
    std::filesystem::path spoolDirectory = "/tmp";
    std::uint64_t spoolQuota = std::uint64_t{4} << 30;

    /// Networks (`127.0.0.1`, `10.0.0.0/8`, `fd00::/8`) whose X-Forwarded-For, -Proto and -Host are believed.
    std::vector<std::string> trustedProxies;

    /// Asked on the loop thread for each request that announces a body, before it is read: must be quick and
    /// must not throw. Default: 64 KiB.
    std::function<Admission(const RequestHead&)> bodyPolicy;
    /// The HTML page of an answer that the front gives by itself; asked once a status, at start.
    std::function<std::string(int status)> errorPage;
    /// What a handler threw. Called on the worker's thread, inside the catch.
    std::function<void(std::exception_ptr, const Request&)> onFault;
};

/// How a stop went.
struct StopReport {
    /// Requests cut off because they had not ended within the drain time.
    std::size_t requestsLeft = 0;
    /// Workers still inside a handler; their threads are abandoned, the process should exit without
    /// destructors.
    std::size_t threadsLeft = 0;

    bool clean() const noexcept { return requestsLeft == 0 && threadsLeft == 0; }
};

/// The server. Not copyable; start and stop are called from one thread, the rest from any.
class Front {
public:
    /// `handler` must outlive the front.
    Front(FrontConfig config, Handler& handler);
    /// Stops with no drain time if still running.
    ~Front();
    Front(const Front&) = delete;
    Front& operator=(const Front&) = delete;

    /// Binds, raises the limit of open files as far as it may, and serves. Throws `std::system_error` naming
    /// the address that could not be bound.
    void start();

    /// Takes no new connections, lets what is under way end within `drain`, closes the rest, joins the
    /// threads. Every answer says `Connection: close` meanwhile.
    StopReport stop(std::chrono::milliseconds drain);

    /// What is listened on, as `127.0.0.1:8080`; valid after start.
    std::vector<std::string> addresses() const;
    /// The port of the first address; valid after start.
    std::uint16_t port() const;
    /// The listening sockets, for a successor to inherit. They stay the front's until it stops, and a
    /// connection waiting in their queues is lost only if nobody else holds them then.
    std::vector<int> listeners() const;

    const Metrics& metrics() const noexcept;

private:
    std::shared_ptr<Core> core_;
    struct Threads;
    std::unique_ptr<Threads> threads_;
};

/// The sockets that the service manager handed over (`LISTEN_PID`, `LISTEN_FDS`; sd_listen_fds(3)), empty
/// when they are not for this process. Clears the variables, so that no child takes them for its own.
std::vector<int> inheritedListeners();

} // namespace dalate::http
