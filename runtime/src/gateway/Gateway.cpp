// SPDX-License-Identifier: Apache-2.0
#include "gateway/Gateway.h"

#include "base/Log.h"
#include "gateway/CsrfGuard.h"
#include "gateway/FormFields.h"
#include "gateway/PluginRoute.h"
#include "gateway/RequestTarget.h"
#include "portal/Renderer.h"
#include "storage/Session.h"
#include "storage/Tx.h"

#include <fmt/format.h>

#include <algorithm>
#include <typeinfo>

namespace dalate::gateway {
namespace {

constexpr std::uint64_t unknownCallersBody = 64 * 1024;
constexpr std::string_view formType = "application/x-www-form-urlencoded";
constexpr std::string_view multipartType = "multipart/form-data";

Error unknownPage() {
    return Error(404, "core.request.unknown");
}

} // namespace

Gateway::Gateway(GatewayConfig config, GatewayParts parts)
    : config_(std::move(config)), parts_(std::move(parts)), pages_(config_, parts_),
      refusals_(config_, parts_, pages_), doorman_(parts_.pool), desk_(parts_, pages_, refusals_),
      standing_(config_, pages_), signIn_(config_, parts_, pages_, refusals_),
      downloads_(parts_, refusals_),
      housekeeper_(parts_.pool, doorman_.uses()) {
    standing_.addTo(corePages_);
    signIn_.addTo(corePages_);
    if (parts_.files) downloads_.addTo(corePages_);
}

Gateway::~Gateway() = default;

void Gateway::handle(http::Request& request, http::Response& response) {
    const Micros began = steadyNow();
    Visit visit{request, response, {}, {}, {}, {}, {}};
    int status = 0;
    try {
        readVisitor(request, visit.who);
        const log::RequestScope scope(visit.who.requestId);
        try {
            serve(visit);
        } catch (const Error& error) {
            if (error.status() >= 500) log::error(error.id(), error.details());
            refusals_.refuse(response, visit.who, error);
        } catch (const http::SpoolFull&) {
            refusals_.refuse(response, visit.who, Error(507, "core.http.spool_full"));
        } catch (const std::exception& e) {
            fault(visit, &e);
        } catch (...) {
            fault(visit, nullptr);
        }
    } catch (const Error& error) {
        refusals_.refuse(response, visit.who, error);
    }
    // A deferred answer is out of this thread's hands; it counts as taken.
    status = visit.deferred ? 202 : static_cast<int>(response.getStatus());
    counters_.count(visit.routeClass, status, steadyNow() - began);
}

void Gateway::fault(Visit& visit, const std::exception* e) const {
    // The text of a foreign exception may hold what a person typed; its type is enough to find the place.
    log::error("core.gateway.fault", Value::map([&](MapWriter& m) {
                   m.set("type", e != nullptr ? typeid(*e).name() : "unknown").set("class", visit.routeClass);
               }));
    refusals_.refuse(visit.response, visit.who, Error(500, "core.gateway.fault"));
}

void Gateway::serve(Visit& visit) {
    const std::string_view path = visit.request.path();
    if (!isPlainPath(path)) throw Error(400, "core.request.path");
    if (path.starts_with("/static/")) {
        serveStatic(visit);
        return;
    }
    if (serveHealth(visit)) return;

    auto core = corePages_.find(visit.request.method(), path);
    if (core.page != nullptr || core.beside != nullptr) {
        doorman_.recognise(visit.request.head(), visit.who);
        serveCore(visit, std::move(core));
        return;
    }
    const plugin::Match match = parts_.plugins.get()->routes().match(visit.request.method(), path);
    doorman_.recognise(visit.request.head(), visit.who);
    if (visit.who.bearer && visit.who.principal.isAnonymous()) throw Error(401, "core.request.token");
    switch (match.kind) {
    case plugin::Match::Kind::notFound:
        throw unknownPage();
    case plugin::Match::Kind::methodNotAllowed:
        // What is switched off does not say which methods it had.
        if (!visit.who.active.contains(match.lease->id())) throw unknownPage();
        visit.routeClass = match.lease->id();
        refuseMethod(visit, match.allow);
        return;
    case plugin::Match::Kind::found:
        break;
    }
    servePlugin(visit, match);
}

void Gateway::refuseMethod(Visit& visit, const std::string& allow) const {
    refusals_.refuse(visit.response, visit.who, Error(405, "core.request.method"));
    visit.response.set("Allow", allow);
}

void Gateway::serveStatic(Visit& visit) const {
    visit.routeClass = "static";
    http::Response& response = visit.response;
    if (!isSafeMethod(visit.request.method())) {
        refuseMethod(visit, "GET, HEAD");
        return;
    }
    const auto header = [&](std::string_view name) {
        return visit.request.header(name).value_or(std::string_view());
    };
    const auto templates = parts_.templates();
    const portal::StaticReply reply =
        templates->statics().answer(visit.request.path(), header("If-None-Match"), header("Accept-Encoding"));
    if (reply.status == 404) throw unknownPage();
    setSecurityHeaders(response, visit.who);
    response.status(reply.status);
    if (!reply.cacheControl.empty()) response.set("Cache-Control", std::string(reply.cacheControl));
    if (reply.status == 302) response.set("Location", reply.location);
    if (!reply.file) return;
    response.set("ETag", reply.file->etag);
    response.set("Vary", "Accept-Encoding");
    if (reply.status != 200) return;
    response.set("Content-Type", reply.file->type);
    if (reply.compressed) response.set("Content-Encoding", "gzip");
    response.body(reply.compressed ? reply.file->gzip : reply.file->bytes);
}

bool Gateway::serveHealth(Visit& visit) const {
    const std::string_view path = visit.request.path();
    const bool alive = path == "/healthz", ready = path == "/readyz";
    if (!alive && !ready) return false;
    if (!isSafeMethod(visit.request.method())) {
        refuseMethod(visit, "GET, HEAD");
        return true;
    }
    bool well = alive || !parts_.ready || parts_.ready();
    if (ready && well) {
        try {
            auto lease = parts_.pool.lease(std::chrono::milliseconds(500));
            storage::Tx tx(*lease, storage::Tx::Mode::read);
            well = tx.query("SELECT 1").next();
        } catch (const Error&) {
            well = false;
        }
    }
    setSecurityHeaders(visit.response, visit.who);
    visit.response.status(well ? 200 : 503);
    visit.response.set("Cache-Control", "no-store");
    visit.response.set("Content-Type", "text/plain; charset=utf-8");
    visit.response.body(well ? "ok\n" : "not ready\n");
    return true;
}

std::vector<MultipartForm::File> Gateway::readFields(Visit& visit) {
    visit.query = parseFields(visit.request.query()).take();
    const std::string_view type = visit.request.header("Content-Type").value_or(std::string_view());
    if (!isSafeMethod(visit.request.method()) && typeMatches(type, formType))
        visit.form = parseFields(visit.request.bodyBytes()).take();
    if (isSafeMethod(visit.request.method()) || !typeMatches(type, multipartType)) return {};
    MultipartForm form = parseMultipart(type, visit.request.bodyBytes()).take();
    visit.form = std::move(form.fields);
    return std::move(form.files);
}

void Gateway::takeFiles(Visit& visit, const std::vector<MultipartForm::File>& files) const {
    if (!files.empty() && !parts_.files) throw Error(415, "core.body.type");
    for (const MultipartForm::File& file : files)
        visit.uploads.push_back(parts_.files->take({file.field, file.name, file.declaredType, file.bytes}));
}

void Gateway::checkForgery(Visit& visit) {
    const http::Request& request = visit.request;
    if (isSafeMethod(request.method())) return;
    const std::string* field = firstOf(visit.form, "csrf");
    FormOrigin origin;
    origin.method = request.method();
    origin.secFetchSite = request.header("Sec-Fetch-Site");
    origin.origin = request.header("Origin");
    origin.ownOrigin = visit.who.origin;
    origin.secret = visit.who.formSecret;
    origin.token = field != nullptr ? std::string_view(*field)
                                    : request.header("X-CSRF-Token").value_or(std::string_view());
    if (!mayChange(origin)) throw Error(403, "core.request.forgery");
    std::erase_if(visit.form, [](const auto& named) { return named.first == "csrf"; });
}

void Gateway::serveCore(Visit& visit, CorePages::Found found) {
    const CorePage& page = found.page != nullptr ? *found.page : *found.beside;
    const Visitor& who = visit.who;
    if (who.bearer) throw who.principal.isAnonymous() ? Error(401, "core.request.token") : unknownPage();
    if (!page.role.empty()) {
        if (who.principal.isAnonymous()) {
            refusals_.signInFirst(visit.response, who);
            return;
        }
        if (page.role != CorePage::anybodySignedIn && !who.principal.hasRole(page.role)) throw unknownPage();
    }
    if (found.page == nullptr) {
        refuseMethod(visit, found.allow);
        return;
    }
    if (!withinRate(visit)) return;
    auto files = readFields(visit);
    checkForgery(visit);
    visit.params = std::move(found.params);
    if (!files.empty() && !page.takesFiles) throw Error(415, "core.body.type");
    if (!files.empty() && page.fileFields) {
        const auto wanted = page.fileFields(visit);
        std::erase_if(files, [&](const MultipartForm::File& file) {
            return std::find(wanted.begin(), wanted.end(), file.field) == wanted.end();
        });
    }
    takeFiles(visit, files);
    page.answer(visit);
}

bool Gateway::withinRate(Visit& visit) {
    if (isSafeMethod(visit.request.method())) return true;
    const Visitor& who = visit.who;
    const Rate& rate = who.principal.isAnonymous() ? config_.addressPosts : config_.personPosts;
    const Micros wait = posts_.take("core", who.counted(), rate, steadyNow());
    if (wait == 0) return true;
    refusals_.refuseFor(visit.response, who, Error(429, "core.request.rate"), wait);
    return false;
}

void Gateway::servePlugin(Visit& visit, const plugin::Match& match) {
    switch (desk_.judge(match, visit.who)) {
    case Verdict::hidden:
        throw unknownPage();
    case Verdict::signIn:
        if (!match.route->token.empty() && visit.who.taste == Taste::unsaid) visit.who.taste = Taste::json;
        refusals_.signInFirst(visit.response, visit.who);
        return;
    case Verdict::pass:
        break;
    }
    visit.routeClass = match.lease->id();
    // Whoever asks a machine's route without saying what to read is a machine.
    if (!match.route->token.empty() && visit.who.taste == Taste::unsaid) visit.who.taste = Taste::json;
    PluginDesk::checkBody(visit.request, *match.route);
    const auto files = readFields(visit);
    checkQuery(visit.query, match.route->query);
    if (!visit.who.bearer) checkForgery(visit);
    if (!desk_.withinRate(visit, match)) return;
    takeFiles(visit, files);
    desk_.serve(visit, match);
}

http::Admission Gateway::admit(const http::RequestHead& head) noexcept {
    try {
        std::uint64_t most = unknownCallersBody;
        if (const auto core = corePages_.find(head.method(), head.path()); core.page != nullptr) {
            most = core.page->maxBody;
        } else {
            const plugin::Match match = parts_.plugins.get()->routes().match(head.method(), head.path());
            if (match.kind == plugin::Match::Kind::found && match.route->takesBody())
                most = static_cast<std::uint64_t>(match.route->body.max);
        }
        const bool large =
            head.framing() == http::Framing::chunked || head.contentLength() > unknownCallersBody;
        if (!large || most <= unknownCallersBody)
            return http::Admission::upTo(std::min(most, unknownCallersBody));
        switch (doorman_.known(head)) {
        case Doorman::Known::somebody:
            return http::Admission::upTo(most);
        case Doorman::Known::badToken:
            return http::Admission::refuse(401);
        case Doorman::Known::nobody:
            break;
        }
        return http::Admission::upTo(std::min(most, unknownCallersBody));
    } catch (const std::exception&) {
        return http::Admission::upTo(unknownCallersBody);
    }
}

std::string Gateway::frontPage(int status) const {
    const auto templates = parts_.templates();
    const std::string own = "errors/" + std::to_string(status);
    const std::string name = templates->find(own, "zh-CN") != nullptr ? own
                             : status >= 500                          ? "errors/500"
                                                                      : "errors/400";
    portal::PageContext page;
    page.phone = config_.phone;
    page.organiser = config_.organiser;
    page.demo = config_.demo;
    const Value model = Value::map([](MapWriter& m) { m.set("incident", "-"); });
    return portal::Renderer(templates).page(name, model, page);
}

std::string Gateway::metrics(const http::Metrics* front,
                             const std::vector<plugin::PluginStatus>& plugins) const {
    std::string out = counters_.prometheus(front);
    out += "# TYPE dalate_plugin_active gauge\n";
    for (const plugin::PluginStatus& status : plugins)
        fmt::format_to(std::back_inserter(out),
                       "dalate_plugin_active{{plugin=\"{}\",version=\"{}\",state=\"{}\"}} {}\n", status.id,
                       status.activeVersion, plugin::name(status.state),
                       status.activeVersion.empty() ? 0 : 1);
    const storage::PoolCounters pool = parts_.pool.counters();
    const auto one = [&out](std::string_view name, std::string_view type, std::uint64_t value) {
        fmt::format_to(std::back_inserter(out), "# TYPE dalate_db_{0} {1}\ndalate_db_{0} {2}\n", name, type,
                       value);
    };
    one("leases_total", "counter", pool.leases);
    one("lease_timeouts_total", "counter", pool.leaseTimeouts);
    one("writer_timeouts_total", "counter", pool.writerTimeouts);
    one("commits_total", "counter", pool.commits);
    one("rollbacks_total", "counter", pool.rollbacks);
    one("statements_run_total", "counter", pool.statementsRun);
    one("statements_prepared_total", "counter", pool.statementsPrepared);
    one("sessions_open", "gauge", pool.sessionsOpen);
    return out;
}

} // namespace dalate::gateway
