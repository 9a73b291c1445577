// SPDX-License-Identifier: Apache-2.0
#include "epcis/Answer.h"

#include "epcis/Time.h"

namespace dalate::traceability::epcis {

std::string answerDocument(const std::vector<std::string_view>& events, Micros now) {
    std::size_t size = 400;
    for (const std::string_view event : events)
        size += event.size() + 1;
    std::string out;
    out.reserve(size);
    out += R"({"@context":["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"],)"
           R"("type":"EPCISQueryDocument","schemaVersion":"2.0","creationDate":")";
    out += toUtcMillis(now);
    out += R"(","epcisBody":{"queryResults":{"queryName":"SimpleEventQuery","resultsBody":{"eventList":[)";
    for (std::size_t i = 0; i < events.size(); ++i) {
        if (i > 0) out += ',';
        out += events[i];
    }
    out += "]}}}}";
    return out;
}

} // namespace dalate::traceability::epcis
