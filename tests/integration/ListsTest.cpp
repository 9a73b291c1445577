// SPDX-License-Identifier: Apache-2.0
// Declared lists over HTTP, on the host's own pages: the hotline's book of calls (acts and import on cases),
// and a shelf of a hundred thousand things (places by key, files, hostile addresses). Files are opened again
// and compared with the rows.
#include "base/Clock.h"
#include "base/Json.h"
#include "services/lists/Sheet.h"
#include "support/CountyFixture.h"
#include "support/FormData.h"
#include "support/Page.h"
#include "support/PluginOwner.h"

#include <cppunit/extensions/HelperMacros.h>

#include <algorithm>
#include <cstdio>
#include <set>

using namespace dalate;
using namespace dalate::testing;

namespace {

namespace fs = std::filesystem;

const std::string calls = "/lists/hotline/calls", items = "/lists/shelf/items";

/// Both plugins of declarations alone, in one folder.
fs::path plugins(const fs::path& folder) {
    const fs::path to = folder / "plugins", built = DALATE_BINARY_DIR;
    fs::create_directories(to);
    fs::copy(built / "plugins/hotline", to / "hotline", fs::copy_options::recursive);
    fs::copy(built / "shelf-plugins/shelf", to / "shelf", fs::copy_options::recursive);
    return to;
}

using Table = std::vector<std::vector<std::string>>;

Table tableOf(const std::string& bytes) {
    Table table;
    services::lists::SheetLimits limits;
    limits.rows = 100'001;
    for (const auto& row : services::lists::readSheet(bytes, limits).rows)
        table.push_back(row.cells);
    return table;
}

class ListsTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(ListsTest);
    CPPUNIT_TEST(aTableIsBroughtCheckedImportedAndTakenBack);
    CPPUNIT_TEST(aFileThatIsNoTableIsRefusedInWords);
    CPPUNIT_TEST(theListIsFilteredAndSortedByItsAddress);
    CPPUNIT_TEST(severalCallsAreAcceptedAtOnceAfterAQuestion);
    CPPUNIT_TEST(aCallThatMovedMeanwhileStaysAsItIs);
    CPPUNIT_TEST(pagesGoForwardAndTheSameWayBack);
    CPPUNIT_TEST(csvAndXlsxHoldTheRowsOfTheList);
    CPPUNIT_TEST(whatIsPersonalIsMaskedEverywhere);
    CPPUNIT_TEST(whoeverItIsNotForFindsNothing);
    CPPUNIT_TEST(noAddressBreaksIt);
    CPPUNIT_TEST(aPageOfAHundredThousandRowsIsQuick);
    CPPUNIT_TEST(paperHoldsAThousandRows);
    CPPUNIT_TEST_SUITE_END();

    static inline std::unique_ptr<TemporaryFolder> folder_;
    static inline std::unique_ptr<Daemon> daemon_;
    std::unique_ptr<Client> desk_;

