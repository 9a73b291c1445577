// SPDX-License-Identifier: Apache-2.0
// One edge-triggered epoll holds every connection from accept to close, for reading and writing at once, so
// that a request on a kept connection costs no epoll_ctl. An edge is told once: whoever stops before the
// socket says EAGAIN puts the connection on the ready list (the loop) or sets `moreToRead` (for after the
// worker).
// - `connections_`: every connection that is not closed, in no order; `Connection::index` is its place;
// - `ready_`: those with more to do whose turn ended, so that one fast peer does not keep the others out;
// - `batch_`: whole requests of this round, given to the queue in one go;
// - `dead_`: closed in this round, destroyed at its end, since later events of the round may name them.
// Deadlines are looked at in a sweep over `connections_` (at most once a second): 20,000 of them are a
// millisecond.
#pragma once

#include "http/Connection.h"
#include "http/Core.h"

#include <map>
#include <memory>
#include <string_view>
#include <vector>

namespace dalate::http {

/// The thread that owns every waiting connection. `run` returns when a stop is over.
class Loop {
public:
    explicit Loop(std::shared_ptr<Core> core);
    ~Loop();

    void run();
    /// Requests cut off at the end of `run`.
    std::size_t requestsLeft() const noexcept { return requestsLeft_; }

private:
    // Loop.cpp: rounds, accepting, deadlines, stopping.
    void round();
    void accept(std::size_t listener);
    void admit(int socket, const sockaddr_storage& from);
    void stirred(Connection& connection, std::uint32_t events);
    void takeInbox();
    void pickUp(Connection& connection);
    void flushBatch();
    void sweep();
    bool overdue(Connection& connection);
    bool writesTooSlowly(Connection& connection);
    void reset(Connection& connection);
    void beginStop();
    bool stopIsOver();
    void finish();
    void close(Connection& connection);

    // Conversation.cpp: one connection's way through a request.
    void advance(Connection& connection);
    void readInput(Connection& connection);
    bool take(Connection& connection, std::string_view input);
    bool takeHead(Connection& connection, std::string_view& input);
    bool admitBody(Connection& connection, std::string_view input);
    bool takeBody(Connection& connection, std::string_view& input);
    void dispatch(Connection& connection);
    void refuse(Connection& connection, int status);
    void startAnswer(Connection& connection, Outgoing answer);
    void writeOutput(Connection& connection);
    void answered(Connection& connection);
    void streamOutput(Connection& connection);
    bool refill(Connection& connection);
    void linger(Connection& connection);
    void drain(Connection& connection);
    void later(Connection& connection);

    std::shared_ptr<Core> core_;
    Metrics& metrics_;
    Descriptor epoll_;
    /// Given up for a moment when descriptors run out, so that a waiting peer can be turned away.
    Descriptor spare_;
    std::unique_ptr<char[]> scratch_;
    std::vector<Connection*> connections_;
    std::vector<Connection*> ready_;
    std::vector<Connection*> batch_;
    std::vector<Connection*> dead_;
    std::vector<Connection*> returned_;
    std::vector<std::shared_ptr<Stream>> streams_;
    std::map<std::array<std::uint8_t, 16>, std::size_t> perAddress_;
    SteadyTime now_;
    SteadyTime nextSweep_;
    SteadyTime stopSince_;
    std::chrono::milliseconds sweepEvery_;
    std::size_t maxConnections_;
    std::size_t requestsLeft_ = 0;
    bool stopping_ = false;
};

} // namespace dalate::http
