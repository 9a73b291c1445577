// SPDX-License-Identifier: Apache-2.0
// A request head keeps its bytes exactly as they came, in one string; method, target and every field are
// pairs of 16-bit offsets into it (a head is at most 16 KiB). Moving a head therefore moves no text and
// leaves no view behind that points nowhere, and a value is never decoded before somebody asks for it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dalate::http {

/// How the body that follows a head is delimited (RFC 9112, 6).
enum class Framing : std::uint8_t { none, length, chunked };

/// The parsed, checked head of one HTTP/1.x request. Made by `HeadParser` only; views live as long as the
/// head.
class RequestHead {
public:
    struct Field {
        std::string_view name;
        std::string_view value;
    };

    std::string_view method() const noexcept { return view(method_); }
    /// Origin form, still percent-encoded: `/path?query`, or `*` for OPTIONS.
    std::string_view target() const noexcept { return view(target_); }
    std::string_view path() const noexcept;
    /// What follows the first `?`, without it; empty when there is none.
    std::string_view query() const noexcept;
    /// Host and port as sent: from an absolute target, else from Host. Empty only for HTTP/1.0 without Host.
    std::string_view host() const noexcept { return view(host_); }
    /// 0 or 1: HTTP/1.0 or HTTP/1.1.
    int minorVersion() const noexcept { return minor_; }

    std::size_t fieldCount() const noexcept { return fields_.size(); }
    Field field(std::size_t index) const noexcept {
        return {view(fields_[index].name), view(fields_[index].value)};
    }
    /// The first field of that name (any case), raw: no RFC 2047, no folding, optional white space trimmed.
    std::optional<std::string_view> header(std::string_view name) const noexcept;

    Framing framing() const noexcept { return framing_; }
    /// Octets, meaningful with `Framing::length`.
    std::uint64_t contentLength() const noexcept { return contentLength_; }
    bool hasBody() const noexcept {
        return framing_ == Framing::chunked || (framing_ == Framing::length && contentLength_ > 0);
    }
    /// Whether the client allows another request on this connection.
    bool keepAlive() const noexcept { return keepAlive_; }
    bool expectsContinue() const noexcept { return expectsContinue_; }

private:
    friend class HeadParser;
    struct Span {
        std::uint16_t offset = 0;
        std::uint16_t length = 0;
    };
    struct FieldSpan {
        Span name;
        Span value;
    };

    std::string_view view(Span span) const noexcept { return {bytes_.data() + span.offset, span.length}; }

    std::string bytes_;
    std::vector<FieldSpan> fields_;
    std::uint64_t contentLength_ = 0;
    Span method_;
    Span target_;
    Span host_;
    std::uint16_t pathLength_ = 0;
    std::uint8_t minor_ = 1;
    Framing framing_ = Framing::none;
    bool keepAlive_ = true;
    bool expectsContinue_ = false;
};

/// Whether two field names, or tokens, are equal without regard to the case of ASCII letters.
bool equalsIgnoringCase(std::string_view a, std::string_view b) noexcept;

} // namespace dalate::http
