// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "desk/CaseVisit.h"
#include "services/cases/CaseModel.h"

#include <vector>

namespace dalate::desk {

/// What is written on a case's pages beside its fields, each from `services::cases::trailModel` in the
/// reader's words. Borrows the visit; used by one thread.
class CaseTrail {
public:
    /// Reads that much of it. Throws 404 as the engine does.
    CaseTrail(CaseVisit& page, storage::Tx& tx, const services::cases::Case& subject,
              const services::cases::TrailPart& part);

    /// `steps` of components/timeline: what was read.
    void writeSteps(MapWriter& m) const;
    /// `groups` of answers: {title, rows}, one a form that was filled in, in order.
    void writeAnswers(MapWriter& m, services::forms::Personal personal) const;
    /// `facts`: rows of components/summary-list about the case itself, with the deadlines that run.
    void writeFacts(MapWriter& m) const;
    /// `comments`: {who, time, iso, text, internal}; and where there are more, `comment_count`.
    void writeComments(MapWriter& m) const;
    /// `attachments`: {name, href, time}.
    void writeAttachments(MapWriter& m) const;
    /// `entries` of the printed trail: {number, time, what, who, text, hash}; and `chain`: {whole, text}.
    void writeRecord(MapWriter& m) const;
    /// The states it has been in, in order.
    std::vector<std::string> past() const;

private:
    std::string what(ValueView entry) const;
    std::string whoDid(ValueView entry) const;

    CaseVisit& page_;
    const services::cases::Case& case_;
    Value trail_;
    std::string assignee_;
    std::string handledBy_;
};

} // namespace dalate::desk
