// SPDX-License-Identifier: Apache-2.0
// The head parser must give one answer however the bytes arrive, and whatever it accepts must hold what it
// promises.
#include "http/HeadParser.h"

#include <cstdint>
#include <cstdlib>
#include <string_view>

using namespace dalate::http;

namespace {

void require(bool holds) {
    if (!holds) std::abort();
}

std::size_t feedAll(HeadParser& parser, std::string_view bytes, std::size_t piece) {
    std::size_t used = 0;
    while (used < bytes.size() && parser.state() == HeadParser::State::reading)
        used += parser.feed(bytes.substr(used, piece));
    return used;
}

void checkPromises(const RequestHead& head) {
    require(!head.method().empty() && isToken(head.method()));
    require(head.target() == "*" || head.target().front() == '/');
    require(head.path().size() <= head.target().size());
    require(head.host().empty() ? head.minorVersion() == 0 : isHostAndPort(head.host()));
    require(head.fieldCount() <= HeadParser::maxFields);
    for (const char c : head.target())
        require(c > 0x20 && c < 0x7f);
    std::size_t lengths = 0;
    std::size_t codings = 0;
    for (std::size_t i = 0; i < head.fieldCount(); ++i) {
        const RequestHead::Field field = head.field(i);
        require(isToken(field.name) && isFieldValue(field.value));
        lengths += equalsIgnoringCase(field.name, "content-length");
        codings += equalsIgnoringCase(field.name, "transfer-encoding");
    }
    require(lengths + codings <= 1);
    require((head.framing() == Framing::length) == (lengths == 1));
    require((head.framing() == Framing::chunked) == (codings == 1));
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    HeadParser whole;
    const std::size_t used = feedAll(whole, bytes, size + 1);
    if (whole.state() == HeadParser::State::whole) checkPromises(whole.head());
    for (const std::size_t piece : {std::size_t(1), std::size_t(7)}) {
        HeadParser parts;
        const std::size_t usedInParts = feedAll(parts, bytes, piece);
        require(parts.state() == whole.state());
        require(parts.refusal() == whole.refusal());
        if (whole.state() == HeadParser::State::whole) {
            require(usedInParts == used);
            require(parts.head().target() == whole.head().target() &&
                    parts.head().host() == whole.head().host());
        }
    }
    return 0;
}
