// SPDX-License-Identifier: Apache-2.0
#include "http/HeadParser.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace dalate::http {

namespace {

constexpr bool isDigit(char c) noexcept {
    return c >= '0' && c <= '9';
}
constexpr bool isAlpha(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
constexpr bool isHex(char c) noexcept {
    return isDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/// Method, target, version and the two spaces.
constexpr std::size_t maxRequestLine = HeadParser::maxMethod + HeadParser::maxTarget + 10;

enum Class : std::uint8_t { token = 1, value = 2, target = 4, host = 8 };

constexpr std::array<std::uint8_t, 256> makeClasses() {
    std::array<std::uint8_t, 256> classes{};
    for (int i = 0; i < 256; ++i) {
        const char c = static_cast<char>(i);
        std::uint8_t bits = 0;
        if (isDigit(c) || isAlpha(c) || std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos)
            bits |= token;
        if ((i >= 0x20 && i != 0x7f) || c == '\t') bits |= value;
        if (i > 0x20 && i < 0x7f && std::string_view("\"<>").find(c) == std::string_view::npos)
            bits |= target;
        // RFC 3986's reg-name, without the comma (a list of hosts) and without percent signs (a second
        // spelling).
        if (isDigit(c) || isAlpha(c) || std::string_view("-._~!$&'()*+;=").find(c) != std::string_view::npos)
            bits |= host;
        classes[static_cast<std::size_t>(i)] = bits;
    }
    return classes;
}

constexpr auto classes = makeClasses();

bool all(std::string_view text, Class wanted) noexcept {
    for (const char c : text)
        if (!(classes[static_cast<unsigned char>(c)] & wanted)) return false;
    return true;
}

std::string_view trimmed(std::string_view text) noexcept {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t'))
        text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t'))
        text.remove_suffix(1);
    return text;
}

bool isIpv6Literal(std::string_view text) noexcept {
    if (text.size() < 2 || text.size() > 45) return false;
    return std::all_of(text.begin(), text.end(), [](char c) { return isHex(c) || c == ':' || c == '.'; });
}

/// Methods that nobody here answers end at the door (RFC 9110, 9.1), among them CONNECT, TRACE, HTTP/2's PRI
/// and those of other protocols that look like HTTP.
bool isImplemented(std::string_view method) noexcept {
    constexpr std::array<std::string_view, 7> methods = {"GET",    "POST",  "HEAD",   "PUT",
                                                         "DELETE", "PATCH", "OPTIONS"};
    return std::find(methods.begin(), methods.end(), method) != methods.end();
}

std::size_t schemeLength(std::string_view text) noexcept {
    if (text.size() > 7 && equalsIgnoringCase(text.substr(0, 7), "http://")) return 7;
    if (text.size() > 8 && equalsIgnoringCase(text.substr(0, 8), "https://")) return 8;
    return 0;
}

} // namespace

bool isToken(std::string_view text) noexcept {
    return !text.empty() && all(text, token);
}

bool isFieldValue(std::string_view text) noexcept {
    return all(text, value);
}

bool isHostAndPort(std::string_view text) noexcept {
    std::size_t hostEnd = 0;
    if (!text.empty() && text.front() == '[') {
        const std::size_t close = text.find(']');
        if (close == std::string_view::npos || !isIpv6Literal(text.substr(1, close - 1))) return false;
        hostEnd = close + 1;
    } else {
        while (hostEnd < text.size() && text[hostEnd] != ':') {
            if (!(classes[static_cast<unsigned char>(text[hostEnd])] & host)) return false;
            ++hostEnd;
        }
        if (hostEnd == 0 || hostEnd > 255) return false;
    }
    if (hostEnd == text.size()) return true;
    if (text[hostEnd] != ':') return false;
    const std::string_view port = text.substr(hostEnd + 1);
    return port.size() <= 5 && std::all_of(port.begin(), port.end(), isDigit);
}

bool splitField(std::string_view line, std::string_view& name, std::string_view& value) noexcept {
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) return false;
    name = line.substr(0, colon);
    value = line.substr(colon + 1);
    if (!isToken(name) || !isFieldValue(value)) return false;
    value = trimmed(value);
    return true;
}

std::size_t HeadParser::feed(std::string_view input) {
    if (state_ != State::reading) return 0;
    std::string& bytes = head_.bytes_;
    const std::size_t before = bytes.size();
    bytes.append(input.substr(0, maxBytes - before));

    std::size_t from = std::max(lineStart_, before);
    while (from < bytes.size()) {
        const void* found = std::memchr(bytes.data() + from, '\n', bytes.size() - from);
        if (!found) break;
        const auto lineFeed = static_cast<std::size_t>(static_cast<const char*>(found) - bytes.data());
        const bool endsWell = lineFeed > lineStart_ && bytes[lineFeed - 1] == '\r';
        checkOctets(endsWell ? lineFeed - 1 : lineFeed);
        if (state_ == State::reading && !endsWell) refuse(400);
        if (state_ == State::reading) readLine(lineStart_, lineFeed - 1);
        from = lineStart_ = checked_ = lineFeed + 1;
        if (state_ == State::refused) return input.size();
        if (state_ == State::whole) {
            // An absolute target is rewritten behind the head, so the head's own end is the line feed.
            return from - before;
        }
    }
    checkOctets(bytes.size());
    if (state_ == State::reading && bytes.size() == maxBytes) refuse(hasRequestLine_ ? 431 : 414);
    return input.size();
}

void HeadParser::refuse(int status) noexcept {
    state_ = State::refused;
    refusal_ = status;
}

/// Refuses octets that no line may hold, and a request line that is too long, the same way whether the line
/// came in one piece or octet by octet.
void HeadParser::checkOctets(std::size_t end) noexcept {
    const std::string& bytes = head_.bytes_;
    for (; checked_ < end; ++checked_) {
        const char c = bytes[checked_];
        if (c == '\r') {
            // A carriage return may be the last octet so far, and then nothing is known yet.
            if (checked_ + 1 < end) refuse(400);
            return;
        }
        if (!hasRequestLine_ && checked_ - lineStart_ >= maxRequestLine) return refuse(414);
        if (!(classes[static_cast<unsigned char>(c)] & value)) return refuse(400);
    }
}

void HeadParser::readLine(std::size_t begin, std::size_t end) {
    if (!hasRequestLine_) {
        if (begin != end) return readRequestLine(begin, end);
        // RFC 9112, 2.2: some clients send an empty line after a body.
        if (++emptyLines_ > 2) refuse(400);
        return;
    }
    if (begin == end) {
        head_.bytes_.resize(end + 2);
        return finish();
    }
    readField(begin, end);
}

void HeadParser::readRequestLine(std::size_t begin, std::size_t end) {
    const std::string_view line = std::string_view(head_.bytes_).substr(begin, end - begin);
    const std::size_t methodEnd = line.find(' ');
    if (methodEnd == std::string_view::npos || methodEnd > maxMethod || !isToken(line.substr(0, methodEnd)))
        return refuse(400);
    const std::size_t targetEnd = line.find(' ', methodEnd + 1);
    if (targetEnd == std::string_view::npos) return refuse(400);
    const std::string_view version = line.substr(targetEnd + 1);
    if (version.size() != 8 || version.substr(0, 5) != "HTTP/" || !isDigit(version[5]) || version[6] != '.' ||
        !isDigit(version[7]))
        return refuse(400);

    head_.method_ = {static_cast<std::uint16_t>(begin), static_cast<std::uint16_t>(methodEnd)};
    const std::string_view method = head_.method();
    if (!isImplemented(method)) return refuse(501);
    if (version[5] != '1' || version[7] > '1') return refuse(505);
    head_.minor_ = static_cast<std::uint8_t>(version[7] - '0');
    head_.keepAlive_ = head_.minor_ == 1;
    hasRequestLine_ = true;
    readTarget(begin + methodEnd + 1, begin + targetEnd);
}

void HeadParser::readTarget(std::size_t begin, std::size_t end) {
    std::string_view text = std::string_view(head_.bytes_).substr(begin, end - begin);
    if (text.empty() || !all(text, target)) return refuse(400);
    if (text.size() > maxTarget) return refuse(414);
    // A fragment is the client's own affair; some send it all the same, and it reaches nobody.
    text = text.substr(0, text.find('#'));
    if (text == "*") {
        if (head_.method() != "OPTIONS") return refuse(400);
        head_.pathLength_ = 1;
    } else if (const std::size_t scheme = schemeLength(text); scheme > 0) {
        const std::size_t slash = std::min(text.find_first_of("/?", scheme), text.size());
        if (!isHostAndPort(text.substr(scheme, slash - scheme))) return refuse(400);
        authority_ = {static_cast<std::uint16_t>(begin + scheme), static_cast<std::uint16_t>(slash - scheme)};
        begin += slash;
        text.remove_prefix(slash);
    } else if (text.empty() || text.front() != '/') {
        return refuse(400);
    }
    head_.target_ = {static_cast<std::uint16_t>(begin), static_cast<std::uint16_t>(text.size())};
    head_.pathLength_ = static_cast<std::uint16_t>(std::min(text.find('?'), text.size()));
}

void HeadParser::readField(std::size_t begin, std::size_t end) {
    const std::string_view line = std::string_view(head_.bytes_).substr(begin, end - begin);
    std::string_view name;
    std::string_view value;
    if (!splitField(line, name, value)) return refuse(400);
    if (head_.fields_.size() == maxFields) return refuse(431);
    const auto offset = [this](std::string_view part) {
        return static_cast<std::uint16_t>(part.data() - head_.bytes_.data());
    };
    const RequestHead::Span valueSpan{offset(value), static_cast<std::uint16_t>(value.size())};
    if (head_.fields_.empty()) head_.fields_.reserve(16);
    head_.fields_.push_back({{offset(name), static_cast<std::uint16_t>(name.size())}, valueSpan});
    noteField(name, valueSpan);
}

void HeadParser::noteField(std::string_view name, RequestHead::Span valueSpan) {
    const std::string_view value = head_.view(valueSpan);
    switch (name.size()) {
    case 4:
        if (!equalsIgnoringCase(name, "host")) return;
        if (++hosts_ > 1 || !isHostAndPort(value)) return refuse(400);
        head_.host_ = valueSpan;
        return;
    case 6:
        if (!equalsIgnoringCase(name, "expect")) return;
        if (equalsIgnoringCase(value, "100-continue"))
            head_.expectsContinue_ = head_.minor_ == 1;
        else
            otherExpectation_ = true;
        return;
    case 10:
        if (equalsIgnoringCase(name, "connection")) readConnection(value);
        return;
    case 14:
        if (equalsIgnoringCase(name, "content-length")) readContentLength(value);
        return;
    case 17:
        if (!equalsIgnoringCase(name, "transfer-encoding")) return;
        if (encodings_ < 2) ++encodings_;
        chunked_ = equalsIgnoringCase(value, "chunked");
        return;
    default:
        return;
    }
}

void HeadParser::readContentLength(std::string_view value) {
    // Equal or not, a second length is refused: whoever merges them differently reads another body.
    if (++lengths_ > 1 || value.empty() || value.size() > 18 ||
        !std::all_of(value.begin(), value.end(), isDigit))
        return refuse(400);
    std::uint64_t length = 0;
    for (const char c : value)
        length = length * 10 + static_cast<std::uint64_t>(c - '0');
    head_.contentLength_ = length;
}

void HeadParser::readConnection(std::string_view value) {
    while (!value.empty()) {
        const std::size_t comma = std::min(value.find(','), value.size());
        if (equalsIgnoringCase(trimmed(value.substr(0, comma)), "close")) head_.keepAlive_ = false;
        value.remove_prefix(std::min(comma + 1, value.size()));
    }
}

void HeadParser::finish() {
    if (hosts_ == 0 && head_.minor_ == 1) return refuse(400);
    if (encodings_ > 0) {
        // Both together, or a coding that HTTP/1.0 does not know, is how requests are smuggled (RFC
        // 9112, 6.1).
        if (lengths_ > 0 || head_.minor_ == 0) return refuse(400);
        if (encodings_ > 1 || !chunked_) return refuse(501);
        head_.framing_ = Framing::chunked;
    } else if (lengths_ > 0) {
        head_.framing_ = Framing::length;
    }
    if (otherExpectation_) return refuse(417);

    if (authority_.length > 0) {
        head_.host_ = authority_;
        if (head_.target_.length == 0 || head_.pathLength_ == 0) {
            const std::string rest = "/" + std::string(head_.target());
            head_.target_ = {static_cast<std::uint16_t>(head_.bytes_.size()),
                             static_cast<std::uint16_t>(rest.size())};
            head_.pathLength_ = 1;
            head_.bytes_ += rest;
        }
    }
    state_ = State::whole;
}

} // namespace dalate::http
