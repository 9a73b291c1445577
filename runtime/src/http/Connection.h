// SPDX-License-Identifier: Apache-2.0
// A connection is small while it waits (about a hundred octets) and has an `Exchange` only from the first
// byte of a request to the last byte of its answer. `owner` says whose it is:
// - loop: the loop may read and change everything;
// - worker: a worker (or a ticket) may; the loop only notes `pending` and `shut` when the socket stirs, and
//   `orphan` when the loop itself ends, in which case the worker destroys the connection.
// Giving back is one compare-and-swap when nothing was noted, a place in the loop's inbox otherwise.
#pragma once

#include "http/BodyReader.h"
#include "http/HeadParser.h"
#include "http/Metrics.h"
#include "http/Origin.h"
#include "http/Outgoing.h"
#include "http/Stream.h"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

namespace dalate::http {

using SteadyTime = std::chrono::steady_clock::time_point;

/// One request and its answer.
struct Exchange {
    explicit Exchange(SpoolSpace& space) : spool(space, 64 * 1024) {}

    HeadParser parser;
    BodyReader body;
    BodySpool spool;
    /// Bytes read beyond the request: the beginning of the next one.
    std::string leftover;
    Outgoing out;
    std::shared_ptr<Stream> stream;
    SteadyTime receivedAt;
    /// Octets of the answer that the client had acknowledged when the sweep last saw more of them, and when
    /// that was.
    std::uint64_t taken = 0;
    SteadyTime takenAt;
};

struct Connection {
    enum class Phase : std::uint8_t { parked, head, body, working, writing, streaming, lingering };
    enum Owner : std::uint8_t { loop = 0, worker = 1, pending = 2, shut = 4, orphan = 8 };

    Connection(int socket, const Address& from, std::uint16_t fromPort, Metrics& counters, SteadyTime now)
        : fd(socket), peerPort(fromPort), peer(from), since(now), metrics(counters) {
        metrics.open.fetch_add(1, std::memory_order_relaxed);
    }
    ~Connection() { shutDown(); }
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    /// Closes the socket, and tells a stream that nobody reads it any more. Idempotent.
    void shutDown() noexcept;

    /// -1 once closed.
    int fd;
    std::uint16_t peerPort;
    Address peer;
    std::atomic<std::uint8_t> owner{loop};
    Phase phase = Phase::parked;
    /// The socket may hold bytes that no edge will announce again.
    bool moreToRead = false;
    bool peerShut = false;
    /// Stands in the loop's list of connections that paused of their own accord.
    bool queuedReady = false;
    /// Counts against the limit per address.
    bool counted = false;
    std::uint32_t index = 0;
    /// When the phase began, or a stream last moved.
    SteadyTime since;
    /// Octets of body read, or drained while lingering.
    std::uint64_t moved = 0;
    std::unique_ptr<Exchange> exchange;
    Metrics& metrics;
};

} // namespace dalate::http
