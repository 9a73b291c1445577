// SPDX-License-Identifier: Apache-2.0
#include "host/Call.h"

#include "base/Json.h"
#include "base/Log.h"

#include <algorithm>

namespace dalate::host {

namespace {

Call*& top() noexcept {
    thread_local Call* call = nullptr;
    return call;
}

const identity::Principal nobody;

using Kind = storage::Scope::Kind;

Kind kindOf(std::string_view scope) noexcept {
    if (scope == "self") return Kind::self;
    if (scope == "organisation") return Kind::organisation;
    if (scope == "county") return Kind::county;
    return Kind::none;
}

/// A scope that names nobody must see nothing, not the rows of user 0.
storage::Scope scopeFor(Kind kind, const identity::Principal& principal) noexcept {
    if (kind == Kind::self && principal.user == 0) kind = Kind::none;
    if (kind == Kind::organisation && principal.organisation == 0) kind = Kind::none;
    return {kind, principal.user, principal.organisation};
}

/// The widest scope of the plugin's permissions that the principal holds.
Kind widestHeld(const Place& place, const identity::Principal& principal) {
    Kind widest = Kind::none;
    for (const identity::Permission& permission : place.permissions())
        if (place.holds(principal, permission.id))
            widest = std::max(widest, kindOf(permission.scope));
    return widest;
}

storage::Scope scopeOf(const Place& place, const CallRequest& request, const identity::Principal& principal) {
    switch (request.kind) {
    case CallKind::job:
    case CallKind::event:
    case CallKind::start:
    case CallKind::guard:
    case CallKind::effect:
        return {Kind::county, principal.user, principal.organisation};
    case CallKind::service:
        return scopeFor(widestHeld(place, principal), principal);
    case CallKind::request:
        break;
    }
    // A route that only asks for a session shows a person what is the person's own.
    if (request.permission.empty()) return scopeFor(Kind::self, principal);
    const identity::Permission* permission = place.permission(request.permission);
    return scopeFor(permission ? kindOf(permission->scope) : Kind::none, principal);
}

Value fieldsValue(const Fields& fields) {
    return Value::map([&](MapWriter& m) {
        for (const auto& [name, values] : fields)
            m.list(name, [&list = values](ListWriter& l) {
                for (const std::string& value : list)
                    l.add(value);
            });
    });
}

bool isMessageId(std::string_view id) noexcept {
    return !id.empty() && id.size() <= 128 && std::all_of(id.begin(), id.end(), [](unsigned char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
               c == '_' || c == '-';
    });
}

Reply failureReply(int status, std::string_view messageId, ValueView details) {
    Reply reply;
    reply.form = Reply::Form::failure;
    reply.status = status;
    reply.messageId = messageId;
    reply.model = details.isNull() ? Value() : Value(details);
    return reply;
}

} // namespace

Call::Call(Place& place, const CallRequest& request) : Call(place, request, nullptr, nullptr, nullptr) {}

Call::Call(Place& place, const CallRequest& request, storage::Tx& joined)
    : Call(place, request, &joined, nullptr, nullptr) {}

Call::Call(Place& place, const CallRequest& request, storage::Tx& joined, services::AfterCommit& after)
    : Call(place, request, &joined, &after, nullptr) {}

Call::Call(Place& place, const CallRequest& request, const services::jobs::RunningJob& job)
    : Call(place, request, nullptr, nullptr, &job) {}

Call::Call(Place& place, const CallRequest& request, storage::Tx* joined, services::AfterCommit* after,
           const services::jobs::RunningJob* job)
    : place_(place), request_(request), joined_(joined), outerAfter_(after), job_(job), below_(top()),
      depth_(below_ ? below_->depth_ + 1 : 0),
      readsOnly_(request.kind == CallKind::guard || (joined && below_ && below_->readsOnly_)),
      hops_(std::max(request.hops, below_ ? below_->hops_ : 0)), arena_(Arena::ofThread()),
      mark_(arena_.mark()), scope_(scopeOf(place, request, principal())) {
    top() = this;
}

Call::~Call() {
    rollback();
    arena_.release(mark_);
    top() = below_;
}

Call* Call::checked(const dalate_call* handle) noexcept {
    Call* call = top();
    return call && static_cast<const dalate_call*>(call) == handle ? call : nullptr;
}

Call* Call::current() noexcept {
    return top();
}

const identity::Principal& Call::principal() const noexcept {
    return request_.principal ? *request_.principal : nobody;
}

void Call::begin(storage::Tx::Mode mode) {
    if (readsOnly_ && mode == storage::Tx::Mode::write) throw Error(400, "core.host.tx_read_only");
    const storage::PluginAccess access{&place_.rules(), scope_};
    if (joined_)
        tx_.emplace(*joined_, mode, access);
    else
        tx_.emplace(place_.surroundings().pool, mode, access);
}

void Call::commit() {
    struct Ended {
        Call& call;
        ~Ended() { call.tx_.reset(); }
    };
    {
        const Ended ended{*this};
        try {
            tx_->commit();
        } catch (...) {
            afterCommit_.clear();
            throw;
        }
    }
    if (joined_) return;
    for (const auto& act : std::exchange(afterCommit_, {}))
        act();
}

void Call::rollback() noexcept {
    if (tx_ && tx_->writes()) gaveUpWrites_ = true;
    tx_.reset();
    if (!joined_) afterCommit_.clear();
}

dalate_status Call::fail(Origin origin, int status, std::string_view messageId, ValueView details) noexcept {
    if (status < 400 || status > 599) status = 500;
    try {
        failure_ = failureReply(status, isMessageId(messageId) ? messageId : "core.plugin.failed", details);
    } catch (...) {
        // Out of memory: the status alone must do, and a failure before this one must not be shown for it.
        failure_.reset();
    }
    failureOrigin_ = origin;
    return status;
}

Reply Call::conclude(dalate_status returned) {
    if (tx_) {
        log::warning(
            "core.host.tx_left_open", Value::map([&](MapWriter& m) {
                m.set("plugin", place_.plugin()).set("subject", request_.subject).set("path", request_.path);
                m.set("write", tx_->writes());
            }));
        rollback();
    }
    const bool answers = failure_ && (failureOrigin_ == Origin::plugin || failure_->status == returned);
    if (returned != DALATE_OK)
        return failed(answers ? *failure_ : failureReply(500, "core.plugin.failed", {}));
    if (failure_ && failureOrigin_ == Origin::plugin) return failed(*failure_);
    // The case would have moved, or the event be delivered, without what the handler meant to write.
    if (gaveUpWrites_ && (request_.kind == CallKind::effect || request_.kind == CallKind::event))
        return failed(failureReply(500, "core.host.tx_left_open", {}));
    if (reply_.form == Reply::Form::none && request_.kind == CallKind::request)
        return failed(failureReply(500, "core.plugin.no_reply", {}));
    return std::move(reply_);
}

/// Fields of the answer that was given up (a Location, say) must not go out with a failure.
Reply Call::failed(Reply failure) const {
    for (const auto& header : reply_.headers)
        if (header.first == "Retry-After") failure.headers.push_back(header);
    return failure;
}

ValueView Call::keep(Value value) {
    return value.bytes().empty() ? ValueView() : ValueView(arena_.adopt(std::move(value)));
}

ValueView Call::query() {
    if (!query_) query_ = keep(fieldsValue(request_.query));
    return *query_;
}

ValueView Call::form() {
    if (!form_) form_ = keep(fieldsValue(request_.form));
    return *form_;
}

ValueView Call::uploads() {
    if (!uploads_)
        uploads_ = keep(Value::list([&](ListWriter& l) {
            if (!request_.uploads) return;
            for (const services::files::Upload& upload : *request_.uploads)
                l.map([&](MapWriter& m) {
                    m.set("field", upload.field).set("name", upload.name).set("type", upload.type);
                    m.set("size", static_cast<std::int64_t>(upload.size)).set("upload", upload.token);
                });
        }));
    return *uploads_;
}

ValueView Call::json() {
    if (!json_) json_ = keep(json::parse(request_.body).take());
    return *json_;
}

ValueView Call::principalValue() {
    if (!principal_) principal_ = keep(principal().toValue());
    return *principal_;
}

} // namespace dalate::host
