// SPDX-License-Identifier: Apache-2.0
#include "http/Loop.h"

#include "http/Answer.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <pthread.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/sockios.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

namespace dalate::http {

namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr std::size_t scratchSize = 64 * 1024;
constexpr int eventsPerRound = 256;
constexpr int acceptsPerRound = 128;
/// Descriptors left to the rest of the process.
constexpr std::size_t descriptorsKept = 256;
constexpr milliseconds stopLinger{300};

/// Events carry the connection's address; addresses are even, so odd values name the rest.
constexpr std::uint64_t inboxTag = 1;
constexpr std::uint64_t listenerTag(std::size_t index) {
    return ((index + 1) << 1) | 1;
}

Descriptor openSpare() {
    return Descriptor(::open("/dev/null", O_RDONLY | O_CLOEXEC));
}

/// Raises the limit of open files as far as the process may, and returns how many connections then fit.
std::size_t makeRoom(std::size_t wanted) {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return wanted;
    const rlim_t needed = wanted + 4 * descriptorsKept;
    if (limit.rlim_cur < needed) {
        rlimit raised{std::min(needed, limit.rlim_max), limit.rlim_max};
        if (::setrlimit(RLIMIT_NOFILE, &raised) == 0) limit = raised;
    }
    if (limit.rlim_cur >= needed) return wanted;
    return std::max<std::size_t>(limit.rlim_cur > 2 * descriptorsKept ? limit.rlim_cur - descriptorsKept : 64,
                                 16);
}

/// Whether `octets` are less than `perSecond` of them over `counted`.
bool tooFew(std::uint64_t octets, std::uint64_t perSecond, std::chrono::duration<double> counted) {
    return counted.count() > 0 &&
           static_cast<double>(octets) < counted.count() * static_cast<double>(perSecond);
}

std::uint16_t portOf(const sockaddr_storage& from) {
    if (from.ss_family == AF_INET6) return ntohs(reinterpret_cast<const sockaddr_in6&>(from).sin6_port);
    return ntohs(reinterpret_cast<const sockaddr_in&>(from).sin_port);
}

} // namespace

Loop::Loop(std::shared_ptr<Core> core)
    : core_(std::move(core)), metrics_(core_->metrics), epoll_(::epoll_create1(EPOLL_CLOEXEC)),
      spare_(openSpare()), scratch_(std::make_unique<char[]>(scratchSize)), now_(steady_clock::now()),
      nextSweep_(now_),
      maxConnections_(std::min(core_->config.maxConnections, makeRoom(core_->config.maxConnections))) {
    if (!epoll_) throw std::system_error(errno, std::generic_category(), "epoll_create1");
    const FrontConfig& config = core_->config;
    const milliseconds shortest =
        std::min({config.headTime, config.idleTime, config.rateGrace, config.writeStall, config.lingerTime,
                  milliseconds(4000)});
    sweepEvery_ = std::max(shortest / 4, milliseconds(10));

    epoll_event event{};
    event.events = EPOLLIN;
    event.data.u64 = inboxTag;
    ::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, core_->inbox.descriptor(), &event);
    for (std::size_t i = 0; i < core_->listeners.size(); ++i) {
        event.data.u64 = listenerTag(i);
        if (::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, core_->listeners[i].get(), &event) != 0)
            throw std::system_error(errno, std::generic_category(), "epoll_ctl");
    }
}

Loop::~Loop() {
    for (Connection* connection : dead_)
        delete connection;
}

void Loop::run() {
    ::pthread_setname_np(::pthread_self(), "http-loop");
    while (!stopIsOver())
        round();
    finish();
}

void Loop::round() {
    epoll_event events[eventsPerRound];
    const auto untilSweep = std::chrono::ceil<milliseconds>(nextSweep_ - now_).count();
    const int timeout = ready_.empty() ? static_cast<int>(std::max<std::int64_t>(untilSweep, 0)) : 0;
    const int count = ::epoll_wait(epoll_.get(), events, eventsPerRound, timeout);
    now_ = steady_clock::now();
    for (int i = 0; i < count; ++i) {
        const std::uint64_t tag = events[i].data.u64;
        if (!(tag & 1))
            stirred(*static_cast<Connection*>(events[i].data.ptr), events[i].events);
        else if (tag != inboxTag)
            accept((tag >> 1) - 1);
    }
    takeInbox();
    std::vector<Connection*> turn;
    turn.swap(ready_);
    for (Connection* connection : turn)
        connection->queuedReady = false;
    for (Connection* connection : turn)
        if (connection->fd >= 0 && connection->owner.load(std::memory_order_acquire) == Connection::loop)
            advance(*connection);
    flushBatch();
    if (core_->stopping.load(std::memory_order_acquire) && !stopping_) beginStop();
    if (now_ >= nextSweep_) sweep();
    flushBatch();
    for (Connection* connection : dead_) {
        if (connection->queuedReady) std::erase(ready_, connection);
        delete connection;
    }
    dead_.clear();
}

