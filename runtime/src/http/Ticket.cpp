// SPDX-License-Identifier: Apache-2.0
#include "http/Ticket.h"

#include "http/Work.h"
#include "http/Worker.h"

namespace dalate::http {

Ticket::Ticket(Response& response) : response_(response) {}

Ticket::~Ticket() {
    if (!work_) return;
    work_->response.fail();
    Worker::finish(std::move(work_));
}

bool Ticket::complete(const std::function<void(Response&)>& fill) {
    if (completed_.exchange(true)) return false;
    try {
        fill(response_);
    } catch (...) {
        response_.fail();
    }
    arrive();
    return true;
}

bool Ticket::complete(int status, const std::string& contentType, std::string body) {
    return complete([&](Response& response) {
        response.status(status);
        response.set("Content-Type", contentType);
        response.body(std::move(body));
    });
}

void Ticket::handlerReturned(std::shared_ptr<Core> core, std::unique_ptr<Work> work) {
    core_ = std::move(core);
    work_ = std::move(work);
    arrive();
}

void Ticket::arrive() {
    if (arrivals_.fetch_add(1, std::memory_order_acq_rel) == 1) Worker::finish(std::move(work_));
}

} // namespace dalate::http
