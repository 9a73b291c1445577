// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "storage/Tx.h"

namespace dalate::services::lists {

/// For its life a transaction's statements run as those of a plugin; then as before. Borrows both.
class AsPlugin {
public:
    AsPlugin(storage::Tx& tx, const storage::PluginAccess& access) noexcept
        : tx_(tx), before_(tx.as(&access)) {}
    ~AsPlugin() { tx_.as(before_); }
    AsPlugin(const AsPlugin&) = delete;
    AsPlugin& operator=(const AsPlugin&) = delete;

private:
    storage::Tx& tx_;
    const storage::PluginAccess* before_;
};

} // namespace dalate::services::lists
