// SPDX-License-Identifier: Apache-2.0
// Kill -9 in the middle of a capture of 10,000 events: after the restart the job ends, says what is stored, and that
// is what the query finds. Nothing acknowledged is lost, nothing is stored twice.
#include "base/Json.h"
#include "support/Capture.h"
#include "support/Daemon.h"

#include <cppunit/extensions/HelperMacros.h>

#include <chrono>
#include <set>
#include <thread>

#include <fmt/format.h>

namespace {

using namespace dalate;
using namespace dalate::testing;

constexpr int many = 10'000;

/// A document of `many` receipts of distinct lots; event `bad` (if any) has a business step that nobody knows.
std::string document(int bad) {
    std::string text = R"({"@context":["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"],)"
                       R"("type":"EPCISDocument","schemaVersion":"2.0","creationDate":"2026-01-01T00:00:00Z",)"
                       R"("epcisBody":{"eventList":[)";
    for (int i = 0; i < many; ++i)
        text += fmt::format(R"({}{{"type":"ObjectEvent","eventTime":"2026-01-01T{:02}:{:02}:{:02}.{:03}+08:00",)"
                            R"("eventTimeZoneOffset":"+08:00","epcList":["urn:epc:id:sgtin:9521141.012345.{}"],)"
                            R"("action":"OBSERVE","bizStep":"{}"}})",
                            i ? "," : "", i / 3600 % 24, i / 60 % 60, i % 60, i % 1000, 100000 + i,
                            i == bad ? "teleporting" : "receiving");
    return text + "]}}";
}

class CaptureCrashTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(CaptureCrashTest);
    CPPUNIT_TEST(proceedGoesOnAfterAKill);
    CPPUNIT_TEST(rollbackStoresAllOrNothingAfterAKill);
    CPPUNIT_TEST_SUITE_END();

    TemporaryFolder folder_;

    struct Ended {
        Value state;
        std::size_t stored;
    };

    /// Captures, kills the daemon `after` the document was accepted, restarts it and waits for the job.
    Ended killed(const std::string& name, const std::string& text, const std::string& behaviour,
                 std::chrono::milliseconds after) {
        const auto data = folder_.path() / name;
        auto daemon = std::make_unique<Daemon>(Daemon::built(), data);
        const std::string token = daemon->access()["tokens"]["traceability"].asText();
        std::string job;
        {
            Client client(daemon->url());
            client.bearer(token);
            const Answer accepted = client.send("POST", "/traceability/epcis/capture", "application/json", text,
                                                {{"GS1-Capture-Error-Behaviour", behaviour}});
            CPPUNIT_ASSERT_EQUAL_MESSAGE(accepted.body, 202, accepted.status);
            job = accepted.header("location");
        }
        std::this_thread::sleep_for(after);
        daemon->kill();
        daemon = std::make_unique<Daemon>(Daemon::built(), data);
        Client client(daemon->url());
        client.bearer(token);
        for (int tries = 0; tries < 1200; ++tries) {
            const Answer answer = client.get(job);
            CPPUNIT_ASSERT_EQUAL_MESSAGE(answer.body, 200, answer.status);
            Value state = answer.json();
            if (!state["running"].truth()) {
                const Value events = queryEvents(client);
                std::set<std::string> ids;
                for (const ValueView event : events.view()) ids.insert(event["eventID"].asText());
                CPPUNIT_ASSERT_EQUAL(events.view().size(), ids.size());
                return {std::move(state), ids.size()};
            }
            std::this_thread::sleep_for(std::chrono::milliseconds(100));
        }
        CPPUNIT_FAIL("the job did not end after the restart");
        return {Value(), 0};
    }

public:
    void proceedGoesOnAfterAKill() {
        for (const int milliseconds : {150, 600, 1200}) {
            const Ended ended = killed("proceed-" + std::to_string(milliseconds), document(7777), "proceed",
                                       std::chrono::milliseconds(milliseconds));
            CPPUNIT_ASSERT_MESSAGE(json::write(ended.state), !ended.state["success"].truth());
            CPPUNIT_ASSERT_EQUAL_MESSAGE(json::write(ended.state), std::size_t{1}, ended.state["errors"].size());
            CPPUNIT_ASSERT_EQUAL(std::size_t{many - 1}, ended.stored);
        }
    }

    void rollbackStoresAllOrNothingAfterAKill() {
        const Ended good =
            killed("rollback-good", document(-1), "rollback", std::chrono::milliseconds(700));
        CPPUNIT_ASSERT_MESSAGE(json::write(good.state), good.state["success"].truth());
        CPPUNIT_ASSERT_EQUAL(std::size_t{many}, good.stored);
        const Ended bad =
            killed("rollback-bad", document(9999), "rollback", std::chrono::milliseconds(700));
        CPPUNIT_ASSERT(!bad.state["success"].truth());
        CPPUNIT_ASSERT_EQUAL(std::size_t{0}, bad.stored);
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(CaptureCrashTest);

} // namespace
