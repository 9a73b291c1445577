// SPDX-License-Identifier: Apache-2.0
// Takes the framing off a body, octet by octet state machine for chunk lines, whole pieces for data. Keeps
// nothing but its place (and an unfinished trailer line): pieces are handed on as views into the input.
#pragma once

#include "http/RequestHead.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace dalate::http {

/// Decodes one request body (RFC 9112, 6 and 7.1) and refuses malformed chunks and bodies above the limit.
/// Pure. Trailer fields are read within the head's limits, checked as fields and dropped.
class BodyReader {
public:
    enum class State : std::uint8_t { reading, whole, refused };

    struct Step {
        std::size_t consumed = 0;
        /// Decoded octets: a part of the input that was consumed.
        std::string_view data;
    };

    /// Of one body: octets of all chunk extensions, digits of a chunk size.
    static constexpr std::size_t maxExtensions = 4096;
    static constexpr std::size_t maxSizeDigits = 16;

    BodyReader() = default;
    BodyReader(Framing framing, std::uint64_t length, std::uint64_t maxBytes);

    /// Reads on, at most up to the end of one piece of data; call again while `reading` and input is left.
    Step feed(std::string_view input);

    State state() const noexcept { return state_; }
    /// 400, 413 or 431; meaningful when refused.
    int refusal() const noexcept { return refusal_; }

private:
    enum class Place : std::uint8_t {
        fixed,
        size,
        sizeEnd,
        extensionName,
        extensionValueStart,
        extensionValue,
        quoted,
        escaped,
        quotedEnd,
        data,
        dataReturn,
        dataFeed,
        trailer,
    };

    void refuse(int status) noexcept;
    Step takeData(std::string_view input, Place next);
    void readChunkLine(char c);
    void endChunkLine() noexcept;
    void readTrailer(char c);

    std::uint64_t left_ = 0;
    std::uint64_t room_ = 0;
    std::string line_;
    std::size_t extensionBytes_ = 0;
    std::size_t trailerBytes_ = 0;
    std::size_t trailers_ = 0;
    std::uint8_t digits_ = 0;
    Place place_ = Place::fixed;
    State state_ = State::whole;
    int refusal_ = 0;
};

} // namespace dalate::http
