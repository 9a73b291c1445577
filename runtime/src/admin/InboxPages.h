// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "admin/CountyForm.h"
#include "gateway/Gateway.h"
#include "storage/Pool.h"

#include <string>
#include <vector>

namespace dalate::host {
class PluginHost;
}

namespace dalate::admin {

/// /inbox: what a person was told (消息), newest first, in the language that she reads now. Opening a notice
/// marks it as read and goes to what it is about. /inbox/addresses: where she wants to be told besides.
class InboxPages {
public:
    /// The references outlive this; `channels` are the ways out of the house, `utcOffset` is the county's, in
    /// minutes.
    InboxPages(storage::Pool& pool, const host::PluginHost& host, const gateway::Pages& pages,
               std::vector<std::string> channels, int utcOffset)
        : pool_(pool), host_(host), pages_(pages), channels_(std::move(channels)), utcOffset_(utcOffset) {}

    void addTo(gateway::Gateway& gateway);

private:
    void show(gateway::Visit& visit) const;
    void open(gateway::Visit& visit) const;
    void readAll(gateway::Visit& visit) const;
    CountyForm addresses(const gateway::Visitor& who) const;
    void takeAddresses(gateway::Visit& visit) const;

    storage::Pool& pool_;
    const host::PluginHost& host_;
    const gateway::Pages& pages_;
    std::vector<std::string> channels_;
    int utcOffset_;
};

} // namespace dalate::admin
