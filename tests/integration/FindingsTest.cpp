// SPDX-License-Identifier: Apache-2.0
// What does not fit together among stored events: each rule finds it, the page can be filtered by rule, the
// order of arrival changes nothing, and what arrives late can clear it again.
#include "base/Clock.h"
#include "support/Capture.h"
#include "support/Epcis.h"
#include "support/Page.h"
#include "support/Visitors.h"

#include <algorithm>
#include <map>
#include <set>

#include <cppunit/extensions/HelperMacros.h>

namespace {

using namespace dalate;
using namespace dalate::testing;

const std::string gtin = "0" + withCheckDigit("695123459940");
const Micros start = now() / day * day - 20 * day;

std::string lot(const std::string& number) {
    return lotUri(gtin, number);
}
std::string unit(int number) {
    return unitUri(withCheckDigit("0695123459940000" + std::to_string(number % 10)));
}

/// The doubtful records: what six rules each find once.
std::vector<std::string> doubtful() {
    const auto move = [](const char* action, Micros at, const std::string& parent, const std::string& child) {
        return EpcisEvent("AggregationEvent", at)
            .action(action)
            .set("parentID", parent)
            .list("childEPCs", {child})
            .text();
    };
    const std::string piece = "https://id.gs1.org/01/" + gtin + "/21/";
    return {
        move("DELETE", start + hour, unit(4), piece + "1"),
        move("ADD", start, unit(5), piece + "2"),
        move("ADD", start + hour, unit(6), piece + "2"),
        move("ADD", start, unit(7), unit(8)),
        move("ADD", start + hour, unit(8), unit(7)),
        EpcisEvent("TransformationEvent", start)
            .set("eventID", "urn:uuid:33333333-3333-4333-8333-333333333333")
            .kilograms("inputQuantityList", {{lot("I"), "100"}})
            .kilograms("outputQuantityList", {{lot("O"), "150"}})
            .text(),
        EpcisEvent("ObjectEvent", start)
            .action("OBSERVE")
            .step("shipping")
            .kilograms("quantityList", {{lot("EARLY"), "1"}})
            .text(),
        EpcisEvent("ObjectEvent", start + hour)
            .action("ADD")
            .step("commissioning")
            .kilograms("quantityList", {{lot("EARLY"), "1"}})
            .text(),
        EpcisEvent("ObjectEvent", start)
            .action("OBSERVE")
            .step("storing")
            .kilograms("quantityList", {{lot("WARM"), "1"}})
            .json("sensorElementList",
                  R"([{"sensorMetadata":{"time":")" + countyTime(start + hour) +
                      R"("},"sensorReport":[{"type":"Temperature","value":4,"uom":"CEL"}]}])")
            .text(),
    };
}

const std::map<int, std::string> rules = {
    {1, "Taken out but never put in"}, {2, "In two packages at once"},    {3, "A package inside itself"},
    {4, "More came out than went in"}, {5, "Shipped before it was made"}, {6, "Sensor later than its event"}};

class FindingsTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(FindingsTest);
    CPPUNIT_TEST(everyRuleFindsAndCanBeFiltered);
    CPPUNIT_TEST(findingsDoNotDependOnTheOrderOfArrival);
    CPPUNIT_TEST(aLateRecordClearsAFinding);
    CPPUNIT_TEST_SUITE_END();

    TemporaryFolder folder_;
    std::unique_ptr<Daemon> daemon_;
    std::unique_ptr<Client> cooperative_;
    int started_ = 0;

    /// A county without events.
    void begin() {
        cooperative_.reset();
        daemon_.reset();
        daemon_ = std::make_unique<Daemon>(Daemon::built(), folder_.path() / std::to_string(++started_));
        cooperative_ = systemOf(*daemon_);
        registerProduct(*cooperative_, gtin, "Test grain", "grain");
    }

    void send(const std::vector<std::string>& events) { captureEach(*cooperative_, events); }

    static std::string pathOf(const std::string& number) {
        return "/traceability/lots/" + gtin + "/" + number;
    }

    /// Findings as the page lists them, without their order; of all rules or one.
    std::multiset<std::string> found(Client& regulator, int rule = 0) {
        const Answer page = regulator.get("/traceability/findings" +
                                          (rule ? "?rule=" + std::to_string(rule) : std::string()));
        CPPUNIT_ASSERT_EQUAL(200, page.status);
        std::multiset<std::string> rows;
        for (const auto& row : tableIn(page.body)) {
            std::string line;
            for (const std::string& cell : row)
                line += cell + " | ";
            rows.insert(line);
        }
        return rows;
    }

