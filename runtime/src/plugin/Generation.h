// SPDX-License-Identifier: Apache-2.0
//
// A generation is one loaded version of one plugin: its table, its instance, its place in the host, its
// manifest. Immutable once it is published. Requests hold it by a Lease; when the last lease is gone the
// lease's deleter hands the generation to the reconciler, which alone stops and destroys it.
#pragma once

#include "plugin/Manifest.h"

#include <dalate/abi.h>

#include <atomic>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace dalate::plugin {

class HostPlace;
class HostPort;

class Generation {
public:
    /// A number that no handler has.
    static constexpr std::uint32_t noHandler = 0xffffffff;

    /// Loads the library, creates the instance and binds it, in that order; no input or output of the
    /// plugin's runs yet. `library` is a file that nobody will write to again; empty for a plugin of
    /// declarations alone. Throws Error, with everything undone that was done: `core.plugin.dlopen`,
    /// `core.plugin.no_entry`, `core.plugin.table`, `core.plugin.create_failed`, `core.plugin.bind_failed`,
    /// `core.plugin.unbound` (details: every declared name without handler; for guards and side effects a
    /// problem each, with the file and line that names it), `core.plugin.undeclared`.
    static std::unique_ptr<Generation> load(Manifest manifest, const std::filesystem::path& folder,
                                            const std::filesystem::path& library, std::uint64_t number,
                                            HostPort& port);

    /// Destroys the instance, then the place. On the reconciler's thread, when no lease is left. The library
    /// stays.
    ~Generation();
    Generation(const Generation&) = delete;
    Generation& operator=(const Generation&) = delete;

    const Manifest& manifest() const noexcept { return manifest_; }
    const std::string& id() const noexcept { return manifest_.id; }
    const std::filesystem::path& folder() const noexcept { return folder_; }
    /// Counts up with every load in this process.
    std::uint64_t number() const noexcept { return number_; }
    HostPlace& place() const noexcept { return *place_; }
    /// What the plugin's scoped statements are judged by.
    const storage::TableRules& tableRules() const noexcept { return rules_; }

    /// The handler of manifest().routes[index], of a job, of "<name>/<major>.<method>", or of a named guard,
    /// effect or event (DALATE_BIND_…); noHandler where there is none.
    std::uint32_t routeHandler(std::size_t index) const noexcept { return routes_[index]; }
    std::uint32_t jobHandler(std::string_view job) const noexcept;
    std::uint32_t serviceHandler(std::string_view nameMajorMethod) const noexcept;
    std::uint32_t namedHandler(int32_t kind, std::string_view name) const noexcept;

private:
    friend class Invoke;
    friend class Reconciler;
    struct Binding;

    Generation(Manifest manifest, std::filesystem::path folder, std::uint64_t number);
    void attach(const std::filesystem::path& library);
    void create(HostPort& port);
    void prepareNamed();
    void bind();
    void demandAll() const;
    static dalate_status bindOne(dalate_binder* binder, int32_t kind, dalate_str name, uint32_t handler);
    std::uint32_t* slot(int32_t kind, std::string_view name) noexcept;
    void quiesce() const noexcept;
    void stop() const noexcept;

    Manifest manifest_;
    std::filesystem::path folder_;
    std::uint64_t number_;
    storage::TableRules rules_;
    std::unique_ptr<HostPlace> place_;
    dalate_plugin_v1 table_{};
    void* self_ = nullptr;
    std::vector<std::uint32_t> routes_;
    std::vector<std::uint32_t> jobs_;
    std::vector<std::pair<std::string, std::uint32_t>> services_;
    /// Guards, effects and events: what is bound by kind and name.
    struct Named {
        int32_t kind;
        std::string name;
        std::string where; ///< the place that asks for it
        std::uint32_t handler = noHandler;
    };
    std::vector<Named> named_;
    /// Calls inside the plugin now, for its declared cap; Invoke's.
    mutable std::atomic<int> running_{0};
};

/// Held by whoever is about to call the plugin, for the length of that call. Never kept in a cache.
using Lease = std::shared_ptr<const Generation>;

} // namespace dalate::plugin
