// SPDX-License-Identifier: Apache-2.0
// The parser keeps the head's bytes in the `RequestHead` it fills and looks at them line by line: as soon as
// a line is whole it is checked and never read again, and the unfinished rest is checked for octets that no
// line may hold, so that rubbish is refused at once and not at a deadline.
#pragma once

#include "http/RequestHead.h"

#include <cstddef>
#include <string_view>

namespace dalate::http {

/// Parses one request head as RFC 9112 demands and refuses whatever two parsers could read in two ways. Pure:
/// no I/O, no clock. Feed it until `state` is no longer `reading`.
class HeadParser {
public:
    enum class State : std::uint8_t { reading, whole, refused };

    /// Request line and fields together; more is 431 (414 when the target alone is too long).
    static constexpr std::size_t maxBytes = 16 * 1024;
    static constexpr std::size_t maxTarget = 8 * 1024;
    static constexpr std::size_t maxFields = 100;
    static constexpr std::size_t maxMethod = 32;

    /// Reads on; returns how many octets of `input` belong to this head. What follows is body or the next
    /// request.
    std::size_t feed(std::string_view input);

    State state() const noexcept { return state_; }
    /// The status to refuse with: 400, 414, 417, 431, 501 or 505. Meaningful when refused.
    int refusal() const noexcept { return refusal_; }
    /// Meaningful when whole; when refused, method and target as far as they were understood.
    const RequestHead& head() const noexcept { return head_; }

private:
    void refuse(int status) noexcept;
    void checkOctets(std::size_t end) noexcept;
    void readLine(std::size_t begin, std::size_t end);
    void readRequestLine(std::size_t begin, std::size_t end);
    void readTarget(std::size_t begin, std::size_t end);
    void readField(std::size_t begin, std::size_t end);
    void noteField(std::string_view name, RequestHead::Span valueSpan);
    void readContentLength(std::string_view value);
    void readConnection(std::string_view value);
    void finish();

    RequestHead head_;
    RequestHead::Span authority_;
    std::size_t lineStart_ = 0;
    std::size_t checked_ = 0;
    std::uint8_t emptyLines_ = 0;
    std::uint8_t hosts_ = 0;
    std::uint8_t lengths_ = 0;
    std::uint8_t encodings_ = 0;
    bool hasRequestLine_ = false;
    bool chunked_ = false;
    bool otherExpectation_ = false;
    State state_ = State::reading;
    int refusal_ = 0;
};

/// Splits `Name: value` strictly (RFC 9112, 5): token, no space before the colon, value of visible octets,
/// space and tab, trimmed. False when the line is none. Shared with the trailers of chunked bodies.
bool splitField(std::string_view line, std::string_view& name, std::string_view& value) noexcept;

/// Whether the text is a token (RFC 9110, 5.6.2).
bool isToken(std::string_view text) noexcept;

/// Whether the text may stand as a field's value: no control octet but tab.
bool isFieldValue(std::string_view text) noexcept;

/// Whether the text is `host[:port]` with a DNS name, an IPv4 address or an IPv6 address in brackets.
bool isHostAndPort(std::string_view text) noexcept;

} // namespace dalate::http
