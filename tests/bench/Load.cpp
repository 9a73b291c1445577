// SPDX-License-Identifier: Apache-2.0
// bench_load — loads that wrk does not have. One thread, epoll.
//
//   bench_load steady PORT PATH COOKIE RATE CONNECTIONS SECONDS
//       an open loop: request k is due at k / RATE seconds whatever happened to those before it, and its
//       latency is counted from then, so a server that stalls cannot hide it. Requests go round all
//       connections in turn; what is unanswered 10 s after the last was due has failed. Prints: served failed
//       connections p50_us p99_us max_us, where `connections` is how many got at least one answer
//   bench_load closed PORT PATH COOKIE CONNECTIONS SECONDS
//       a request under way on every connection at all times. Prints: served failed connections
//   bench_load idle PORT CONNECTIONS PATH COOKIE
//       opens CONNECTIONS kept-alive connections from 127.0.0.2 to .9, each after one request, holds them,
//       then fetches PATH 200 times on one more. Prints: open p50_us p99_us max_us, `open` being those the
//       server still holds at the end; waits for a line on standard input to end.
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <functional>
#include <iostream>
#include <stdexcept>
#include <string>
#include <vector>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

namespace {

using Clock = std::chrono::steady_clock;

std::int64_t micros(Clock::duration d) {
    return std::chrono::duration_cast<std::chrono::microseconds>(d).count();
}

int connected(int port, int lastOctet) {
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0) throw std::runtime_error(std::string("socket: ") + std::strerror(errno));
    sockaddr_in from{};
    from.sin_family = AF_INET;
    from.sin_addr.s_addr = htonl(0x7f000000u + static_cast<unsigned>(lastOctet));
    if (lastOctet != 1) ::bind(fd, reinterpret_cast<sockaddr*>(&from), sizeof from);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(static_cast<std::uint16_t>(port));
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(fd, reinterpret_cast<sockaddr*>(&to), sizeof to) != 0) {
        ::close(fd);
        throw std::runtime_error(std::string("connect: ") + std::strerror(errno));
    }
    const int on = 1;
    ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return fd;
}

std::string request(const std::string& path, const std::string& cookie) {
    return "GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\n" +
           (cookie.empty() ? "" : "Cookie: " + cookie + "\r\n") + "\r\n";
}

/// One answer as it comes in: complete once the head and the announced length are here.
class Incoming {
public:
    /// True when the answer is whole; `ok` tells whether it was a 200.
    bool take(const char* bytes, std::size_t n) {
        if (rest_ < 0) {
            head_.append(bytes, n);
            const std::size_t end = head_.find("\r\n\r\n");
            if (end == std::string::npos) return false;
            ok = head_.compare(0, 12, "HTTP/1.1 200") == 0;
            const std::size_t field = head_.find("Content-Length: ");
            if (field > end)
                throw std::runtime_error("an answer without Content-Length: " + head_.substr(0, end));
            rest_ = std::atoll(head_.c_str() + field + 16);
            rest_ -= static_cast<std::int64_t>(head_.size() - end - 4);
        } else {
            rest_ -= static_cast<std::int64_t>(n);
        }
        if (rest_ > 0) return false;
        head_.clear();
        rest_ = -1;
        return true;
    }
    bool ok = false;

private:
    std::string head_;
    std::int64_t rest_ = -1;
};

void printPercentiles(std::vector<std::int64_t>& times) {
    std::sort(times.begin(), times.end());
    const auto at = [&](double share) {
        return times.empty() ? -1
                             : times[static_cast<std::size_t>(share * static_cast<double>(times.size() - 1))];
    };
    std::cout << at(0.5) << " " << at(0.99) << " " << at(1.0) << std::endl;
}

struct Connection {
    int fd = -1;
    Incoming incoming;
    Clock::time_point due;
    bool underWay = false;
    bool served = false;
};

