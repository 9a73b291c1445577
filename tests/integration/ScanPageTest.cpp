// SPDX-License-Identifier: Apache-2.0
// What a buyer sees behind a code: each form of address, each kind of wrong code, what is missing, in her
// language, within 45 kB, without a cookie. And whatever text somebody registers stays text.
#include "base/Clock.h"
#include "base/Json.h"
#include "simulator/Stories.h"
#include "support/Capture.h"
#include "support/CountyFixture.h"
#include "support/Epcis.h"
#include "support/Page.h"
#include "support/SameJson.h"

#include <cstdlib>
#include <fstream>
#include <set>
#include <sstream>

#include <Poco/DeflatingStream.h>

#include <cppunit/extensions/HelperMacros.h>

namespace {

using namespace dalate;
using namespace dalate::testing;

const std::string carp = "09521234500018", melon = "09521234500025", mutton = "09521234500049";

std::size_t gzipped(const std::string& bytes) {
    std::ostringstream out;
    Poco::DeflatingOutputStream deflate(out, Poco::DeflatingStreamBuf::STREAM_GZIP, 9);
    deflate << bytes;
    deflate.close();
    return out.str().size();
}

/// Every address that the page makes a browser load: styles, scripts, images, and what those name in turn.
std::set<std::string> loadedBy(const std::string& text) {
    std::set<std::string> found;
    for (const char* opening : {"href=\"/static/", "src=\"/static/", "url(/static/", "url(\"/static/",
                                "from \"/static/", "import(\"/static/"}) {
        const std::string start = opening;
        const std::size_t skip = start.find("/static/");
        for (std::size_t at = text.find(start); at != std::string::npos; at = text.find(start, at + 1)) {
            const std::size_t from = at + skip;
            std::string address = text.substr(from, text.find_first_of("\"')#", from) - from);
            found.insert(address);
        }
    }
    return found;
}

/// As a page can show it: HTML has no control characters but tab and line ends.
std::string showable(const std::string& text) {
    std::string out;
    for (const char c : text) {
        const auto u = static_cast<unsigned char>(c);
        const bool control = (u < 0x20 && c != '\t' && c != '\n' && c != '\r') || u == 0x7f;
        out += control ? std::string("\xEF\xBF\xBD") : std::string(1, c);
    }
    return out;
}

class ScanPageTest : public CountyFixture {
    CPPUNIT_TEST_SUITE(ScanPageTest);
    CPPUNIT_TEST(everyFormOfAddressLeadsToItsPage);
    CPPUNIT_TEST(wrongCodesHaveTheirOwnHonestPages);
    CPPUNIT_TEST(theStoriesAreTold);
    CPPUNIT_TEST(theReadersLanguageDecides);
    CPPUNIT_TEST(anAnonymousReaderLeavesNoTraceAndReadsAgainCheaply);
    CPPUNIT_TEST(allThatThePageLoadsIsSmall);
    CPPUNIT_TEST(naughtyTextStaysText);
    CPPUNIT_TEST_SUITE_END();

