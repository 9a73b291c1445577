// SPDX-License-Identifier: Apache-2.0
#include "gs1/DigitalLink.h"

#include "gs1/CheckDigit.h"

#include <optional>

namespace dalate::traceability::gs1 {

namespace {

constexpr std::string_view canonicalStem = "https://id.gs1.org";

std::vector<std::string_view> split(std::string_view text, char by) {
    std::vector<std::string_view> parts;
    for (;;) {
        const std::size_t at = text.find(by);
        parts.push_back(text.substr(0, at));
        if (at == std::string_view::npos) return parts;
        text.remove_prefix(at + 1);
    }
}

/// Position of `code` in a key's list of qualifiers; -1 when it is not one.
int rank(std::string_view qualifiers, std::string_view code) {
    int at = 0;
    for (const std::string_view one : split(qualifiers, ' ')) {
        if (one == code) return at;
        ++at;
    }
    return -1;
}

LinkFault fault(LinkFault::Kind kind, std::string_view ai = {}, std::string value = {}) {
    return {kind, std::string(ai), std::move(value)};
}

std::optional<LinkFault> checked(const ApplicationIdentifier& ai, const std::string& value) {
    switch (checkValue(ai, value)) {
    case ValueFault::none:
        return std::nullopt;
    case ValueFault::checkDigit:
        return fault(LinkFault::Kind::checkDigit, ai.code, value);
    default:
        return fault(LinkFault::Kind::badValue, ai.code, value);
    }
}

/// Where the primary key stands among the segments; npos when there is none.
std::size_t findKey(const std::vector<std::string_view>& segments) {
    for (std::size_t i = 0; i + 1 < segments.size(); ++i) {
        const auto* ai = findAi(segments[i]);
        if (ai != nullptr && ai->primary && (segments.size() - i) % 2 == 0) return i;
    }
    return std::string_view::npos;
}

std::variant<DigitalLink, LinkFault> readPath(const std::vector<std::string_view>& segments, std::size_t at,
                                              DigitalLink link) {
    const auto* key = findAi(segments[at]);
    const auto value = decodeValue(segments[at + 1]);
    if (!value) return fault(LinkFault::Kind::malformed, key->code);
    if (auto bad = checked(*key, *value)) return *bad;
    link.ai = key->code;
    link.key = link.ai == "01" ? gtin14(*value) : *value;

    int last = -1;
    for (std::size_t i = at + 2; i + 1 < segments.size(); i += 2) {
        const auto* qualifier = findAi(segments[i]);
        const auto text = decodeValue(segments[i + 1]);
        if (!text) return fault(LinkFault::Kind::malformed, qualifier ? qualifier->code : segments[i]);
        const int place = qualifier ? rank(key->qualifiers, qualifier->code) : -1;
        if (place < 0) return fault(LinkFault::Kind::unknownAi, segments[i], *text);
        if (place <= last) return fault(LinkFault::Kind::malformed, qualifier->code, *text);
        if (auto bad = checked(*qualifier, *text)) return *bad;
        last = place;
        link.qualifiers.emplace_back(qualifier->code, *text);
    }
    return link;
}

} // namespace

std::string_view DigitalLink::qualifier(std::string_view code) const noexcept {
    for (const auto& [name, value] : qualifiers)
        if (name == code) return value;
    return {};
}

std::string DigitalLink::format(std::string_view atStem) const {
    std::string out(atStem);
    out.append("/").append(ai).append("/").append(encodeValue(key));
    for (const auto& [name, value] : qualifiers)
        out.append("/").append(name).append("/").append(encodeValue(value));
    return out;
}

std::string DigitalLink::canonical() const {
    std::string out(canonicalStem);
    out.append("/").append(ai).append("/").append(encodeValue(key));
    const bool serial = !qualifier("21").empty();
    for (const auto& [name, value] : qualifiers) {
        if (name == "22" || (name == "10" && serial)) continue;
        out.append("/").append(name).append("/").append(encodeValue(value));
    }
    return out;
}

std::variant<DigitalLink, LinkFault> parseDigitalLink(std::string_view uri) {
    const std::string_view whole = uri.substr(0, uri.find('#'));
    const std::size_t question = whole.find('?');
    std::string_view path = whole.substr(0, question);
    std::size_t origin = 0;
    if (path.substr(0, 8) == "https://" || path.substr(0, 7) == "http://") {
        origin = path.find('/', path.find("//") + 2);
        if (origin == std::string_view::npos) return fault(LinkFault::Kind::malformed);
    } else if (path.empty() || path.front() != '/') {
        return fault(LinkFault::Kind::malformed);
    }
    if (path.size() > origin + 1 && path.back() == '/') path.remove_suffix(1);

    const std::vector<std::string_view> segments = split(path.substr(origin + 1), '/');
    const std::size_t at = findKey(segments);
    if (at == std::string_view::npos) {
        // `/99/123` is a link with an AI that keys nothing; `/about` is no link at all.
        const bool pairs =
            segments.size() % 2 == 0 && isDigits(segments.front()) && segments.front().size() <= 4;
        return pairs ? fault(LinkFault::Kind::unknownAi, segments.front(), std::string(segments[1]))
                     : fault(LinkFault::Kind::malformed);
    }
    DigitalLink link;
    link.stem = path.substr(0, origin);
    for (std::size_t i = 0; i < at; ++i)
        link.stem.append("/").append(segments[i]);
    auto read = readPath(segments, at, std::move(link));
    auto* ready = std::get_if<DigitalLink>(&read);
    if (ready == nullptr || question == std::string_view::npos) return read;

    for (const std::string_view pair : split(whole.substr(question + 1), '&')) {
        const std::size_t equals = pair.find('=');
        const auto name = decodeValue(pair.substr(0, equals));
        const auto value =
            decodeValue(equals == std::string_view::npos ? std::string_view() : pair.substr(equals + 1));
        if (!name || !value) return fault(LinkFault::Kind::malformed);
        if (!name->empty()) ready->attributes.emplace_back(*name, *value);
    }
    return read;
}

} // namespace dalate::traceability::gs1