    Answer bring(const std::string& name, const std::string& bytes) {
        desk_->get(calls + "/import");
        return desk_->send(
            "POST", calls + "/import", FormData::type(),
            FormData().field("csrf", desk_->csrf()).file("table", name, "text/csv", bytes).body());
    }
    /// The path of the batch that came of it.
    std::string batch(const std::string& name, const std::string& bytes) {
        const Answer answer = bring(name, bytes);
        CPPUNIT_ASSERT_EQUAL_MESSAGE(mainOf(answer.body), 303, answer.status);
        return answer.header("location");
    }
    void must(const std::string& batch, const std::string& what) {
        desk_->get(batch);
        const Answer answer = desk_->post(batch, {{"_do", what}});
        CPPUNIT_ASSERT_EQUAL_MESSAGE(mainOf(answer.body), 303, answer.status);
    }
    /// Three calls whose titles begin with `word`, brought as a table; their keys by title's number.
    std::vector<std::string> three(const std::string& word) {
        std::string csv = "What is it about,What happened,Where,Telephone\r\n";
        for (const char* number : {"1", "2", "3"})
            csv += word + number + ",灯不亮,第一示范村,13912345678\r\n";
        must(batch(word + ".csv", csv), "begin");
        std::vector<std::string> keys;
        const std::string page = desk_->get(calls + "?sort=number&title=" + formEncoded(word)).body;
        for (std::size_t at = page.find("name=\"row\""); at != std::string::npos;
             at = page.find("name=\"row\"", at + 1))
            keys.push_back(between(page, "value=\"", "\"", at));
        CPPUNIT_ASSERT_EQUAL(std::size_t{3}, keys.size());
        return keys;
    }
    static std::string hrefIn(const std::string& page, const std::string& part) {
        for (std::size_t at = page.find("href=\""); at != std::string::npos;
             at = page.find("href=\"", at + 1))
            if (const std::string href = unescaped(between(page, "href=\"", "\"", at)); contains(href, part))
                return href;
        return {};
    }
    static Table rowsOf(const std::string& page) {
        const std::size_t at = page.find("class=\"list\"");
        return at == std::string::npos ? Table{} : tableIn(page.substr(at));
    }

public:
    void setUp() override {
        if (!daemon_) {
            folder_ = std::make_unique<TemporaryFolder>();
            Daemon::Options options = Daemon::built();
            options.plugins = plugins(folder_->path());
            daemon_ = std::make_unique<Daemon>(options, folder_->path() / "data");
            nameOwner(folder_->path() / "data", "shelf");
        }
        desk_ = signedIn(*daemon_, "hotline_desk");
    }