    void tell() {
        simulator::tellStories(*cooperative_,
                               std::filesystem::path(DALATE_SOURCE_DIR) / "plugins/traceability/demo", now());
    }

public:
    void everyFormOfAddressLeadsToItsPage() {
        const std::string gtin = "0" + withCheckDigit("695123459920");
        registerProduct(*cooperative_, gtin, "Test melon", "fruit");
        const std::string item = "https://id.gs1.org/01/" + gtin + "/21/S1";
        const Value state =
            capture(*cooperative_, epcisDocument({EpcisEvent("ObjectEvent", now() - 2 * day)
                                                      .action("ADD")
                                                      .step("commissioning")
                                                      .kilograms("quantityList", {{lotUri(gtin, "L1"), "40"}})
                                                      .text(),
                                                  EpcisEvent("ObjectEvent", now() - day)
                                                      .action("ADD")
                                                      .step("commissioning")
                                                      .list("epcList", {item})
                                                      .json("ilmd", R"({"cbvmda:lotNumber":"L1"})")
                                                      .text()}));
        CPPUNIT_ASSERT_MESSAGE(json::write(state), state["success"].truth());

        const auto reader = visitor();
        const auto page = [&](const std::string& path) {
            const Answer answer = reader->get(path);
            CPPUNIT_ASSERT_EQUAL_MESSAGE(path, 200, answer.status);
            return mainOf(answer.body);
        };
        const std::string lot = page("/01/" + gtin + "/10/L1");
        CPPUNIT_ASSERT_MESSAGE(lot,
                               contains(lot, "Test melon") && contains(lot, "L1") && contains(lot, "40 kg"));
        // The item knows its lot from its master data, and tells the lot's story.
        for (const std::string& path : {"/01/" + gtin + "/21/S1", "/01/" + gtin + "/10/L1/21/S1"}) {
            const std::string piece = page(path);
            CPPUNIT_ASSERT_MESSAGE(piece, contains(piece, "S1") && contains(piece, "L1") &&
                                              contains(piece, "From field to shop"));
            CPPUNIT_ASSERT_MESSAGE(path, !contains(piece, "not the number of this one item"));
        }
        // A number that nobody recorded, of a lot that is known.
        CPPUNIT_ASSERT(contains(page("/01/" + gtin + "/10/L1/21/S2"), "not the number of this one item"));
        CPPUNIT_ASSERT(contains(page("/01/" + gtin), "names the product but no lot"));
        // The same page at the plugin's own address and by typing the code.
        CPPUNIT_ASSERT_EQUAL(200, reader->get("/traceability/scan/" + gtin + "/lot/L1").status);
        const Answer found = reader->get("/traceability/find?code=" +
                                         formEncoded(" https://example.com/01/" + gtin + "/10/L1 "));
        CPPUNIT_ASSERT_EQUAL(303, found.status);
        CPPUNIT_ASSERT_EQUAL("/01/" + gtin + "/10/L1", found.header("location"));
        // HEAD is GET without the body.
        const Answer get = reader->get("/01/" + gtin + "/10/L1");
        const Answer head = reader->send("HEAD", "/01/" + gtin + "/10/L1", "", "");
        CPPUNIT_ASSERT_EQUAL(200, head.status);
        CPPUNIT_ASSERT_EQUAL(std::string(), head.body);
        for (const char* name : {"content-type", "content-length", "etag"})
            CPPUNIT_ASSERT_EQUAL_MESSAGE(name, get.header(name), head.header(name));
        CPPUNIT_ASSERT_EQUAL(404, reader->send("HEAD", "/01/" + gtin + "/10/NONE", "", "").status);
    }

    void wrongCodesHaveTheirOwnHonestPages() {
        tell();
        const auto reader = visitor();
        struct Wrong {
            std::string path, shown;
            int status;
            std::string title;
        };
        const std::string typo =
            carp.substr(0, 13) + (carp[13] == '9' ? '0' : static_cast<char>(carp[13] + 1));
        const std::vector<Wrong> all = {
            {"/01/" + carp + "/10/NEVER", "/01/" + carp + "/10/NEVER", 404,
             "Nothing is recorded under this code"},
            {"/01/" + carp + "/21/NEVER", "/01/" + carp + "/21/NEVER", 404,
             "Nothing is recorded under this code"},
            {"/01/00000000000017", "/01/00000000000017", 404, "Nothing is recorded under this code"},
            {"/01/" + typo + "/10/CARP-1", "/01/" + typo + "/10/CARP-1", 422,
             "One digit of this code is wrong"},
            {"/01/" + typo, "/01/" + typo, 422, "One digit of this code is wrong"},
            {"/01/123/10/CARP-1", "/01/123/10/CARP-1", 400, "This code is not written correctly"},
            {"/01/0952123450001X/10/CARP-1", "/01/0952123450001X/10/CARP-1", 400,
             "This code is not written correctly"},
            {"/01/" + carp + "/10/" + std::string(21, 'A'), std::string(21, 'A'), 400,
             "This code is not written correctly"},
            {"/01/" + carp + "/10/%E9%B1%BC", "%E9%B1%BC", 400, "This code is not written correctly"},
            {"/01/" + carp + "/10/%3Cscript%3E", "/10/%3Cscript%3E", 404,
             "Nothing is recorded under this code"},
            {"/01/" + carp + "/10/%7B%7Bpage.phone%7D%7D", "", 400, "This code is not written correctly"},
        };
        for (const Wrong& wrong : all) {
            const Answer answer = reader->get(wrong.path);
            CPPUNIT_ASSERT_EQUAL_MESSAGE(wrong.path, wrong.status, answer.status);
            const std::string main = mainOf(answer.body);
            CPPUNIT_ASSERT_MESSAGE(wrong.path + main, contains(main, wrong.title));
            CPPUNIT_ASSERT_MESSAGE(wrong.path + main, contains(unescaped(main), wrong.shown));
            CPPUNIT_ASSERT_MESSAGE(wrong.path, !contains(main, "<script>"));
            CPPUNIT_ASSERT_EQUAL_MESSAGE(wrong.path, std::string("text/html; charset=utf-8"),
                                         answer.header("content-type"));
            CPPUNIT_ASSERT_EQUAL_MESSAGE(
                wrong.path, wrong.status,
                reader->get("/traceability/find?code=" + formEncoded(wrong.path)).status == 303
                    ? reader->get(wrong.path).status
                    : reader->get("/traceability/find?code=" + formEncoded(wrong.path)).status);
        }
    }

