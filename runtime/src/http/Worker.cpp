// SPDX-License-Identifier: Apache-2.0
#include "http/Worker.h"

#include "http/Answer.h"
#include "http/Work.h"

#include <pthread.h>

#include <exception>

namespace dalate::http {

namespace {

/// A worker writes this much of an answer itself; the loop sends the rest.
constexpr std::uint64_t firstWrite = 1 << 20;

/// Tells the owner of the front what was thrown; called inside a catch.
void reportFault(const Core& core, const Request& request) noexcept {
    if (!core.config.onFault) return;
    try {
        core.config.onFault(std::current_exception(), request);
    } catch (...) {
        // The report of a fault must not become one; the client still gets its 500.
        return;
    }
}

} // namespace

void Worker::run(const std::shared_ptr<Core>& core) {
    ::pthread_setname_np(::pthread_self(), "http-worker");
    core->handler.threadStart();
    while (Connection* connection = core->queue.pop()) {
        core->metrics.queued.fetch_sub(1, std::memory_order_relaxed);
        serve(core, *connection);
    }
    core->handler.threadStop();
}

void Worker::serve(const std::shared_ptr<Core>& core, Connection& connection) {
    auto work = std::make_unique<Work>(*core, connection);
    core->metrics.working.fetch_add(1, std::memory_order_relaxed);
    bool failed = false;
    try {
        core->handler.handle(work->request, work->response);
    } catch (...) {
        reportFault(*core, work->request);
        failed = true;
    }
    core->metrics.working.fetch_sub(1, std::memory_order_relaxed);
    if (const std::shared_ptr<Ticket> ticket = std::move(work->response.ticket_)) {
        // Even if the handler threw after deferring: whoever holds the ticket may be writing to the response.
        ticket->handlerReturned(core, std::move(work));
        return;
    }
    if (failed) work->response.fail();
    finish(std::move(work));
}

void Worker::finish(std::unique_ptr<Work> work) {
    Core& core = work->core;
    Connection& connection = *work->connection;
    Exchange& exchange = *connection.exchange;
    const RequestHead& head = exchange.parser.head();
    const bool headOnly = head.method() == "HEAD";
    const bool close = !head.keepAlive() || core.stopping.load(std::memory_order_relaxed);
    const auto refuse = [&] {
        core.metrics.countRefusal(500);
        exchange.out = Answer::refusal(500, core.errorPage(500), headOnly, true);
    };
    std::shared_ptr<Stream> stream;
    if (work->response.failed_) {
        refuse();
    } else {
        try {
            exchange.out = Answer::compose(work->response, head, close);
            stream = std::move(work->response.stream_);
        } catch (...) {
            reportFault(core, work->request);
            refuse();
        }
    }
    // Request and response look into the connection, which is somebody else's in a moment.
    work.reset();

    const Outgoing::Result result = exchange.out.write(connection.fd, firstWrite);
    core.metrics.bytesOut.fetch_add(exchange.out.total, std::memory_order_relaxed);
    connection.since = std::chrono::steady_clock::now();
    connection.phase = Connection::Phase::writing;
    if (stream && headOnly) stream->close();
    if (stream && !headOnly) {
        exchange.stream = std::move(stream);
        connection.phase = Connection::Phase::streaming;
    } else if (result == Outgoing::Result::all && !exchange.out.close && exchange.leftover.empty() &&
               !connection.moreToRead && !connection.peerShut) {
        connection.exchange.reset();
        connection.phase = Connection::Phase::parked;
        std::uint8_t expected = Connection::worker;
        if (connection.owner.compare_exchange_strong(expected, Connection::loop, std::memory_order_acq_rel))
            return;
    }
    giveBack(core, &connection);
}

void Worker::giveBack(Core& core, Connection* connection) {
    if (!core.inbox.push(connection)) delete connection;
}

} // namespace dalate::http
