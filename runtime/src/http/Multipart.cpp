// SPDX-License-Identifier: Apache-2.0
#include "http/Multipart.h"

#include "http/HeadParser.h"
#include "http/PartHeadReader.h"

#include <algorithm>
#include <cstring>

namespace dalate::http {

namespace {

constexpr std::size_t longestBoundary = 70;

Error malformed(std::string_view reason) {
    return Error(400, "core.form.multipart", Value::map([&](MapWriter& m) { m.set("reason", reason); }));
}

std::string_view trimmed(std::string_view text) noexcept {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t'))
        text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t'))
        text.remove_suffix(1);
    return text;
}

/// bchars of RFC 2046, 5.1.1.
bool isBoundary(std::string_view text) noexcept {
    if (text.empty() || text.size() > longestBoundary || text.back() == ' ') return false;
    return std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               std::string_view("'()+_,-./:=? ").find(c) != std::string_view::npos;
    });
}

/// How many octets at the end of `text` may be the beginning of `wanted`.
std::size_t beginningAtEnd(std::string_view text, std::string_view wanted) noexcept {
    const std::size_t most = std::min(text.size(), wanted.size() - 1);
    // A delimiter begins with CR, and what may stand in a boundary is none: at most one candidate.
    const std::size_t at = text.rfind('\r');
    if (at == std::string_view::npos || text.size() - at > most) return 0;
    return wanted.starts_with(text.substr(at)) ? text.size() - at : 0;
}

} // namespace

Result<std::string> Multipart::boundaryOf(std::string_view contentType) {
    const std::size_t semicolon = contentType.find(';');
    if (!equalsIgnoringCase(trimmed(contentType.substr(0, semicolon)), "multipart/form-data"))
        return malformed("type");
    std::string_view rest = semicolon == std::string_view::npos ? "" : contentType.substr(semicolon);
    std::optional<std::string> boundary;
    while (!(rest = trimmed(rest)).empty()) {
        if (rest.front() != ';') return malformed("type");
        rest = trimmed(rest.substr(1));
        const std::size_t equals = rest.find('=');
        if (equals == std::string_view::npos || !isToken(rest.substr(0, equals))) return malformed("type");
        const std::string_view name = rest.substr(0, equals);
        rest.remove_prefix(equals + 1);
        const auto value = takeParameterValue(rest);
        if (!value) return malformed("type");
        if (!equalsIgnoringCase(name, "boundary")) continue;
        if (boundary || !isBoundary(*value)) return malformed("boundary");
        boundary = std::string(*value);
    }
    if (!boundary) return malformed("boundary");
    return *std::move(boundary);
}

Multipart::Multipart(std::string_view boundary, PartSink& sink, MultipartLimits limits)
    : delimiter_("\r\n--" + std::string(boundary)), sink_(sink), limits_(limits) {}

void Multipart::refuse(std::string_view reason) {
    refusal_ = malformed(reason);
    held_.clear();
}

void Multipart::refuseSize() {
    refusal_ = Error(413, "core.form.size");
    held_.clear();
}

void Multipart::feed(std::string_view bytes) {
    while (!bytes.empty() && !refusal_) {
        switch (place_) {
        case Place::start:
            takeStart(bytes);
            break;
        case Place::afterDelimiter:
            takeAfterDelimiter(bytes);
            break;
        case Place::head:
            takeHead(bytes);
            break;
        case Place::content:
            takeContent(bytes);
            break;
        case Place::closing:
            takeClosing(bytes);
            break;
        case Place::ended:
            refuse("after_end");
            break;
        }
    }
}

std::optional<Error> Multipart::finish() {
    if (!refusal_ && (place_ == Place::start || place_ == Place::afterDelimiter || place_ == Place::head ||
                      place_ == Place::content))
        refuse("unfinished");
    else if (!refusal_ && place_ == Place::closing && !held_.empty())
        refuse("after_end");
    return refusal_;
}