    void theStoriesAreTold() {
        tell();
        const auto reader = visitor();
        const std::string fish = unescaped(mainOf(reader->get("/01/" + carp + "/10/CARP-1").body));
        for (const char* part : {"Yellow River carp (demo)", "第一示范村合作社", "Pond 3", "承诺达标合格证",
                                 "演示-0001", "孔雀石绿快速检测", "演示快检-118", "Passed",
                                 "40 minutes of temperatures are missing", "From field to shop"})
            CPPUNIT_ASSERT_MESSAGE(std::string(part) + ": " + fish, contains(fish, part));
        CPPUNIT_ASSERT_MESSAGE(fish, !contains(fish, "recalled") && !contains(fish, "No certificate") &&
                                         !contains(fish, "No test"));
        // The gap stands between what was recorded before and after it, and once more among what is missing.
        CPPUNIT_ASSERT(contains(fish, "Temperatures interrupted"));

        const std::string meat = unescaped(mainOf(reader->get("/01/" + mutton + "/10/MUTTON-1").body));
        for (const char* part : {"This lot is being recalled", "Do not eat it", "兽药残留复检", "Failed",
                                 "复检不合格，已要求召回"})
            CPPUNIT_ASSERT_MESSAGE(std::string(part) + ": " + meat, contains(meat, part));

        const std::string fruit = unescaped(mainOf(reader->get("/01/" + melon + "/10/MELON-1").body));
        CPPUNIT_ASSERT_MESSAGE(fruit, contains(fruit, "1 record(s) were declared wrong"));
        CPPUNIT_ASSERT_MESSAGE(fruit, contains(fruit, "No certificate"));
        CPPUNIT_ASSERT_MESSAGE(fruit, contains(fruit, "What is missing"));

        const std::string millet = unescaped(mainOf(reader->get("/01/09521234500032/10/MILLET-MIX").body));
        CPPUNIT_ASSERT_MESSAGE(millet, contains(millet, "由三家小米混合后重新开具"));
    }

    void theReadersLanguageDecides() {
        tell();
        const auto titled = [&](const std::string& language) {
            const Answer answer = visitor(language)->get("/01/" + carp + "/10/CARP-1");
            CPPUNIT_ASSERT(contains(answer.header("vary"), "Accept-Language"));
            return between(answer.body, "<html lang=\"", "\"") + " " + between(answer.body, "<h1>", "</h1>");
        };
        CPPUNIT_ASSERT_EQUAL(std::string("zh-CN 黄河鲤鱼(演示)"), titled("zh-CN,zh;q=0.9,en;q=0.5"));
        CPPUNIT_ASSERT_EQUAL(std::string("en Yellow River carp (demo)"), titled("en-GB,en;q=0.9,zh;q=0.1"));
        CPPUNIT_ASSERT_EQUAL(std::string("en Yellow River carp (demo)"), titled("zh;q=0, en"));
        // Who asks for neither reads the county's language.
        CPPUNIT_ASSERT_EQUAL(std::string("zh-CN 黄河鲤鱼(演示)"), titled("fr"));
        CPPUNIT_ASSERT_EQUAL(std::string("zh-CN 黄河鲤鱼(演示)"), titled(",;q=,,"));
    }

