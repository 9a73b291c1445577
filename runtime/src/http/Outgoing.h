// SPDX-License-Identifier: Apache-2.0
// An answer on its way: text (status line and fields, later also a stream's pieces), then a body in memory or
// a range of a file. `sent` counts from the start of the text through the body in memory; the file keeps its
// own place, because sendfile moves it.
#pragma once

#include "http/BodySpool.h"

#include <cstdint>
#include <optional>
#include <string>

namespace dalate::http {

struct Outgoing {
    enum class Result : std::uint8_t { all, blocked, paused, broken };

    std::string text;
    std::optional<BodySpool> body;
    Descriptor file;
    std::uint64_t fileOffset = 0;
    std::uint64_t fileLeft = 0;
    std::uint64_t sent = 0;
    /// Octets taken by the socket since the answer began.
    std::uint64_t total = 0;
    /// Whether the connection is closed after the answer.
    bool close = false;

    /// Writes as much as `socket` (non-blocking) takes, at most about `budget` octets: then `paused`.
    Result write(int socket, std::uint64_t budget);
    bool empty() const noexcept { return sent == textAndBody() && fileLeft == 0; }

private:
    std::uint64_t textAndBody() const noexcept { return text.size() + (inMemory() ? body->size() : 0); }
    bool inMemory() const noexcept { return body && !body->file(); }
    int source() const noexcept { return file ? file.get() : body && body->file() ? *body->file() : -1; }
};

} // namespace dalate::http
