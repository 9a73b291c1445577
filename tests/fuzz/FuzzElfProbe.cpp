// SPDX-License-Identifier: Apache-2.0
// The ELF probe reads what the operator was given by somebody: no run of bytes may make it read outside, hang
// or take memory out of proportion, and the same bytes must always be judged the same.
#include "plugin/ElfProbe.h"

#include <cstdint>
#include <cstdlib>

using namespace dalate::plugin;

namespace {

void require(bool holds) {
    if (!holds) std::abort();
}

std::size_t octets(const std::vector<std::string>& names) {
    std::size_t sum = 0;
    for (const std::string& name : names)
        sum += name.size();
    return sum;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto bytes = std::as_bytes(std::span(data, size));
    const auto first = probe(bytes);
    const auto second = probe(bytes);
    require(static_cast<bool>(first) == static_cast<bool>(second));
    if (!first) {
        require(first.error().status() == 422 && first.error().id() == second.error().id());
        return 0;
    }
    // Every list comes from tables inside the file: as many names as entries fit, each a string of the file.
    require(first->exported.size() <= size / 24 && first->needed.size() <= size / 16);
    require(octets(first->needed) <= size * (size / 16 + 1));
    require(judge(*first, {}).size() == judge(*second, {}).size());
    return 0;
}
