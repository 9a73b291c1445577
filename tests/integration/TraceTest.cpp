// SPDX-License-Identifier: Apache-2.0
// A lot seen backwards and forwards through mixing, splitting, packing and a truck, against a truth reckoned
// by hand; an event declared wrong leaves the view and stays in the log; the order of arrival does not show.
#include "base/Clock.h"
#include "base/Json.h"
#include "support/Capture.h"
#include "support/Epcis.h"
#include "support/Page.h"
#include "support/Visitors.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <set>

#include <cppunit/extensions/HelperMacros.h>

namespace {

using namespace dalate;
using namespace dalate::testing;

const std::string gtin = "0" + withCheckDigit("695123459940");
const std::string truck = "https://id.gs1.org/8004/695123459TRUCK1";
const std::string shop = partyUri(withCheckDigit("695123459410"));

std::string lot(const std::string& number) {
    return lotUri(gtin, number);
}
std::string unit(int number) {
    return unitUri(withCheckDigit("0695123459940000" + std::to_string(number % 10)));
}
std::string place(int number) {
    return placeUri(withCheckDigit("69512345942" + std::to_string(number % 10)));
}

/// Days that the first test and a later one share, so that pages can be compared.
const Micros start = now() / day * day - 20 * day;

/// What the tests know to be true: A and B are mixed to M, M is split to P1 and P2, P1 and C become Q, and Q
/// goes in a box on a truck that yesterday carried Z and tomorrow carries W.
std::vector<std::string> county() {
    const auto made = [](const char* number, const char* kilograms, Micros at, int where) {
        return EpcisEvent("ObjectEvent", at)
            .action("ADD")
            .step("commissioning")
            .kilograms("quantityList", {{lot(number), kilograms}})
            .at(place(where))
            .text();
    };
    const auto process = [](Micros at, const std::vector<Kilograms>& in, const std::vector<Kilograms>& out) {
        return EpcisEvent("TransformationEvent", at)
            .kilograms("inputQuantityList", in)
            .kilograms("outputQuantityList", out)
            .at(place(5))
            .text();
    };
    const auto boxed = [](Micros at, const std::string& box, const char* number, const char* kilograms) {
        return EpcisEvent("AggregationEvent", at)
            .action("ADD")
            .step("packing")
            .set("parentID", box)
            .kilograms("childQuantityList", {{lot(number), kilograms}})
            .at(place(5))
            .text();
    };
    const auto rides = [](Micros from, Micros to, const std::string& box) {
        return std::vector<std::string>{EpcisEvent("AggregationEvent", from)
                                            .action("ADD")
                                            .step("loading")
                                            .set("parentID", truck)
                                            .list("childEPCs", {box})
                                            .text(),
                                        EpcisEvent("AggregationEvent", to)
                                            .action("DELETE")
                                            .step("unloading")
                                            .set("parentID", truck)
                                            .list("childEPCs", {box})
                                            .text()};
    };
    std::vector<std::string> events = {
        made("A", "100", start, 1),
        made("B", "300", start + minute, 2),
        made("C", "50", start + 2 * minute, 3),
        made("Z", "70", start - 30 * hour, 4),
        made("W", "70", start, 4),
        EpcisEvent("TransformationEvent", start + hour)
            .set("eventID", "urn:uuid:22222222-2222-4222-8222-222222222222")
            .kilograms("inputQuantityList", {{lot("A"), "60"}, {lot("B"), "180"}})
            .kilograms("outputQuantityList", {{lot("M"), "240"}})
            .at(place(5))
            .text(),
        process(start + 2 * hour, {{lot("M"), "240"}}, {{lot("P1"), "80"}, {lot("P2"), "160"}}),
        process(start + 3 * hour, {{lot("P1"), "80"}, {lot("C"), "20"}}, {{lot("Q"), "100"}}),
        boxed(start + 4 * hour, unit(1), "Q", "100"),
        boxed(start - 29 * hour, unit(2), "Z", "70"),
        boxed(start + hour, unit(3), "W", "70"),
        EpcisEvent("ObjectEvent", start + 5 * hour)
            .action("OBSERVE")
            .step("shipping")
            .list("epcList", {unit(1)})
            .to(shop)
            .text(),
        EpcisEvent("ObjectEvent", start + 9 * hour)
            .action("OBSERVE")
            .step("retail_selling")
            .kilograms("quantityList", {{lot("Q"), "30"}})
            .at(place(6))
            .text(),
    };
    for (const auto& ride : {rides(start + 6 * hour, start + 7 * hour, unit(1)),
                             rides(start - 24 * hour, start - 22 * hour, unit(2)),
                             rides(start + 30 * hour, start + 31 * hour, unit(3))})
        events.insert(events.end(), ride.begin(), ride.end());
    return events;
}

struct Row {
    std::string depth, share, amount, holders;
    bool container = false; ///< it had the lot inside for a while: no share of it is reckoned
    bool ending = false;    ///< marked as a first source or a last item
};

/// One direction of a trace page by the item's last word (a lot number, or a unit's digits).
std::map<std::string, Row> side(const std::string& page, const std::string& title) {
    std::map<std::string, Row> rows;
    for (const auto& row : tableIn(between(page, "<h2>" + title + "</h2>", "</section>"))) {
        std::string name = row.at(0);
        const bool ending = contains(name, "First source") || contains(name, "Ends here");
        for (const char* mark : {"First source", "Ends here", "Carried it"})
            if (const std::size_t at = name.find(mark); at != std::string::npos) name.resize(at);
        name.erase(name.find_last_not_of(' ') + 1);
        rows[name.substr(name.rfind(' ') + 1)] = {row.at(1), row.at(2),         row.at(3),
                                                  row.at(4), row.at(2).empty(), ending};
    }
    return rows;
}

std::string written(const std::map<std::string, Row>& rows) {
    std::string text;
    for (const auto& [name, row] : rows)
        text += name + ": " + row.depth + " | " + row.share + " | " + row.amount + " | " + row.holders + "\n";
    return text;
}

class TraceTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(TraceTest);
    CPPUNIT_TEST(aRegulatorSeesSourcesAndHolders);
    CPPUNIT_TEST(aWideTraceIsWholeOverItsPages);
    CPPUNIT_TEST(onlyThoseWhoSuperviseSeeIt);
    CPPUNIT_TEST(theListOfLotsNamesEachOnce);
    CPPUNIT_TEST(theListOfLotsGivesEachItsDayInTheCountyAndItsPages);
    CPPUNIT_TEST(whatWasDeclaredWrongLeavesTheViewAndStaysInTheLog);
    CPPUNIT_TEST(theOrderOfArrivalDoesNotShow);
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
        for (int i = 1; i <= 6; ++i)
            registerParty(*cooperative_, place(i), "Place " + std::to_string(i));
        registerParty(*cooperative_, shop, "Test shop");
    }

    void send(const std::vector<std::string>& events) { captureEach(*cooperative_, events); }

    static std::string pathOf(const std::string& number) {
        return "/traceability/lots/" + gtin + "/" + number;
    }

    void expect(const std::string& page, const std::string& title,
                const std::map<std::string, std::pair<std::string, std::string>>& truth) {
        const auto rows = side(page, title);
        for (const auto& [name, said] : truth) {
            const auto found = rows.find(name);
            CPPUNIT_ASSERT_MESSAGE(title + " has no " + name + ":\n" + written(rows), found != rows.end());
            CPPUNIT_ASSERT_EQUAL_MESSAGE(title + ":\n" + written(rows), said.first, found->second.share);
            CPPUNIT_ASSERT_EQUAL_MESSAGE(title + ":\n" + written(rows), said.second, found->second.amount);
        }
        const auto containers =
            std::count_if(rows.begin(), rows.end(), [](const auto& row) { return row.second.container; });
        CPPUNIT_ASSERT_EQUAL_MESSAGE(title + ":\n" + written(rows), truth.size(),
                                     rows.size() - static_cast<std::size_t>(containers));
    }

