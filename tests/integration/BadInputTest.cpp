// SPDX-License-Identifier: Apache-2.0
// Each kind of bad document has its own code; under `rollback` nothing is stored, under `proceed` the good is stored
// and the bad named by index; what is too large is refused before it is read.
#include "base/Clock.h"
#include "base/Json.h"
#include "support/Capture.h"
#include "support/CountyFixture.h"
#include "support/Epcis.h"

#include <cppunit/extensions/HelperMacros.h>

#include <fmt/format.h>

#include <Poco/Net/StreamSocket.h>

namespace {

using namespace dalate;
using namespace dalate::testing;

std::string document(const std::string& events) {
    return R"({"@context":["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld",)"
           R"({"ext":"https://ns.example.com/epcis/"}],)"
           R"("type":"EPCISDocument","schemaVersion":"2.0","creationDate":"2026-01-01T00:00:00Z",)"
           R"("epcisBody":{"eventList":[)" +
           events + "]}}";
}

/// A sound receipt of item `serial` with `more` behind it, time aside.
std::string event(int serial, const std::string& more = "", const std::string& time = "2026-01-01T08:00:00.000+08:00",
                  const std::string& step = "receiving") {
    return fmt::format(R"({{"type":"ObjectEvent","eventTime":"{}","eventTimeZoneOffset":"+08:00",)"
                       R"("epcList":["urn:epc:id:sgtin:9521141.012345.{}"],"action":"OBSERVE","bizStep":"{}"{}}})",
                       time, serial, step, more);
}

std::string withEpc(const std::string& epc) {
    return fmt::format(R"({{"type":"ObjectEvent","eventTime":"2026-01-01T08:00:00.000+08:00",)"
                       R"("eventTimeZoneOffset":"+08:00","epcList":["{}"],"action":"OBSERVE","bizStep":"receiving"}})",
                       epc);
}

struct Bad {
    std::string name;
    std::string event;
    std::string code;
};

std::vector<Bad> badEvents() {
    return {
        {"offset of another zone", event(1, "", "2026-01-01T08:00:00.000+00:00"), "traceability.epcis.offset_mismatch"},
        {"six minutes ahead", event(1, "", countyTime(now() + 6 * 60'000'000)), "traceability.epcis.future"},
        {"unknown step", event(1, "", "2026-01-01T08:00:00.000+08:00", "teleporting"), "traceability.epcis.biz_step"},
        {"unknown disposition", event(1, R"(,"disposition":"vanished")"), "traceability.epcis.disposition"},
        {"ilmd without namespace",
         R"({"type":"ObjectEvent","eventTime":"2026-01-01T08:00:00.000+08:00","eventTimeZoneOffset":"+08:00",)"
         R"("epcList":["urn:epc:id:sgtin:9521141.012345.9"],"action":"ADD","bizStep":"commissioning","ilmd":{"naked":"1"}})",
         "traceability.epcis.ilmd_namespace"},
        {"sensor field twice",
         event(1, R"(,"sensorElementList":[{"sensorMetadata":{"time":"2026-01-01T08:00:00.000+08:00"},)"
                  R"("sensorReport":[{"type":"Temperature","value":4,"uom":"CEL","time":"2026-01-01T08:00:00.000+08:00"}]}])"),
         "traceability.epcis.sensor_field_twice"},
        {"GTIN check digit", withEpc("https://id.gs1.org/01/09521141123455/21/1"), "traceability.epcis.gtin_check_digit"},
        {"SSCC check digit", withEpc("https://id.gs1.org/00/095211411234567890"), "traceability.epcis.sscc_check_digit"},
        {"no offset",
         R"({"type":"ObjectEvent","eventTime":"2026-01-01T08:00:00.000+08:00",)"
         R"("epcList":["urn:epc:id:sgtin:9521141.012345.9"],"action":"OBSERVE"})",
         "traceability.epcis.offset_missing"},
        {"unknown action",
         R"({"type":"ObjectEvent","eventTime":"2026-01-01T08:00:00.000+08:00","eventTimeZoneOffset":"+08:00",)"
         R"("epcList":["urn:epc:id:sgtin:9521141.012345.9"],"action":"STEAL"})",
         "traceability.epcis.action"},
    };
}

class BadInputTest : public CountyFixture {
    CPPUNIT_TEST_SUITE(BadInputTest);
    CPPUNIT_TEST(rollbackStoresNothing);
    CPPUNIT_TEST(aClockFourMinutesFastIsForgiven);
    CPPUNIT_TEST(proceedStoresTheGoodAndNamesTheBad);
    CPPUNIT_TEST(whatIsNoJsonIsRefusedAtTheDoor);
    CPPUNIT_TEST(tooLargeIsRefusedUnread);
    CPPUNIT_TEST(strangersMayNotCapture);
    CPPUNIT_TEST(oneIdHasOneContent);
    CPPUNIT_TEST(theDaemonLogsNoFault);
    CPPUNIT_TEST_SUITE_END();

public:
    void rollbackStoresNothing() {
        for (const Bad& bad : badEvents()) {
            const Value state = capture(*cooperative_, document(event(100) + "," + bad.event + "," + event(101)));
            const std::string said = bad.name + ": " + json::write(state);
            CPPUNIT_ASSERT_MESSAGE(said, !state["success"].truth());
            CPPUNIT_ASSERT_MESSAGE(said, said.find(bad.code) != std::string::npos);
            CPPUNIT_ASSERT_EQUAL_MESSAGE(said, std::size_t{0}, queryEvents(*cooperative_).view().size());
        }
    }

