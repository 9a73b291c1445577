// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/Result.h"

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <Poco/Net/HTTPClientSession.h>

namespace dalate::testing {

/// What came back. The body is whole.
struct Answer {
    int status = 0;
    std::map<std::string, std::string> headers; ///< names in lower case; the last of each
    std::string body;

    const std::string& header(const std::string& lowerCaseName) const;
    /// The body as JSON; throws what `json::parse` answers.
    Value json() const;
};

using Form = std::vector<std::pair<std::string, std::string>>;

/// A browser's habits without a browser: one kept connection, a cookie jar, the CSRF token of the last page that
/// had one. Does not follow redirects by itself. Used by the simulator and the integration tests; one thread.
class Client {
public:
    /// `url`: `http://127.0.0.1:8080`.
    explicit Client(const std::string& url);
    ~Client();
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    /// With it every request carries `Authorization: Bearer` and no cookie.
    void bearer(std::string token) { token_ = std::move(token); }
    /// Sent with every request from now on; an empty value takes it away.
    void always(const std::string& name, const std::string& value);

    Answer get(const std::string& path);
    Answer send(const std::string& method, const std::string& path, std::string_view contentType,
                std::string_view body, const std::map<std::string, std::string>& headers = {});
    /// Posts a form with the CSRF token of the last page.
    Answer post(const std::string& path, Form fields);
    /// The page behind a 303, or the answer itself where it is none.
    Answer follow(Answer answer);

    /// Signs in through the sign-in form; throws when that does not end on a page.
    void signIn(const std::string& user, const std::string& password);

    const std::string& csrf() const noexcept { return csrf_; }
    /// What a request of this client carries as Cookie.
    std::string cookies() const;
    void dropCookies() { cookies_.clear(); }

private:
    void remember(const Answer& answer, const Poco::Net::HTTPResponse& response);

    std::unique_ptr<Poco::Net::HTTPClientSession> session_;
    std::map<std::string, std::string> cookies_;
    std::map<std::string, std::string> always_;
    std::string token_;
    std::string csrf_;
};

/// `a b&c` as a form writes it.
std::string formEncoded(std::string_view text);

} // namespace dalate::testing
