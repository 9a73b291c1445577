// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

namespace dalate::http {

struct Connection;
struct Core;
struct Work;

/// What a worker thread does. Stateless.
class Worker {
public:
    /// Serves whole requests until the queue is closed. Runs as a thread.
    static void run(const std::shared_ptr<Core>& core);

    /// Puts the answer into bytes, writes what the socket takes at once and gives the connection back.
    static void finish(std::unique_ptr<Work> work);

private:
    static void serve(const std::shared_ptr<Core>& core, Connection& connection);
    static void giveBack(Core& core, Connection* connection);
};

} // namespace dalate::http
