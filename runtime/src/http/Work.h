// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "http/Connection.h"
#include "http/Core.h"
#include "http/Message.h"

namespace dalate::http {

/// One request in a worker's (or a ticket's) hands.
struct Work {
    Work(Core& owner, Connection& its)
        : core(owner), connection(&its), response(owner.space), request(its, owner, response) {}

    Core& core;
    Connection* connection;
    Response response;
    Request request;
};

} // namespace dalate::http
