// SPDX-License-Identifier: Apache-2.0
#include "services/Arguments.h"

#include "base/Result.h"

#include <algorithm>
#include <utility>

namespace dalate::services {

namespace {

/// The longest part of a caller's own key that is told back to it.
constexpr std::size_t longestTold = 60;

bool fits(Argument::Type type, ValueView value) {
    switch (type) {
    case Argument::Type::any:
        return true;
    case Argument::Type::text:
        return value.isText();
    case Argument::Type::id:
        return value.isText() || value.integer().has_value();
    case Argument::Type::number:
        return value.integer().has_value();
    case Argument::Type::yesno:
        return value.isBoolean();
    case Argument::Type::map:
        return value.isMap();
    case Argument::Type::list:
        return value.isList();
    }
    return false;
}

/// Cut between two characters.
std::string_view shown(std::string_view key) {
    if (key.size() <= longestTold) return key;
    std::size_t end = longestTold;
    while (end > 0 && (static_cast<unsigned char>(key[end]) & 0xc0) == 0x80)
        --end;
    return key.substr(0, end);
}

} // namespace

void Arguments::check(ValueView in) const {
    if (!in.isMap() && !in.isNull()) refuse("core.argument.type", "");
    for (const ValueView member : in)
        if (std::none_of(takes_.begin(), takes_.end(),
                         [&](const Argument& each) { return each.key == member.key(); }))
            refuse("core.argument.unknown", shown(member.key()));
    for (const Argument& each : takes_) {
        const ValueView value = in[each.key];
        if (value.isNull()) {
            if (each.need == Argument::Need::required) refuse("core.argument.missing", each.key);
            continue;
        }
        if (!fits(each.type, value)) refuse("core.argument.type", each.key);
        if (each.longest != 0 && value.text().size() > each.longest)
            refuse("core.argument.long", each.key, each.longest);
    }
}

void Arguments::refuse(std::string_view id, std::string_view key, std::size_t most) const {
    std::string name = where_ + std::string(key);
    if (!name.empty() && name.back() == '.') name.pop_back();
    throw Error(422, std::string(id), Value::map([&](MapWriter& m) {
                    m.set("service", service_).set("method", method_).set("key", name.empty() ? "$" : name);
                    if (most != 0) m.set("most", static_cast<std::int64_t>(most));
                }));
}

void offerChecked(Registry& registry, std::string_view service, std::string_view method, Touch touch,
                  std::initializer_list<Argument> takes, Method answer) {
    registry.offer({"core", std::string(service), std::string(method), touch,
                    [takes = Arguments(service, method, takes),
                     answer = std::move(answer)](ServiceContext& context, ValueView in) {
                        takes.check(in);
                        return answer(context, in);
                    }});
}

} // namespace dalate::services