    void aClockFourMinutesFastIsForgiven() {
        const Value state = capture(*cooperative_, document(event(1, "", countyTime(now() + 4 * 60'000'000))));
        CPPUNIT_ASSERT_MESSAGE(json::write(state), state["success"].truth());
    }

    void proceedStoresTheGoodAndNamesTheBad() {
        std::string events = event(1);
        const auto all = badEvents();
        for (const Bad& bad : all) events += "," + bad.event;
        events += "," + event(2);
        const Value state = capture(*cooperative_, document(events), "proceed");
        const std::string said = json::write(state);
        CPPUNIT_ASSERT_MESSAGE(said, !state["success"].truth());
        for (const Bad& bad : all) CPPUNIT_ASSERT_MESSAGE(bad.name + ": " + said, said.find(bad.code) != std::string::npos);
        CPPUNIT_ASSERT_EQUAL_MESSAGE(said, std::size_t{2}, queryEvents(*cooperative_).view().size());
    }

    void whatIsNoJsonIsRefusedAtTheDoor() {
        const std::vector<std::pair<std::string, std::string>> bodies = {
            {std::string(1'000'000, '['), "core.json.depth"},
            {document(R"({"type":"ObjectEvent","type":"ObjectEvent"})"), "core.json.duplicate_key"},
            {document(R"({"a":NaN})"), "core.json.syntax"},
            {document(R"({"a":"\ud800"})"), "core.json.encoding"},
            {document("{\"a\":\"\xff\"}"), "core.json.encoding"},
            {"\xef\xbb\xbf" + document(event(1)), "core.json."},
            {document(event(1)) + "x", "core.json.syntax"},
            {"", ""},
        };
        for (const auto& [body, code] : bodies) {
            const Answer answer = cooperative_->send("POST", "/traceability/epcis/capture", "application/json", body);
            const std::string said = body.substr(0, 60) + " → " + answer.body;
            CPPUNIT_ASSERT_EQUAL_MESSAGE(said, 400, answer.status);
            CPPUNIT_ASSERT_MESSAGE(said, answer.body.find(code) != std::string::npos);
            CPPUNIT_ASSERT_EQUAL_MESSAGE(said, 400,
                                         cooperative_->send("POST", "/traceability/epcis/events", "application/json", body).status);
        }
        CPPUNIT_ASSERT_EQUAL(415, cooperative_->send("POST", "/traceability/epcis/capture", "text/plain", "{}").status);
        CPPUNIT_ASSERT_EQUAL(std::size_t{0}, queryEvents(*cooperative_).view().size());
    }

