// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/Config.h"
#include "services/files/FileStore.h"
#include "services/files/Orphans.h"

namespace dalate::app {

/// Where attached files lie and what is taken, as the settings `files.*` say.
services::files::FileStore::Options fileOptions(const Config& config);

/// How often orphans are looked for, and how old one must be.
services::files::Collector::Options collectorOptions(const Config& config);

} // namespace dalate::app
