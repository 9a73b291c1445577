// SPDX-License-Identifier: Apache-2.0
#include "support/Client.h"

#include "base/Json.h"

#include <algorithm>
#include <cctype>
#include <istream>
#include <ostream>
#include <stdexcept>

#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/HTTPResponse.h>
#include <Poco/StreamCopier.h>
#include <Poco/Timespan.h>
#include <Poco/URI.h>

namespace dalate::testing {

namespace {

std::string lower(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return text;
}

/// The value of the hidden field `csrf`, or nothing.
std::string csrfOf(const std::string& page) {
    const std::size_t field = page.find("name=\"csrf\"");
    if (field == std::string::npos) return {};
    static constexpr std::string_view opening = "value=\"";
    const std::size_t start = page.find(opening, field);
    if (start == std::string::npos) return {};
    const std::size_t from = start + opening.size();
    return page.substr(from, page.find('"', from) - from);
}

} // namespace

const std::string& Answer::header(const std::string& lowerCaseName) const {
    static const std::string none;
    const auto found = headers.find(lowerCaseName);
    return found == headers.end() ? none : found->second;
}

Value Answer::json() const { return json::parse(body).take(); }

Client::Client(const std::string& url) {
    const Poco::URI uri(url);
    session_ = std::make_unique<Poco::Net::HTTPClientSession>(uri.getHost(), uri.getPort());
    session_->setKeepAlive(true);
    session_->setTimeout(Poco::Timespan(120, 0));
}

Client::~Client() = default;

void Client::always(const std::string& name, const std::string& value) {
    if (value.empty())
        always_.erase(name);
    else
        always_[name] = value;
}

Answer Client::get(const std::string& path) { return send("GET", path, "", ""); }

Answer Client::send(const std::string& method, const std::string& path, std::string_view contentType,
                    std::string_view body, const std::map<std::string, std::string>& headers) {
    Poco::Net::HTTPRequest request(method, path, Poco::Net::HTTPMessage::HTTP_1_1);
    for (const auto& [name, value] : always_) request.set(name, value);
    for (const auto& [name, value] : headers) request.set(name, value);
    if (!token_.empty()) {
        request.set("Authorization", "Bearer " + token_);
    } else if (!cookies_.empty()) {
        request.set("Cookie", cookies());
    }
    if (method != "GET" && method != "HEAD") {
        request.setContentLength64(static_cast<Poco::Int64>(body.size()));
        if (!contentType.empty()) request.setContentType(std::string(contentType));
    }
    std::ostream& out = session_->sendRequest(request);
    out.write(body.data(), static_cast<std::streamsize>(body.size()));
    out.flush();

    Poco::Net::HTTPResponse response;
    std::istream& in = session_->receiveResponse(response);
    Answer answer;
    answer.status = response.getStatus();
    Poco::StreamCopier::copyToString(in, answer.body);
    for (const auto& [name, value] : response) answer.headers[lower(name)] = value;
    remember(answer, response);
    return answer;
}

Answer Client::post(const std::string& path, Form fields) {
    std::string body = "csrf=" + formEncoded(csrf_);
    for (const auto& [name, value] : fields) body += "&" + formEncoded(name) + "=" + formEncoded(value);
    return send("POST", path, "application/x-www-form-urlencoded", body);
}

Answer Client::follow(Answer answer) {
    for (int hops = 0; hops < 5 && answer.status == 303; ++hops) answer = get(answer.header("location"));
    return answer;
}

std::string Client::cookies() const {
    std::string line;
    for (const auto& [name, value] : cookies_) line += (line.empty() ? "" : "; ") + name + "=" + value;
    return line;
}

void Client::signIn(const std::string& user, const std::string& password) {
    get("/sign-in");
    const Answer answer = follow(post("/sign-in", {{"user", user}, {"password", password}}));
    if (answer.status != 200)
        throw std::runtime_error("sign-in of " + user + " ended with " + std::to_string(answer.status));
}

void Client::remember(const Answer& answer, const Poco::Net::HTTPResponse& response) {
    for (const auto& [name, value] : response) {
        if (lower(name) != "set-cookie") continue;
        const std::string pair = value.substr(0, value.find(';'));
        const std::size_t equals = pair.find('=');
        if (equals == std::string::npos) continue;
        if (value.find("Max-Age=0") != std::string::npos)
            cookies_.erase(pair.substr(0, equals));
        else
            cookies_[pair.substr(0, equals)] = pair.substr(equals + 1);
    }
    const std::string token = csrfOf(answer.body);
    if (!token.empty()) csrf_ = token;
}

std::string formEncoded(std::string_view text) {
    static constexpr char digits[] = "0123456789ABCDEF";
    std::string out;
    for (const unsigned char c : text) {
        if (std::isalnum(c) || c == '-' || c == '.' || c == '_' || c == '~') {
            out += static_cast<char>(c);
        } else {
            out += '%';
            out += digits[c >> 4];
            out += digits[c & 15];
        }
    }
    return out;
}

} // namespace dalate::testing