    void tooLargeIsRefusedUnread() {
        // Only the head is sent: an answer proves that nobody waited for the body.
        const Poco::Net::SocketAddress address(daemon_->url().substr(7));
        Poco::Net::StreamSocket socket(address);
        const std::string head = "POST /traceability/epcis/capture HTTP/1.1\r\nHost: " + address.toString() +
                                 "\r\nAuthorization: Bearer " +
                                 daemon_->access()["tokens"]["traceability"].asText() +
                                 "\r\nContent-Type: application/json\r\nContent-Length: 67108865\r\n\r\n";
        socket.sendBytes(head.data(), static_cast<int>(head.size()));
        socket.setReceiveTimeout(Poco::Timespan(5, 0));
        char buffer[64] = {};
        socket.receiveBytes(buffer, sizeof buffer - 1);
        CPPUNIT_ASSERT_EQUAL(std::string("HTTP/1.1 413"), std::string(buffer).substr(0, 12));
    }

    void strangersMayNotCapture() {
        Client stranger(daemon_->url());
        CPPUNIT_ASSERT_EQUAL(401, stranger.send("POST", "/traceability/epcis/capture", "application/json",
                                                document(event(1)), {{"Accept", "application/json"}}).status);
        stranger.bearer("dlt_1_0000000000000000000000000000000000000000000000000000000000000000");
        CPPUNIT_ASSERT_EQUAL(401, stranger.send("POST", "/traceability/epcis/capture", "application/json",
                                                document(event(1))).status);
        CPPUNIT_ASSERT_EQUAL(std::size_t{0}, queryEvents(*cooperative_).view().size());
    }

    void oneIdHasOneContent() {
        const std::string id = R"(,"eventID":"urn:uuid:11111111-1111-4111-8111-111111111111")";
        const auto post = [&](const std::string& one) {
            // A bare event brings its own context.
            return cooperative_->send("POST", "/traceability/epcis/events", "application/json",
                                 R"({"@context":["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"],)" +
                                     one.substr(1));
        };
        CPPUNIT_ASSERT_EQUAL(201, post(event(7, id)).status);
        CPPUNIT_ASSERT_EQUAL(200, post(event(7, id)).status);
        CPPUNIT_ASSERT_EQUAL(409, post(event(8, id)).status);
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, queryEvents(*cooperative_).view().size());
        // The declaration that it was wrong carries the same id and is no conflict.
        const std::string wrong =
            id + R"(,"errorDeclaration":{"declarationTime":"2026-01-02T08:00:00.000+08:00","reason":"incorrect_data"})";
        CPPUNIT_ASSERT_EQUAL(201, post(event(7, wrong)).status);

        // Without an id the content is the id.
        const Value first = capture(*cooperative_, document(event(20) + "," + event(21)));
        CPPUNIT_ASSERT(first["success"].truth());
        const Value second = capture(*cooperative_, document(event(21) + "," + event(22)));
        CPPUNIT_ASSERT_MESSAGE(json::write(second), second["success"].truth());
        CPPUNIT_ASSERT_MESSAGE(json::write(second), json::write(second).find("\"duplicate\":1") != std::string::npos);
    }

    void theDaemonLogsNoFault() {
        rollbackStoresNothing();
        const std::string log = daemon_->log();
        CPPUNIT_ASSERT_EQUAL_MESSAGE(log, std::string::npos, log.find(" error "));
        CPPUNIT_ASSERT_EQUAL(0, daemon_->stop());
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(BadInputTest);

} // namespace
