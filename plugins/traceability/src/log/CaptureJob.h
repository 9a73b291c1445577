// SPDX-License-Identifier: Apache-2.0
//
// Brings a captured document into the log. The job may die at any moment and run again:
//
//   rollback   everything is checked first; then one transaction holds all events and the capture's end. Either it
//              committed or nothing is there.
//   proceed    pieces of 500 events; each commits together with the capture's position, so the next run begins
//              behind the last event that was decided.
#pragma once

#include "epcis/Vocabulary.h"
#include "log/CaptureStore.h"
#include "log/Recorder.h"

#include <dalate/jobs.hpp>

namespace dalate::traceability {

class CaptureJob {
public:
    CaptureJob(JobContext& job, const epcis::Vocabulary& vocabulary) noexcept : job_(job), vocabulary_(vocabulary) {}

    /// Works on the capture with this number until it is over. Does nothing when it is.
    void run(std::int64_t capture);

private:
    void decideAll(const epcis::Document& document);
    void decidePieces(const epcis::Document& document);
    /// Checks event `index`; its problems go to `errors`.
    bool isGood(const epcis::Document& document, std::size_t index, std::vector<CaptureError>& errors);
    void finish(const std::vector<CaptureError>& errors);
    Captor captor() const noexcept { return {capture_.organisation, capture_.user, capture_.id}; }

    JobContext& job_;
    const epcis::Vocabulary& vocabulary_;
    Capture capture_;
};

/// What `epcis::check` and `epcis::readDocument` found, as errors of a capture. `ofDocument` for the latter.
std::vector<CaptureError> errorsOf(const std::vector<epcis::Problem>& problems);
std::vector<CaptureError> errorsOfDocument(const std::vector<epcis::Problem>& problems);

} // namespace dalate::traceability
