// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <Poco/Net/DialogSocket.h>
#include <Poco/Net/NetException.h>
#include <Poco/Net/ServerSocket.h>

#include <atomic>
#include <cstdint>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace dalate::testing {

/// A mail server on a free loopback port that keeps what it is given. `atRecipient` and `atEnd` are what it
/// says to RCPT and after the letter.
class SmtpServer {
public:
    struct Received {
        std::string from, to, data;
    };

    SmtpServer() : socket_(Poco::Net::SocketAddress("127.0.0.1", 0)), thread_([this] { run(); }) {}
    ~SmtpServer() {
        stopping_ = true;
        thread_.join();
    }

    std::uint16_t port() const { return socket_.address().port(); }
    std::vector<Received> received() {
        const std::lock_guard lock(mutex_);
        return received_;
    }

    std::atomic<const char*> atRecipient{"250 fine"};
    std::atomic<const char*> atEnd{"250 kept"};

private:
    void run() {
        while (!stopping_) {
            if (!socket_.poll(Poco::Timespan(50'000), Poco::Net::Socket::SELECT_READ)) continue;
            Poco::Net::DialogSocket client(socket_.acceptConnection());
            client.setReceiveTimeout(Poco::Timespan(5, 0));
            try {
                talk(client);
            } catch (const Poco::Exception&) {
                // The client has gone; what it gave up is not received.
            }
        }
    }

    void talk(Poco::Net::DialogSocket& client) {
        Received letter;
        client.sendMessage("220 test ESMTP");
        for (std::string line; client.receiveMessage(line);) {
            if (line.rfind("EHLO", 0) == 0 || line.rfind("HELO", 0) == 0) {
                client.sendMessage("250 test");
            } else if (line.rfind("MAIL FROM:", 0) == 0) {
                letter.from = line.substr(10);
                client.sendMessage("250 fine");
            } else if (line.rfind("RCPT TO:", 0) == 0) {
                letter.to = line.substr(8);
                client.sendMessage(atRecipient.load());
            } else if (line == "DATA") {
                client.sendMessage("354 go on");
                while (client.receiveMessage(line) && line != ".")
                    letter.data += line + "\n";
                const std::string word = atEnd.load();
                if (word[0] == '2') {
                    const std::lock_guard lock(mutex_);
                    received_.push_back(letter);
                }
                client.sendMessage(word);
            } else if (line == "QUIT") {
                client.sendMessage("221 bye");
                return;
            } else {
                client.sendMessage("502 what");
            }
        }
    }

    Poco::Net::ServerSocket socket_;
    std::atomic<bool> stopping_{false};
    std::mutex mutex_;
    std::vector<Received> received_;
    std::thread thread_;
};

} // namespace dalate::testing
