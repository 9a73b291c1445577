// SPDX-License-Identifier: Apache-2.0
#include "http/Core.h"

#include "http/Connection.h"

#include <Poco/Net/HTTPResponse.h>

#include <unistd.h>

namespace dalate::http {

namespace {

std::string plainPage(int status) {
    const std::string reason =
        Poco::Net::HTTPResponse::getReasonForStatus(static_cast<Poco::Net::HTTPResponse::HTTPStatus>(status));
    const std::string title = std::to_string(status) + " " + reason;
    return "<!DOCTYPE html><html lang=\"en\"><meta charset=\"utf-8\"><title>" + title + "</title><h1>" +
           title + "</h1></html>\n";
}

} // namespace

Core::Core(FrontConfig configuration, Handler& answers)
    : config(std::move(configuration)), handler(answers),
      space(config.spoolDirectory, config.spoolQuota, metrics.spooled), proxies(config.trustedProxies),
      params(new Poco::Net::HTTPServerParams), queue(config.queue) {
    for (const int status :
         {400, 401, 403, 404, 405, 408, 411, 413, 414, 415, 417, 429, 431, 500, 501, 503, 505, 507})
        pages_.emplace_back(status, config.errorPage ? config.errorPage(status) : plainPage(status));
}

std::string Core::errorPage(int status) const {
    for (const auto& [known, page] : pages_)
        if (known == status) return page;
    return plainPage(status);
}

void Connection::shutDown() noexcept {
    if (fd < 0) return;
    if (exchange && exchange->stream) exchange->stream->close();
    exchange.reset();
    ::close(fd);
    fd = -1;
    metrics.open.fetch_sub(1, std::memory_order_relaxed);
}

} // namespace dalate::http
