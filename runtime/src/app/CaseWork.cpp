// SPDX-License-Identifier: Apache-2.0
#include "app/CaseWork.h"

#include "desk/CaseFiles.h"
#include "host/PluginHost.h"
#include "services/cases/CaseService.h"
#include "services/files/FileStore.h"
#include "services/forms/FormsService.h"
#include "services/lists/ListsService.h"
#include "services/rules/CountyCalendar.h"

#include <charconv>
#include <string>

namespace dalate::app {

CaseWork::CaseWork(host::PluginHost& host, storage::Pool& pool, services::files::FileStore& files,
                   const services::rules::CountyCalendar& calendar, const services::notices::Notices& notices)
    : caseNotices_(host.declarations(), notices),
      engine_({.declarations = host.parts().declarations,
               .pluginCalls = host,
               .answers = answers_,
               .notices = caseNotices_,
               .calendar = [&calendar]() -> const services::rules::Calendar& { return calendar.get(); },
               .clock = host.parts().clock,
               .wake = [this](Micros at) { deadlines_.wake(at); }}),
      deadlines_(pool, engine_) {
    const services::CoreParts parts = host.parts();
    services::cases::offerCases(parts.registry, engine_);
    services::forms::offerForms(parts, [&host] { return host.templates(); });
    services::lists::offerLists(parts, [&host] { return host.templates(); });
    // A plugin that is back may have deadlines that fell due while it was away, or that a calendar changed since.
    parts.declarations.onChange([this] { deadlines_.wake(now()); });
    files.readers(services::files::Visibility::caseReaders,
                  [this](storage::Tx& tx, const identity::Principal& who, const services::files::File& file) {
                      return mayReadFile(tx, who, file.object);
                  });
}

bool CaseWork::mayReadFile(storage::Tx& tx, const identity::Principal& who, std::string_view object) {
    constexpr std::string_view prefix = "case/";
    if (!object.starts_with(prefix)) return false;
    object.remove_prefix(prefix.size());
    const bool personal = object.ends_with(desk::CaseFiles::personalPart);
    if (personal) object.remove_suffix(std::string_view(desk::CaseFiles::personalPart).size());
    std::int64_t id = 0;
    const auto [end, fault] = std::from_chars(object.data(), object.data() + object.size(), id);
    if (fault != std::errc() || end != object.data() + object.size()) return false;
    services::AfterCommit after;
    const services::cases::Who reader{
        .principal = &who, .after = after, .requestId = {}, .ip = {}, .declared = {}};
    try {
        const services::cases::Case subject = engine_.find(tx, reader, id);
        // What answers a personal question is for whoever reads such answers unmasked.
        const bool hers = who.user != 0 && (who.user == subject.applicant || who.user == subject.assignee);
        return !personal || hers || !engine_.allowed(tx, reader, subject).all.empty();
    } catch (const Error& error) {
        if (error.status() == 404) return false;
        throw;
    }
}

} // namespace dalate::app
