// SPDX-License-Identifier: Apache-2.0
#include "services/Registry.h"

#include "base/Result.h"

#include <stdexcept>

namespace dalate::services {

std::string Registry::key(std::string_view nameMajor, std::string_view method) {
    std::string key(nameMajor);
    key.append(".").append(method);
    return key;
}

void Registry::offer(Service service) {
    std::string name = key(service.nameMajor, service.method);
    if (!core_.emplace(name, std::make_shared<const Service>(std::move(service))).second)
        throw std::logic_error("services::Registry: offered twice: " + name);
}

bool Registry::knows(const Map& map, std::string_view nameMajor) {
    const std::string prefix = key(nameMajor, "");
    const auto at = map.lower_bound(prefix);
    return at != map.end() && at->first.starts_with(prefix);
}

bool Registry::offers(std::string_view nameMajor) const {
    return knows(core_, nameMajor);
}

std::vector<Service> Registry::publish(std::vector<Service> provided) {
    auto map = std::make_shared<Map>();
    std::vector<Service> refused;
    for (Service& service : provided) {
        std::string name = key(service.nameMajor, service.method);
        if (core_.contains(name) || map->contains(name))
            refused.push_back(std::move(service));
        else
            map->emplace(std::move(name), std::make_shared<const Service>(std::move(service)));
    }
    std::shared_ptr<const Map> before = std::move(map);
    {
        const std::lock_guard lock(mutex_);
        plugins_.swap(before);
    }
    // The old map goes here, outside the lock: its last user's destructor may be a plugin's end.
    return refused;
}

std::shared_ptr<const Service> Registry::find(std::string_view nameMajor, std::string_view method) const {
    const std::string name = key(nameMajor, method);
    if (const auto own = core_.find(name); own != core_.end()) return own->second;
    std::shared_ptr<const Map> plugins;
    {
        const std::lock_guard lock(mutex_);
        plugins = plugins_;
    }
    if (const auto provided = plugins->find(name); provided != plugins->end()) return provided->second;
    const bool known = knows(core_, nameMajor) || knows(*plugins, nameMajor);
    throw Error(404, known ? "core.service.method" : "core.service.unknown",
                Value::map([&](MapWriter& m) { m.set("service", nameMajor).set("method", method); }));
}

} // namespace dalate::services
