// SPDX-License-Identifier: Apache-2.0
// A stream is a small buffer with two ends: any thread appends, the loop empties it into the socket. The lock
// is held only while bytes change hands. A reader that lets the buffer reach its cap is dropped: nothing
// waits for it.
#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

namespace dalate::http {

struct Connection;
struct Core;

/// The writing end of an answer without end, for live pages (server-sent events). Safe from any thread.
class Stream : public std::enable_shared_from_this<Stream> {
public:
    static constexpr std::size_t defaultCap = 256 * 1024;

    explicit Stream(std::size_t cap) : cap_(cap) {}

    /// Queues `bytes`; false when the client has gone, was dropped for being slow, or the stream has ended.
    bool append(std::string_view bytes);
    /// Ends the answer after what is queued; idempotent.
    void end();
    /// Whether somebody may still be reading.
    bool open() const;

private:
    friend class Loop;
    friend class Answer;
    friend class Worker;
    friend struct Connection;

    /// The loop's end. Appends wake the loop only once a stream is attached to its connection.
    struct Taken {
        std::string bytes;
        bool ended;
    };
    void attach(std::shared_ptr<Core> core, Connection* connection);
    Connection* connection() const;
    Taken take();
    bool overrun() const;
    void close();

    mutable std::mutex mutex_;
    std::string buffer_;
    std::size_t cap_;
    std::weak_ptr<Core> core_;
    Connection* connection_ = nullptr;
    bool ended_ = false;
    bool closed_ = false;
    bool overrun_ = false;
    /// The loop has been told and has not looked yet.
    bool announced_ = false;
};

} // namespace dalate::http
