// SPDX-License-Identifier: Apache-2.0
// A client that sends exactly the bytes it is given and reads answers one by one, and a front with a lambda
// as its handler. For the tests of this folder.
#pragma once

#include "http/Front.h"
#include "http/Message.h"

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace dalate::http::test {

struct Reply {
    int status = 0;
    std::string head;
    std::string body;
    /// By lower-case name.
    std::map<std::string, std::string> fields;
};

class RawClient {
public:
    explicit RawClient(std::uint16_t port, bool ipv6 = false);
    /// With a receive buffer of so many octets, to be a slow reader.
    RawClient(std::uint16_t port, int receiveBuffer);
    ~RawClient();
    RawClient(const RawClient&) = delete;
    RawClient& operator=(const RawClient&) = delete;

    void send(std::string_view bytes);
    /// Sends, and does not mind if the other side has closed meanwhile.
    bool trySend(std::string_view bytes);
    void endSending();
    /// The next answer, or nothing when the connection ended or `wait` passed before it was whole.
    std::optional<Reply> reply(std::chrono::milliseconds wait = std::chrono::milliseconds(5000),
                               bool toHead = false);
    Reply ask(std::string_view bytes);
    /// Everything up to the end of the connection; nothing when it has not ended within `wait`.
    std::optional<std::string> rest(std::chrono::milliseconds wait = std::chrono::milliseconds(5000));
    /// At most `count` octets that are there within `wait`.
    std::string some(std::size_t count, std::chrono::milliseconds wait);
    bool closedWithin(std::chrono::milliseconds wait);
    int descriptor() const { return fd_; }

private:
    void connect(std::uint16_t port, bool ipv6, int receiveBuffer);
    /// False at the end of the connection or of the wait; `ended_` tells which.
    bool fill(std::chrono::steady_clock::time_point until);

    int fd_ = -1;
    bool ended_ = false;
    std::string buffer_;
};

/// A front on a free port of 127.0.0.1.
class Served : private Handler {
public:
    using Handle = std::function<void(Request&, Response&)>;

    explicit Served(Handle handle, FrontConfig config = {});

    Front& front() { return *front_; }
    std::uint16_t port() const { return port_; }
    const Metrics& metrics() const { return front_->metrics(); }

private:
    void handle(Request& request, Response& response) override { handle_(request, response); }

    Handle handle_;
    std::unique_ptr<Front> front_;
    std::uint16_t port_ = 0;
};

/// Waits until `condition` holds, at most `wait`.
bool eventually(const std::function<bool()>& condition,
                std::chrono::milliseconds wait = std::chrono::milliseconds(5000));

std::string get(std::string_view target, std::string_view moreFields = "");
std::string post(std::string_view target, std::string_view body);

} // namespace dalate::http::test
