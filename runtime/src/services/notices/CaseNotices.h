// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "services/cases/NoticeSink.h"

namespace dalate::services {
class Declarations;
}

namespace dalate::services::notices {

class Notices;

/// Takes what cases tell people and sends it as notices of their plugin, in the transaction of the move. Safe
/// from any thread.
class CaseNotices final : public cases::NoticeSink {
public:
    /// Both outlive it.
    CaseNotices(const Declarations& declarations, const Notices& notices)
        : declarations_(declarations), notices_(notices) {}

    /// Throws 503 `core.plugin.away` where the plugin is not active, 500 `core.notice.unknown` where it
    /// declares no such notice, and as `Notices::send`.
    void send(storage::Tx& tx, AfterCommit& after, const Notice& notice) override;

private:
    const Declarations& declarations_;
    const Notices& notices_;
};

} // namespace dalate::services::notices
