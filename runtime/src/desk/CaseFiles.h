// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "desk/CaseVisit.h"
#include "services/forms/Answers.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace dalate::desk {

/// The files of one form on their way into a case. What a page brings is kept at once for its sender alone,
/// under the object of the unfinished form (services/forms/DraftFiles.h); with the case it becomes the
/// case's, for whoever may see that. Borrows the visit.
class CaseFiles {
public:
    /// What follows `case/<id>` in the object of a file that answers a personal question: it is for those who
    /// see such answers in full.
    static constexpr const char* personalPart = "/personal";

    /// `subject` names the unfinished form beside its person, as `forms::DraftKey` does: `open/call`,
    /// `case/715…/handle`.
    CaseFiles(CaseVisit& page, std::string subject);

    /// For `gateway::CorePage::fileFields`; none for no form.
    static std::vector<std::string> fieldsOf(const services::forms::Form* form);
    const std::string& subject() const noexcept { return subject_; }

    /// What was sent as `forms::validate` reads it, the page's own fields included: files that came along
    /// stand there by their id. `tx` is a write transaction. Throws what `FileStore::keep` throws.
    Value posted(storage::Tx& tx, const services::forms::Form* form);
    /// The same without the files that came along with this request: of a transaction that is given up.
    Value withoutFresh(ValueView posted) const;
    /// Whether a file was brought for this very form.
    services::forms::MayUseFile mayUse(storage::Tx& tx) const;
    /// Before the commit of a form that is not finished: deletes the rows of its files that neither the page
    /// that is shown (`onPage`, as posted) nor the draft names any more.
    void keepNamed(storage::Tx& tx, const services::forms::Form* form, ValueView onPage);
    /// Ties the files in accepted answers to the case and lets its readers read them; the form's other files
    /// leave.
    void give(storage::Tx& tx, const services::forms::Form* form, ValueView answers, std::int64_t caseId);

private:
    bool isFresh(std::string_view field) const;

    CaseVisit& page_;
    std::string subject_;
    std::string object_;
    /// Field and id of what came with this request.
    std::vector<std::pair<std::string, std::string>> fresh_;
};

} // namespace dalate::desk
