// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "admin/Messages.h"
#include "gateway/Gateway.h"
#include "plugin/Lifecycle.h"

namespace dalate::admin {

/// The operator's page `/admin/plugins`: what each plugin is to be and what it is, load, unload, upgrade and
/// scan. An act stores a wish and an audit row in one transaction; the reconciler does the rest while requests go on.
class PluginPages {
public:
    /// References outlive the gateway that the pages are added to.
    PluginPages(storage::Pool& pool, plugin::Lifecycle& lifecycle, const Messages& messages,
                const gateway::Pages& pages, int utcOffsetMinutes);
    void addTo(gateway::Gateway& gateway);

private:
    void show(gateway::Visit& visit) const;
    void want(gateway::Visit& visit, plugin::Desired desired, std::string_view action);
    void upgrade(gateway::Visit& visit);
    void scan(gateway::Visit& visit);
    static void audit(storage::Tx& tx, const gateway::Visit& visit, std::string_view action,
                      const std::string& object);
    /// What a scan found, for the page that follows it.
    portal::Notice scanNotice(const std::vector<plugin::PluginStatus>& all, std::string_view outcome,
                              const gateway::Visitor& who) const;
    void writeRow(MapWriter& row, const plugin::PluginStatus& status, const std::string& bureau,
                  const gateway::Visitor& who) const;
    /// `problems` of a row, in the visitor's language.
    void writeProblems(MapWriter& row, const plugin::Problems& problems, const gateway::Visitor& who) const;

    storage::Pool& pool_;
    plugin::Lifecycle& lifecycle_;
    const Messages& messages_;
    const gateway::Pages& pages_;
    int utcOffset_;
};

} // namespace dalate::admin
