// SPDX-License-Identifier: Apache-2.0
// A ticket and the worker that issued it meet once: whoever comes second (the handler's return, or the
// completion) sends the answer. So a completion that overtakes the handler is harmless.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>

namespace dalate::http {

class Response;
struct Core;
struct Work;

/// An answer owed. Kept by whoever will know it, for instance until a shared commit is durable. If the last
/// owner drops the ticket without completing it, the client gets a 500.
class Ticket {
public:
    explicit Ticket(Response& response);
    ~Ticket();
    Ticket(const Ticket&) = delete;
    Ticket& operator=(const Ticket&) = delete;

    /// Completes the answer: `fill` gets the response as the handler left it (the fields it had set are kept)
    /// and runs on the calling thread. Any thread, once: later calls do nothing and return false. What `fill`
    /// throws becomes a 500. Harmless after the connection or the front has gone.
    bool complete(const std::function<void(Response&)>& fill);
    bool complete(int status, const std::string& contentType, std::string body);

private:
    friend class Worker;
    friend class Response;
    /// Called by the worker when the handler has returned; takes the request over.
    void handlerReturned(std::shared_ptr<Core> core, std::unique_ptr<Work> work);
    void arrive();

    Response& response_;
    std::unique_ptr<Work> work_;
    /// Keeps what the answer needs when the front itself has gone.
    std::shared_ptr<Core> core_;
    std::atomic<int> arrivals_{0};
    std::atomic<bool> completed_{false};
};

} // namespace dalate::http
