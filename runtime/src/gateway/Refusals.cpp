// SPDX-License-Identifier: Apache-2.0
#include "gateway/Refusals.h"

#include "base/Json.h"
#include "gateway/FormFields.h"

#include <Poco/Net/HTTPResponse.h>

#include <algorithm>

namespace dalate::gateway {
namespace {

Micros seconds(Micros wait) noexcept {
    return std::max<Micros>(1, (wait + 999'999) / 1'000'000);
}

/// The page for a status: its own, or that of its family.
std::string pageFor(const portal::TemplateStore& store, const Visitor& who, int status) {
    const std::string own = "errors/" + std::to_string(status);
    if (store.find(own, who.language) != nullptr) return own;
    return status >= 500 ? "errors/500" : "errors/400";
}

} // namespace

void Refusals::refuse(http::Response& response, const Visitor& who, const Error& error,
                      const portal::TemplateStore* texts) const {
    answer(response, who, error, texts, error.status() == 503 ? 1'000'000 : 0);
}

void Refusals::refuseFor(http::Response& response, const Visitor& who, const Error& error,
                         Micros wait) const {
    answer(response, who, error, nullptr, wait);
}

void Refusals::signInFirst(http::Response& response, const Visitor& who) const {
    if (who.wantsProblem()) {
        refuse(response, who, Error(401, "core.request.sign_in"));
        return;
    }
    response.reset();
    setSecurityHeaders(response, who);
    if (who.staleSession) response.add("Set-Cookie", Cookies::clearProtected(Cookies::session, who.way));
    redirect(response, "/sign-in?back=" + encodePercent(who.place));
}

void Refusals::answer(http::Response& response, const Visitor& who, const Error& error,
                      const portal::TemplateStore* texts, Micros wait) const {
    const auto current = parts_.templates();
    const portal::Translator& from = (texts != nullptr ? *texts : *current).texts();
    // Only a text that somebody wrote is shown; the id of a fault inside says nothing to a person.
    const std::string detail = error.status() < 500 && from.find(who.language, error.id()) != nullptr
                                   ? from.tr(who.language, error.id(), error.details())
                                   : std::string();
    response.reset();
    if (wait > 0) response.set("Retry-After", std::to_string(seconds(wait)));
    if (error.status() == 401) response.set("WWW-Authenticate", "Bearer realm=\"dalate\"");
    if (who.wantsProblem())
        problem(response, who, error, detail);
    else
        page(response, who, error, detail, wait);
}

void Refusals::problem(http::Response& response, const Visitor& who, const Error& error,
                       const std::string& detail) const {
    const Value document = Value::map([&](MapWriter& m) {
        m.set("type", "about:blank");
        m.set("title", Poco::Net::HTTPResponse::getReasonForStatus(
                           static_cast<Poco::Net::HTTPResponse::HTTPStatus>(error.status())));
        m.set("status", error.status());
        if (!detail.empty()) m.set("detail", detail);
        m.set("instance", "urn:dalate:request:" + who.requestId);
        m.set("code", error.id());
        if (error.status() < 500 && !error.details().isNull()) m.set("values", error.details());
    });
    setSecurityHeaders(response, who);
    response.set("Cache-Control", "no-store");
    response.status(error.status());
    response.set("Content-Type", "application/problem+json");
    response.body(json::write(document));
}

void Refusals::page(http::Response& response, const Visitor& who, const Error& error,
                    const std::string& detail, Micros wait) const {
    const Value model = Value::map([&](MapWriter& m) {
        m.set("incident", who.requestId);
        if (!detail.empty()) m.set("detail", detail);
        if (wait > 0) m.map("retry", [&](MapWriter& retry) { retry.set("seconds", seconds(wait)); });
    });
    PageOrder order;
    const std::string name = pageFor(*parts_.templates(), who, error.status());
    order.name = name;
    order.model = model;
    order.status = error.status();
    pages_.send(response, who, order);
}

} // namespace dalate::gateway
