// SPDX-License-Identifier: Apache-2.0
// Events a second that one core checks, hashes and reads into canonical form, over the outside documents and
// over a typical shipping event. Prints; asserts nothing.
#include "Corpus.h"

#include "base/Json.h"
#include "epcis/EventHash.h"
#include "epcis/Normalize.h"
#include "epcis/Schema.h"

#include <chrono>
#include <cstdio>

using namespace dalate;
using namespace dalate::traceability;

namespace {

struct Loaded {
    Value json;
    epcis::Document document;
};

std::vector<Loaded> load() {
    std::vector<Loaded> out;
    for (const auto folder : {"epcis/gs1/JSON", "epcis/openepcis/Documents", "epcis/openepcis/Events"}) {
        for (const auto& file : test::documentsBelow(test::corpus(folder))) {
            auto parsed = json::parse(test::readFile(file));
            if (!parsed) continue;
            std::vector<epcis::Problem> problems;
            auto document = epcis::readDocument(parsed->view(), problems);
            out.push_back({std::move(*parsed), std::move(*document)});
        }
    }
    return out;
}

Loaded typical(std::size_t count) {
    std::string text =
        R"({"@context":["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"],"type":"EPCISDocument",
        "schemaVersion":"2.0","creationDate":"2026-11-20T08:00:00Z","epcisBody":{"eventList":[)";
    for (std::size_t i = 0; i < count; ++i) {
        const std::string number = std::to_string(i);
        text +=
            (i > 0 ? "," : "") +
            std::string(
                R"({"type":"ObjectEvent","eventTime":"2026-11-20T08:00:00.000+08:00","eventTimeZoneOffset":"+08:00",
            "epcList":["https://id.gs1.org/01/06901234567892/21/A)") +
            number + R"(","urn:epc:id:sgtin:4012345.012345.)" + number +
            R"("],"action":"OBSERVE","bizStep":"shipping","disposition":"in_transit","readPoint":{"id":"urn:epc:id:sgln:4012345.00011.987"},
            "bizTransactionList":[{"type":"po","bizTransaction":"http://transaction.acme.com/po/12345678"}]})";
    }
    Loaded out{test::parse(text + "]}}"), {}};
    std::vector<epcis::Problem> problems;
    out.document = *epcis::readDocument(out.json.view(), problems);
    return out;
}

void measure(const char* name, const std::vector<Loaded>& all, int rounds) {
    using Clock = std::chrono::steady_clock;
    double checked = 0, hashed = 0, read = 0, form = 0;
    std::size_t events = 0, bytes = 0;
    const auto seconds = [](Clock::time_point since) {
        return std::chrono::duration<double>(Clock::now() - since).count();
    };
    for (int round = 0; round < rounds; ++round) {
        for (const auto& one : all) {
            for (std::size_t i = 0; i < one.document.events.size(); ++i, ++events) {
                const ValueView event = one.document.events[i];
                std::vector<epcis::Problem> problems;
                auto since = Clock::now();
                epcis::check(one.document, i, test::vocabulary(), test::today, problems);
                checked += seconds(since);
                since = Clock::now();
                const epcis::Event normal = epcis::normalize(one.document, i);
                bytes += normal.keys().size();
                read += seconds(since);
                since = Clock::now();
                bytes += epcis::eventHashId(event, normal.context, test::sha256).size();
                hashed += seconds(since);
                since = Clock::now();
                bytes += epcis::contentForm(normal).size();
                form += seconds(since);
            }
        }
    }
    const auto n = static_cast<double>(events);
    std::printf("%-8s %8zu events: check %.1f us, read %.1f us, hash %.1f us, content %.1f us; check and "
                "hash %.0f/s, all four %.0f/s (%zu)\n",
                name, events, checked / n * 1e6, read / n * 1e6, hashed / n * 1e6, form / n * 1e6,
                n / (checked + hashed), n / (checked + read + hashed + form), bytes);
}

} // namespace

int main() {
    std::vector<Loaded> one;
    one.push_back(typical(1000));
    measure("typical", one, 50);
    measure("corpora", load(), 100);
}
