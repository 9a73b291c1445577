// SPDX-License-Identifier: Apache-2.0
#include "gateway/PluginRoute.h"

#include "base/Result.h"
#include "gateway/CsrfGuard.h"

#include <algorithm>

namespace dalate::gateway {
namespace {

bool contains(const std::vector<std::string>& names, std::string_view name) noexcept {
    return std::find(names.begin(), names.end(), name) != names.end();
}

[[noreturn]] void refuse(const char* id, const std::string& name) {
    throw Error(400, id, Value::map([&](MapWriter& m) { m.set("name", name); }));
}

} // namespace

void checkQuery(const host::Fields& query, const plugin::QueryRule& rule) {
    for (const auto& [name, values] : query) {
        if (contains(rule.repeatable, name)) continue;
        if (!contains(rule.declared, name) && !rule.open) refuse("core.query.unknown", name);
        if (values.size() > 1) refuse("core.query.repeated", name);
    }
}

bool takesPublicForms(const plugin::Manifest& manifest) noexcept {
    return std::any_of(manifest.routes.begin(), manifest.routes.end(), [](const plugin::Route& route) {
        return route.access == plugin::Access::open && !isSafeMethod(route.method);
    });
}

} // namespace dalate::gateway