    void anAnonymousReaderLeavesNoTraceAndReadsAgainCheaply() {
        tell();
        const std::string path = "/01/" + carp + "/10/CARP-1";
        const auto reader = visitor();
        const Answer first = reader->get(path);
        CPPUNIT_ASSERT_EQUAL(std::string(), first.header("set-cookie"));
        CPPUNIT_ASSERT_EQUAL(std::string("no-cache"), first.header("cache-control"));
        const std::string tag = first.header("etag");
        CPPUNIT_ASSERT(!tag.empty());
        const auto again = [&](const std::string& tags) {
            return reader->send("GET", path, "", "", {{"If-None-Match", tags}});
        };
        for (const std::string& tags : {tag, "\"x\", " + tag, std::string("*")}) {
            const Answer same = again(tags);
            CPPUNIT_ASSERT_EQUAL_MESSAGE(tags, 304, same.status);
            CPPUNIT_ASSERT_EQUAL_MESSAGE(tags, std::string(), same.body);
        }
        CPPUNIT_ASSERT_EQUAL(200, again("\"other\"").status);
        CPPUNIT_ASSERT(tag != visitor("zh-CN")->get(path).header("etag"));
        // Another event, another tag.
        capture(*cooperative_, epcisDocument({EpcisEvent("ObjectEvent", now() - hour)
                                                  .action("OBSERVE")
                                                  .step("retail_selling")
                                                  .kilograms("quantityList", {{lotUri(carp, "CARP-1"), "5"}})
                                                  .text()}));
        CPPUNIT_ASSERT_EQUAL(200, again(tag).status);
        // Someone signed in has a page of her own that no cache keeps.
        CPPUNIT_ASSERT_EQUAL(std::string("no-store"),
                             signedIn(*daemon_, "farmer")->get(path).header("cache-control"));
    }

