// SPDX-License-Identifier: Apache-2.0
#include "app/OperatorDoor.h"

#include "http/Message.h"

namespace dalate::app {

void OperatorDoor::handle(http::Request& request, http::Response& response) {
    response.set("Content-Type", "text/plain; charset=utf-8");
    response.set("Cache-Control", "no-store");
    if (request.method() != "GET" && request.method() != "HEAD") {
        response.status(405);
        response.set("Allow", "GET, HEAD");
    } else if (request.path() == "/metrics") {
        response.set("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
        response.body(gateway_.metrics(portal_ ? &portal_->metrics() : nullptr, lifecycle_.status()));
    } else if (request.path() == "/healthz") {
        response.body("ok\n");
    } else {
        response.status(404);
    }
}

} // namespace dalate::app
