// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "http/BodySpool.h"

#include <memory>
#include <mutex>
#include <vector>

namespace dalate::http {

struct Connection;
class Stream;

/// What other threads hand to the loop. One eventfd write wakes it, however many items follow before it
/// looks.
class Inbox {
public:
    Inbox();

    int descriptor() const noexcept { return wake_.get(); }
    /// False when the loop has gone: the connection is then the caller's to destroy.
    bool push(Connection* connection);
    void push(std::shared_ptr<Stream> stream);
    void wake();
    /// Everything since the last call. `streams` and `connections` are replaced.
    void take(std::vector<Connection*>& connections, std::vector<std::shared_ptr<Stream>>& streams);
    /// Refuses everything from now on; returns the connections that nobody took.
    std::vector<Connection*> close();

private:
    void wakeLocked();

    std::mutex mutex_;
    std::vector<Connection*> connections_;
    std::vector<std::shared_ptr<Stream>> streams_;
    Descriptor wake_;
    bool woken_ = false;
    bool closed_ = false;
};

} // namespace dalate::http
