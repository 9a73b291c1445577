// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "epcis/Vocabulary.h"

#include <dalate/jobs.hpp>
#include <dalate/response.hpp>

namespace dalate::traceability {

/// The capture interface of EPCIS 2.0 (事件采集接口): documents by job, single events at once.
class CaptureApi {
public:
    /// POST /epcis/capture: keeps the document and answers 202 with the job's address; 400 where it is no document.
    static Response capture(Request& request);

    /// GET /epcis/capture/{capture}: GS1's EPCISCaptureJob, with the counts stored, duplicate and failed beside.
    static Response state(Request& request);

    /// GET /epcis/capture: the organisation's captures, newest first.
    static Response list(Request& request);

    /// POST /epcis/events: one event, durable when 201 is answered; 200 for one that is there already.
    static Response add(Request& request, const epcis::Vocabulary& vocabulary);

    /// The job behind `capture`.
    static Value run(JobContext& job, const epcis::Vocabulary& vocabulary);
};

} // namespace dalate::traceability
