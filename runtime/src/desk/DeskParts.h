// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace dalate::gateway {
class Pages;
}
namespace dalate::host {
class PluginHost;
}
namespace dalate::services::cases {
class Engine;
}
namespace dalate::services::files {
class FileStore;
}
namespace dalate::storage {
class Pool;
}

namespace dalate::desk {

/// Octets of a form beside the files that it brings.
inline constexpr std::uint64_t besideFiles = 256 * 1024;

/// What the desk's pages are made of. The references outlive the pages.
struct DeskParts {
    storage::Pool& pool;
    services::cases::Engine& engine;
    host::PluginHost& host;
    services::files::FileStore& files;
    const gateway::Pages& pages;
    /// The county's time, minutes east of UTC.
    int utcOffset = 480;
};

} // namespace dalate::desk