/// So many kept connections and what they were told. `onAnswer` gets the index of a connection whose answer
/// is whole.
class Fleet {
public:
    Fleet(int port, std::string text, int count)
        : all(static_cast<std::size_t>(count)), text_(std::move(text)),
          poll_(::epoll_create1(EPOLL_CLOEXEC)) {
        for (std::size_t i = 0; i < all.size(); ++i) {
            all[i].fd = connected(port, 1);
            ::fcntl(all[i].fd, F_SETFL, O_NONBLOCK);
            epoll_event event{};
            event.events = EPOLLIN;
            event.data.u64 = i;
            ::epoll_ctl(poll_, EPOLL_CTL_ADD, all[i].fd, &event);
        }
    }

    /// False where the connection is no more.
    bool send(std::size_t index) {
        Connection& connection = all[index];
        connection.underWay =
            connection.fd >= 0 && ::send(connection.fd, text_.data(), text_.size(), MSG_NOSIGNAL) ==
                                      static_cast<ssize_t>(text_.size());
        return connection.underWay;
    }

    /// Waits until `until` at most. Not epoll_wait, whose whole milliseconds would either spin on a core that
    /// the server needs or send late.
    void wait(Clock::time_point until, const std::function<void(std::size_t)>& onAnswer) {
        const auto left = std::max<std::int64_t>(0, (until - Clock::now()) / std::chrono::nanoseconds(1));
        const timespec time{left / 1'000'000'000, left % 1'000'000'000};
        pollfd readable{poll_, POLLIN, 0};
        if (::ppoll(&readable, 1, &time, nullptr) <= 0) return;
        const int ready = ::epoll_wait(poll_, events_.data(), static_cast<int>(events_.size()), 0);
        for (int e = 0; e < ready; ++e)
            take(events_[static_cast<std::size_t>(e)].data.u64, onAnswer);
    }

    std::size_t servedConnections() const {
        return static_cast<std::size_t>(
            std::count_if(all.begin(), all.end(), [](const Connection& each) { return each.served; }));
    }

    std::vector<Connection> all;
    std::int64_t broken = 0; ///< requests whose connection ended before the answer

private:
    void take(std::size_t index, const std::function<void(std::size_t)>& onAnswer) {
        Connection& connection = all[index];
        const ssize_t n = ::recv(connection.fd, buffer_.data(), buffer_.size(), 0);
        if (n < 0 && errno == EAGAIN) return;
        if (n <= 0) {
            ::close(connection.fd);
            connection.fd = -1;
            if (connection.underWay) ++broken;
            connection.underWay = false;
        } else if (connection.incoming.take(buffer_.data(), static_cast<std::size_t>(n))) {
            connection.served = connection.served || connection.incoming.ok;
            connection.underWay = false;
            onAnswer(index);
        }
    }

    std::string text_;
    int poll_;
    std::vector<epoll_event> events_ = std::vector<epoll_event>(256);
    std::vector<char> buffer_ = std::vector<char>(65536);
};

int steady(int port, const std::string& path, const std::string& cookie, double rate, int count,
           int seconds) {
    Fleet fleet(port, request(path, cookie), count);
    std::deque<std::size_t> idle;
    for (std::size_t i = 0; i < fleet.all.size(); ++i)
        idle.push_back(i);
    const auto total = static_cast<std::int64_t>(rate * seconds);
    const auto begin = Clock::now();
    const auto dueOf = [&](std::int64_t k) {
        return begin +
               std::chrono::nanoseconds(static_cast<std::int64_t>(1e9 * static_cast<double>(k) / rate));
    };
    std::vector<std::int64_t> times;
    std::int64_t sent = 0, done = 0;
    const auto last = begin + std::chrono::seconds(seconds + 10);
    while (done + fleet.broken < total && Clock::now() < last) {
        while (sent < total && !idle.empty() && dueOf(sent) <= Clock::now()) {
            const std::size_t index = idle.front();
            idle.pop_front();
            fleet.all[index].due = dueOf(sent);
            if (fleet.send(index)) ++sent;
        }
        fleet.wait(sent < total && !idle.empty() ? dueOf(sent) : last, [&](std::size_t index) {
            ++done;
            if (fleet.all[index].incoming.ok) times.push_back(micros(Clock::now() - fleet.all[index].due));
            idle.push_back(index);
        });
    }
    std::cout << times.size() << " " << total - static_cast<std::int64_t>(times.size()) << " "
              << fleet.servedConnections() << " ";
    printPercentiles(times);
    return 0;
}

