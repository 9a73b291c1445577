// SPDX-License-Identifier: Apache-2.0
#include "support/SameJson.h"

#include <algorithm>

namespace dalate::testing {

namespace {

bool contains(std::initializer_list<std::string_view> names, std::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

std::string compare(ValueView a, ValueView b, const std::string& path,
                    std::initializer_list<std::string_view> ignored) {
    if (a.tag() != b.tag()) return path;
    if (a.isMap()) {
        for (const ValueView member : a) {
            if (contains(ignored, member.key())) continue;
            const std::string below = path + "." + std::string(member.key());
            if (!b.has(member.key())) return below + " is missing";
            const std::string found = compare(member, b[member.key()], below, {});
            if (!found.empty()) return found;
        }
        for (const ValueView member : b)
            if (!contains(ignored, member.key()) && !a.has(member.key()))
                return path + "." + std::string(member.key()) + " is too much";
        return {};
    }
    if (a.isList()) {
        auto other = b.begin();
        std::size_t index = 0;
        for (const ValueView item : a) {
            const std::string below = path + "[" + std::to_string(index++) + "]";
            if (other == b.end()) return below + " is missing";
            const std::string found = compare(item, *other, below, {});
            if (!found.empty()) return found;
            ++other;
        }
        return other == b.end() ? std::string() : path + " is longer";
    }
    return a.payload() == b.payload() ? std::string() : path;
}

} // namespace

std::string difference(ValueView a, ValueView b, std::initializer_list<std::string_view> ignored) {
    return compare(a, b, "$", ignored);
}

} // namespace dalate::testing