void Loop::accept(std::size_t listener) {
    if (!core_->listeners[listener]) return;
    for (int i = 0; i < acceptsPerRound; ++i) {
        sockaddr_storage from{};
        socklen_t size = sizeof from;
        const int socket = ::accept4(core_->listeners[listener].get(), reinterpret_cast<sockaddr*>(&from),
                                     &size, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (socket >= 0) {
            admit(socket, from);
            continue;
        }
        if (errno == ECONNABORTED || errno == EINTR) continue;
        if ((errno == EMFILE || errno == ENFILE) && spare_) {
            // Left in the queue, the peer would make every epoll_wait return at once.
            spare_.reset();
            const Descriptor turnedAway(::accept(core_->listeners[listener].get(), nullptr, nullptr));
            metrics_.turnedAway.fetch_add(1, std::memory_order_relaxed);
        }
        break;
    }
    if (!spare_) spare_ = openSpare();
}

void Loop::admit(int socket, const sockaddr_storage& from) {
    Descriptor guard(socket);
    metrics_.accepted.fetch_add(1, std::memory_order_relaxed);
    const Address address = Address::of(from);
    const std::size_t perAddress = core_->config.maxPerAddress;
    const bool counted = perAddress > 0 && !core_->proxies.contains(address);
    const auto already = counted ? perAddress_.find(address.octets) : perAddress_.end();
    if (connections_.size() >= maxConnections_ ||
        (already != perAddress_.end() && already->second >= perAddress)) {
        metrics_.turnedAway.fetch_add(1, std::memory_order_relaxed);
        Answer::refusal(503, core_->errorPage(503), false, true).write(socket, scratchSize);
        ::shutdown(socket, SHUT_WR);
        return;
    }
    auto connection = std::make_unique<Connection>(socket, address, portOf(from), metrics_, now_);
    guard.release();
    epoll_event event{};
    event.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
    event.data.ptr = connection.get();
    if (::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, socket, &event) != 0) return;
    if (counted) ++perAddress_[address.octets];
    connection->counted = counted;
    connection->index = static_cast<std::uint32_t>(connections_.size());
    connections_.push_back(connection.release());
}

void Loop::stirred(Connection& connection, std::uint32_t events) {
    if (connection.fd < 0) return;
    const bool shut = events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR);
    const std::uint8_t note = Connection::pending | (shut ? Connection::shut : 0);
    if (connection.owner.fetch_or(note, std::memory_order_acq_rel) & Connection::worker) return;
    connection.owner.store(Connection::loop, std::memory_order_relaxed);
    connection.peerShut = connection.peerShut || shut;
    // Already in this round's batch: the edge is kept for after the answer.
    if (connection.phase == Connection::Phase::working) connection.moreToRead = true;
    advance(connection);
}

void Loop::takeInbox() {
    core_->inbox.take(returned_, streams_);
    for (Connection* connection : returned_)
        pickUp(*connection);
    for (const std::shared_ptr<Stream>& stream : streams_) {
        Connection* connection = stream->connection();
        if (connection && connection->fd >= 0 && connection->phase == Connection::Phase::streaming)
            streamOutput(*connection);
    }
}

void Loop::pickUp(Connection& connection) {
    const std::uint8_t notes = connection.owner.exchange(Connection::loop, std::memory_order_acq_rel);
    connection.peerShut = connection.peerShut || (notes & Connection::shut);
    // The edge that was noted while the worker had the connection will not come again.
    connection.moreToRead = connection.moreToRead || (notes & Connection::pending);
    if (connection.phase == Connection::Phase::streaming) {
        connection.exchange->stream->attach(core_, &connection);
        if (stopping_) connection.exchange->stream->end();
    }
    advance(connection);
}

void Loop::flushBatch() {
    // Answering 503 can bring forth the next pipelined request, hence the loop.
    while (!batch_.empty()) {
        const std::vector<Connection*> batch = std::exchange(batch_, {});
        // From the push on, the workers own them.
        for (Connection* connection : batch)
            connection->owner.store(Connection::worker, std::memory_order_release);
        metrics_.queued.fetch_add(static_cast<std::int64_t>(batch.size()), std::memory_order_relaxed);
        metrics_.requests.fetch_add(batch.size(), std::memory_order_relaxed);
        const std::size_t taken = core_->queue.push(batch);
        for (std::size_t i = taken; i < batch.size(); ++i) {
            Connection& connection = *batch[i];
            metrics_.queued.fetch_sub(1, std::memory_order_relaxed);
            metrics_.requests.fetch_sub(1, std::memory_order_relaxed);
            metrics_.countRefusal(503);
            connection.owner.store(Connection::loop, std::memory_order_relaxed);
            const RequestHead& head = connection.exchange->parser.head();
            connection.exchange->spool.clear();
            startAnswer(connection, Answer::refusal(503, core_->errorPage(503), head.method() == "HEAD",
                                                    !head.keepAlive() || stopping_));
        }
    }
}

