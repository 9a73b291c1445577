// SPDX-License-Identifier: Apache-2.0
//
// What this floor asks of the floors above it. The plugin floor knows no service: whoever implements HostPort
// gives it the function table, a place for each generation, and what has to happen around its life.
#pragma once

#include "plugin/Generation.h"
#include "plugin/Manifest.h"

#include <dalate/abi.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dalate::plugin {

class Snapshot;

/// A name that a declaration asks code for.
struct Need {
    std::int32_t kind = 0; ///< DALATE_BIND_GUARD or DALATE_BIND_EFFECT
    std::string name;
    std::string where; ///< "cases/ticket.json:12 $.transitions[3].guard"
};

/// One generation's place in the host: settings, texts, templates, data files. Made before the plugin is
/// created, destroyed after it is. The implementation may be asked back by `Generation::place()`.
class HostPlace {
public:
    virtual ~HostPlace() = default;
    virtual dalate_host* handle() noexcept = 0;

    /// Guards and side effects that the plugin's declarations name, each once: its code must bind exactly
    /// these.
    virtual const std::vector<Need>& needs() const noexcept = 0;
};

/// Every function is called on the reconciler's thread, none while a request's lock is held, unless it says
/// otherwise.
class HostPort {
public:
    virtual ~HostPort() = default;

    /// The table that plugins get; lives as long as the process.
    virtual const dalate_host_v1* table() noexcept = 0;

    /// Whether the host itself offers a service, e.g. "jobs/1". Resolving asks it for each of the manifest's
    /// `uses`.
    virtual bool offers(std::string_view nameMajor) const = 0;

    /// Makes the place: reads the plugin's declarations, checks the operator's settings. Throws Error, Faulty
    /// with every problem where a declaration is wrong.
    virtual std::unique_ptr<HostPlace> open(const Manifest& manifest,
                                            const std::filesystem::path& folder) = 0;

    /// Brings the schema forward and loads texts and templates. Runs after the library has proved loadable
    /// and before `start`. Throws Error; then the generation ends and whatever served before goes on.
    virtual void install(const Manifest& manifest, HostPlace& place, const std::filesystem::path& folder) = 0;

    /// Makes the start call: builds a call of kind DALATE_CALL_START and passes it to `Invoke::start`. The
    /// failure the plugin has set, or nothing when it started.
    virtual std::optional<Error> start(const Generation& generation) = 0;

    /// A new snapshot is in force: permissions, menus and templates follow it. Must not throw.
    virtual void published(const std::shared_ptr<const Snapshot>& snapshot) noexcept = 0;
};

} // namespace dalate::plugin
