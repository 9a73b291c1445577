// SPDX-License-Identifier: Apache-2.0
// The demo's stories as a person meets them: the mistakes among them are listed for the regulator and said on
// the scan page, the split lot leads to both its parts, and the number on the home page's tile is that of the
// events that count.
#include "base/Clock.h"
#include "simulator/Stories.h"
#include "support/Capture.h"
#include "support/CountyFixture.h"
#include "support/Epcis.h"
#include "support/Page.h"

#include <algorithm>
#include <chrono>
#include <thread>

#include <cppunit/extensions/HelperMacros.h>

namespace {

using namespace dalate;
using namespace dalate::testing;

const std::string carp = "09521234500018", melon = "09521234500025", millet = "09521234500032",
                  mutton = "09521234500049";

class DemoYearTest : public CountyFixture {
    CPPUNIT_TEST_SUITE(DemoYearTest);
    CPPUNIT_TEST(theRegulatorSeesTheMistakes);
    CPPUNIT_TEST(theScanPageSaysWhatIsDoubtful);
    CPPUNIT_TEST(theSplitLotLeadsToBothItsParts);
    CPPUNIT_TEST(theHomePageCountsWhatCounts);
    CPPUNIT_TEST_SUITE_END();

    void tell() {
        simulator::tellStories(*cooperative_,
                               std::filesystem::path(DALATE_SOURCE_DIR) / "plugins/traceability/demo", now());
    }

    /// The numbers on the plugin's own page: lots and events.
    std::pair<std::string, std::string> recorded() {
        const std::string page = mainOf(visitor()->get("/traceability/").body);
        const std::string panel = page.substr(page.find("tone-green"));
        const std::size_t second = panel.find("<b>", panel.find("<b>") + 1);
        return {between(panel, "<b>", "</b>"), between(panel, "<b>", "</b>", second)};
    }

public:
    void theRegulatorSeesTheMistakes() {
        tell();
        const Answer page = signedIn(*daemon_, "regulator")->get("/traceability/findings");
        CPPUNIT_ASSERT_EQUAL(200, page.status);
        std::vector<std::string> titles;
        for (const auto& row : tableIn(page.body))
            titles.push_back(row.at(0));
        std::sort(titles.begin(), titles.end());
        CPPUNIT_ASSERT(titles == (std::vector<std::string>{"In two packages at once", "More came out than went in",
                                                           "Taken out but never put in"}));
        CPPUNIT_ASSERT(contains(page.body, "418 kg came out, but only 400 kg went in."));
    }

    void theScanPageSaysWhatIsDoubtful() {
        tell();
        const auto reader = visitor();
        const auto told = [&](const std::string& path) {
            const Answer answer = reader->get(path);
            CPPUNIT_ASSERT_EQUAL_MESSAGE(path, 200, answer.status);
            return unescaped(between(answer.body, "id=\"doubts\"", "</section>"));
        };
        const std::string mill = told("/01/" + millet + "/10/MILLET-2");
        CPPUNIT_ASSERT_MESSAGE(mill, contains(mill, "418 kg came out, but only 400 kg went in."));
        const std::string gift = told("/01/" + melon + "/21/G003");
        CPPUNIT_ASSERT_MESSAGE(gift, contains(gift, "In two packages at once"));
        const std::string roll = told("/01/" + mutton + "/21/R003");
        CPPUNIT_ASSERT_MESSAGE(roll, contains(roll, "Taken out but never put in"));
        // What is in order is not doubted: the other melons of the box, the withdrawn mistake, the mixed lot.
        for (const std::string& path :
             {"/01/" + melon + "/21/G001", "/01/" + melon + "/10/MELON-1", "/01/" + carp + "/10/CARP-1",
              "/01/" + millet + "/10/MILLET-MIX", "/01/" + mutton + "/21/R001"})
            CPPUNIT_ASSERT_EQUAL_MESSAGE(path, std::string(), told(path));
    }

    void theSplitLotLeadsToBothItsParts() {
        tell();
        const std::string page =
            mainOf(signedIn(*daemon_, "regulator")->get("/traceability/lots/" + millet + "/MILLET-MIX").body);
        for (const char* part : {"MILLET-BAG-1", "MILLET-BAG-2", "FARM-A", "FARM-B", "FARM-C"})
            CPPUNIT_ASSERT_MESSAGE(part, contains(page, part));
        const std::string bag = unescaped(mainOf(visitor()->get("/01/" + millet + "/10/MILLET-BAG-1").body));
        CPPUNIT_ASSERT_MESSAGE(bag, contains(bag, "Demo grain shop"));
        CPPUNIT_ASSERT_MESSAGE(bag, contains(bag, "Field of demo farmer C"));
    }

    void theHomePageCountsWhatCounts() {
        const auto reader = visitor();
        const auto tile = [&](const Answer& home) {
            return between(home.body, "<span class=\"tile-count\"><b>", "</span>",
                           home.body.find("href=\"/traceability"));
        };
        CPPUNIT_ASSERT_EQUAL(std::string("0</b> steps traced this year"), tile(reader->get("/")));
        const std::string gtin = "0" + withCheckDigit("695123459920");
        const auto made = [&](const std::string& lot) {
            return EpcisEvent("ObjectEvent", now() - hour)
                .action("ADD")
                .step("commissioning")
                .set("eventID", "urn:uuid:44444444-4444-4444-8444-44444444444" + lot)
                .kilograms("quantityList", {{lotUri(gtin, lot), "40"}});
        };
        const std::string first = made("1").text();
        EpcisEvent wrong = made("2");
        captureEach(*cooperative_, {first, wrong.text()});
        capture(*cooperative_, epcisDocument({first})); // a duplicate is no second event
        CPPUNIT_ASSERT(recorded() == (std::pair<std::string, std::string>("2", "2")));
        captureEach(*cooperative_,
                    {wrong
                         .json("errorDeclaration", R"({"declarationTime":")" + countyTime(now()) +
                                                       R"(","reason":"incorrect_data"})")
                         .text()});
        CPPUNIT_ASSERT(recorded() == (std::pair<std::string, std::string>("1", "1")));
        // The tile follows within the time for which a number is kept.
        std::string shown;
        for (int i = 0; i < 30 && shown != "1</b> steps traced this year"; ++i) {
            std::this_thread::sleep_for(std::chrono::milliseconds(500));
            shown = tile(reader->get("/"));
        }
        CPPUNIT_ASSERT_EQUAL(std::string("1</b> steps traced this year"), shown);
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(DemoYearTest);

} // namespace