void Loop::sweep() {
    for (std::size_t i = connections_.size(); i-- > 0;) {
        if (i >= connections_.size()) continue;
        Connection& connection = *connections_[i];
        if (connection.owner.load(std::memory_order_acquire) != Connection::loop) continue;
        if (!overdue(connection)) continue;
        const bool answerable =
            connection.phase == Connection::Phase::head || connection.phase == Connection::Phase::body;
        if (connection.phase != Connection::Phase::parked && connection.phase != Connection::Phase::lingering)
            metrics_.tooSlow.fetch_add(1, std::memory_order_relaxed);
        if (answerable)
            refuse(connection, 408);
        else
            reset(connection);
    }
    nextSweep_ = now_ + (stopping_ ? std::min(sweepEvery_, milliseconds(20)) : sweepEvery_);
}

bool Loop::overdue(Connection& connection) {
    const FrontConfig& config = core_->config;
    const auto elapsed = now_ - connection.since;
    switch (connection.phase) {
    case Connection::Phase::parked:
        return elapsed >= config.idleTime || (stopping_ && now_ - stopSince_ >= config.stopIdleTime);
    case Connection::Phase::head:
        return elapsed >= config.headTime;
    case Connection::Phase::body:
        return tooFew(connection.moved, config.bodyRate, elapsed - config.rateGrace);
    case Connection::Phase::writing:
        return writesTooSlowly(connection);
    case Connection::Phase::streaming:
        return !connection.exchange->out.empty() && elapsed >= config.writeStall;
    case Connection::Phase::lingering:
        return elapsed >= (stopping_ ? std::min(config.lingerTime, stopLinger) : config.lingerTime);
    case Connection::Phase::working:
        return false;
    }
    return false;
}

bool Loop::writesTooSlowly(Connection& connection) {
    const FrontConfig& config = core_->config;
    Exchange& exchange = *connection.exchange;
    // What lies in our socket's buffer has not reached the client.
    int unsent = 0;
    ::ioctl(connection.fd, SIOCOUTQ, &unsent);
    const std::uint64_t total = exchange.out.total;
    const std::uint64_t taken = total - std::min(total, static_cast<std::uint64_t>(unsent));
    if (taken > exchange.taken || exchange.takenAt < connection.since) {
        exchange.taken = taken;
        exchange.takenAt = now_;
    }
    return now_ - exchange.takenAt >= config.writeStall ||
           tooFew(taken, config.answerRate, now_ - connection.since - config.rateGrace);
}

/// Closes a connection that ran out of time. Of an answer that it does not take nothing must stay: the kernel
/// would keep what it has of it for minutes, for nobody.
void Loop::reset(Connection& connection) {
    const ::linger none{1, 0};
    if (connection.phase == Connection::Phase::writing || connection.phase == Connection::Phase::streaming)
        ::setsockopt(connection.fd, SOL_SOCKET, SO_LINGER, &none, sizeof none);
    close(connection);
}

void Loop::close(Connection& connection) {
    if (connection.fd < 0) return;
    if (connection.counted) {
        const auto found = perAddress_.find(connection.peer.octets);
        if (--found->second == 0) perAddress_.erase(found);
    }
    connection.shutDown();
    connections_[connection.index] = connections_.back();
    connections_[connection.index]->index = connection.index;
    connections_.pop_back();
    dead_.push_back(&connection);
}

void Loop::beginStop() {
    stopping_ = true;
    stopSince_ = now_;
    nextSweep_ = now_;
    // Whoever stands in the queue has connected to us, and nobody else will see them unless the socket is
    // shared.
    for (std::size_t i = 0; i < core_->listeners.size(); ++i) {
        accept(i);
        ::epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, core_->listeners[i].get(), nullptr);
        core_->listeners[i].reset();
    }
    for (std::size_t i = connections_.size(); i-- > 0;) {
        Connection& connection = *connections_[i];
        if (connection.owner.load(std::memory_order_acquire) == Connection::loop &&
            connection.phase == Connection::Phase::streaming)
            connection.exchange->stream->end();
    }
}

bool Loop::stopIsOver() {
    return stopping_ && (connections_.empty() || now_ >= core_->drainEnd);
}

void Loop::finish() {
    // First everybody who still holds a connection learns that the loop is gone, then the inbox closes;
    // between the two, connections that come back lie in the inbox and are destroyed here.
    for (Connection* connection : core_->queue.close()) {
        connection->owner.store(Connection::loop, std::memory_order_relaxed);
        ++requestsLeft_;
    }
    std::vector<Connection*> ours;
    for (Connection* connection : connections_) {
        const std::uint8_t before = connection->owner.fetch_or(Connection::orphan, std::memory_order_acq_rel);
        const bool held = before & Connection::worker;
        if (!held) ours.push_back(connection);
        if (held || connection->phase == Connection::Phase::body ||
            connection->phase == Connection::Phase::writing)
            ++requestsLeft_;
    }
    connections_.clear();
    for (Connection* connection : core_->inbox.close())
        ours.push_back(connection);
    for (Connection* connection : ours)
        delete connection;
    core_->listeners.clear();
}

} // namespace dalate::http
