// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "plugin/Lifecycle.h"

#include <map>
#include <string>

namespace dalate::plugin {

/// What the table plugin_state remembers between starts.
struct StoredState {
    Desired desired = Desired::disabled;
    std::string state; ///< as of the last change
    std::string version;
    Problems problems;
    std::string changedBy;
    Micros changedAt = 0;
};

/// The table plugin_state: one row a plugin that was ever wanted or seen. Safe from any thread.
class StateStore {
public:
    explicit StateStore(storage::Pool& pool) : pool_(pool) {}

    std::map<std::string, StoredState, std::less<>> load();
    /// Throws StorageError, and what `beside` throws, which runs in the same transaction.
    void save(const std::string& plugin, const StoredState& state, const Beside& beside = {});

private:
    storage::Pool& pool_;
};

} // namespace dalate::plugin
