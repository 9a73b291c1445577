// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "desk/CaseVisit.h"
#include "services/forms/Answers.h"

#include <cstdint>
#include <string>

namespace dalate::desk {

/// The files of one form on their way into a case. What a page brings is kept at once for its sender alone,
/// under the object of the unfinished form; with the case it becomes the case's, for whoever may see that.
/// Borrows the visit.
class CaseFiles {
public:
    /// `subject` names the unfinished form beside its person: `hotline/call`, `case/715…/handle`.
    CaseFiles(CaseVisit& page, const std::string& subject);

    /// What was sent as `forms::validate` reads it, the page's own fields included: files that came along
    /// stand there by their id. `tx` is a write transaction. Throws what `FileStore::keep` throws.
    Value posted(storage::Tx& tx, const services::forms::Form* form);
    /// Whether a file was brought for this very form.
    services::forms::MayUseFile mayUse(storage::Tx& tx) const;
    /// Ties the files in accepted answers to the case and lets its readers read them.
    void give(storage::Tx& tx, const services::forms::Form* form, ValueView answers, std::int64_t caseId);

private:
    CaseVisit& page_;
    std::string object_;
};

} // namespace dalate::desk
