// SPDX-License-Identifier: Apache-2.0
#include "support/Capture.h"

#include "base/Json.h"

#include <chrono>
#include <stdexcept>
#include <thread>

namespace dalate::testing {

Value capture(Client& client, std::string_view document, const std::string& behaviour) {
    const Answer accepted = client.send("POST", "/traceability/epcis/capture", "application/json", document,
                                        {{"GS1-Capture-Error-Behaviour", behaviour}});
    if (accepted.status != 202)
        throw std::runtime_error("capture answered " + std::to_string(accepted.status) + ": " + accepted.body);
    const auto until = std::chrono::steady_clock::now() + std::chrono::minutes(2);
    for (auto pause = std::chrono::milliseconds(2);; pause = std::min(pause * 2, std::chrono::milliseconds(100))) {
        const Answer job = client.get(accepted.header("location"));
        if (job.status != 200)
            throw std::runtime_error("the capture job answered " + std::to_string(job.status) + ": " + job.body);
        Value state = job.json();
        if (!state["running"].truth()) return state;
        if (std::chrono::steady_clock::now() > until) throw std::runtime_error("the capture job does not end");
        std::this_thread::sleep_for(pause);
    }
}

void captureEach(Client& client, const std::vector<std::string>& events) {
    for (const std::string& event : events) {
        const Answer answer = client.send(
            "POST", "/traceability/epcis/events", "application/json",
            R"({"@context":["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"],)" + event.substr(1));
        if (answer.status != 201)
            throw std::runtime_error(event + " answered " + std::to_string(answer.status) + ": " + answer.body);
    }
}

Value queryEvents(Client& client, const std::string& query) {
    const std::string address = "/traceability/epcis/events?perPage=500" + (query.empty() ? "" : "&" + query);
    std::string bytes;
    ValueWriter writer(bytes);
    const std::size_t list = writer.open({}, Tag::list);
    for (std::string next = address; !next.empty();) {
        const Answer page = client.get(next);
        if (page.status != 200)
            throw std::runtime_error("the query answered " + std::to_string(page.status) + ": " + page.body);
        const Value document = page.json();
        for (const ValueView event : document["epcisBody"]["queryResults"]["resultsBody"]["eventList"])
            writer.copy({}, event);
        // Link: <address>; rel="next"
        const std::string& link = page.header("link");
        const std::size_t from = link.find('<'), to = link.find('>');
        const bool more = link.find("rel=\"next\"") != std::string::npos && from != std::string::npos;
        next = more ? link.substr(from + 1, to - from - 1) : std::string();
        if (next.rfind("http", 0) == 0) next = next.substr(next.find('/', next.find("//") + 2));
    }
    writer.close(list);
    return Value::adopt(std::move(bytes));
}

std::vector<ValueView> itemsOf(ValueView list) { return {list.begin(), list.end()}; }

} // namespace dalate::testing