int closed(int port, const std::string& path, const std::string& cookie, int count, int seconds) {
    Fleet fleet(port, request(path, cookie), count);
    std::int64_t served = 0, failed = 0;
    for (std::size_t i = 0; i < fleet.all.size(); ++i)
        fleet.send(i);
    const auto last = Clock::now() + std::chrono::seconds(seconds);
    while (Clock::now() < last)
        fleet.wait(last, [&](std::size_t index) {
            ++(fleet.all[index].incoming.ok ? served : failed);
            fleet.send(index);
        });
    std::cout << served << " " << failed + fleet.broken << " " << fleet.servedConnections() << std::endl;
    return 0;
}

bool fetch(int fd, Incoming& incoming, const std::string& text) {
    if (::send(fd, text.data(), text.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(text.size())) return false;
    std::vector<char> buffer(65536);
    for (;;) {
        const ssize_t n = ::recv(fd, buffer.data(), buffer.size(), 0);
        if (n <= 0) return false;
        if (incoming.take(buffer.data(), static_cast<std::size_t>(n))) return incoming.ok;
    }
}

/// Whether the other side still keeps it: nothing to read, and no end either.
bool isOpen(int fd) {
    char byte = 0;
    return ::recv(fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) < 0 && errno == EAGAIN;
}

int idle(int port, int count, const std::string& path, const std::string& cookie) {
    const std::string text = request(path, cookie);
    std::vector<int> held;
    for (int i = 0; i < count; ++i) {
        held.push_back(connected(port, 2 + i % 8));
        Incoming answer;
        if (!fetch(held.back(), answer, request("/healthz", "")))
            throw std::runtime_error("/healthz was no 200");
    }
    const int fd = connected(port, 1);
    std::vector<std::int64_t> times;
    Incoming incoming;
    for (int i = 0; i < 200; ++i) {
        const auto from = Clock::now();
        if (fetch(fd, incoming, text)) times.push_back(micros(Clock::now() - from));
    }
    std::cout << std::count_if(held.begin(), held.end(), isOpen) << " ";
    printPercentiles(times);
    std::string line;
    std::getline(std::cin, line);
    return 0;
}

} // namespace

int main(int argc, char** argv) {
    rlimit files{};
    ::getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &files);
    ::prctl(PR_SET_TIMERSLACK, 1000UL);
    try {
        const std::string mode = argc > 1 ? argv[1] : "";
        if (mode == "steady" && argc == 8)
            return steady(std::atoi(argv[2]), argv[3], argv[4], std::atof(argv[5]), std::atoi(argv[6]),
                          std::atoi(argv[7]));
        if (mode == "closed" && argc == 7)
            return closed(std::atoi(argv[2]), argv[3], argv[4], std::atoi(argv[5]), std::atoi(argv[6]));
        if (mode == "idle" && argc == 6)
            return idle(std::atoi(argv[2]), std::atoi(argv[3]), argv[4], argv[5]);
        std::cerr << "usage: bench_load steady PORT PATH COOKIE RATE CONNECTIONS SECONDS\n"
                     "       bench_load closed PORT PATH COOKIE CONNECTIONS SECONDS\n"
                     "       bench_load idle PORT CONNECTIONS PATH COOKIE\n";
        return 2;
    } catch (const std::exception& error) {
        std::cerr << "bench_load: " << error.what() << "\n";
        return 1;
    }
}
