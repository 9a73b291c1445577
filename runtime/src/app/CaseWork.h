// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "services/cases/DeadlineThread.h"
#include "services/cases/Engine.h"
#include "services/forms/CaseAnswers.h"
#include "services/notices/CaseNotices.h"

namespace dalate::host {
class PluginHost;
}
namespace dalate::services::files {
class FileStore;
}
namespace dalate::services::rules {
class CountyCalendar;
}
namespace dalate::storage {
class Pool;
}

namespace dalate::app {

/// The case engine with what it asks, and the thread of its deadlines. Offers cases/1 and forms/1, and says
/// who may read the files of a case. Made before the lifecycle starts; everything given outlives it.
class CaseWork {
public:
    CaseWork(host::PluginHost& host, storage::Pool& pool, services::files::FileStore& files,
             const services::rules::CountyCalendar& calendar, const services::notices::Notices& notices);
    CaseWork(const CaseWork&) = delete;
    CaseWork& operator=(const CaseWork&) = delete;

    void start() { deadlines_.start(); }
    /// Ends after the deadline that is being fired.
    void stop() noexcept { deadlines_.stop(); }

    /// The calendar has changed: deadlines are reckoned anew before the next one fires. Returns at once.
    void reckon() noexcept { deadlines_.reckon(); }

    services::cases::Engine& engine() noexcept { return engine_; }

private:
    bool mayReadFile(storage::Tx& tx, const identity::Principal& who, std::string_view object);

    services::forms::CaseAnswers answers_;
    services::notices::CaseNotices caseNotices_;
    services::cases::Engine engine_;
    services::cases::DeadlineThread deadlines_;
};

} // namespace dalate::app