public:
    void tearDown() override {
        cooperative_.reset();
        daemon_.reset();
    }

    void everyRuleFindsAndCanBeFiltered() {
        begin();
        send(doubtful());
        const auto regulator = signedIn(*daemon_, "regulator");
        const auto all = found(*regulator);
        std::size_t sum = 0;
        for (const auto& [rule, title] : rules) {
            const auto some = found(*regulator, rule);
            CPPUNIT_ASSERT_MESSAGE(title, !some.empty());
            for (const std::string& row : some)
                CPPUNIT_ASSERT_MESSAGE(row, row.starts_with(title) && all.contains(row));
            sum += some.size();
        }
        CPPUNIT_ASSERT_EQUAL(all.size(), sum);
        CPPUNIT_ASSERT_EQUAL(rules.size() + 1, all.size()); // a cycle of two is found at both
        CPPUNIT_ASSERT(found(*regulator, 99).empty());
        CPPUNIT_ASSERT(contains(*found(*regulator, 4).begin(), "150 kg came out, but only 100 kg went in."));
        // And on the page of the lot that it is about.
        CPPUNIT_ASSERT(contains(mainOf(regulator->get(pathOf("O")).body), rules.at(4)));
        CPPUNIT_ASSERT(contains(mainOf(regulator->get(pathOf("EARLY")).body), rules.at(5)));
        // A finding refuses nothing.
        CPPUNIT_ASSERT_EQUAL(doubtful().size(), queryEvents(*cooperative_).view().size());
    }

    void findingsDoNotDependOnTheOrderOfArrival() {
        std::vector<std::multiset<std::string>> all;
        std::vector<std::string> events = doubtful();
        // In two boxes since the same microsecond, and each said twice: which event is named hangs on their ids.
        for (const int box : {5, 6, 5, 6})
            events.push_back(EpcisEvent("AggregationEvent", start)
                                 .action("ADD")
                                 .set("eventID", "urn:uuid:55555555-5555-4555-8555-55555555555" +
                                                     std::to_string(events.size() % 10))
                                 .set("parentID", unit(box))
                                 .list("childEPCs", {"https://id.gs1.org/01/" + gtin + "/21/TWICE"})
                                 .text());
        std::vector<std::string> reversed = events;
        std::reverse(reversed.begin(), reversed.end());
        for (const auto& order : {events, reversed, shuffled(events, 11)}) {
            begin();
            send(order);
            all.push_back(found(*signedIn(*daemon_, "regulator")));
        }
        const auto text = [](const std::multiset<std::string>& rows) {
            std::string joined;
            for (const std::string& row : rows)
                joined += row + "\n";
            return joined;
        };
        CPPUNIT_ASSERT_EQUAL(text(all[0]), text(all[1]));
        CPPUNIT_ASSERT_EQUAL(text(all[0]), text(all[2]));
    }

    void aLateRecordClearsAFinding() {
        begin();
        send(doubtful());
        const auto regulator = signedIn(*daemon_, "regulator");
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, found(*regulator, 1).size());
        send({EpcisEvent("AggregationEvent", start)
                  .action("ADD")
                  .set("parentID", unit(4))
                  .list("childEPCs", {"https://id.gs1.org/01/" + gtin + "/21/1"})
                  .text()});
        CPPUNIT_ASSERT(found(*regulator, 1).empty());
        // So does the declaration that the doubtful record was wrong.
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, found(*regulator, 4).size());
        send({EpcisEvent("TransformationEvent", start)
                  .set("eventID", "urn:uuid:33333333-3333-4333-8333-333333333333")
                  .kilograms("inputQuantityList", {{lot("I"), "100"}})
                  .kilograms("outputQuantityList", {{lot("O"), "150"}})
                  .json("errorDeclaration",
                        R"({"declarationTime":")" + countyTime(now()) + R"(","reason":"incorrect_data"})")
                  .text()});
        CPPUNIT_ASSERT(found(*regulator, 4).empty());
        CPPUNIT_ASSERT(!found(*regulator, 5).empty());
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(FindingsTest);

} // namespace
