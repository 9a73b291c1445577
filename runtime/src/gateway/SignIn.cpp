// SPDX-License-Identifier: Apache-2.0
#include "gateway/SignIn.h"

#include "base/Log.h"
#include "gateway/FormFields.h"
#include "gateway/RequestTarget.h"
#include "identity/Passwords.h"
#include "identity/Sessions.h"
#include "storage/Session.h"
#include "storage/Tx.h"

#include <openssl/crypto.h>

#include <algorithm>

namespace dalate::gateway {
namespace {

constexpr std::size_t mostLogin = 64;

std::string field(const host::Fields& form, std::string_view name) {
    const std::string* value = firstOf(form, name);
    return value != nullptr ? *value : std::string();
}

bool isLoopback(std::string_view address) noexcept {
    return address.starts_with("127.") || address == "::1";
}

identity::Principal principalOf(const identity::Account& account) {
    identity::Principal person;
    person.kind = identity::Principal::Kind::person;
    person.user = account.id;
    person.name = account.name;
    person.organisation = account.organisation;
    person.roles = account.roles;
    return person;
}

void logSignIn(std::string_view id, std::int64_t account, const Visitor& who) {
    log::info(id, Value::map([&](MapWriter& m) { m.set("account", account).set("address", who.clientIp); }));
}

} // namespace

/// One try, on its way from the worker to the hash thread.
struct SignIn::Attempt {
    Visitor who;
    std::optional<identity::Account> account;
    std::string login;
    std::string typed;
    std::string back;
    std::string password;
    std::shared_ptr<http::Ticket> ticket;

