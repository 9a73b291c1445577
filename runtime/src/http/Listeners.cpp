// SPDX-License-Identifier: Apache-2.0
#include "http/Listeners.h"

#include "http/Front.h"

#include <Poco/Net/SocketAddress.h>

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <cstring>
#include <system_error>

namespace dalate::http {

namespace {

constexpr int firstInherited = 3;

void set(int socket, int level, int option) {
    const int on = 1;
    ::setsockopt(socket, level, option, &on, sizeof on);
}

int numberIn(const char* variable) {
    const char* text = std::getenv(variable);
    int number = 0;
    if (text) std::from_chars(text, text + std::strlen(text), number);
    return number;
}

} // namespace

Descriptor listenOn(const std::string& address) {
    const Poco::Net::SocketAddress where(address);
    const auto fail = [&](const char* step) {
        throw std::system_error(errno, std::generic_category(), std::string(step) + " " + address);
    };
    Descriptor socket(::socket(where.af(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (!socket) fail("socket for");
    set(socket.get(), SOL_SOCKET, SO_REUSEADDR);
    // Connections inherit it, which saves a call for each.
    set(socket.get(), IPPROTO_TCP, TCP_NODELAY);
    if (where.af() == AF_INET6) set(socket.get(), IPPROTO_IPV6, IPV6_V6ONLY);
    if (::bind(socket.get(), where.addr(), where.length()) != 0) fail("bind");
    if (::listen(socket.get(), SOMAXCONN) != 0) fail("listen on");
    return socket;
}

Descriptor adoptListener(int descriptor) {
    int listens = 0;
    socklen_t size = sizeof listens;
    if (::getsockopt(descriptor, SOL_SOCKET, SO_ACCEPTCONN, &listens, &size) != 0 || !listens)
        throw std::system_error(std::make_error_code(std::errc::invalid_argument),
                                "inherited descriptor " + std::to_string(descriptor) + " does not listen");
    ::fcntl(descriptor, F_SETFL, ::fcntl(descriptor, F_GETFL) | O_NONBLOCK);
    ::fcntl(descriptor, F_SETFD, FD_CLOEXEC);
    set(descriptor, IPPROTO_TCP, TCP_NODELAY);
    return Descriptor(descriptor);
}

std::string boundAddress(int descriptor) {
    sockaddr_storage local{};
    socklen_t size = sizeof local;
    if (::getsockname(descriptor, reinterpret_cast<sockaddr*>(&local), &size) != 0)
        throw std::system_error(errno, std::generic_category(), "getsockname");
    return Poco::Net::SocketAddress(reinterpret_cast<const sockaddr*>(&local), size).toString();
}

std::vector<int> inheritedListeners() {
    std::vector<int> listeners;
    if (numberIn("LISTEN_PID") == ::getpid())
        for (int i = 0; i < numberIn("LISTEN_FDS"); ++i)
            listeners.push_back(firstInherited + i);
    for (const char* variable : {"LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES"})
        ::unsetenv(variable);
    return listeners;
}

} // namespace dalate::http
