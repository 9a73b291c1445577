// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/Config.h"
#include "storage/Pool.h"

#include <memory>

namespace dalate::app {

/// The database of `data.dir`, opened for `sessions` threads. Makes the folder (mode 0700) when it is missing.
std::unique_ptr<storage::Pool> openDatabase(const Config& config, std::size_t sessions);

/// Brings the core's own tables up to date. Throws what `storage::Migrator::run` throws.
void migrateCore(const Config& config, storage::Pool& pool);

} // namespace dalate::app
