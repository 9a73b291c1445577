// SPDX-License-Identifier: Apache-2.0
#include "services/files/Scanner.h"

#include "base/Clock.h"
#include "base/Log.h"
#include "base/Result.h"
#include "http/BodySpool.h"

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string>

namespace dalate::services::files {

namespace {

constexpr std::size_t piece = 1 << 16;
constexpr std::size_t longestAnswer = 4096;

[[noreturn]] void away(std::string_view reason) {
    log::error("core.file.no_scanner", Value::map([&](MapWriter& m) { m.set("reason", reason); }));
    throw Error(503, "core.file.no_scanner", Value::map([&](MapWriter& m) { m.set("reason", reason); }));
}

/// One conversation with a deadline for all of it.
class Conversation {
public:
    Conversation(const std::filesystem::path& path, std::chrono::milliseconds patience)
        : until_(steadyNow() + std::chrono::duration_cast<std::chrono::microseconds>(patience).count()),
          socket_(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)) {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        const std::string name = path.string();
        if (!socket_ || name.size() >= sizeof address.sun_path) away("socket");
        std::memcpy(address.sun_path, name.c_str(), name.size() + 1);
        if (::connect(socket_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
            away("connect");
    }

    /// False when the peer has stopped taking, which clamd does when a file is above its own limit.
    bool send(std::string_view bytes) {
        while (!bytes.empty()) {
            const ssize_t sent = ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (sent >= 0) {
                bytes.remove_prefix(static_cast<std::size_t>(sent));
            } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
                wait(POLLOUT);
            } else if (errno == EPIPE || errno == ECONNRESET) {
                return false;
            } else if (errno != EINTR) {
                away("send");
            }
        }
        return true;
    }

    /// Up to the NUL that ends clamd's answer.
    std::string answer() {
        std::string text;
        char buffer[512];
        while (text.size() < longestAnswer) {
            const ssize_t count = ::recv(socket_.get(), buffer, sizeof buffer, 0);
            if (count == 0) away("no answer");
            if (count < 0 && errno == EINTR) continue;
            if (count < 0 && errno != EAGAIN && errno != EWOULDBLOCK) away("receive");
            if (count < 0) {
                wait(POLLIN);
                continue;
            }
            text.append(buffer, static_cast<std::size_t>(count));
            if (const std::size_t end = text.find('\0'); end != std::string::npos) return text.substr(0, end);
        }
        away("answer");
    }

private:
    void wait(short event) {
        const Micros left = until_ - steadyNow();
        pollfd one{socket_.get(), event, 0};
        if (left <= 0 || ::poll(&one, 1, static_cast<int>(left / 1000 + 1)) == 0) away("time");
    }

    Micros until_;
    http::Descriptor socket_;
};

} // namespace

void Scanner::scan(std::string_view bytes) const {
    if (options_.socket.empty()) return;
    Conversation clamd(options_.socket, options_.patience);
    bool taking = clamd.send(std::string_view("zINSTREAM\0", 10));
    while (taking && !bytes.empty()) {
        const std::string_view next = bytes.substr(0, piece);
        const std::uint32_t size = htonl(static_cast<std::uint32_t>(next.size()));
        taking = clamd.send({reinterpret_cast<const char*>(&size), sizeof size}) && clamd.send(next);
        bytes.remove_prefix(next.size());
    }
    if (taking) clamd.send(std::string_view("\0\0\0\0", 4));
    const std::string answer = clamd.answer();
    if (answer == "stream: OK") return;
    constexpr std::string_view before = "stream: ", behind = " FOUND";
    if (!answer.starts_with(before) || !answer.ends_with(behind) ||
        answer.size() < before.size() + behind.size())
        away(answer);
    const std::string signature = answer.substr(before.size(), answer.size() - before.size() - behind.size());
    const Value details = Value::map([&](MapWriter& m) { m.set("signature", signature); });
    log::warning("core.file.infected", details);
    throw Error(422, "core.file.infected", details);
}

} // namespace dalate::services::files
