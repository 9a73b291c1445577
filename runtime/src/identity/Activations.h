// SPDX-License-Identifier: Apache-2.0
// Two rows decide whether a caller sees a loaded plugin: the owning bureau's switch, and for staff of another
// organisation that one's own switch. A missing switch is on; a plugin without an owner is seen by nobody but
// through the operator's pages, because no bureau answers for it.
#pragma once

#include "identity/Principal.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace dalate::storage {
class Tx;
}

namespace dalate::identity {

/// Whether each owned plugin is switched on for one caller. Read once a request.
class ActivePlugins {
public:
    explicit ActivePlugins(std::vector<std::string> sortedIds) : ids_(std::move(sortedIds)) {}
    bool contains(std::string_view plugin) const noexcept;

private:
    std::vector<std::string> ids_;
};

class Activations {
public:
    struct Owned {
        std::string plugin;
        std::int64_t organisation = 0;
        std::string organisationName;
        bool active = true;
    };

    /// What `caller` may see now.
    static ActivePlugins activeFor(storage::Tx& tx, const Principal& caller);
    /// Whether one plugin is on for `caller`; `activeFor` and this agree.
    static bool isActive(storage::Tx& tx, std::string_view plugin, const Principal& caller);

    /// Names the owning bureau and audits it (`plugin.owner`). Throws `core.org.unknown` (404).
    static void nameOwner(storage::Tx& tx, const Principal& actor, std::string_view plugin,
                          std::int64_t organisation, std::string_view requestId = {});
    /// Switches a plugin for an organisation and audits it (`plugin.activation.on` / `.off`), also when
    /// nothing changes. Throws `core.plugin.not_owned` (404) when the plugin has no owner.
    enum class Switch { off, on };
    static void set(storage::Tx& tx, const Principal& actor, std::string_view plugin,
                    std::int64_t organisation, Switch to, std::string_view requestId = {});

    /// Plugins that an organisation owns, by id.
    static std::vector<Owned> ownedBy(storage::Tx& tx, std::int64_t organisation);
    /// Every owned plugin with its owner's switch, by id.
    static std::vector<Owned> all(storage::Tx& tx);
};

} // namespace dalate::identity
