// SPDX-License-Identifier: Apache-2.0
#include "gateway/Doorman.h"

#include "base/Sha256.h"
#include "identity/Sessions.h"
#include "identity/Tokens.h"
#include "services/notices/Inbox.h"
#include "storage/Session.h"
#include "storage/Tx.h"

#include <optional>

namespace dalate::gateway {
namespace {

constexpr Micros believedFor = 60'000'000;
constexpr std::size_t mostRemembered = 10'000;

/// The text of a bearer token; nothing when the request does not come with one.
std::optional<std::string_view> bearerOf(const http::RequestHead& head) noexcept {
    constexpr std::string_view scheme = "Bearer";
    const auto field = head.header("Authorization");
    if (!field || field->size() < scheme.size() ||
        !http::equalsIgnoringCase(field->substr(0, scheme.size()), scheme))
        return std::nullopt;
    std::string_view token = field->substr(scheme.size());
    if (!token.empty() && token.front() != ' ') return std::nullopt;
    while (!token.empty() && token.front() == ' ')
        token.remove_prefix(1);
    return token;
}

std::string_view cookie(const http::RequestHead& head, std::string_view name, CookieWay way) {
    return Cookies::value(head.header("Cookie").value_or(std::string_view()),
                          Cookies::protectedName(name, way));
}

bool isSecret(std::string_view text) noexcept {
    return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

} // namespace

void Doorman::recognise(const http::RequestHead& head, Visitor& who) {
    const Micros time = now();
    const auto token = bearerOf(head);
    who.bearer = token.has_value();
    const std::string_view sessionId =
        who.bearer ? std::string_view() : cookie(head, Cookies::session, who.way);

    auto lease = pool_.lease();
    storage::Tx tx(*lease, storage::Tx::Mode::read);
    if (who.bearer) {
        if (auto found = identity::Tokens::find(tx, *token, time)) {
            if (time - found->usedAt >= identity::Sessions::touchEvery)
                uses_.noteToken(found->principal.token, time);
            who.principal = std::move(found->principal);
        }
    } else if (!sessionId.empty()) {
        if (auto session = identity::Sessions::find(tx, sessionId, time)) {
            if (time - session->usedAt >= identity::Sessions::touchEvery)
                uses_.noteSession(session->key, time);
            who.principal = std::move(session->principal);
            who.formSecret = std::move(session->csrfSecret);
            who.sessionId = sessionId;
        } else {
            who.staleSession = true;
        }
    }
    if (!who.bearer && who.principal.isAnonymous())
        if (const std::string_view secret = cookie(head, Cookies::form, who.way); isSecret(secret))
            who.formSecret = secret;
    who.active = identity::Activations::activeFor(tx, who.principal);
    if (who.principal.isPerson()) who.unread = services::notices::Inbox::unread(tx, who.principal.user);
}

Doorman::Known Doorman::known(const http::RequestHead& head) noexcept {
    try {
        const auto token = bearerOf(head);
        std::string_view session;
        if (!token) {
            session = cookie(head, Cookies::session, CookieWay::tls);
            if (session.empty()) session = cookie(head, Cookies::session, CookieWay::loopback);
            if (session.empty()) return Known::nobody;
        }
        const std::string key = sha256Hex(token ? *token : session);
        const Micros time = steadyNow();
        {
            const std::lock_guard lock(mutex_);
            const auto found = remembered_.find(key);
            if (found != remembered_.end() && found->second > time) return Known::somebody;
        }
        const Known answer = lookUp(session, token.value_or(std::string_view()));
        if (answer == Known::somebody) {
            const std::lock_guard lock(mutex_);
            if (remembered_.size() >= mostRemembered) remembered_.clear();
            remembered_[key] = time + believedFor;
        }
        return answer;
    } catch (const std::exception&) {
        return Known::nobody;
    }
}

Doorman::Known Doorman::lookUp(std::string_view session, std::string_view token) {
    auto lease = pool_.lease(std::chrono::milliseconds(0));
    storage::Tx tx(*lease, storage::Tx::Mode::read);
    if (!session.empty())
        return identity::Sessions::find(tx, session, now()) ? Known::somebody : Known::nobody;
    return identity::Tokens::find(tx, token, now()) ? Known::somebody : Known::badToken;
}

} // namespace dalate::gateway
