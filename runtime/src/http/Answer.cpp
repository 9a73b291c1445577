// SPDX-License-Identifier: Apache-2.0
#include "http/Answer.h"

#include "http/HeadParser.h"
#include "http/Message.h"

#include <Poco/DateTimeFormat.h>
#include <Poco/DateTimeFormatter.h>
#include <Poco/Exception.h>
#include <Poco/Timestamp.h>

#include <charconv>
#include <ctime>
#include <stdexcept>

namespace dalate::http {

namespace {

/// `Date: …` with its line end, formatted once a second and thread.
const std::string& dateLine() {
    thread_local std::time_t second = 0;
    thread_local std::string line;
    if (const std::time_t now = std::time(nullptr); now != second) {
        second = now;
        line = "Date: " +
               Poco::DateTimeFormatter::format(Poco::Timestamp::fromEpochTime(now),
                                               Poco::DateTimeFormat::HTTP_FORMAT) +
               "\r\n";
    }
    return line;
}

void appendNumber(std::string& text, std::uint64_t number) {
    char digits[20];
    const auto end = std::to_chars(digits, digits + sizeof digits, number).ptr;
    text.append(digits, end);
}

void appendStatusLine(std::string& text, int status) {
    text += "HTTP/1.1 ";
    appendNumber(text, static_cast<std::uint64_t>(status));
    text += ' ';
    text +=
        Poco::Net::HTTPResponse::getReasonForStatus(static_cast<Poco::Net::HTTPResponse::HTTPStatus>(status));
    text += "\r\n";
    text += dateLine();
}

/// Fields that only the front may send.
bool isOurs(std::string_view name) noexcept {
    switch (name.size()) {
    case 4:
        return equalsIgnoringCase(name, "Date");
    case 6:
        return equalsIgnoringCase(name, "Server");
    case 7:
        return equalsIgnoringCase(name, "Trailer") || equalsIgnoringCase(name, "Upgrade");
    case 10:
        return equalsIgnoringCase(name, "Connection") || equalsIgnoringCase(name, "Keep-Alive");
    case 14:
        return equalsIgnoringCase(name, "Content-Length");
    case 17:
        return equalsIgnoringCase(name, "Transfer-Encoding");
    default:
        return false;
    }
}

} // namespace

Outgoing Answer::compose(Response& response, const RequestHead& head, bool close) {
    const int status = response.getStatus();
    if (status < 200) throw std::invalid_argument("a final status is 200 or more");

    response.flush();
    Outgoing out;
    const bool headOnly = head.method() == "HEAD";
    const bool bodyless = status == 204 || status == 304;
    const bool streams = response.stream_ != nullptr;
    const bool chunked = streams && head.minorVersion() == 1;
    out.close = close || streams || !response.getKeepAlive();
    out.text.reserve(512);
    appendStatusLine(out.text, status);
    for (const auto& [name, value] : response) {
        if (isOurs(name)) continue;
        if (!isToken(name) || !isFieldValue(value))
            throw Poco::InvalidArgumentException("a response field holds a control character", name);
        out.text.append(name).append(": ").append(value).append("\r\n");
    }
    std::uint64_t length = response.file_ ? response.fileLength_ : response.spool_.size();
    // A handler may tell the length of a page it did not make for HEAD.
    if (headOnly && length == 0 && response.hasContentLength())
        length = static_cast<std::uint64_t>(std::max<Poco::Int64>(0, response.getContentLength64()));
    if (chunked) {
        out.text += "Transfer-Encoding: chunked\r\n";
    } else if (!streams && !bodyless) {
        out.text += "Content-Length: ";
        appendNumber(out.text, length);
        out.text += "\r\n";
    }
    if (out.close) out.text += "Connection: close\r\n";
    out.text += "\r\n";
    if (headOnly || bodyless || streams) return out;

    if (response.file_) {
        out.file = std::move(response.file_);
        out.fileOffset = response.fileOffset_;
        out.fileLeft = response.fileLength_;
    } else if (response.spool_.size() > 0) {
        if (response.spool_.file()) out.fileLeft = response.spool_.size();
        out.body.emplace(std::move(response.spool_));
    }
    return out;
}

Outgoing Answer::refusal(int status, std::string_view page, bool headOnly, bool close) {
    Outgoing out;
    out.close = close;
    out.text.reserve(256 + page.size());
    appendStatusLine(out.text, status);
    out.text += "Content-Type: text/html; charset=utf-8\r\nX-Content-Type-Options: nosniff\r\n"
                "Cache-Control: no-store\r\nContent-Length: ";
    appendNumber(out.text, page.size());
    out.text += "\r\n";
    if (status == 503) out.text += "Retry-After: 1\r\n";
    if (close) out.text += "Connection: close\r\n";
    out.text += "\r\n";
    if (!headOnly) out.text += page;
    return out;
}

std::string Answer::piece(std::string_view bytes, bool chunked) {
    if (!chunked) return std::string(bytes);
    char size[20];
    const auto end = std::to_chars(size, size + sizeof size, bytes.size(), 16).ptr;
    std::string framed(size, end);
    framed.reserve(framed.size() + bytes.size() + 4);
    framed.append("\r\n").append(bytes).append("\r\n");
    return framed;
}

} // namespace dalate::http
