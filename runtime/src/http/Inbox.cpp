// SPDX-License-Identifier: Apache-2.0
#include "http/Inbox.h"

#include "http/Stream.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace dalate::http {

Inbox::Inbox() : wake_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
    if (!wake_) throw std::system_error(errno, std::generic_category(), "eventfd");
}

bool Inbox::push(Connection* connection) {
    const std::lock_guard lock(mutex_);
    if (closed_) return false;
    connections_.push_back(connection);
    wakeLocked();
    return true;
}

void Inbox::push(std::shared_ptr<Stream> stream) {
    const std::lock_guard lock(mutex_);
    if (closed_) return;
    streams_.push_back(std::move(stream));
    wakeLocked();
}

void Inbox::wake() {
    const std::lock_guard lock(mutex_);
    wakeLocked();
}

void Inbox::wakeLocked() {
    if (woken_ || closed_) return;
    const std::uint64_t one = 1;
    woken_ = ::write(wake_.get(), &one, sizeof one) == static_cast<ssize_t>(sizeof one);
}

void Inbox::take(std::vector<Connection*>& connections, std::vector<std::shared_ptr<Stream>>& streams) {
    connections.clear();
    streams.clear();
    const std::lock_guard lock(mutex_);
    if (woken_) {
        std::uint64_t count = 0;
        woken_ = ::read(wake_.get(), &count, sizeof count) < 0 && errno == EINTR;
    }
    connections.swap(connections_);
    streams.swap(streams_);
}

std::vector<Connection*> Inbox::close() {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    streams_.clear();
    return std::move(connections_);
}

} // namespace dalate::http
