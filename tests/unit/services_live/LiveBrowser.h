// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "http/Front.h"
#include "http/Message.h"
#include "services/live/Topics.h"

#include <Poco/Net/StreamSocket.h>

#include <string>
#include <vector>

namespace dalate::test {

/// Opens a stream on the topics that a test has put down for the next request.
class Streams : public http::Handler {
public:
    explicit Streams(services::live::Topics& topics) : topics_(topics) {}
    void handle(http::Request&, http::Response& response) override {
        response.status(200);
        response.set("Content-Type", "text/event-stream");
        topics_.subscribe(who, names, response.openStream());
    }

    identity::Principal who;
    std::vector<std::string> names;

private:
    services::live::Topics& topics_;
};

/// A browser: reads what has come so far.
class Browser {
public:
    explicit Browser(std::uint16_t port, const std::string& target = "/live", const std::string& cookies = {})
        : socket_(Poco::Net::SocketAddress("127.0.0.1", port)) {
        std::string ask = "GET " + target + " HTTP/1.1\r\nHost: 127.0.0.1\r\n";
        if (!cookies.empty()) ask += "Cookie: " + cookies + "\r\n";
        ask += "\r\n";
        socket_.sendBytes(ask.data(), static_cast<int>(ask.size()));
    }
    /// Waits until `text` has come, at most two seconds.
    bool sees(const std::string& text) {
        for (int waits = 0; waits < 40 && all.find(text) == all.npos && !ended; ++waits)
            read(50);
        return all.find(text) != all.npos;
    }
    void read(int milliseconds) {
        char buffer[4096];
        if (!socket_.poll(Poco::Timespan(milliseconds * 1000L), Poco::Net::Socket::SELECT_READ)) return;
        const int count = socket_.receiveBytes(buffer, sizeof buffer);
        ended = count <= 0;
        if (count > 0) all.append(buffer, static_cast<std::size_t>(count));
    }
    std::size_t states() const {
        std::size_t count = 0;
        for (std::size_t at = all.find("event: state"); at != all.npos; at = all.find("event: state", at + 1))
            ++count;
        return count;
    }

    std::string all;
    bool ended = false;

private:
    Poco::Net::StreamSocket socket_;
};

} // namespace dalate::test
