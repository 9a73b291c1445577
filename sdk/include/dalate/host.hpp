// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

#include <dalate/abi.h>
#include <dalate/error.hpp>

namespace dalate {

namespace detail {

inline dalate_str str(std::string_view text) noexcept {
    return {text.data(), text.size()};
}
inline std::string_view view(dalate_str text) noexcept {
    return {text.p, text.p ? text.n : 0};
}
inline dalate_value raw(ValueView value) noexcept {
    return {value.raw().data(), value.raw().size()};
}
inline ValueView view(dalate_value value) noexcept {
    return ValueView(value.p, value.n);
}

} // namespace detail

/// One plugin's place in the host: what does not depend on a call. A small handle, copied freely; valid from
/// the plugin's construction to the end of its destructor. Safe from any thread.
class Host {
public:
    Host(const dalate_host_v1* table, dalate_host* place) noexcept : table_(table), place_(place) {}

    /// The wall clock, in microseconds since 1970-01-01T00:00:00Z.
    std::int64_t now() const noexcept { return table_->now(place_); }

    /// A new id: positive, 63 bits, unique, growing with time.
    std::int64_t newId() const noexcept { return table_->new_id(place_); }

    /// The value of a setting that plugin.json declares, as text; its default where the operator gave none.
    /// Borrowed until the plugin ends. Throws 404 `core.setting.unknown` for an undeclared one.
    std::string_view setting(std::string_view name) const {
        dalate_str out{};
        if (const dalate_status status = table_->setting(place_, detail::str(name), &out))
            throw Error(status, "core.setting.unknown",
                        Value::map([&](MapWriter& m) { m.set("setting", name); }));
        return detail::view(out);
    }

    /// The bytes of a file below the plugin's `data/`, e.g. "business-steps.json". Borrowed until the plugin
    /// ends. Throws 404 `core.data.unknown` where there is no such file.
    std::string_view dataFile(std::string_view path) const {
        dalate_str out{};
        if (const dalate_status status = table_->data_file(place_, detail::str(path), &out))
            throw Error(status, "core.data.unknown", Value::map([&](MapWriter& m) { m.set("file", path); }));
        return detail::view(out);
    }

    const dalate_host_v1& table() const noexcept { return *table_; }
    dalate_host* place() const noexcept { return place_; }

private:
    const dalate_host_v1* table_;
    dalate_host* place_;
};

} // namespace dalate
