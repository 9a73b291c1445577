// SPDX-License-Identifier: Apache-2.0
// A call is the host's record of one invoke. A thread's calls form a stack (a service call stands above the
// call that asked for it) and only the topmost may be used: a plugin's pointer is compared with it before it
// is followed, so a call, transaction or row set that is kept too long or carried to another thread is
// refused, not touched. Transactions and rows are not given out as addresses at all but as numbers that are
// looked up in the call.
#pragma once

#include "host/Arena.h"
#include "host/CallRequest.h"
#include "host/CallTx.h"
#include "host/Place.h"
#include "host/Reply.h"
#include "services/Registry.h"
#include "services/jobs/Jobs.h"

#include <dalate/abi.h>

#include <optional>
#include <string>
#include <string_view>

/// The host's side of a plugin's `dalate_call*`.
struct dalate_call {
protected:
    dalate_call() = default;
    ~dalate_call() = default;
};

namespace dalate::host {

/// One request, job, event, service call or start. Made, used and destroyed on one thread, around one invoke:
///
///     Call call(place, request);
///     dalate_status status = /* invoke */(call.handle());
///     Reply reply = call.conclude(status);
class Call final : public ::dalate_call {
public:
    /// How deep service calls may nest.
    static constexpr int depthLimit = 8;

    /// `request` and what it borrows outlive the call.
    Call(Place& place, const CallRequest& request);
    /// Of a service call made inside a transaction: what this call writes joins `joined`.
    Call(Place& place, const CallRequest& request, storage::Tx& joined);
    /// Of a call that the core makes inside its own transaction; what waits for its commit goes to `after`.
    Call(Place& place, const CallRequest& request, storage::Tx& joined, services::AfterCommit& after);
    /// Of a job: where its progress goes.
    Call(Place& place, const CallRequest& request, const services::jobs::RunningJob& job);
    ~Call();
    Call(const Call&) = delete;
    Call& operator=(const Call&) = delete;

    dalate_call* handle() noexcept { return this; }

    /// The topmost call of this thread when `handle` is it; null for everything else.
    static Call* checked(const dalate_call* handle) noexcept;
    /// The topmost call of this thread, or null.
    static Call* current() noexcept;

    /// Ends the call: rolls back what the plugin left open (logged as `core.host.tx_left_open`) and gives the
    /// answer. `returned` is what invoke returned. A side effect or an event's handler that succeeds without
    /// having committed what it wrote has failed with 500 `core.host.tx_left_open`. A request without an
    /// answer becomes a failure 500 `core.plugin.no_reply`; a status other than 0 becomes the failure that was
    /// set, else 500 `core.plugin.failed`.
    Reply conclude(dalate_status returned);

    Place& place() noexcept { return place_; }
    const CallRequest& request() const noexcept { return request_; }
    const identity::Principal& principal() const noexcept;
    Arena& arena() noexcept { return arena_; }
    Reply& reply() noexcept { return reply_; }
    const services::jobs::RunningJob* job() noexcept { return job_; }
    storage::Tx* joined() noexcept { return joined_; }
    /// A guard, or something that a guard asks, in its transaction: nothing may be written.
    bool readsOnly() const noexcept { return readsOnly_; }
    /// The larger of the request's and the calling call's.
    int hops() const noexcept { return hops_; }
    int depth() const noexcept { return depth_; }
    /// What `{scope:alias}` means in this call.
    const storage::Scope& scope() const noexcept { return scope_; }

    /// The open transaction, or null.
    CallTx* tx() noexcept { return tx_ ? &*tx_ : nullptr; }
    /// Throws `Error` 400 `core.host.tx_read_only` for a write of a call that only reads.
    void begin(storage::Tx::Mode mode);
    /// Commits it and does what waited for that; ended in any case. Throws as `storage::Tx::commit`.
    void commit();
    void rollback() noexcept;
    /// What is to be done once the outermost transaction of this call is durable.
    services::AfterCommit& afterCommit() noexcept {
        if (outerAfter_) return *outerAfter_;
        return joined_ && below_ ? below_->afterCommit() : afterCommit_;
    }

    /// Sets the failure and returns its status. `byPlugin` failures are answers; the host's own are answers
    /// only when the plugin returns their status.
    enum class Origin { plugin, host };
    dalate_status fail(Origin origin, int status, std::string_view messageId,
                       ValueView details = {}) noexcept;
    /// An answer was given: the failure before it no longer counts.
    void answered() noexcept { failure_.reset(); }
    /// The last failure since the last answer, or null.
    const Reply* failure() const noexcept { return failure_ ? &*failure_ : nullptr; }

    /// A value kept in the arena until the call ends.
    ValueView keep(Value value);

    /// The parsed body and the flat query and form, made when first asked for.
    ValueView query();
    ValueView form();
    ValueView uploads();
    ValueView json();
    ValueView principalValue();

private:
    Call(Place& place, const CallRequest& request, storage::Tx* joined, services::AfterCommit* after,
         const services::jobs::RunningJob* job);
    Reply failed(Reply failure) const;

    Place& place_;
    const CallRequest& request_;
    storage::Tx* joined_;
    services::AfterCommit* outerAfter_;
    const services::jobs::RunningJob* job_;
    Call* below_;
    int depth_;
    bool readsOnly_;
    int hops_;
    Arena& arena_;
    Arena::Mark mark_;
    storage::Scope scope_;
    Reply reply_;
    std::optional<Reply> failure_;
    Origin failureOrigin_ = Origin::host;
    std::optional<CallTx> tx_;
    bool gaveUpWrites_ = false;
    services::AfterCommit afterCommit_;
    std::optional<ValueView> query_, form_, uploads_, json_, principal_;
};

} // namespace dalate::host
