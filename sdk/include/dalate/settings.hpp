// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <dalate/host.hpp>

/// Typed reading of the settings that plugin.json declares. The host has checked the operator's value against
/// the declared type before the plugin starts; a mismatch here means that the code asks for another type.
namespace dalate::settings {

inline std::string_view text(const Host& host, std::string_view name) {
    return host.setting(name);
}

/// Throws 500 `core.setting.type` where the value is not a whole number.
inline std::int64_t integer(const Host& host, std::string_view name) {
    if (const auto number = Value::of(host.setting(name)).view().integer()) return *number;
    throw Error(500, "core.setting.type", Value::map([&](MapWriter& m) { m.set("setting", name); }));
}

/// Throws 500 `core.setting.type` where the value is neither "true" nor "false".
inline bool boolean(const Host& host, std::string_view name) {
    const std::string_view value = host.setting(name);
    if (value == "true") return true;
    if (value == "false") return false;
    throw Error(500, "core.setting.type", Value::map([&](MapWriter& m) { m.set("setting", name); }));
}

} // namespace dalate::settings
