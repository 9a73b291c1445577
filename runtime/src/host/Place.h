// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "identity/Permissions.h"
#include "portal/TemplateStore.h"
#include "storage/PluginAccess.h"
#include "storage/Pool.h"

#include <dalate/abi.h>

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// The host's side of a plugin's `dalate_host*`.
struct dalate_host {
protected:
    dalate_host() = default;
    ~dalate_host() = default;
};

namespace dalate::services {
struct Declared;
class Registry;
} // namespace dalate::services

namespace dalate::host {

/// What every call of every plugin works with. The references outlive all places.
struct Surroundings {
    storage::Pool& pool;
    services::Registry& services;
    /// The permissions in force now: those of the active plugins.
    std::function<std::shared_ptr<const identity::Permissions>()> permissions;
};

/// What a place is told of its plugin's manifest.
struct PlaceSpec {
    std::string plugin;
    /// The gathered folder.
    std::filesystem::path folder;
    std::vector<storage::TableRule> tables;
    std::vector<identity::Permission> permissions;
    /// Declared settings with the values in force, all as text.
    std::map<std::string, std::string, std::less<>> settings;
    /// Names of the declared jobs.
    std::vector<std::string> jobs;
    /// Services of other plugins that it may call: the manifest's `uses`.
    std::vector<std::string> uses;
    /// What the plugin declares in files; null in tests that need none.
    std::shared_ptr<const services::Declared> declared{};
};

/// One generation's place in the host: lives from before `create` until after `destroy`. Safe from any
/// thread.
class Place final : public ::dalate_host {
public:
    /// Throws `Error` 400 where the tables are not the plugin's (`storage::TableRules`).
    Place(Surroundings surroundings, PlaceSpec spec);

    dalate_host* handle() noexcept { return this; }
    static Place& of(dalate_host* handle) noexcept { return *static_cast<Place*>(handle); }

    const std::string& plugin() const noexcept { return spec_.plugin; }
    const storage::TableRules& rules() const noexcept { return rules_; }
    const Surroundings& surroundings() const noexcept { return surroundings_; }
    const std::vector<std::string>& jobs() const noexcept { return spec_.jobs; }
    const std::shared_ptr<const services::Declared>& declared() const noexcept { return spec_.declared; }
    bool mayUse(std::string_view nameMajor) const noexcept;

    /// Pages and texts with this generation's own among them; null until `install`.
    const std::shared_ptr<const portal::TemplateStore>& templates() const noexcept { return templates_; }
    /// Sets them, once, before any other thread knows the place.
    void install(std::shared_ptr<const portal::TemplateStore> templates) {
        templates_ = std::move(templates);
    }

    /// The declaration of one of the plugin's own permissions, or null.
    const identity::Permission* permission(std::string_view id) const noexcept;
    const std::vector<identity::Permission>& permissions() const noexcept { return spec_.permissions; }
    /// Whether `principal` holds a permission: the plugin's own by this generation's declaration, so that a request that
    /// was let in keeps its rights while the plugin drains; another plugin's by those in force now.
    bool holds(const identity::Principal& principal, std::string_view id) const;

    /// The value in force of a declared setting, or null.
    const std::string* setting(std::string_view name) const noexcept;

    /// A file below `data/`, read once and kept. Throws `Error` 404 `core.data.unknown` where there is none,
    /// 400 `core.data.path` for a path that is not plain (absolute, `..`, empty parts) or leads out by a
    /// link, 413 `core.data.size` above 64 MiB.
    std::string_view dataFile(std::string_view path);

private:
    Surroundings surroundings_;
    PlaceSpec spec_;
    storage::TableRules rules_;
    identity::Permissions own_;
    std::shared_ptr<const portal::TemplateStore> templates_;
    std::mutex mutex_;
    std::map<std::string, std::string, std::less<>> files_;
};

} // namespace dalate::host
