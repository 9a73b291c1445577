// SPDX-License-Identifier: Apache-2.0
// A cooperative's book of records as a declared list of the traceability plugin: its table of harvests,
// brought as a workbook, becomes records and events; another cooperative sees none of it; it is taken back as
// one.
#include "base/Clock.h"
#include "base/Json.h"
#include "services/lists/XlsxWriter.h"
#include "support/Capture.h"
#include "support/CountyFixture.h"
#include "support/Epcis.h"
#include "support/FormData.h"
#include "support/Page.h"

#include <cppunit/extensions/HelperMacros.h>

using namespace dalate;
using namespace dalate::testing;

namespace {

const std::string book = "/lists/traceability/records";
const std::string gtin = "0" + withCheckDigit("695123459910");
const std::string plot = placeUri(withCheckDigit("695123459001"));

class HarvestSheetTest : public CountyFixture {
    CPPUNIT_TEST_SUITE(HarvestSheetTest);
    CPPUNIT_TEST(aTableOfHarvestsBecomesRecordsAndIsTakenBack);
    CPPUNIT_TEST(anotherCooperativeSeesNoneOfIt);
    CPPUNIT_TEST(severalRecordsAreTakenBackAtOnce);
    CPPUNIT_TEST_SUITE_END();

    std::unique_ptr<Client> clerk_;

