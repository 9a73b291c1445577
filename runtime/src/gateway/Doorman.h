// SPDX-License-Identifier: Apache-2.0
// Who stands at the door is asked once a request, in one read transaction: the session or the token, then
// what is switched on for them. Before a body is read only whether the caller is known counts; that answer is
// remembered for a minute, so that a stream of large documents costs the loop thread one look-up.
#pragma once

#include "gateway/Visitor.h"
#include "http/RequestHead.h"
#include "identity/Uses.h"
#include "storage/Pool.h"

#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

namespace dalate::gateway {

/// Recognises callers. Safe from any thread.
class Doorman {
public:
    explicit Doorman(storage::Pool& pool) : pool_(pool) {}

    /// Fills in principal, session, form secret and active plugins. A bearer token that is not one leaves the
    /// visitor anonymous with `bearer` set: the caller answers 401. Throws StorageError.
    void recognise(const http::RequestHead& head, Visitor& who);

    /// Whether a request's head names a session or a token that holds. Never throws: a database that does not
    /// answer at once makes everybody unknown.
    enum class Known { nobody, badToken, somebody };
    Known known(const http::RequestHead& head) noexcept;

    /// Uses noted since they were last written.
    identity::Uses& uses() noexcept { return uses_; }

private:
    Known lookUp(std::string_view session, std::string_view token);

    storage::Pool& pool_;
    identity::Uses uses_;
    std::mutex mutex_;
    /// Digest of what was shown, and until when (steady clock) it is believed.
    std::unordered_map<std::string, Micros> remembered_;
};

} // namespace dalate::gateway
