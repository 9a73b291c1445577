// SPDX-License-Identifier: Apache-2.0
#include "support/PluginOwner.h"

#include "support/Beneath.h"

namespace dalate::testing {

void nameOwner(const std::filesystem::path& data, const std::string& plugin) {
    beneath(data, "INSERT OR IGNORE INTO plugin_owner (plugin, organisation, changed_at)"
                  " SELECT '" +
                      plugin + "', MIN(id), 0 FROM organisation");
}

} // namespace dalate::testing
