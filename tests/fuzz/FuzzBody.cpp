// SPDX-License-Identifier: Apache-2.0
// The body reader must decode the same octets however they arrive and never beyond its limit. The first octet
// of the input chooses the limit, and, when zero, a fixed length instead of chunks.
#include "http/BodyReader.h"

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

using namespace dalate::http;

namespace {

void require(bool holds) {
    if (!holds) std::abort();
}

struct Outcome {
    BodyReader::State state;
    int refusal;
    std::size_t consumed = 0;
    std::string body;
};

Outcome read(BodyReader reader, std::string_view bytes, std::size_t piece) {
    Outcome outcome{reader.state(), 0, 0, {}};
    while (reader.state() == BodyReader::State::reading && outcome.consumed < bytes.size()) {
        const std::string_view input = bytes.substr(outcome.consumed, piece);
        const BodyReader::Step step = reader.feed(input);
        require(step.consumed > 0 && step.consumed <= input.size());
        require(step.data.empty() || (step.data.data() >= input.data() &&
                                      step.data.data() + step.data.size() <= input.data() + input.size()));
        outcome.consumed += step.consumed;
        outcome.body += step.data;
    }
    outcome.state = reader.state();
    outcome.refusal = reader.refusal();
    return outcome;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
    const std::uint64_t most = std::uint64_t(data[0]) * 16;
    const BodyReader fresh = data[0] == 0 ? BodyReader(Framing::length, bytes.size() / 2, 1 << 20)
                                          : BodyReader(Framing::chunked, 0, most);
    const Outcome whole = read(fresh, bytes, bytes.size() + 1);
    require(data[0] == 0 || whole.body.size() <= most);
    for (const std::size_t piece : {std::size_t(1), std::size_t(5)}) {
        const Outcome parts = read(fresh, bytes, piece);
        require(parts.state == whole.state && parts.refusal == whole.refusal);
        if (whole.state == BodyReader::State::whole)
            require(parts.body == whole.body && parts.consumed == whole.consumed);
    }
    return 0;
}
