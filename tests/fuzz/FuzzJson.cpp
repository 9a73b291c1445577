// SPDX-License-Identifier: Apache-2.0
// Whatever the JSON reader accepts must be within its limits, come out as JSON again, and be the same value
// when that is read; whatever it refuses must be one of its own errors, with a place inside the text.
#include "base/Json.h"

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

using namespace dalate;

namespace {

void require(bool holds) {
    if (!holds) std::abort();
}

constexpr json::Limits limits{16 * 1024, 32, 4000};

void checkTree(ValueView value, std::size_t depth, std::size_t& nodes) {
    require(++nodes <= limits.nodes && depth <= limits.depth);
    std::size_t used = 0;
    for (const ValueView child : value) {
        used += child.raw().size();
        require(value.isMap() || child.key().empty());
        checkTree(child, depth + 1, nodes);
    }
    // The children fill their parent: nothing in between is lost to a reader.
    if (value.isMap() || value.isList()) require(used == value.payload().size());
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const Result<Value> first = json::parse(text, limits);
    if (!first) {
        const Error& error = first.error();
        require(error.id().compare(0, 10, "core.json.") == 0);
        require(error.status() == 400 || error.status() == 413);
        if (error.details().has("offset"))
            require(*error.details()["offset"].integer() <= static_cast<std::int64_t>(size));
        return 0;
    }
    std::size_t nodes = 0;
    checkTree(*first, 0, nodes);
    const std::string written = json::write(*first);
    // Escapes can make the written text longer than the one that was read, so without the limit on bytes.
    const Result<Value> second = json::parse(written, {16 * limits.bytes, limits.depth, limits.nodes});
    require(static_cast<bool>(second));
    require(first->bytes() == second->bytes());
    return 0;
}
