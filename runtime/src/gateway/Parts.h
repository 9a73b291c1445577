// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/RateLimit.h"
#include "host/PluginHost.h"
#include "identity/Permissions.h"
#include "plugin/Snapshot.h"
#include "portal/TemplateStore.h"
#include "services/files/FileStore.h"
#include "storage/Pool.h"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace dalate::gateway {

/// A printed code that the demo's home page shows.
struct DemoLabel {
    /// Path on this site, e.g. `/01/09521234500018/10/CARP-1`.
    std::string href;
    /// Text ids of its name and of one line about it.
    std::string label;
    std::string note;
};

/// What the gateway is told once at start.
struct GatewayConfig {
    /// 服务热线 and 主办单位, shown on every page; an empty organiser is the portal's own text.
    std::string phone = "12345";
    std::string organiser;
    /// The runtime's version, for the developers' page.
    std::string version;
    /// Demo county: ribbon, and one-click sign-in from loopback as the first account of each of these roles.
    bool demo = false;
    std::vector<std::string> demoRoles{"citizen",      "farmer",   "cooperative", "regulator",
                                       "bureau_admin", "operator", "auditor",
                                       "quality_lead",
                                       "hotline_desk", "hotline_handler", "hotline_supervisor",
                                       "helpdesk_agent", "helpdesk_lead"};
    std::vector<DemoLabel> demoLabels;
    /// How often the core's own pages take something: from one account, and from one address of people who
    /// have not signed in, where a whole office may stand behind one.
    Rate personPosts{600};
    Rate addressPosts{300};
};

/// The floors below, as the gateway uses them. References outlive the gateway; `ready` is called from any
/// thread.
struct GatewayParts {
    storage::Pool& pool;
    const plugin::Current& plugins;
    host::PluginHost& host;
    /// Whether the daemon can do its work (for `/readyz`); the gateway asks the database besides.
    std::function<bool()> ready;
    /// Where attached files are kept; null: no form takes files.
    services::files::FileStore* files = nullptr;

    /// The permissions of the active plugins, and pages, texts and static files in force.
    std::shared_ptr<const identity::Permissions> permissions() const { return host.permissions(); }
    std::shared_ptr<const portal::TemplateStore> templates() const { return host.templates(); }
};

} // namespace dalate::gateway