    ~Attempt() { OPENSSL_cleanse(password.data(), password.size()); }
};

SignIn::SignIn(const GatewayConfig& config, const GatewayParts& parts, const Pages& pages,
               const Refusals& refusals)
    : config_(config), parts_(parts), pages_(pages), refusals_(refusals) {
    // Made now and not by the first unknown user, whose try would take twice as long.
    if (!hashing_.submit([] { (void)identity::Passwords::decoy(); })) throw Error(500, "core.password.hash");
}

void SignIn::addTo(CorePages& pages) {
    pages.add({"GET", "/sign-in", {}, [this](Visit& visit) { form(visit); }});
    pages.add({"POST", "/sign-in", {}, [this](Visit& visit) { post(visit); }});
    pages.add({"POST", "/sign-out", {}, [this](Visit& visit) { signOut(visit); }});
    if (config_.demo) pages.add({"POST", "/demo/sign-in", {}, [this](Visit& visit) { demoSignIn(visit); }});
}

void SignIn::sendForm(http::Response& response, const Visitor& who, std::string_view back,
                      std::string_view user, std::string_view error) const {
    const Value model = Value::map([&](MapWriter& m) {
        m.set("back", back).set("user", user);
        if (error.empty()) return;
        m.set("error", error);
        m.list("problems", [&](ListWriter& list) {
            list.map([&](MapWriter& problem) { problem.set("text", error).set("href", "#user"); });
        });
    });
    PageOrder order;
    order.name = "pages/sign-in";
    order.model = model;
    order.holdsForm = true;
    if (!error.empty()) {
        order.status = 422;
        order.title = pages_.text(who, "core.form.error_prefix") + pages_.text(who, "core.sign_in.title");
    }
    pages_.send(response, who, order);
}

void SignIn::form(Visit& visit) const {
    const std::string back = localPathOr(field(visit.query, "back"));
    if (visit.who.principal.isPerson())
        redirect(visit.response, back);
    else
        sendForm(visit.response, visit.who, back, {}, {});
}

void SignIn::post(Visit& visit) {
    auto attempt = std::make_shared<Attempt>();
    attempt->who = visit.who;
    attempt->typed = field(visit.form, "user").substr(0, mostLogin + 1);
    attempt->login = identity::Accounts::normalise(attempt->typed);
    attempt->back = localPathOr(field(visit.form, "back"));
    attempt->password = field(visit.form, "password");
    attempt->who.place = "/sign-in?back=" + encodePercent(attempt->back);

    const Micros wait = throttle_.wait(attempt->login, visit.who.clientIp, now());
    if (wait > 0) {
        refusals_.refuseFor(visit.response, visit.who, Error(429, "core.sign_in.wait"), wait);
        return;
    }
    if (attempt->login.size() <= mostLogin) {
        auto lease = parts_.pool.lease();
        storage::Tx tx(*lease, storage::Tx::Mode::read);
        attempt->account = identity::Accounts::findByLogin(tx, attempt->login);
    }
    visit.deferred = true;
    attempt->ticket = visit.response.defer();
    const auto ticket = attempt->ticket;
    const Visitor who = attempt->who;
    if (!hashing_.submit([this, attempt] { compare(*attempt); }))
        ticket->complete([&](http::Response& response) {
            refusals_.refuseFor(response, who, Error(429, "core.sign_in.crowded"), 2'000'000);
        });
}

void SignIn::compare(const Attempt& attempt) {
    const Visitor& who = attempt.who;
    const log::RequestScope scope(who.requestId);
    try {
        const std::string& hash =
            attempt.account ? attempt.account->passwordHash : identity::Passwords::decoy();
        const bool same = identity::Passwords::matches(attempt.password, hash);
        if (!same || !attempt.account || attempt.account->disabled) {
            throttle_.failed(attempt.login, who.clientIp, now());
            logSignIn("core.session.refused", attempt.account ? attempt.account->id : 0, who);
            attempt.ticket->complete([&](http::Response& response) {
                sendForm(response, who, attempt.back, attempt.typed, pages_.text(who, "core.sign_in.failed"));
            });
            return;
        }
        throttle_.succeeded(attempt.login, who.clientIp);
        const std::string newHash = identity::Passwords::isOutdated(hash)
                                        ? identity::Passwords::hash(attempt.password)
                                        : std::string();
        const std::string cookie = open(*attempt.account, who, newHash);
        logSignIn("core.session.opened", attempt.account->id, who);
        attempt.ticket->complete([&](http::Response& response) {
            setSecurityHeaders(response, who);
            response.add("Set-Cookie", cookie);
            redirect(response, attempt.back);
        });
    } catch (const Error& error) {
        attempt.ticket->complete([&](http::Response& response) { refusals_.refuse(response, who, error); });
    } catch (const std::exception&) {
        attempt.ticket->complete([&](http::Response& response) {
            refusals_.refuse(response, who, Error(500, "core.gateway.fault"));
        });
    }
}

std::string SignIn::open(const identity::Account& account, const Visitor& who,
                         const std::string& newHash) const {
    auto lease = parts_.pool.lease();
    storage::Tx tx(*lease, storage::Tx::Mode::write);
    if (!newHash.empty()) identity::Accounts::rehash(tx, account.id, newHash);
    const auto opened = identity::Sessions::open(tx, account.id, principalOf(account), now(), who.sessionId);
    tx.commit();
    return Cookies::setProtected(Cookies::session, opened.id, who.way);
}

void SignIn::signOut(Visit& visit) const {
    if (!visit.who.sessionId.empty()) {
        auto lease = parts_.pool.lease();
        storage::Tx tx(*lease, storage::Tx::Mode::write);
        identity::Sessions::end(tx, visit.who.sessionId);
        tx.commit();
    }
    Visitor nobody = visit.who;
    nobody.principal = {};
    nobody.sessionId.clear();
    nobody.formSecret.clear();
    nobody.staleSession = true;
    nobody.place = "/";
    PageOrder order;
    order.name = "pages/signed-out";
    const Value model = Value::map();
    order.model = model;
    pages_.send(visit.response, std::move(nobody), order);
}

void SignIn::demoSignIn(Visit& visit) const {
    const Visitor& who = visit.who;
    if (!isLoopback(who.clientIp)) throw Error(404, "core.request.unknown");
    const std::string role = field(visit.form, "account");
    if (std::find(config_.demoRoles.begin(), config_.demoRoles.end(), role) == config_.demoRoles.end())
        throw Error(404, "core.request.unknown");
    std::optional<identity::Account> account;
    {
        auto lease = parts_.pool.lease();
        storage::Tx tx(*lease, storage::Tx::Mode::read);
        account = identity::Accounts::firstWithRole(tx, role);
    }
    if (!account) throw Error(404, "core.request.unknown");
    const std::string cookie = open(*account, who, {});
    logSignIn("core.session.demo", account->id, who);
    setSecurityHeaders(visit.response, who);
    visit.response.add("Set-Cookie", cookie);
    redirect(visit.response, "/");
}

} // namespace dalate::gateway
