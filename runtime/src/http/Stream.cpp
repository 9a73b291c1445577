// SPDX-License-Identifier: Apache-2.0
#include "http/Stream.h"

#include "http/Core.h"

namespace dalate::http {

bool Stream::append(std::string_view bytes) {
    std::shared_ptr<Core> core;
    bool fits = true;
    {
        const std::lock_guard lock(mutex_);
        if (closed_ || ended_ || overrun_) return false;
        fits = buffer_.size() + bytes.size() <= cap_;
        if (fits)
            buffer_.append(bytes);
        else
            overrun_ = true;
        // While the loop has not looked since the last append, it need not be told again, except of the end.
        if (!announced_ || !fits) core = core_.lock();
        announced_ = announced_ || core;
    }
    if (core) core->inbox.push(shared_from_this());
    return fits;
}

void Stream::end() {
    std::shared_ptr<Core> core;
    {
        const std::lock_guard lock(mutex_);
        if (closed_ || ended_) return;
        ended_ = true;
        core = core_.lock();
    }
    if (core) core->inbox.push(shared_from_this());
}

bool Stream::open() const {
    const std::lock_guard lock(mutex_);
    return !closed_ && !ended_ && !overrun_;
}

void Stream::attach(std::shared_ptr<Core> core, Connection* connection) {
    const std::lock_guard lock(mutex_);
    core_ = std::move(core);
    connection_ = connection;
}

Connection* Stream::connection() const {
    const std::lock_guard lock(mutex_);
    return closed_ ? nullptr : connection_;
}

Stream::Taken Stream::take() {
    const std::lock_guard lock(mutex_);
    announced_ = false;
    return {std::exchange(buffer_, {}), ended_};
}

bool Stream::overrun() const {
    const std::lock_guard lock(mutex_);
    return overrun_;
}

void Stream::close() {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    connection_ = nullptr;
    buffer_ = std::string();
}

} // namespace dalate::http
