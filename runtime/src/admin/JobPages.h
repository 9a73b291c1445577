// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "admin/Messages.h"
#include "gateway/Gateway.h"
#include "plugin/Snapshot.h"
#include "storage/Pool.h"

#include <functional>

namespace dalate::admin {

/// /jobs/{id}: how far a job is, to whoever put it in the queue and to the operator. With script it follows
/// the topic `job/<id>`; without, a link loads it again: a page that does so by itself takes it from under
/// whoever reads slowly. /admin/jobs: the dead letters, each to be tried again or dropped, by the operator.
class JobPages {
public:
    /// The references outlive this; `wake` has the queue looked at. `utcOffset` is the county's, in minutes.
    JobPages(storage::Pool& pool, const plugin::Current& plugins, const Messages& messages,
             const gateway::Pages& pages, std::function<void()> wake, int utcOffset)
        : pool_(pool), plugins_(plugins), messages_(messages), pages_(pages), wake_(std::move(wake)),
          utcOffset_(utcOffset) {}

    void addTo(gateway::Gateway& gateway);

private:
    void show(gateway::Visit& visit) const;
    void dead(gateway::Visit& visit) const;
    void replay(gateway::Visit& visit) const;
    void drop(gateway::Visit& visit) const;
    /// What a job does, in the visitor's words; its bare name where its plugin has given it none or is away.
    std::string label(const gateway::Visitor& who, const std::string& plugin, const std::string& name) const;
    std::string reason(const gateway::Visitor& who, ValueView error) const;

    storage::Pool& pool_;
    const plugin::Current& plugins_;
    const Messages& messages_;
    const gateway::Pages& pages_;
    std::function<void()> wake_;
    int utcOffset_;
};

} // namespace dalate::admin
