// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "http/Outgoing.h"
#include "http/RequestHead.h"

#include <string>
#include <string_view>

namespace dalate::http {

class Response;

/// Puts answers into bytes. Stateless; any thread.
class Answer {
public:
    /// The whole answer to `head`; takes body or file out of `response`. Throws
    /// `Poco::InvalidArgumentException` when a field could be read as more than one (control characters),
    /// `std::invalid_argument` on a status that is no final one.
    static Outgoing compose(Response& response, const RequestHead& head, bool close);

    /// An answer that the front gives by itself: `page` as HTML, not cached.
    static Outgoing refusal(int status, std::string_view page, bool headOnly, bool close);

    /// One piece of a stream as it goes over the wire, and what ends the stream.
    static std::string piece(std::string_view bytes, bool chunked);
    static std::string_view lastPiece(bool chunked) { return chunked ? "0\r\n\r\n" : ""; }
};

} // namespace dalate::http
