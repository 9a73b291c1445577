// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>
#include <vector>

#include <dalate/request.hpp>

namespace dalate {

/// What a route answers: a page, bytes, JSON or a redirect. A value without ties to the request; the SDK
/// hands it to the host when the handler has returned it.
class Response {
public:
    /// A page of the plugin: `page("hello/guests", model)` renders templates/guests.mustache with a map.
    static Response page(std::string_view name, Value model, int status = 200) {
        return Response(Kind::page, status, std::string(name), {}, std::move(model));
    }
    /// 303 to an address below this host; what follows an accepted form.
    static Response redirect(std::string_view location) {
        Response r(Kind::bytes, 303, "text/plain; charset=utf-8", {}, {});
        return std::move(r).header("Location", location);
    }
    static Response json(Value value, int status = 200, std::string_view contentType = "application/json") {
        return Response(Kind::json, status, std::string(contentType), {}, std::move(value));
    }
    static Response bytes(std::string_view contentType, std::string body, int status = 200) {
        return Response(Kind::bytes, status, std::string(contentType), std::move(body), {});
    }
    static Response text(std::string body, int status = 200) {
        return bytes("text/plain; charset=utf-8", std::move(body), status);
    }
    /// A status and nothing else, e.g. 202 or 204.
    static Response empty(int status) { return Response(Kind::bytes, status, {}, {}, {}); }

    /// Adds a header. CR, LF and NUL in it are refused by the host with 400.
    Response header(std::string_view name, std::string_view value) && {
        headers_.emplace_back(name, value);
        return std::move(*this);
    }
    Response& header(std::string_view name, std::string_view value) & {
        headers_.emplace_back(name, value);
        return *this;
    }
    int status() const noexcept { return status_; }

    /// Hands the answer to the host. Called by the SDK.
    void send(Request& request) const {
        const dalate_host_v1& host = request.host().table();
        dalate_call* call = request.handle();
        dalate_status status = DALATE_OK;
        switch (kind_) {
        case Kind::page:
            status = host.render(call, status_, detail::str(name_), detail::raw(value_));
            break;
        case Kind::json:
            status = host.reply(call, status_, detail::str(name_), detail::str(request.jsonWrite(value_)));
            break;
        case Kind::bytes:
            status = host.reply(call, status_, detail::str(name_), detail::str(body_));
            break;
        }
        for (const auto& [name, value] : headers_)
            if (status == DALATE_OK) status = host.reply_header(call, detail::str(name), detail::str(value));
        if (status != DALATE_OK) throw detail::failure(host, call, status);
    }

private:
    enum class Kind { page, json, bytes };
    Response(Kind kind, int status, std::string name, std::string body, Value value)
        : kind_(kind), status_(status), name_(std::move(name)), body_(std::move(body)),
          value_(std::move(value)) {}

    Kind kind_;
    int status_;
    std::string name_; // template of a page, content type of everything else
    std::string body_;
    Value value_;
    std::vector<std::pair<std::string, std::string>> headers_;
};

} // namespace dalate
