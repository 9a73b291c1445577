// SPDX-License-Identifier: Apache-2.0
#include "http/Outgoing.h"

#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <algorithm>
#include <cerrno>

namespace dalate::http {

namespace {

Outgoing::Result afterError() noexcept {
    return errno == EAGAIN || errno == EWOULDBLOCK ? Outgoing::Result::blocked : Outgoing::Result::broken;
}

} // namespace

Outgoing::Result Outgoing::write(int socket, std::uint64_t budget) {
    const std::uint64_t limit = total + budget;
    while (sent < textAndBody()) {
        if (total >= limit) return Result::paused;
        iovec parts[2];
        std::size_t count = 0;
        const auto add = [&](const char* data, std::size_t size) {
            parts[count++] = {const_cast<char*>(data), size};
        };
        if (sent < text.size()) add(text.data() + sent, text.size() - sent);
        if (inMemory()) {
            const std::string_view bytes = body->bytes();
            const std::uint64_t skip = sent > text.size() ? sent - text.size() : 0;
            if (skip < bytes.size()) add(bytes.data() + skip, bytes.size() - skip);
        }
        msghdr message{};
        message.msg_iov = parts;
        message.msg_iovlen = count;
        const ssize_t written = ::sendmsg(socket, &message, MSG_NOSIGNAL | (fileLeft > 0 ? MSG_MORE : 0));
        if (written < 0) {
            if (errno == EINTR) continue;
            return afterError();
        }
        sent += static_cast<std::uint64_t>(written);
        total += static_cast<std::uint64_t>(written);
    }
    while (fileLeft > 0) {
        if (total >= limit) return Result::paused;
        auto offset = static_cast<off_t>(fileOffset);
        const ssize_t written = ::sendfile(
            socket, source(), &offset, static_cast<std::size_t>(std::min<std::uint64_t>(fileLeft, 1 << 18)));
        if (written < 0) {
            if (errno == EINTR) continue;
            return afterError();
        }
        // The file has become shorter than promised: only closing tells the client that something is missing.
        if (written == 0) return Result::broken;
        fileOffset = static_cast<std::uint64_t>(offset);
        fileLeft -= static_cast<std::uint64_t>(written);
        total += static_cast<std::uint64_t>(written);
    }
    return Result::all;
}

} // namespace dalate::http
