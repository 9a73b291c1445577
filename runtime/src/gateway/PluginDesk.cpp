// SPDX-License-Identifier: Apache-2.0
#include "gateway/PluginDesk.h"

#include "base/Log.h"
#include "gateway/PluginRoute.h"
#include "host/Place.h"
#include "plugin/HostPort.h"

namespace dalate::gateway {
namespace {

host::Place& placeOf(const plugin::Generation& generation) {
    return host::Place::of(generation.place().handle());
}

Keeping keepingFor(const Visitor& who) noexcept {
    if (who.principal.isPerson() || who.staleSession) return Keeping::never;
    return who.principal.isToken() ? Keeping::privately : Keeping::publicly;
}

} // namespace

Verdict PluginDesk::judge(const plugin::Match& match, const Visitor& who) const {
    const std::string& plugin = match.lease->id();
    return decideAccess(ruleOf(*match.route, plugin), who.principal, who.active.contains(plugin),
                        *parts_.permissions());
}

bool PluginDesk::withinRate(Visit& visit, const plugin::Match& match) {
    const plugin::Route& route = *match.route;
    if (!route.rate) return true;
    const Rate rate{static_cast<double>(route.rate->count), route.rate->window};
    const Micros wait =
        rates_.take(match.lease->id() + " " + route.name, visit.who.counted(), rate, steadyNow());
    if (wait == 0) return true;
    refusals_.refuseFor(visit.response, visit.who, Error(429, "core.request.rate"), wait);
    return false;
}

void PluginDesk::checkBody(const http::Request& request, const plugin::Route& route) {
    if (!route.takesBody() || request.bodySize() == 0) return;
    if (request.bodySize() > static_cast<std::uint64_t>(route.body.max)) throw Error(413, "core.body.size");
    const std::string_view type = request.header("Content-Type").value_or(std::string_view());
    for (const std::string& admitted : route.body.types)
        if (typeMatches(type, admitted)) return;
    throw Error(415, "core.body.type");
}

host::Reply PluginDesk::call(Visit& visit, const plugin::Match& match) const {
    const plugin::Route& route = *match.route;
    const http::Request& request = visit.request;
    host::CallRequest asked;
    asked.kind = host::CallKind::request;
    asked.method = request.method();
    asked.path = request.path();
    asked.params = match.params;
    asked.query = std::move(visit.query);
    asked.form = std::move(visit.form);
    asked.header = [&request](std::string_view name) { return request.header(name); };
    asked.body = request.bodyBytes();
    asked.uploads = &visit.uploads;
    asked.language = visit.who.language;
    asked.requestId = visit.who.requestId;
    asked.baseUrl = visit.who.origin;
    asked.principal = &visit.who.principal;
    asked.permission = route.permission;
    asked.deadline = steadyNow() + route.timeout;

    return parts_.host.answer(*match.lease, route, match.handler, asked);
}

void PluginDesk::serve(Visit& visit, const plugin::Match& match) {
    sendReply(visit, match, call(visit, match));
}

void PluginDesk::sendReply(Visit& visit, const plugin::Match& match, host::Reply reply) const {
    const auto& templates = placeOf(*match.lease).templates();
    const std::string_view tags = visit.request.header("If-None-Match").value_or(std::string_view());
    switch (reply.form) {
    case host::Reply::Form::failure:
        if (reply.status >= 500)
            log::error(reply.messageId, Value::map([&](MapWriter& m) {
                           m.set("plugin", match.lease->id()).set("route", match.route->name);
                       }));
        refusals_.refuse(visit.response, visit.who,
                         Error(reply.status, reply.messageId, std::move(reply.model)), templates.get());
        return;
    case host::Reply::Form::page: {
        for (const auto& [name, value] : reply.headers)
            visit.response.add(name, value);
        PageOrder order;
        order.name = reply.page;
        order.model = reply.model;
        order.status = reply.status;
        order.holdsForm = visit.who.principal.isAnonymous() && takesPublicForms(match.lease->manifest());
        pages_.send(visit.response, visit.who, order, tags, templates);
        return;
    }
    case host::Reply::Form::bytes:
        sendBytes(visit, std::move(reply));
        return;
    case host::Reply::Form::none:
    case host::Reply::Form::value:
        break;
    }
    throw Error(500, "core.plugin.no_reply");
}

void PluginDesk::sendBytes(Visit& visit, host::Reply reply) const {
    const Visitor& who = visit.who;
    http::Response& response = visit.response;
    for (const auto& [name, value] : reply.headers)
        response.add(name, value);
    const bool safe = who.method == "GET" || who.method == "HEAD";
    if (reply.status == 200 && safe) {
        sendKept(response, who, visit.request.header("If-None-Match").value_or(std::string_view()),
                 keepingFor(who), reply.contentType, std::move(reply.body), who.requestId);
        return;
    }
    setSecurityHeaders(response, who);
    response.set("Cache-Control", "no-store");
    response.status(reply.status);
    if (!reply.contentType.empty()) response.set("Content-Type", reply.contentType);
    if (!reply.body.empty()) response.body(std::move(reply.body));
}

} // namespace dalate::gateway
