// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/Result.h"
#include "gateway/Pages.h"

namespace dalate::gateway {

/// Says no, in the form that the visitor reads: an error page with the request's number and the hotline, or a
/// problem document (RFC 9457) with the message id as `code`. Safe from any thread.
class Refusals {
public:
    Refusals(const GatewayConfig& config, const GatewayParts& parts, const Pages& pages)
        : config_(config), parts_(parts), pages_(pages) {}

    /// Drops whatever was answered before (cookies too) and answers with the error's status. `texts`: where
    /// the message stands, when it is a plugin's own; null: the ones in force.
    void refuse(http::Response& response, const Visitor& who, const Error& error,
                const portal::TemplateStore* texts = nullptr) const;

    /// The same with a field `Retry-After`, in whole seconds, at least one.
    void refuseFor(http::Response& response, const Visitor& who, const Error& error, Micros wait) const;

    /// Sends somebody who is not signed in on the way: a page to the sign-in form, a machine 401.
    void signInFirst(http::Response& response, const Visitor& who) const;

private:
    void problem(http::Response& response, const Visitor& who, const Error& error,
                 const std::string& detail) const;
    void page(http::Response& response, const Visitor& who, const Error& error, const std::string& detail,
              Micros wait) const;
    void answer(http::Response& response, const Visitor& who, const Error& error,
                const portal::TemplateStore* texts, Micros wait) const;

    const GatewayConfig& config_;
    const GatewayParts& parts_;
    const Pages& pages_;
};

} // namespace dalate::gateway