    void allThatThePageLoadsIsSmall() {
        tell();
        const auto reader = visitor("zh-CN");
        for (const std::string& path :
             {"/01/" + carp + "/10/CARP-1", std::string("/01/09521234500032/10/MILLET-MIX")}) {
            const std::string page = reader->get(path).body;
            std::size_t sum = gzipped(page);
            std::set<std::string> waiting = loadedBy(page), seen;
            CPPUNIT_ASSERT_MESSAGE("the page loads a style, a script and an icon", waiting.size() >= 3);
            std::string parts = "page " + std::to_string(sum);
            while (!waiting.empty()) {
                const std::string address = waiting.extract(waiting.begin()).value();
                if (!seen.insert(address).second) continue;
                const Answer part = reader->get(address);
                CPPUNIT_ASSERT_EQUAL_MESSAGE(address, 200, part.status);
                sum += gzipped(part.body);
                parts += ", " + address + " " + std::to_string(gzipped(part.body));
                if (contains(part.header("content-type"), "css") ||
                    contains(part.header("content-type"), "javascript"))
                    waiting.merge(loadedBy(part.body));
            }
            std::printf("%s: %zu bytes gzipped (%s)\n", path.c_str(), sum, parts.c_str());
            CPPUNIT_ASSERT_MESSAGE(parts, sum < 45'000);
            // Nothing from elsewhere, nothing inline.
            CPPUNIT_ASSERT(!contains(page, "src=\"http") && !contains(page, "src=\"//") &&
                           !contains(page, "<style") && !contains(page, "style=\""));
        }
    }

    void naughtyTextStaysText() {
        std::vector<std::string> texts = {"<script>alert(1)</script>",
                                          "\"><img src=x onerror=alert(1)>",
                                          "{{page.phone}}",
                                          "{{{html_svg}}}",
                                          "{{>layout}}",
                                          "{name}",
                                          "t:core.portal.name",
                                          "' OR 1=1 --",
                                          "a\u202eb",
                                          "&amp;&lt;",
                                          "]]>",
                                          "-->",
                                          "traceability/scan"};
        if (const char* corpora = std::getenv("DALATE_CORPORA"))
            if (std::ifstream in(std::filesystem::path(corpora) / "strings/blns.json"); in) {
                std::ostringstream bytes;
                bytes << in.rdbuf();
                const Value strings = json::parse(bytes.str()).take();
                for (const ValueView each : strings.view())
                    if (!each.text().empty() && each.text().size() <= 200) texts.emplace_back(each.text());
            }
        const std::string gtin = "0" + withCheckDigit("695123459930");
        const std::string place = placeUri(withCheckDigit("695123459931"));
        const Micros start = now() - 20 * day;
        std::vector<std::string> events;
        for (std::size_t i = 0; i < texts.size(); ++i)
            events.push_back(EpcisEvent("ObjectEvent", start + static_cast<Micros>(i) * minute)
                                 .action("ADD")
                                 .step("commissioning")
                                 .kilograms("quantityList", {{lotUri(gtin, "N" + std::to_string(i)), "1"}})
                                 .at(place)
                                 .set("ext:note", texts[i])
                                 .text());
        const std::string sent = epcisDocument(events);
        const Value state = capture(*cooperative_, sent);
        CPPUNIT_ASSERT_MESSAGE(json::write(state).substr(0, 2000), state["success"].truth());
        // The extension field comes back as it went in.
        const Value back = queryEvents(*cooperative_);
        CPPUNIT_ASSERT_EQUAL(texts.size(), back.view().size());
        for (std::size_t i = 0; i < texts.size(); ++i)
            CPPUNIT_ASSERT_EQUAL(texts[i], itemsOf(back)[i]["ext:note"].asText());

        const auto reader = visitor();
        const std::string usual = "plain name";
        registerProduct(*cooperative_, gtin, usual);
        registerParty(*cooperative_, place, usual);
        const std::string lot = "/01/" + gtin + "/10/N0";
        const auto tags = [](const std::string& html) { return countOf(html, "<"); };
        const auto regulator = signedIn(*daemon_, "regulator");
        const std::string traced = "/traceability/lots/" + gtin + "/N0";
        const std::string plain = reader->get(lot).body, plainTraced = regulator->get(traced).body;
        // Buyers are let in 120 times a minute; the trace page shows every text.
        const std::size_t step = texts.size() / 80 + 1;
        std::size_t shown = 0;
        for (const std::string& text : texts) {
            registerProduct(*cooperative_, gtin, text);
            registerParty(*cooperative_, place, text);
            const std::string trace = regulator->get(traced).body;
            CPPUNIT_ASSERT_EQUAL_MESSAGE(text, tags(plainTraced), tags(trace));
            CPPUNIT_ASSERT_EQUAL_MESSAGE(text, showable(text) + " lot N0",
                                         unescaped(between(trace, "<h1>", "</h1>")));
            if (shown++ > 13 && shown % step != 0) continue;
            const Answer page = reader->get(lot);
            CPPUNIT_ASSERT_EQUAL_MESSAGE(text, 200, page.status);
            // Text cannot open a tag: there are as many as around a plain name.
            CPPUNIT_ASSERT_EQUAL_MESSAGE(text, tags(plain), tags(page.body));
            CPPUNIT_ASSERT_EQUAL_MESSAGE(text, showable(text),
                                         unescaped(between(page.body, "<h1>", "</h1>")));
            // As the product, the grower and the place of the harvest.
            CPPUNIT_ASSERT_MESSAGE(text, countOf(unescaped(mainOf(page.body)), showable(text)) >= 3);
        }

        // As a lot number: GS1's 82 characters are allowed, and stay text in address, page and label.
        const std::string lots[] = {"<b>\"&'", "%41", "a+b", "x;y=z", "../..", "A?B", "!*()"};
        for (const std::string& number : lots) {
            const std::string uri = lotUri(gtin, formEncoded(number));
            const Value stored =
                capture(*cooperative_, epcisDocument({EpcisEvent("ObjectEvent", now() - day)
                                                          .action("ADD")
                                                          .step("commissioning")
                                                          .kilograms("quantityList", {{uri, "2"}})
                                                          .text()}));
            CPPUNIT_ASSERT_MESSAGE(number + json::write(stored), stored["success"].truth());
            const Answer page = reader->get("/01/" + gtin + "/10/" + formEncoded(number));
            CPPUNIT_ASSERT_EQUAL_MESSAGE(number, 200, page.status);
            CPPUNIT_ASSERT_MESSAGE(number, contains(unescaped(mainOf(page.body)), number) &&
                                               !contains(page.body, "<b>"));
        }
        CPPUNIT_ASSERT_EQUAL(std::string::npos, daemon_->log().find(" error "));
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(ScanPageTest);

} // namespace
