// SPDX-License-Identifier: Apache-2.0
// One connection's way: parked, head, body, (worker), writing, then parked or lingering. Every function here
// runs on the loop thread with the connection in the loop's hands; after `dispatch` or `close` it must not be
// touched.
#include "http/Answer.h"
#include "http/Loop.h"

#include <sys/socket.h>

#include <cerrno>
#include <system_error>

namespace dalate::http {

namespace {

constexpr std::size_t scratchSize = 64 * 1024;
constexpr int readsPerTurn = 8;
constexpr std::uint64_t writePerTurn = 256 * 1024;
constexpr std::uint64_t maxDrained = 64u << 20;
constexpr std::string_view goOn = "HTTP/1.1 100 Continue\r\n\r\n";

} // namespace

void Loop::advance(Connection& connection) {
    switch (connection.phase) {
    case Connection::Phase::parked:
    case Connection::Phase::head:
    case Connection::Phase::body:
        return readInput(connection);
    case Connection::Phase::writing:
        return writeOutput(connection);
    case Connection::Phase::streaming:
        return streamOutput(connection);
    case Connection::Phase::lingering:
        return drain(connection);
    case Connection::Phase::working:
        return;
    }
}

void Loop::later(Connection& connection) {
    if (connection.queuedReady) return;
    connection.queuedReady = true;
    ready_.push_back(&connection);
}

void Loop::readInput(Connection& connection) {
    for (int turn = 0; turn < readsPerTurn; ++turn) {
        const ssize_t count = ::recv(connection.fd, scratch_.get(), scratchSize, 0);
        if (count < 0) {
            if (errno == EINTR) continue;
            connection.moreToRead = false;
            if (errno != EAGAIN && errno != EWOULDBLOCK) close(connection);
            return;
        }
        // The end before a request is whole: what came so far is handed to nobody.
        if (count == 0) return close(connection);
        const auto size = static_cast<std::size_t>(count);
        metrics_.bytesIn.fetch_add(size, std::memory_order_relaxed);
        // After a short read an edge will tell of more; of an end that has been told already it will not.
        connection.moreToRead = size == scratchSize || connection.peerShut;
        if (!take(connection, {scratch_.get(), size})) return;
        if (!connection.moreToRead) return;
    }
    later(connection);
}

/// True while more input is wanted; otherwise the connection has moved on.
bool Loop::take(Connection& connection, std::string_view input) {
    if (connection.phase == Connection::Phase::parked) {
        connection.exchange = std::make_unique<Exchange>(core_->space);
        connection.phase = Connection::Phase::head;
        connection.since = now_;
    }
    if (connection.phase == Connection::Phase::head && !takeHead(connection, input)) return false;
    if (connection.phase == Connection::Phase::body && !takeBody(connection, input)) return false;
    return true;
}

bool Loop::takeHead(Connection& connection, std::string_view& input) {
    Exchange& exchange = *connection.exchange;
    input.remove_prefix(exchange.parser.feed(input));
    switch (exchange.parser.state()) {
    case HeadParser::State::reading:
        return true;
    case HeadParser::State::refused:
        refuse(connection, exchange.parser.refusal());
        return false;
    case HeadParser::State::whole:
        break;
    }
    connection.phase = Connection::Phase::body;
    connection.since = now_;
    connection.moved = 0;
    return !exchange.parser.head().hasBody() || admitBody(connection, input);
}

bool Loop::admitBody(Connection& connection, std::string_view input) {
    Exchange& exchange = *connection.exchange;
    const RequestHead& head = exchange.parser.head();
    const Admission admission = core_->config.bodyPolicy ? core_->config.bodyPolicy(head) : Admission{};
    if (admission.refusal != 0) {
        refuse(connection, admission.refusal);
        return false;
    }
    exchange.body = BodyReader(head.framing(), head.contentLength(), admission.maxBytes);
    if (exchange.body.state() == BodyReader::State::refused) {
        refuse(connection, exchange.body.refusal());
        return false;
    }
    if (!head.expectsContinue() || !input.empty()) return true;
    // Answers before this one have left, so the socket has room; if it has not, the peer is beyond help.
    if (::send(connection.fd, goOn.data(), goOn.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(goOn.size()))
        return true;
    close(connection);
    return false;
}

bool Loop::takeBody(Connection& connection, std::string_view& input) {
    Exchange& exchange = *connection.exchange;
    try {
        while (!input.empty() && exchange.body.state() == BodyReader::State::reading) {
            const BodyReader::Step step = exchange.body.feed(input);
            exchange.spool.append(step.data);
            connection.moved += step.data.size();
            input.remove_prefix(step.consumed);
        }
    } catch (const SpoolFull&) {
        refuse(connection, 507);
        return false;
    } catch (const std::system_error& error) {
        // A disk without room is told in the same words as a quota without room.
        const bool full = error.code() == std::errc::no_space_on_device ||
                          error.code() == std::errc::file_too_large || error.code().value() == EDQUOT;
        refuse(connection, full ? 507 : 500);
        return false;
    }
    switch (exchange.body.state()) {
    case BodyReader::State::reading:
        return true;
    case BodyReader::State::refused:
        refuse(connection, exchange.body.refusal());
        return false;
    case BodyReader::State::whole:
        break;
    }
    exchange.leftover.assign(input);
    dispatch(connection);
    return false;
}

void Loop::dispatch(Connection& connection) {
    connection.exchange->receivedAt = now_;
    connection.phase = Connection::Phase::working;
    batch_.push_back(&connection);
}

void Loop::refuse(Connection& connection, int status) {
    metrics_.countRefusal(status);
    Exchange& exchange = *connection.exchange;
    const bool headOnly = exchange.parser.head().method() == "HEAD";
    exchange.spool.clear();
    exchange.leftover.clear();
    startAnswer(connection, Answer::refusal(status, core_->errorPage(status), headOnly, true));
}

void Loop::startAnswer(Connection& connection, Outgoing answer) {
    connection.exchange->out = std::move(answer);
    connection.phase = Connection::Phase::writing;
    connection.since = now_;
    writeOutput(connection);
}

void Loop::writeOutput(Connection& connection) {
    Outgoing& out = connection.exchange->out;
    const std::uint64_t before = out.total;
    const Outgoing::Result result = out.write(connection.fd, writePerTurn);
    metrics_.bytesOut.fetch_add(out.total - before, std::memory_order_relaxed);
    switch (result) {
    case Outgoing::Result::all:
        return answered(connection);
    case Outgoing::Result::blocked:
        return;
    case Outgoing::Result::paused:
        return later(connection);
    case Outgoing::Result::broken:
        return close(connection);
    }
}

void Loop::answered(Connection& connection) {
    if (connection.exchange->out.close) return linger(connection);
    const std::string leftover = std::move(connection.exchange->leftover);
    connection.exchange.reset();
    connection.phase = Connection::Phase::parked;
    connection.since = now_;
    if (!leftover.empty() && !take(connection, leftover)) return;
    if (connection.moreToRead || connection.peerShut) readInput(connection);
}

void Loop::streamOutput(Connection& connection) {
    Exchange& exchange = *connection.exchange;
    Outgoing& out = exchange.out;
    if (connection.peerShut) return close(connection);
    if (exchange.stream->overrun()) {
        metrics_.tooSlow.fetch_add(1, std::memory_order_relaxed);
        return close(connection);
    }
    while (true) {
        // What is appended meanwhile stays in the stream, where its cap holds.
        if (out.empty() && !refill(connection)) return;
        if (connection.phase == Connection::Phase::writing) return writeOutput(connection);
        const std::uint64_t before = out.total;
        const Outgoing::Result result = out.write(connection.fd, writePerTurn);
        metrics_.bytesOut.fetch_add(out.total - before, std::memory_order_relaxed);
        if (out.total > before) connection.since = now_;
        if (result == Outgoing::Result::broken) return close(connection);
        if (result == Outgoing::Result::blocked) return;
        if (result == Outgoing::Result::paused) return later(connection);
    }
}

/// Fetches what was appended to the stream; the last of it makes the answer an ordinary one. False when
/// nothing is due.
bool Loop::refill(Connection& connection) {
    Exchange& exchange = *connection.exchange;
    const Stream::Taken taken = exchange.stream->take();
    if (taken.bytes.empty() && !taken.ended) return false;
    const bool chunked = exchange.parser.head().minorVersion() == 1;
    exchange.out.text = taken.bytes.empty() ? std::string() : Answer::piece(taken.bytes, chunked);
    exchange.out.sent = 0;
    connection.since = now_;
    if (taken.ended) {
        exchange.out.text += Answer::lastPiece(chunked);
        exchange.stream->close();
        connection.phase = Connection::Phase::writing;
    }
    return true;
}

void Loop::linger(Connection& connection) {
    // Closing with unread input would reset the connection and could take the answer away from the client,
    // who may not have read it yet. So only our half is closed, and what still comes is thrown away for a
    // while.
    ::shutdown(connection.fd, SHUT_WR);
    connection.exchange.reset();
    connection.phase = Connection::Phase::lingering;
    connection.since = now_;
    connection.moved = 0;
    drain(connection);
}

void Loop::drain(Connection& connection) {
    for (int turn = 0; turn < readsPerTurn; ++turn) {
        const ssize_t count = ::recv(connection.fd, scratch_.get(), scratchSize, MSG_TRUNC);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return;
        if (count <= 0) return close(connection);
        connection.moved += static_cast<std::uint64_t>(count);
        if (connection.moved > maxDrained) return close(connection);
    }
    later(connection);
}

} // namespace dalate::http
