// SPDX-License-Identifier: Apache-2.0
// Signing in takes two threads: the worker reads the form and looks the account up, a hash thread compares
// the password, opens the session and answers through the ticket. So a flood of sign-ins keeps no worker from
// its pages.
#pragma once

#include "gateway/CorePage.h"
#include "gateway/Pages.h"
#include "gateway/Refusals.h"
#include "identity/Accounts.h"
#include "identity/HashPool.h"
#include "identity/Throttle.h"

namespace dalate::gateway {

/// The pages of signing in and out. Must outlive the front that it answers through.
class SignIn {
public:
    SignIn(const GatewayConfig& config, const GatewayParts& parts, const Pages& pages,
           const Refusals& refusals);

    /// Adds `/sign-in`, `/sign-out` and, in the demo only, `/demo/sign-in`.
    void addTo(CorePages& pages);

private:
    struct Attempt;

    void form(Visit& visit) const;
    void post(Visit& visit);
    void compare(const Attempt& attempt);
    void signOut(Visit& visit) const;
    void demoSignIn(Visit& visit) const;

    void sendForm(http::Response& response, const Visitor& who, std::string_view back, std::string_view user,
                  std::string_view error) const;
    /// Opens a session in place of the visitor's old one; gives the cookie.
    std::string open(const identity::Account& account, const Visitor& who, const std::string& newHash) const;

    const GatewayConfig& config_;
    const GatewayParts& parts_;
    const Pages& pages_;
    const Refusals& refusals_;
    identity::Throttle throttle_;
    identity::HashPool hashing_;
};

} // namespace dalate::gateway