public:
    void tearDown() override {
        cooperative_.reset();
        daemon_.reset();
    }

    void aRegulatorSeesSourcesAndHolders() {
        begin();
        const Value state = capture(*cooperative_, epcisDocument(county()));
        CPPUNIT_ASSERT_MESSAGE(json::write(state), state["success"].truth());
        const auto regulator = signedIn(*daemon_, "regulator");

        const Answer q = regulator->get(pathOf("Q"));
        CPPUNIT_ASSERT_EQUAL(200, q.status);
        // A went into M with 60 of 240 kg, M into Q with 80 of 100 kg: 25 % of 80 %.
        expect(q.body, "Sources",
               {{"A", {"20%", "60 kg"}},
                {"B", {"60%", "180 kg"}},
                {"C", {"20%", "20 kg"}},
                {"M", {"80%", "240 kg"}},
                {"P1", {"80%", "80 kg"}}});
        const auto sources = side(q.body, "Sources");
        CPPUNIT_ASSERT_MESSAGE(written(sources), contains(sources.at("A").holders, "Place 1"));
        CPPUNIT_ASSERT_MESSAGE(written(sources), contains(sources.at("C").holders, "Place 3"));
        CPPUNIT_ASSERT(std::stoi(sources.at("A").depth) > std::stoi(sources.at("P1").depth));
        for (const auto& [name, row] : sources)
            CPPUNIT_ASSERT_EQUAL_MESSAGE(name, name == "A" || name == "B" || name == "C", row.ending);
        const auto holders = side(q.body, "Holders");
        CPPUNIT_ASSERT_MESSAGE(written(holders), contains(holders.at("Q").holders, "Place 6"));
        const std::string box = unit(1).substr(unit(1).rfind('/') + 1);
        CPPUNIT_ASSERT_MESSAGE(written(holders), contains(holders.at(box).holders, "Test shop"));
        for (const std::string& other :
             {std::string("Z"), std::string("W"), unit(2).substr(unit(2).rfind('/') + 1),
              unit(3).substr(unit(3).rfind('/') + 1)})
            CPPUNIT_ASSERT_MESSAGE(other + " rode on another day:\n" + written(holders),
                                   !holders.contains(other));
        for (const char* title : {"Sources", "Holders"}) {
            const std::string drawing = between(
                between(q.body, std::string("<h2>") + title + "</h2>", "</section>"), "<svg xmlns", "</svg>");
            CPPUNIT_ASSERT_MESSAGE(title, countOf(drawing, "<rect") >= 3 && countOf(drawing, "<path") >= 2);
        }

        const std::string a = regulator->get(pathOf("A")).body;
        const auto forward = side(a, "Holders");
        const std::map<std::string, std::pair<std::string, std::string>> truth = {{"M", {"25%", "60 kg"}},
                                                                                  {"P1", {"25%", "20 kg"}},
                                                                                  {"P2", {"25%", "40 kg"}},
                                                                                  {"Q", {"20%", "20 kg"}}};
        for (const auto& [name, said] : truth) {
            CPPUNIT_ASSERT_MESSAGE(name + ":\n" + written(forward), forward.contains(name));
            CPPUNIT_ASSERT_EQUAL_MESSAGE(written(forward), said.first, forward.at(name).share);
            CPPUNIT_ASSERT_EQUAL_MESSAGE(written(forward), said.second, forward.at(name).amount);
        }
        CPPUNIT_ASSERT_MESSAGE(written(forward), forward.contains(box));
        for (const char* other : {"B", "C", "Z", "W"})
            CPPUNIT_ASSERT_MESSAGE(other, !forward.contains(other));
        CPPUNIT_ASSERT(tableIn(between(a, "<h2>Sources</h2>", "</section>")).empty());

        // Yesterday's load has not met today's, though it was the same truck.
        const auto yesterday = side(regulator->get(pathOf("Z")).body, "Holders");
        CPPUNIT_ASSERT_MESSAGE(written(yesterday),
                               yesterday.contains("695123459TRUCK1") || yesterday.size() >= 3);
        for (const char* other : {"Q", "W", "A"})
            CPPUNIT_ASSERT_MESSAGE(other, !yesterday.contains(other));
        CPPUNIT_ASSERT(!yesterday.contains(box));
        // By any identifier: the box has Q's sources, and Q.
        const Answer any = regulator->get("/traceability/trace?id=" + formEncoded(unit(1)));
        CPPUNIT_ASSERT_EQUAL(200, any.status);
        const auto ofBox = side(any.body, "Sources");
        for (const char* name : {"Q", "P1", "C", "M", "A", "B"})
            CPPUNIT_ASSERT_MESSAGE(written(ofBox), ofBox.contains(name));
        CPPUNIT_ASSERT(!ofBox.contains("Z"));
        CPPUNIT_ASSERT_EQUAL(404, regulator->get(pathOf("NEVER")).status);
        CPPUNIT_ASSERT_EQUAL(404, regulator->get("/traceability/trace?id=nonsense").status);
    }

    void aWideTraceIsWholeOverItsPages() {
        begin();
        // One lot is packed into 250, which go to 60 shops, four or five to each; two of them are sold at all 60.
        std::vector<Kilograms> packs;
        for (int i = 100; i < 350; ++i)
            packs.push_back({lot("P" + std::to_string(i)), "1"});
        std::vector<std::string> events = {EpcisEvent("TransformationEvent", start)
                                               .kilograms("inputQuantityList", {{lot("A"), "250"}})
                                               .kilograms("outputQuantityList", packs)
                                               .at(place(5))
                                               .text()};
        const auto shopAt = [](int number) {
            return partyUri(withCheckDigit("69512345" + std::to_string(9700 + number)));
        };
        for (int s = 0; s < 60; ++s) {
            std::vector<Kilograms> load = {{lot("P100"), "1"}, {lot("P101"), "1"}};
            for (std::size_t i = 2 + static_cast<std::size_t>(s); i < packs.size(); i += 60)
                load.push_back(packs[i]);
            events.push_back(EpcisEvent("ObjectEvent", start + (s + 1) * minute)
                                 .action("OBSERVE")
                                 .step("shipping")
                                 .kilograms("quantityList", load)
                                 .to(shopAt(s))
                                 .text());
        }
        send(events);
        const auto regulator = signedIn(*daemon_, "regulator");
        const auto section = [](const std::string& page, const std::string& title) {
            return between(page, "<h2>" + title + "</h2>", "</section>");
        };
        const std::string places = "Places and parties of the holders";
        const std::string first = regulator->get(pathOf("A")).body;
        CPPUNIT_ASSERT_MESSAGE(first, contains(section(first, "Holders"), "250 items on, 250 of them last ones"));
        CPPUNIT_ASSERT(contains(section(first, "Holders"), "at 61 places or parties"));
        CPPUNIT_ASSERT(contains(section(first, "Holders"), "Page 1 of 3: rows 1 to 100 of 251"));
        // The drawing counts what it does not show.
        CPPUNIT_ASSERT(contains(section(first, "Holders"), ">238 more<"));
        CPPUNIT_ASSERT_EQUAL(std::size_t{13}, countOf(section(first, "Holders"), "<rect"));

        // By the links of the page itself, as a person goes.
        const auto walked = [&](const std::string& title, std::size_t column, std::size_t pages) {
            std::vector<std::string> rows;
            std::string next = pathOf("A");
            for (; !next.empty() && pages > 0; --pages) {
                const Answer page = regulator->get(next);
                CPPUNIT_ASSERT_EQUAL_MESSAGE(next, 200, page.status);
                const std::string part = section(page.body, title);
                for (const auto& row : tableIn(part))
                    rows.push_back(row.at(column));
                next = unescaped(between(part, "rel=\"next\" href=\"", "\""));
                next.resize(std::min(next.size(), next.find('#')));
            }
            CPPUNIT_ASSERT_MESSAGE(title + " goes on", next.empty() && pages == 0);
            return rows;
        };
        const auto items = walked("Holders", 0, 3);
        CPPUNIT_ASSERT_EQUAL(std::size_t{251}, items.size());
        CPPUNIT_ASSERT_EQUAL(std::size_t{251}, std::set<std::string>(items.begin(), items.end()).size());
        CPPUNIT_ASSERT(std::is_sorted(items.begin() + 1, items.end()));
        const auto names = walked(places, 0, 2);
        CPPUNIT_ASSERT_EQUAL(std::size_t{61}, names.size());
        CPPUNIT_ASSERT_EQUAL(std::size_t{61}, std::set<std::string>(names.begin(), names.end()).size());
        // Where most of it was comes first: all was made in one place.
        CPPUNIT_ASSERT_EQUAL(std::string("Place 5"), names.front());
        CPPUNIT_ASSERT_EQUAL(std::string("251"), walked(places, 1, 2).front());
        const auto rows = side(first, "Holders");
        CPPUNIT_ASSERT_MESSAGE(rows.at("P100").holders, contains(rows.at("P100").holders, "and 53 more"));

        // The lists turn their pages apart, and each keeps where the others are.
        const std::string both = regulator->get(pathOf("A") + "?holders=3&holder_places=2").body;
        CPPUNIT_ASSERT(contains(section(both, "Holders"), "Page 3 of 3: rows 201 to 251 of 251"));
        CPPUNIT_ASSERT(contains(section(both, places), "Page 2 of 2: rows 51 to 61 of 61"));
        CPPUNIT_ASSERT(contains(section(both, "Holders"), "holders=2&amp;holder_places=2#holders"));
        const std::string any = regulator->get("/traceability/trace?id=" + formEncoded(lot("A")) + "&holders=2").body;
        CPPUNIT_ASSERT(contains(section(any, "Holders"), "Page 2 of 3"));
        const std::string next = unescaped(between(section(any, "Holders"), "rel=\"next\" href=\"", "#"));
        CPPUNIT_ASSERT(contains(section(regulator->get(next).body, "Holders"), "Page 3 of 3"));
        for (const auto& [asked, shown] : std::map<std::string, std::string>{{"0", "1"},
                                                                            {"-2", "1"},
                                                                            {"x", "1"},
                                                                            {"", "1"},
                                                                            {"4", "3"},
                                                                            {"99999999999999999999", "1"},
                                                                            {"9223372036854775807", "3"}}) {
            const Answer page = regulator->get(pathOf("A") + "?holders=" + asked);
            CPPUNIT_ASSERT_EQUAL_MESSAGE(asked, 200, page.status);
            CPPUNIT_ASSERT_MESSAGE(asked, contains(section(page.body, "Holders"), "Page " + shown + " of 3"));
        }
        // A short trace has no pages to turn.
        const std::string pack = regulator->get(pathOf("P100")).body;
        CPPUNIT_ASSERT(!contains(section(pack, "Sources"), "class=\"pages\""));
    }

    void onlyThoseWhoSuperviseSeeIt() {
        begin();
        send({county().front()});
        for (const char* role : {"citizen", "farmer", "cooperative", "bureau_admin", "operator"}) {
            const auto other = signedIn(*daemon_, role);
            for (const std::string& path : {pathOf("A"), "/traceability/trace?id=" + formEncoded(lot("A")),
                                            std::string("/traceability/findings")})
                CPPUNIT_ASSERT_EQUAL_MESSAGE(role + path, 404, other->get(path).status);
        }
        for (const char* role : {"regulator", "auditor"})
            CPPUNIT_ASSERT_EQUAL_MESSAGE(role, 200, signedIn(*daemon_, role)->get(pathOf("A")).status);
        CPPUNIT_ASSERT_EQUAL(303, Client(daemon_->url()).get(pathOf("A")).status);
        const int machine = cooperative_->get(pathOf("A")).status;
        CPPUNIT_ASSERT_MESSAGE(std::to_string(machine), machine >= 400);
    }

    void theListOfLotsNamesEachOnce() {
        begin();
        // As many in one moment as no page holds.
        std::vector<Kilograms> many;
        for (int i = 0; i < 45; ++i)
            many.push_back({lot("N" + std::to_string(i)), "1"});
        send({EpcisEvent("ObjectEvent", start)
                  .action("ADD")
                  .step("commissioning")
                  .kilograms("quantityList", many)
                  .text(),
              county().front()});
        const auto regulator = signedIn(*daemon_, "regulator");
        std::multiset<std::string> listed;
        std::size_t pages = 0;
        for (std::string next = "/traceability/lots"; !next.empty() && pages < 10; ++pages) {
            const Answer page = regulator->get(next);
            CPPUNIT_ASSERT_EQUAL(200, page.status);
            for (const auto& row : tableIn(page.body))
                listed.insert(row.at(0));
            const std::string link = between(page.body, "/traceability/lots?before=", "\"");
            next = link.empty() ? "" : "/traceability/lots?before=" + unescaped(link);
        }
        CPPUNIT_ASSERT_EQUAL(std::size_t{3}, pages);
        CPPUNIT_ASSERT_EQUAL(std::size_t{46}, listed.size());
        CPPUNIT_ASSERT_EQUAL(std::size_t{46}, std::set<std::string>(listed.begin(), listed.end()).size());
        for (const char* wrong : {"x", "1", "-", "9999999999999999999999-1"})
            CPPUNIT_ASSERT_EQUAL(200,
                                 regulator->get(std::string("/traceability/lots?before=") + wrong).status);
    }

    void theListOfLotsGivesEachItsDayInTheCountyAndItsPages() {
        begin();
        const Micros midnight = start + 16 * hour; // in the county
        const auto made = [](const char* number, Micros at) {
            return EpcisEvent("ObjectEvent", at)
                .action("ADD")
                .step("commissioning")
                .kilograms("quantityList", {{lot(number), "1"}})
                .text();
        };
        send({made("D1", midnight - 1'000'000), made("D2", midnight), made("D%2F3", midnight + 23 * hour),
              made("D4", midnight + 24 * hour)});
        const auto dayOf = [](Micros at) {
            const std::chrono::year_month_day day(std::chrono::floor<std::chrono::days>(
                std::chrono::sys_time<std::chrono::microseconds>(std::chrono::microseconds(at + 8 * hour))));
            return std::to_string(static_cast<int>(day.year())) + "-" +
                   std::to_string(static_cast<unsigned>(day.month())) + "-" +
                   std::to_string(static_cast<unsigned>(day.day()));
        };
        const std::string page = signedIn(*daemon_, "regulator")->get("/traceability/lots").body;
        const auto rows = tableIn(page);
        CPPUNIT_ASSERT_EQUAL(std::size_t{4}, rows.size());
        const struct {
            const char *name, *path;
            Micros at;
        } truth[] = {{"Test grain lot D4", "D4", midnight + 24 * hour},
                     {"Test grain lot D/3", "D%2F3", midnight},
                     {"Test grain lot D2", "D2", midnight},
                     {"Test grain lot D1", "D1", midnight - 24 * hour}};
        for (std::size_t i = 0; i < rows.size(); ++i) {
            CPPUNIT_ASSERT_EQUAL(std::string(truth[i].name), rows[i].at(0));
            CPPUNIT_ASSERT_EQUAL_MESSAGE(truth[i].name, dayOf(truth[i].at), rows[i].at(1));
            const std::string own = "href=\"" + pathOf(truth[i].path);
            CPPUNIT_ASSERT_MESSAGE(page, contains(unescaped(page), own + "\""));
            CPPUNIT_ASSERT_MESSAGE(page, contains(unescaped(page), own + "/label\""));
        }
    }

    void whatWasDeclaredWrongLeavesTheViewAndStaysInTheLog() {
        begin();
        send(county());
        const auto regulator = signedIn(*daemon_, "regulator");
        const std::string before = mainOf(regulator->get(pathOf("Q")).body);
        const auto declare = [&](Client& by) {
            return by.send("POST", "/traceability/epcis/events", "application/json",
                           EpcisEvent("TransformationEvent", start + hour)
                               .set("eventID", "urn:uuid:22222222-2222-4222-8222-222222222222")
                               .kilograms("inputQuantityList", {{lot("A"), "60"}, {lot("B"), "180"}})
                               .kilograms("outputQuantityList", {{lot("M"), "240"}})
                               .at(place(5))
                               .json("errorDeclaration", R"({"declarationTime":")" + countyTime(now()) +
                                                             R"(","reason":"did_not_occur"})")
                               .alone());
        };
        // Nobody declares another's event wrong.
        CPPUNIT_ASSERT_EQUAL(409, declare(*systemOf(*daemon_, "traceability.county")).status);
        CPPUNIT_ASSERT_EQUAL(before, mainOf(regulator->get(pathOf("Q")).body));

        const std::size_t events = queryEvents(*cooperative_).view().size();
        CPPUNIT_ASSERT_EQUAL(201, declare(*cooperative_).status);
        expect(regulator->get(pathOf("Q")).body, "Sources",
               {{"C", {"20%", "20 kg"}}, {"M", {"80%", "240 kg"}}, {"P1", {"80%", "80 kg"}}});
        CPPUNIT_ASSERT(!side(regulator->get(pathOf("A")).body, "Holders").contains("M"));
        CPPUNIT_ASSERT_EQUAL(events + 1, queryEvents(*cooperative_).view().size());
        CPPUNIT_ASSERT_EQUAL(
            std::size_t{2},
            queryEvents(*cooperative_, "MATCH_outputEPCClass=" + formEncoded(lot("M"))).view().size());
    }

    void theOrderOfArrivalDoesNotShow() {
        std::vector<std::string> pages;
        for (const unsigned seed : {0u, 7u, 20u}) {
            begin();
            send(seed == 0 ? county() : shuffled(county(), seed));
            const auto regulator = signedIn(*daemon_, "regulator");
            std::string all;
            for (const char* number : {"Q", "A", "Z"})
                all += mainOf(regulator->get(pathOf(number)).body);
            Client phone(daemon_->url());
            all += mainOf(phone.get("/01/" + gtin + "/10/Q").body);
            pages.push_back(all);
        }
        CPPUNIT_ASSERT_EQUAL(pages[0], pages[1]);
        CPPUNIT_ASSERT_EQUAL(pages[0], pages[2]);
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(TraceTest);

} // namespace