    static std::string daysAgo(int days) {
        return toLocalMinute(now() - days * Micros{86'400'000'000}, 480).substr(0, 10);
    }
    std::string workbook(const std::vector<std::vector<std::string>>& rows) const {
        services::lists::XlsxWriter sheet(folder_.path(), "采收",
                                          {"Weight", "Product", "Plot", "Day of harvest"});
        for (const auto& row : rows) {
            sheet.number(std::stod(row.at(0)));
            for (std::size_t i = 1; i < row.size(); ++i)
                sheet.text(row[i]);
            sheet.endRow();
        }
        std::string bytes;
        sheet.finish([&](std::string_view piece) { bytes += piece; });
        return bytes;
    }
    std::string bring(const std::string& bytes) {
        clerk_->get(book + "/import");
        const Answer answer =
            clerk_->send("POST", book + "/import", FormData::type(),
                         FormData()
                             .field("csrf", clerk_->csrf())
                             .file("table", "采收.xlsx",
                                   "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", bytes)
                             .body());
        CPPUNIT_ASSERT_EQUAL_MESSAGE(mainOf(answer.body), 303, answer.status);
        return answer.header("location");
    }
    std::string pressed(const std::string& batch, const std::string& what) {
        clerk_->get(batch);
        CPPUNIT_ASSERT_EQUAL(303, clerk_->post(batch, {{"_do", what}}).status);
        return clerk_->get(batch).body;
    }
    std::size_t listed(Client& client, const std::string& query = "") {
        const Answer page = client.get(book + query);
        CPPUNIT_ASSERT_EQUAL_MESSAGE(mainOf(page.body), 200, page.status);
        return tableIn(page.body).size();
    }
    std::size_t stored() { return queryEvents(*cooperative_).view().size(); }

public:
    void setUp() override {
        CountyFixture::setUp();
        registerProduct(*cooperative_, gtin, "试验白菜");
        registerParty(*cooperative_, plot, "试验一号地");
        clerk_ = signedIn(*daemon_, "cooperative");
    }
    void tearDown() override {
        clerk_.reset();
        CountyFixture::tearDown();
    }

    void aTableOfHarvestsBecomesRecordsAndIsTakenBack() {
        const std::string batch = bring(workbook({{"120.5", "试验白菜", "试验一号地", daysAgo(3)},
                                                  {"120.5", "试验白菜", "试验一号地", daysAgo(3)},
                                                  {"80", "试验白菜", "二号地", daysAgo(2)},
                                                  {"0", "试验白菜", "试验一号地", daysAgo(2)},
                                                  {"7", gtin, "试验一号地", daysAgo(-2)},
                                                  {"60", gtin, "试验一号地", daysAgo(1)}}));
        const std::string read = clerk_->get(batch).body;
        CPPUNIT_ASSERT_MESSAGE(mainOf(read), contains(read, "Import 4 rows"));
        CPPUNIT_ASSERT_MESSAGE(mainOf(read), contains(read, "Row 5") && contains(read, "Weight"));
        CPPUNIT_ASSERT_MESSAGE(mainOf(read), contains(read, "Row 6") && contains(read, "Day of harvest"));
        CPPUNIT_ASSERT_EQUAL(std::size_t{0}, stored());
        const std::string done = pressed(batch, "begin");
        CPPUNIT_ASSERT_MESSAGE(mainOf(done),
                               contains(unescaped(done), "No plot named “二号地” is registered"));
        CPPUNIT_ASSERT_EQUAL(std::size_t{3}, stored());
        const Answer list = clerk_->get(book + "?kind=harvest&sort=day");
        CPPUNIT_ASSERT_EQUAL_MESSAGE(mainOf(list.body), std::size_t{3}, tableIn(list.body).size());
        CPPUNIT_ASSERT_MESSAGE(mainOf(list.body),
                               contains(list.body, "120.5 kg") && contains(list.body, daysAgo(3)));
        CPPUNIT_ASSERT_EQUAL(std::size_t{1},
                             listed(*clerk_, "?day_from=" + daysAgo(1) + "&day_to=" + daysAgo(1)));
        CPPUNIT_ASSERT(contains(clerk_->get("/traceability/records").body, "120.5"));
        CPPUNIT_ASSERT(contains(clerk_->get("/").body, book));
        // The same list to her own system.
        const Value rows = cooperative_->get("/traceability/api/records?kind=harvest&sort=day").json();
        CPPUNIT_ASSERT_EQUAL(std::size_t{3}, rows["rows"].size());
        CPPUNIT_ASSERT_EQUAL(std::string("harvest"), itemsOf(rows["rows"]).at(0)["cells"]["kind"].asText());
        CPPUNIT_ASSERT_EQUAL(400, cooperative_->get("/traceability/api/records?colour=red").status);
        const std::string back = pressed(batch, "undo");
        CPPUNIT_ASSERT_MESSAGE(mainOf(back), contains(back, "Taken back"));
        CPPUNIT_ASSERT_EQUAL(std::size_t{3}, listed(*clerk_, "?state=void"));
        CPPUNIT_ASSERT_EQUAL(std::size_t{0}, listed(*clerk_, "?state=stands"));
        CPPUNIT_ASSERT_EQUAL(std::size_t{6}, stored());
    }

    void anotherCooperativeSeesNoneOfIt() {
        const std::string batch = bring(workbook({{"60", "试验白菜", "试验一号地", daysAgo(1)}}));
        pressed(batch, "begin");
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, listed(*clerk_));
        addPerson(folder_.path() / "data", "other", "示范农产品流通联合社", "cooperative",
                  "correct-horse-battery");
        Client other(daemon_->url());
        other.always("Accept-Language", "en");
        other.signIn("other", "correct-horse-battery");
        CPPUNIT_ASSERT_EQUAL(std::size_t{0}, listed(other));
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, countOf(other.get(book + "/csv").body, "\r\n"));
        CPPUNIT_ASSERT_EQUAL(404, other.get(batch).status);
        other.get(book + "/import");
        CPPUNIT_ASSERT_EQUAL(404, other.post(batch, {{"_do", "undo"}}).status);
        const std::string key = between(clerk_->get(book).body, "name=\"row\" value=\"", "\"");
        CPPUNIT_ASSERT(!key.empty());
        CPPUNIT_ASSERT_EQUAL(404, other.post(book + "/bulk", {{"act", "take_back"}, {"row", key}}).status);
        const Answer forced =
            other.post(book + "/bulk", {{"act", "take_back"}, {"row", key}, {"confirmed", "yes"}});
        CPPUNIT_ASSERT_MESSAGE(mainOf(forced.body), contains(forced.body, "0 of 1 done."));
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, listed(*clerk_, "?state=stands"));
        CPPUNIT_ASSERT_EQUAL(404, signedIn(*daemon_, "farmer")->get(book).status);
        // Her products are not theirs.
        const std::string unknown = bring(workbook({{"1", "别家的菜", "试验一号地", daysAgo(1)}}));
        CPPUNIT_ASSERT(contains(unescaped(pressed(unknown, "begin")), "别家的菜"));
    }

    void severalRecordsAreTakenBackAtOnce() {
        pressed(
            bring(workbook({{"1", gtin, "试验一号地", daysAgo(1)}, {"2", gtin, "试验一号地", daysAgo(1)}})),
            "begin");
        const std::string page = clerk_->get(book).body;
        Form asked{{"act", "take_back"}};
        for (std::size_t at = page.find("name=\"row\""); at != std::string::npos;
             at = page.find("name=\"row\"", at + 1))
            asked.emplace_back("row", between(page, "value=\"", "\"", at));
        CPPUNIT_ASSERT_EQUAL(std::size_t{3}, asked.size());
        const Answer question = clerk_->post(book + "/bulk", asked);
        CPPUNIT_ASSERT_MESSAGE(mainOf(question.body), contains(question.body, "Take back these 2 records?"));
        asked.emplace_back("confirmed", "yes");
        const Answer done = clerk_->post(book + "/bulk", asked);
        CPPUNIT_ASSERT_MESSAGE(mainOf(done.body), contains(done.body, "2 of 2 done."));
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, listed(*clerk_, "?state=void"));
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(HarvestSheetTest);

} // namespace