void Multipart::takeStart(std::string_view& bytes) {
    // The first delimiter stands without its line end.
    const std::string_view wanted = std::string_view(delimiter_).substr(2);
    const std::size_t count = std::min(bytes.size(), wanted.size() - held_.size());
    held_.append(bytes.substr(0, count));
    bytes.remove_prefix(count);
    if (!wanted.starts_with(held_)) return refuse("preamble");
    if (held_.size() < wanted.size()) return;
    held_.clear();
    place_ = Place::afterDelimiter;
}

void Multipart::takeAfterDelimiter(std::string_view& bytes) {
    const std::size_t count = std::min(bytes.size(), 2 - held_.size());
    held_.append(bytes.substr(0, count));
    bytes.remove_prefix(count);
    if (held_.front() != '\r' && held_.front() != '-') return refuse("delimiter");
    if (held_.size() < 2) return;
    if (held_ == "\r\n") {
        if (++parts_ > limits_.parts) return refuseSize();
        place_ = Place::head;
    } else if (held_ == "--") {
        // A form has at least its token; a body that opens with its end is nobody's form.
        if (parts_ == 0) return refuse("empty");
        place_ = Place::closing;
    } else {
        return refuse("delimiter");
    }
    held_.clear();
}

void Multipart::takeHead(std::string_view& bytes) {
    constexpr std::string_view end = "\r\n\r\n";
    // The end may lie across two pieces, so the search goes back over what is held.
    const std::size_t before = held_.size();
    const std::size_t room = limits_.headBytes + 1 - before;
    held_.append(bytes.substr(0, room));
    const std::size_t from = before < end.size() ? 0 : before - end.size();
    const std::size_t at = held_.find(end, from);
    if (at == std::string::npos) {
        if (held_.size() > limits_.headBytes) return refuseSize();
        bytes.remove_prefix(held_.size() - before);
        return;
    }
    bytes.remove_prefix(at + end.size() - before);
    held_.resize(at + 2);
    endHead();
}

void Multipart::endHead() {
    auto head = readPartHead(held_, limits_);
    held_.clear();
    if (!head) {
        refusal_ = head.error();
        return;
    }
    place_ = Place::content;
    sink_.begin(*head);
}

void Multipart::takeContent(std::string_view& bytes) {
    if (!held_.empty()) {
        // What was held looked like a delimiter's beginning: see whether it goes on.
        const std::size_t count = std::min(bytes.size(), delimiter_.size() - held_.size());
        const std::string_view wanted = std::string_view(delimiter_).substr(held_.size(), count);
        if (bytes.substr(0, count) != wanted) {
            const std::string was = std::move(held_);
            held_.clear();
            sink_.content(was);
            return;
        }
        held_.append(wanted);
        bytes.remove_prefix(count);
        if (held_.size() < delimiter_.size()) return;
        held_.clear();
        place_ = Place::afterDelimiter;
        sink_.end();
        return;
    }
    const std::size_t at = bytes.find(delimiter_);
    if (at != std::string_view::npos) {
        if (at > 0) sink_.content(bytes.substr(0, at));
        bytes.remove_prefix(at + delimiter_.size());
        place_ = Place::afterDelimiter;
        sink_.end();
        return;
    }
    const std::size_t maybe = beginningAtEnd(bytes, delimiter_);
    if (bytes.size() > maybe) sink_.content(bytes.substr(0, bytes.size() - maybe));
    held_.assign(bytes.substr(bytes.size() - maybe));
    bytes = {};
}

void Multipart::takeClosing(std::string_view& bytes) {
    const std::size_t count = std::min(bytes.size(), 2 - held_.size());
    held_.append(bytes.substr(0, count));
    bytes.remove_prefix(count);
    if (!std::string_view("\r\n").starts_with(held_)) return refuse("after_end");
    if (held_.size() < 2) return;
    held_.clear();
    place_ = Place::ended;
}

} // namespace dalate::http
