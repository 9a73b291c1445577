// SPDX-License-Identifier: Apache-2.0
#include "http/BodyReader.h"

#include "http/HeadParser.h"

#include <algorithm>

namespace dalate::http {

namespace {

int hexValue(char c) noexcept {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

} // namespace

BodyReader::BodyReader(Framing framing, std::uint64_t length, std::uint64_t maxBytes) : room_(maxBytes) {
    if (framing == Framing::chunked) {
        place_ = Place::size;
        state_ = State::reading;
    } else if (framing == Framing::length && length > 0) {
        left_ = length;
        state_ = State::reading;
        if (length > maxBytes) refuse(413);
    }
}

void BodyReader::refuse(int status) noexcept {
    state_ = State::refused;
    refusal_ = status;
}

BodyReader::Step BodyReader::feed(std::string_view input) {
    if (state_ != State::reading || input.empty()) return {};
    if (place_ == Place::fixed) {
        Step step = takeData(input, Place::fixed);
        if (left_ == 0) state_ = State::whole;
        return step;
    }
    if (place_ == Place::data) return takeData(input, Place::dataReturn);

    Step step;
    while (step.consumed < input.size() && state_ == State::reading && place_ != Place::data) {
        const char c = input[step.consumed++];
        if (place_ == Place::trailer) {
            readTrailer(c);
        } else if (place_ == Place::dataReturn || place_ == Place::dataFeed) {
            const bool carriageReturn = place_ == Place::dataReturn;
            if (c != (carriageReturn ? '\r' : '\n')) refuse(400);
            place_ = carriageReturn ? Place::dataFeed : Place::size;
            digits_ = 0;
        } else {
            readChunkLine(c);
        }
    }
    return step;
}

BodyReader::Step BodyReader::takeData(std::string_view input, Place next) {
    const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(left_, input.size()));
    left_ -= count;
    if (left_ == 0) place_ = next;
    return {count, input.substr(0, count)};
}

void BodyReader::readChunkLine(char c) {
    if (place_ == Place::size) {
        if (const int digit = hexValue(c); digit >= 0) {
            if (++digits_ > maxSizeDigits) return refuse(400);
            left_ = left_ * 16 + static_cast<unsigned>(digit);
            return;
        }
        if (digits_ == 0) return refuse(400);
        if (c == '\r') {
            place_ = Place::sizeEnd;
        } else if (c == ';') {
            line_.clear();
            place_ = Place::extensionName;
        } else {
            refuse(400);
        }
        return;
    }
    if (place_ == Place::sizeEnd) return c == '\n' ? endChunkLine() : refuse(400);

    if (++extensionBytes_ > maxExtensions) return refuse(400);
    const bool tokenOctet = isToken(std::string_view(&c, 1));
    switch (place_) {
    case Place::extensionName:
    case Place::extensionValue:
        if (tokenOctet) {
            line_.assign(1, c);
            return;
        }
        if (line_.empty()) return refuse(400);
        if (c == '=' && place_ == Place::extensionName) {
            place_ = Place::extensionValueStart;
            return;
        }
        break;
    case Place::extensionValueStart:
        if (c == '"') {
            place_ = Place::quoted;
            return;
        }
        if (!tokenOctet) return refuse(400);
        place_ = Place::extensionValue;
        return;
    case Place::quoted:
        if (c == '"') {
            place_ = Place::quotedEnd;
        } else if (c == '\\') {
            place_ = Place::escaped;
        } else if (!isFieldValue(std::string_view(&c, 1))) {
            refuse(400);
        }
        return;
    case Place::escaped:
        if (!isFieldValue(std::string_view(&c, 1))) return refuse(400);
        place_ = Place::quoted;
        return;
    default:
        break;
    }
    // An extension is over: another begins, or the line ends.
    if (c == ';') {
        line_.clear();
        place_ = Place::extensionName;
    } else if (c == '\r') {
        place_ = Place::sizeEnd;
    } else {
        refuse(400);
    }
}

void BodyReader::endChunkLine() noexcept {
    line_.clear();
    if (left_ == 0) {
        place_ = Place::trailer;
        return;
    }
    if (left_ > room_) return refuse(413);
    room_ -= left_;
    place_ = Place::data;
}

void BodyReader::readTrailer(char c) {
    if (++trailerBytes_ > HeadParser::maxBytes) return refuse(431);
    if (c != '\n') {
        if (!line_.empty() && line_.back() == '\r') return refuse(400);
        line_ += c;
        return;
    }
    if (line_.empty() || line_.back() != '\r') return refuse(400);
    line_.pop_back();
    if (line_.empty()) {
        state_ = State::whole;
        return;
    }
    std::string_view name;
    std::string_view value;
    if (!splitField(line_, name, value)) return refuse(400);
    if (++trailers_ > HeadParser::maxFields) return refuse(431);
    line_.clear();
}

} // namespace dalate::http