    void aTableIsBroughtCheckedImportedAndTakenBack() {
        const Answer form = desk_->get(calls + "/import");
        CPPUNIT_ASSERT_EQUAL_MESSAGE(mainOf(form.body), 200, form.status);
        const Table empty = tableOf(desk_->get(calls + "/import/pattern").body);
        CPPUNIT_ASSERT((empty == Table{{"What is it about", "What happened", "Where", "Telephone"}}));
        const std::string path =
            batch("十一月.csv", "\xEF\xBB\xBFTelephone,What is it about,What happened\r\n"
                                "13912340678,'=1+1,\"路灯,不亮\"\r\n"
                                "12,停水,三天了\r\n"
                                "13912345679,,没有标题\r\n"
                                "13912345670,停气,楼上楼下\r\n");
        const std::string read = desk_->get(path).body;
        CPPUNIT_ASSERT_MESSAGE(mainOf(read), contains(read, "Checked, not yet imported"));
        // The faulty rows by line and column, the good ones as they will be, the personal masked.
        const std::string faults = between(read, "class=\"facts\"", "</dl>", read.find("With faults</h2>"));
        CPPUNIT_ASSERT_MESSAGE(faults, contains(faults, "Row 3") && contains(faults, "Telephone"));
        CPPUNIT_ASSERT_MESSAGE(faults, contains(faults, "Row 4") && contains(faults, "What is it about"));
        CPPUNIT_ASSERT_MESSAGE(mainOf(read), contains(read, "139****0678") && !contains(read, "13912340678"));
        CPPUNIT_ASSERT(contains(unescaped(read), "=1+1"));
        CPPUNIT_ASSERT(!contains(desk_->get(calls).body, "停气"));
        must(path, "begin");
        const std::string done = desk_->get(path).body;
        CPPUNIT_ASSERT_MESSAGE(mainOf(done), contains(done, "Imported"));
        CPPUNIT_ASSERT(!contains(done, "value=\"begin\"") && contains(done, "value=\"ask_undo\""));
        must(path, "go_on");
        const Table listed = rowsOf(desk_->get(calls + "?sort=number").body);
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, listed.size());
        // In a file the formula is text again.
        const std::string csv = desk_->get(calls + "/csv?sort=number").body;
        CPPUNIT_ASSERT_MESSAGE(csv, contains(csv, ",'=1+1,"));
        // The same file once more is said to be so.
        const std::string again =
            batch("again.csv", "\xEF\xBB\xBFTelephone,What is it about,What happened\r\n"
                               "13912340678,'=1+1,\"路灯,不亮\"\r\n"
                               "12,停水,三天了\r\n"
                               "13912345679,,没有标题\r\n"
                               "13912345670,停气,楼上楼下\r\n");
        CPPUNIT_ASSERT(contains(desk_->get(again).body, "was imported before"));
        // Taken back as one, after a question; a second time there is nothing to take back.
        const Answer question = desk_->post(path, {{"_do", "ask_undo"}});
        CPPUNIT_ASSERT_EQUAL(200, question.status);
        CPPUNIT_ASSERT(contains(question.body, "Take back the 2 rows of this import?"));
        CPPUNIT_ASSERT(rowsOf(desk_->get(calls + "?state=withdrawn").body).empty());
        must(path, "undo");
        const std::string undone = desk_->get(path).body;
        CPPUNIT_ASSERT_MESSAGE(mainOf(undone), contains(undone, "Taken back"));
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, rowsOf(desk_->get(calls + "?state=withdrawn").body).size());
        CPPUNIT_ASSERT_EQUAL(409, desk_->post(path, {{"_do", "undo"}}).status);
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, rowsOf(desk_->get(calls + "?state=withdrawn").body).size());
        // What was worked on in the meantime is kept and told.
        const auto keys = three("留下");
        desk_->get("/cases/hotline/call/" + keys[1]);
        for (const char* step : {"accept", "assign"}) {
            const std::string page = desk_->get("/cases/hotline/call/" + keys[1]).body;
            desk_->post("/cases/hotline/call/" + keys[1] + "/move/" + step,
                        {{"_version", between(page, "name=\"_version\" value=\"", "\"")}});
        }
        const std::string imports = desk_->get(calls + "/import").body;
        const std::string kept = hrefIn(imports.substr(imports.find("Your recent imports")), "/import/");
        must(kept, "undo");
        const std::string report = desk_->get(kept).body;
        CPPUNIT_ASSERT_MESSAGE(mainOf(report),
                               contains(report, "Could not be taken back") && contains(report, "Row 3"));
        CPPUNIT_ASSERT_EQUAL(
            std::size_t{1},
            rowsOf(desk_->get(calls + "?state=assigned&title=" + formEncoded("留下")).body).size());
    }

    void aFileThatIsNoTableIsRefusedInWords() {
        const std::pair<std::string, const char*> bad[] = {
            {"What is it about,What happened,Where,Telephone\r\n", "no rows"},
            {"What is it about,Colour\r\na,b\r\n", "Colour"},
            {"What is it about\r\na\r\n", "What happened"},
            {"What is it about,What happened\r\n\"a,b\r\n", "line 2"},
            {"\xB5\xD8\xB5\xE3\r\na\r\n", "UTF-8"},
            {"PK\x03\x04 and nothing more", "cannot be opened"}};
        for (const auto& [bytes, words] : bad) {
            const Answer answer = bring("a.csv", bytes);
            CPPUNIT_ASSERT_EQUAL_MESSAGE(words, 422, answer.status);
            CPPUNIT_ASSERT_MESSAGE(mainOf(answer.body), contains(mainOf(answer.body), words));
            // What is no file of its kind at all, the files service has refused before.
            CPPUNIT_ASSERT(bytes.starts_with("PK") || contains(answer.body, "href=\"#f-table\""));
        }
        desk_->get(calls + "/import");
        const Answer none = desk_->send("POST", calls + "/import", FormData::type(),
                                        FormData().field("csrf", desk_->csrf()).body());
        CPPUNIT_ASSERT_EQUAL(422, none.status);
    }

    void theListIsFilteredAndSortedByItsAddress() {
        three("路灯");
        const auto titles = [&](const std::string& query) {
            std::vector<std::string> all;
            const Answer page = desk_->get(calls + query);
            CPPUNIT_ASSERT_EQUAL_MESSAGE(query + mainOf(page.body), 200, page.status);
            for (const auto& row : rowsOf(page.body))
                all.push_back(row.at(2));
            return all;
        };
        const std::string word = "title=" + formEncoded("路灯");
        using Titles = std::vector<std::string>;
        CPPUNIT_ASSERT((titles("?sort=number&" + word) == Titles{"路灯1", "路灯2", "路灯3"}));
        CPPUNIT_ASSERT((titles("?sort=-number&" + word) == Titles{"路灯3", "路灯2", "路灯1"}));
        CPPUNIT_ASSERT((titles("?state=filed&" + word).size() == 3));
        CPPUNIT_ASSERT((titles("?state=closed&" + word).empty()));
        const std::string today = toLocalMinute(now(), 480).substr(0, 10);
        CPPUNIT_ASSERT((titles("?opened_from=" + today + "&" + word).size() == 3));
        CPPUNIT_ASSERT((titles("?opened_to=2020-01-01&" + word).empty()));
        CPPUNIT_ASSERT((titles("?title=%25").empty()));
        // What was asked for stands in the fields again, and goes along with every way on.
        const std::string page = desk_->get(calls + "?state=filed&" + word).body;
        CPPUNIT_ASSERT(contains(page, "value=\"路灯\"") && contains(page, "value=\"filed\" selected"));
        CPPUNIT_ASSERT(contains(hrefIn(page, "sort="), "state=filed"));
        CPPUNIT_ASSERT(contains(hrefIn(page, "/csv"), "state=filed"));
        CPPUNIT_ASSERT(contains(page, "aria-sort=\"descending\""));
        CPPUNIT_ASSERT(contains(desk_->get("/").body, calls));
    }

    void severalCallsAreAcceptedAtOnceAfterAQuestion() {
        const auto keys = three("同收");
        const std::string word = "?state=accepted&title=" + formEncoded("同收");
        Form chosen{{"act", "accept"}, {"row", keys[0]}, {"row", keys[2]}, {"row", keys[0]}, {"row", "1"}};
        const Answer asked = desk_->post(calls + "/bulk", chosen);
        CPPUNIT_ASSERT_EQUAL_MESSAGE(mainOf(asked.body), 200, asked.status);
        CPPUNIT_ASSERT(contains(asked.body, "Accept these 2 calls?"));
        CPPUNIT_ASSERT(rowsOf(desk_->get(calls + word).body).empty());
        Form confirmed{{"act", "accept"}, {"confirmed", "yes"}};
        for (std::size_t at = asked.body.find("name=\"row\""); at != std::string::npos;
             at = asked.body.find("name=\"row\"", at + 1))
            confirmed.emplace_back("row", between(asked.body, "value=\"", "\"", at));
        const Answer done = desk_->post(calls + "/bulk", confirmed);
        CPPUNIT_ASSERT_EQUAL_MESSAGE(mainOf(done.body), 200, done.status);
        CPPUNIT_ASSERT_MESSAGE(mainOf(done.body), contains(done.body, "2 of 2 done."));
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, rowsOf(desk_->get(calls + word).body).size());
        // The same page sent again moves nothing.
        const Answer twice = desk_->post(calls + "/bulk", confirmed);
        CPPUNIT_ASSERT_MESSAGE(mainOf(twice.body), contains(twice.body, "0 of 2 done."));
        CPPUNIT_ASSERT_EQUAL(422, desk_->post(calls + "/bulk", {{"act", "accept"}}).status);
        CPPUNIT_ASSERT_EQUAL(404, desk_->post(calls + "/bulk", {{"act", "close"}, {"row", keys[1]}}).status);
        CPPUNIT_ASSERT_EQUAL(400,
                             desk_->post(calls + "/bulk", {{"act", "accept"}, {"row", "1 OR 1=1"}}).status);
        CPPUNIT_ASSERT_EQUAL(403, desk_
                                      ->send("POST", calls + "/bulk", "application/x-www-form-urlencoded",
                                             "act=accept&confirmed=yes&row=" + keys[1])
                                      .status);
    }

    void aCallThatMovedMeanwhileStaysAsItIs() {
        const auto keys = three("先动");
        const Answer asked =
            desk_->post(calls + "/bulk", {{"act", "accept"}, {"row", keys[0]}, {"row", keys[1]}});
        const auto other = signedIn(*daemon_, "hotline_desk");
        const std::string path = "/cases/hotline/call/" + keys[0];
        const std::string version = between(other->get(path).body, "name=\"_version\" value=\"", "\"");
        CPPUNIT_ASSERT_EQUAL(303, other->post(path + "/move/accept", {{"_version", version}}).status);
        Form confirmed{{"act", "accept"}, {"confirmed", "yes"}};
        for (std::size_t at = asked.body.find("name=\"row\""); at != std::string::npos;
             at = asked.body.find("name=\"row\"", at + 1))
            confirmed.emplace_back("row", between(asked.body, "value=\"", "\"", at));
        const Answer done = desk_->post(calls + "/bulk", confirmed);
        CPPUNIT_ASSERT_MESSAGE(mainOf(done.body), contains(done.body, "1 of 2 done."));
    }

    void pagesGoForwardAndTheSameWayBack() {
        // 33,334 of 100,000 have no price, and many share one: both are places where a page may begin.
        for (const std::string& query :
             {std::string("?name=778&sort=-price"), std::string("?name=778&sort=price"),
              "?name=" + formEncoded("物品77")}) {
            std::vector<Table> forward;
            std::string at = items + query, page;
            for (int pages = 0; pages < 60 && !at.empty(); ++pages) {
                page = desk_->get(at).body;
                forward.push_back(rowsOf(page));
                at = hrefIn(page, "after=");
            }
            CPPUNIT_ASSERT(at.empty() && forward.size() > 3);
            std::set<std::string> names;
            std::size_t rows = 0;
            for (const Table& table : forward)
                for (const auto& row : table) {
                    names.insert(row.at(0) + row.at(2));
                    ++rows;
                }
            CPPUNIT_ASSERT_EQUAL(rows, names.size());
            for (std::size_t back = forward.size() - 1; back-- > 0;) {
                at = hrefIn(page, "before=");
                CPPUNIT_ASSERT_MESSAGE(query, !at.empty());
                page = desk_->get(at).body;
                CPPUNIT_ASSERT_MESSAGE(query + " page " + std::to_string(back),
                                       rowsOf(page) == forward[back]);
            }
            CPPUNIT_ASSERT(hrefIn(page, "before=").empty());
        }
    }

    void csvAndXlsxHoldTheRowsOfTheList() {
        const std::string query = "?bought_from=2026-11-01&price_to=20&sort=price";
        Table listed;
        for (std::string at = items + query; !at.empty();) {
            const std::string page = desk_->get(at).body;
            for (auto& row : rowsOf(page))
                listed.push_back(std::move(row));
            at = hrefIn(page, "after=");
        }
        CPPUNIT_ASSERT(listed.size() > 100);
        const Answer csv = desk_->get(items + "/csv" + query), xlsx = desk_->get(items + "/xlsx" + query);
        CPPUNIT_ASSERT_EQUAL(200, csv.status);
        CPPUNIT_ASSERT_EQUAL(200, xlsx.status);
        CPPUNIT_ASSERT(contains(csv.header("content-disposition"), ".csv") &&
                       contains(xlsx.header("content-disposition"), ".xlsx"));
        CPPUNIT_ASSERT_EQUAL(std::string("no-store"), csv.header("cache-control"));
        Table fromCsv = tableOf(csv.body), fromXlsx = tableOf(xlsx.body);
        const std::vector<std::string> heads{"Item", "Price", "Weight", "Bought", "Kept", "Telephone"};
        CPPUNIT_ASSERT(fromCsv.front() == heads && fromXlsx.front() == heads);
        fromCsv.erase(fromCsv.begin());
        fromXlsx.erase(fromXlsx.begin());
        CPPUNIT_ASSERT(fromCsv == listed);
        // A sheet holds 12.50 as the number 12.5.
        const auto number = [](std::string& text) {
            text = text.empty() ? text : std::to_string(std::stod(text));
        };
        for (Table* table : {&listed, &fromXlsx})
            for (auto& row : *table) {
                number(row.at(1));
                number(row.at(2));
            }
        CPPUNIT_ASSERT(fromXlsx == listed);
        // All rows, formulas neutralised, in one file.
        const std::string all = desk_->get(items + "/csv?sort=name").body;
        CPPUNIT_ASSERT_EQUAL(std::size_t{100'001}, countOf(all, "\r\n"));
        CPPUNIT_ASSERT_EQUAL(std::size_t{100}, countOf(all, "\r\n'=1+1,"));
        CPPUNIT_ASSERT_EQUAL(std::size_t{100}, countOf(all, "\r\n'-2,"));
        CPPUNIT_ASSERT(!contains(all, "\n=") && !contains(all, "\n-"));
    }

    void whatIsPersonalIsMaskedEverywhere() {
        for (const char* form : {"", "/csv", "/print"}) {
            const std::string body = desk_->get(items + form + "?name=" + formEncoded("物品5000")).body;
            CPPUNIT_ASSERT_MESSAGE(form, contains(body, "139****5000"));
            CPPUNIT_ASSERT_MESSAGE(form, !contains(body, "13910005000"));
        }
        for (const auto& row : tableOf(desk_->get(items + "/xlsx?name=" + formEncoded("物品5000")).body))
            CPPUNIT_ASSERT(row.at(5) == "Telephone" || row.at(5) == "139****" + row.at(5).substr(7));
        CPPUNIT_ASSERT_EQUAL(400, desk_->get(items + "?phone=139").status);
        CPPUNIT_ASSERT_EQUAL(400, desk_->get(items + "?sort=phone").status);
    }

    void whoeverItIsNotForFindsNothing() {
        const auto citizen = signedIn(*daemon_, "citizen"), handler = signedIn(*daemon_, "hotline_handler");
        Client stranger(daemon_->url());
        for (const std::string& list :
             {calls, items, std::string("/lists/hotline/none"), std::string("/lists/none/calls")})
            for (const char* page :
                 {"", "/csv", "/xlsx", "/print", "/import", "/import/pattern", "/import/1"}) {
                CPPUNIT_ASSERT_EQUAL_MESSAGE(list + page, 404, citizen->get(list + page).status);
                CPPUNIT_ASSERT_EQUAL_MESSAGE(list + page, 404, handler->get(list + page).status);
                const int outside = stranger.get(list + page).status;
                CPPUNIT_ASSERT_MESSAGE(list + page, outside == 404 || outside == 303);
            }
        CPPUNIT_ASSERT(!contains(citizen->get("/").body, calls));
        citizen->get("/");
        CPPUNIT_ASSERT_EQUAL(404, citizen->post(calls + "/bulk", {{"act", "accept"}, {"row", "1"}}).status);
        // Who reads the book need not be who brings calls in.
        const auto supervisor = signedIn(*daemon_, "hotline_supervisor");
        const std::string seen = supervisor->get(calls).body;
        CPPUNIT_ASSERT(contains(seen, "class=\"list\"") && !contains(seen, calls + "/import"));
        CPPUNIT_ASSERT_EQUAL(404, supervisor->get(calls + "/import").status);
    }

    void noAddressBreaksIt() {
        const std::string values[] = {"'",
                                      "%27%20OR%20%271%27%3D%271",
                                      "1%3BDROP%20TABLE%20shelf_item",
                                      "%00",
                                      "%FF%FE",
                                      "%F0%9F%98%80",
                                      "-",
                                      "--",
                                      "9223372036854775808",
                                      "-9223372036854775809",
                                      "1e308",
                                      "NaN",
                                      "7~",
                                      "~",
                                      "7~i",
                                      "7~tx",
                                      "7~n~n",
                                      "9223372036854775807~i9223372036854775807",
                                      "2026-02-30",
                                      "0000-00-00",
                                      "99999-01-01",
                                      "%3Cscript%3Ealert(1)%3C/script%3E",
                                      "%25%25%25%5F!",
                                      std::string(3000, 'a')};
        std::size_t asked = 0;
        for (const char* name : {"name", "price_from", "price_to", "price", "bought_from", "bought_to",
                                 "kept", "phone", "sort", "after", "before", "limit", "act", "name%5B%5D"})
            for (const std::string& value : values)
                for (const char* form : {"", "/csv"}) {
                    const Answer answer = desk_->get(items + form + "?" + name + "=" + value);
                    const std::string about = std::string(form) + "?" + name + "=" + value.substr(0, 60);
                    CPPUNIT_ASSERT_MESSAGE(about, answer.status == 200 || answer.status == 400 ||
                                                      answer.status == 414);
                    CPPUNIT_ASSERT_MESSAGE(about, !contains(answer.body, "<script>alert"));
                    ++asked;
                }
        for (const char* twice :
             {"sort=price&sort=name", "name=a&name=b", "after=7~i1&before=7~i1", "after=7~i1&after=8~i1"})
            CPPUNIT_ASSERT_EQUAL_MESSAGE(twice, 400, desk_->get(items + "?" + twice).status);
        for (const char* batch : {"0", "-1", "x", "9223372036854775808", "1"})
            CPPUNIT_ASSERT_EQUAL_MESSAGE(batch, 404, desk_->get(calls + "/import/" + batch).status);
        CPPUNIT_ASSERT_EQUAL(std::size_t{50}, rowsOf(desk_->get(items).body).size());
        CPPUNIT_ASSERT(asked > 600);
    }

    void aPageOfAHundredThousandRowsIsQuick() {
        const auto median = [&](const std::string& path) {
            std::vector<Micros> took;
            for (int i = 0; i < 9; ++i) {
                const Micros began = steadyNow();
                CPPUNIT_ASSERT_EQUAL(200, desk_->get(path).status);
                took.push_back(steadyNow() - began);
            }
            std::sort(took.begin(), took.end());
            return took[took.size() / 2];
        };
        const Micros first = median(items), deep = median(items + "?after=31500~i400"),
                     last = median(items + "?after=60000~n"),
                     up = median(items + "?sort=price&before=31500~i400");
        std::printf(
            "list of 100,000 rows by key: first page %lld us, deep %lld us, last %lld us, back %lld us\n",
            static_cast<long long>(first), static_cast<long long>(deep), static_cast<long long>(last),
            static_cast<long long>(up));
        for (const Micros each : {first, deep, last, up})
            CPPUNIT_ASSERT_MESSAGE(std::to_string(each), each < 100'000);
    }

    void paperHoldsAThousandRows() {
        const Answer page = desk_->get(items + "/print");
        CPPUNIT_ASSERT_EQUAL(200, page.status);
        CPPUNIT_ASSERT_EQUAL(std::size_t{1000}, tableIn(page.body).size());
        CPPUNIT_ASSERT(contains(page.body, "Only the first 1,000 rows"));
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(ListsTest);

} // namespace
