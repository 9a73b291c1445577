// SPDX-License-Identifier: Apache-2.0
#include "RawClient.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <stdexcept>
#include <thread>

namespace dalate::http::test {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

RawClient::RawClient(std::uint16_t port, bool ipv6) {
    connect(port, ipv6, 0);
}

RawClient::RawClient(std::uint16_t port, int receiveBuffer) {
    connect(port, false, receiveBuffer);
}

RawClient::~RawClient() {
    ::close(fd_);
}

void RawClient::connect(std::uint16_t port, bool ipv6, int receiveBuffer) {
    fd_ = ::socket(ipv6 ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (receiveBuffer > 0) ::setsockopt(fd_, SOL_SOCKET, SO_RCVBUF, &receiveBuffer, sizeof receiveBuffer);
    sockaddr_in v4{};
    v4.sin_family = AF_INET;
    v4.sin_port = htons(port);
    v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    sockaddr_in6 v6{};
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(port);
    v6.sin6_addr = in6addr_loopback;
    const auto* address =
        ipv6 ? reinterpret_cast<const sockaddr*>(&v6) : reinterpret_cast<const sockaddr*>(&v4);
    if (::connect(fd_, address, ipv6 ? sizeof v6 : sizeof v4) != 0)
        throw std::runtime_error("cannot connect");
}

bool RawClient::trySend(std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent < 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
}

void RawClient::send(std::string_view bytes) {
    if (!trySend(bytes)) throw std::runtime_error("the connection was closed while sending");
}

void RawClient::endSending() {
    ::shutdown(fd_, SHUT_WR);
}

bool RawClient::fill(steady_clock::time_point until) {
    const auto left = std::chrono::ceil<milliseconds>(until - steady_clock::now()).count();
    pollfd wanted{fd_, POLLIN, 0};
    if (left <= 0 || ::poll(&wanted, 1, static_cast<int>(left)) <= 0) return false;
    char bytes[65536];
    const ssize_t count = ::recv(fd_, bytes, sizeof bytes, 0);
    if (count <= 0) {
        ended_ = true;
        return false;
    }
    buffer_.append(bytes, static_cast<std::size_t>(count));
    return true;
}

std::optional<Reply> RawClient::reply(milliseconds wait, bool toHead) {
    const auto until = steady_clock::now() + wait;
    std::size_t end = 0;
    while ((end = buffer_.find("\r\n\r\n")) == std::string::npos)
        if (!fill(until)) return std::nullopt;
    Reply reply;
    reply.head = buffer_.substr(0, end + 2);
    buffer_.erase(0, end + 4);
    reply.status = std::stoi(reply.head.substr(9, 3));
    for (std::size_t at = reply.head.find("\r\n") + 2; at < reply.head.size();) {
        const std::size_t lineEnd = reply.head.find("\r\n", at);
        const std::string line = reply.head.substr(at, lineEnd - at);
        const std::size_t colon = line.find(": ");
        std::string name = line.substr(0, colon);
        std::transform(name.begin(), name.end(), name.begin(),
                       [](unsigned char c) { return std::tolower(c); });
        reply.fields[name] = line.substr(std::min(line.size(), colon + 2));
        at = lineEnd + 2;
    }
    const auto length = reply.fields.find("content-length");
    if (toHead || length == reply.fields.end()) return reply;
    const std::size_t size = std::stoul(length->second);
    while (buffer_.size() < size)
        if (!fill(until)) return std::nullopt;
    reply.body = buffer_.substr(0, size);
    buffer_.erase(0, size);
    return reply;
}

Reply RawClient::ask(std::string_view bytes) {
    send(bytes);
    std::optional<Reply> answer = reply();
    if (!answer) throw std::runtime_error("no answer");
    return *answer;
}

std::optional<std::string> RawClient::rest(milliseconds wait) {
    const auto until = steady_clock::now() + wait;
    while (fill(until)) {}
    if (!ended_) return std::nullopt;
    return std::move(buffer_);
}

std::string RawClient::some(std::size_t count, milliseconds wait) {
    const auto until = steady_clock::now() + wait;
    while (buffer_.size() < count && fill(until)) {}
    const std::string bytes = buffer_.substr(0, count);
    buffer_.erase(0, bytes.size());
    return bytes;
}

bool RawClient::closedWithin(milliseconds wait) {
    return rest(wait).has_value();
}

Served::Served(Handle handle, FrontConfig config) : handle_(std::move(handle)) {
    if (config.bind.empty() && config.inherited.empty()) config.bind = {"127.0.0.1:0"};
    if (config.threads == 0) config.threads = 4;
    Handler& handler = *this;
    front_ = std::make_unique<Front>(std::move(config), handler);
    front_->start();
    port_ = front_->port();
}

bool eventually(const std::function<bool()>& condition, milliseconds wait) {
    const auto until = steady_clock::now() + wait;
    while (!condition()) {
        if (steady_clock::now() > until) return false;
        std::this_thread::sleep_for(milliseconds(2));
    }
    return true;
}

std::string get(std::string_view target, std::string_view moreFields) {
    return "GET " + std::string(target) + " HTTP/1.1\r\nHost: test\r\n" + std::string(moreFields) + "\r\n";
}

std::string post(std::string_view target, std::string_view body) {
    return "POST " + std::string(target) +
           " HTTP/1.1\r\nHost: test\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
           std::string(body);
}

} // namespace dalate::http::test
