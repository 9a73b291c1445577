// SPDX-License-Identifier: Apache-2.0
// The query address as GS1's OpenAPI file has it: each parameter finds what it should and nothing else, pages
// follow each other without loss or repetition while events arrive, and what is wrong is refused by its name.
#include "base/Clock.h"
#include "base/Json.h"
#include "support/Capture.h"
#include "support/CountyFixture.h"
#include "support/Epcis.h"
#include "support/Page.h"

#include <set>

#include <cppunit/extensions/HelperMacros.h>

namespace {

using namespace dalate;
using namespace dalate::testing;

const std::string address = "/traceability/epcis/events";
const std::string gtin = "0" + withCheckDigit("695123459950");
const std::string otherGtin = "0" + withCheckDigit("695123459951");
const std::string box = unitUri(withCheckDigit("06951234599500001"));
const std::string pallet = unitUri(withCheckDigit("06951234599500002"));
const Micros start = now() / day * day - 10 * day;

std::string piece(int serial) {
    return "https://id.gs1.org/01/" + gtin + "/21/" + std::to_string(serial);
}

/// Seven events; the member ext:name tells them apart.
std::vector<std::string> events() {
    int hours = 0;
    const auto next = [&](const char* type, const char* name) {
        EpcisEvent event(type, start + hours++ * hour);
        event.set("ext:name", name);
        return event;
    };
    return {
        next("ObjectEvent", "made")
            .action("ADD")
            .step("commissioning")
            .set("disposition", "active")
            .list("epcList", {piece(1), piece(2)})
            .text(),
        next("ObjectEvent", "lot")
            .action("ADD")
            .step("commissioning")
            .kilograms("quantityList", {{lotUri(gtin, "L1"), "5"}})
            .text(),
        next("AggregationEvent", "boxed")
            .action("ADD")
            .step("packing")
            .set("disposition", "in_progress")
            .set("parentID", box)
            .list("childEPCs", {piece(1), piece(2)})
            .text(),
        next("AggregationEvent", "stacked")
            .action("ADD")
            .step("packing")
            .set("parentID", pallet)
            .list("childEPCs", {box})
            .kilograms("childQuantityList", {{lotUri(otherGtin, "X"), "7"}})
            .text(),
        next("ObjectEvent", "shipped")
            .action("OBSERVE")
            .step("shipping")
            .set("disposition", "in_transit")
            .list("epcList", {pallet})
            .text(),
        next("TransformationEvent", "cooked")
            .step("commissioning")
            .list("inputEPCList", {piece(1)})
            .kilograms("outputQuantityList", {{lotUri(otherGtin, "SOUP"), "1"}})
            .text(),
        next("AggregationEvent", "unpacked")
            .action("DELETE")
            .step("unpacking")
            .set("parentID", pallet)
            .text(),
    };
}

class QueryTest : public CountyFixture {
    CPPUNIT_TEST_SUITE(QueryTest);
    CPPUNIT_TEST(eachParameterFindsItsEvents);
    CPPUNIT_TEST(pagesLoseAndRepeatNothingWhileEventsArrive);
    CPPUNIT_TEST(whatIsWrongIsRefusedByName);
    CPPUNIT_TEST(anOrganisationSeesItsOwnEvents);
    CPPUNIT_TEST_SUITE_END();

    void send(Client& client, const std::vector<std::string>& all) {
        const Value state = capture(client, epcisDocument(all));
        CPPUNIT_ASSERT_MESSAGE(json::write(state), state["success"].truth());
    }

    std::string named(const std::string& query) {
        const Value found = queryEvents(*cooperative_, query);
        std::set<std::string> names;
        for (const ValueView event : found.view())
            names.insert(event["ext:name"].asText());
        std::string text;
        for (const std::string& name : names)
            text += (text.empty() ? "" : " ") + name;
        return text;
    }

    static std::string urn(const std::string& text) { return formEncoded(text); }

public:
    void eachParameterFindsItsEvents() {
        send(*cooperative_, events());
        const std::string all = "boxed cooked lot made shipped stacked unpacked";
        const auto at = [](int hours) { return formEncoded(countyTime(start + hours * hour)); };
        const std::vector<std::pair<std::string, std::string>> truths = {
            {"", all},
            {"GE_eventTime=" + at(4), "cooked shipped unpacked"},
            {"LT_eventTime=" + at(2), "lot made"},
            {"GE_eventTime=" + at(2) + "&LT_eventTime=" + at(4), "boxed stacked"},
            {"GE_eventTime=" + formEncoded(toRfc3339(start + 6 * hour)), "unpacked"},
            {"GE_eventTime=" + countyTime(start + 6 * hour), "unpacked"}, // a plus sign as it stands
            {"EQ_bizStep=packing", "boxed stacked"},
            {"EQ_bizStep=packing%7Cshipping", "boxed shipped stacked"},
            {"EQ_bizStep=packing|unpacking", "boxed stacked unpacked"},
            {"EQ_bizStep=" + urn("urn:epcglobal:cbv:bizstep:packing"), "boxed stacked"},
            {"EQ_bizStep=" + urn("https://ref.gs1.org/cbv/BizStep-packing"), "boxed stacked"},
            {"EQ_bizStep=arriving", ""},
            {"EQ_disposition=active", "made"},
            {"EQ_disposition=active|in_transit", "made shipped"},
            {"EQ_action=DELETE", "unpacked"},
            {"EQ_action=ADD|DELETE", "boxed lot made stacked unpacked"},
            {"eventType=AggregationEvent", "boxed stacked unpacked"},
            {"eventType=AggregationEvent|TransformationEvent", "boxed cooked stacked unpacked"},
            {"eventType=AssociationEvent", ""},
            // epcList and childEPCs, not parents or inputs.
            {"MATCH_epc=" + urn(piece(1)), "boxed made"},
            {"MATCH_epc=" + urn(box), "stacked"},
            {"MATCH_epc=" + urn(pallet), "shipped"},
            {"MATCH_epc=" + urn(piece(1)) + "%7C" + urn(pallet), "boxed made shipped"},
            // As an URN with a pattern, and as a Digital Link with a star.
            {"MATCH_epc=" + urn("urn:epc:idpat:sgtin:6951234.059950.*"), "boxed made"},
            {"MATCH_epc=" + urn("https://id.gs1.org/01/" + gtin + "/21/*"), "boxed made"},
            {"MATCH_epc=" + urn("urn:epc:id:sgtin:6951234.059950.2"), "boxed made"},
            // any: epcList, childEPCs, parentID, inputs and outputs.
            {"MATCH_anyEPC=" + urn(piece(1)), "boxed cooked made"},
            {"MATCH_anyEPC=" + urn(box), "boxed stacked"},
            {"MATCH_anyEPC=" + urn(pallet), "shipped stacked unpacked"},
            {"MATCH_parentID=" + urn(pallet), "stacked unpacked"},
            {"MATCH_inputEPC=" + urn(piece(1)), "cooked"},
            // Classes in quantityList and childQuantityList; transformations have parameters of their own.
            {"MATCH_epcClass=" + urn(lotUri(gtin, "L1")), "lot"},
            {"MATCH_epcClass=" + urn("urn:epc:class:lgtin:6951234.059950.L1"), "lot"},
            {"MATCH_epcClass=" + urn("https://id.gs1.org/01/" + gtin + "/10/*"), "lot"},
            {"MATCH_epcClass=" + urn("urn:epc:idpat:lgtin:6951234.059950.*"), "lot"},
            {"MATCH_epcClass=" + urn("urn:epc:idpat:lgtin:6951234.059950.l1"), ""},
            {"MATCH_epcClass=" + urn("urn:epc:idpat:lgtin:6951234.*.*"), "lot stacked"},
            {"MATCH_epc=" + urn("urn:epc:idpat:sgtin:6951234.*.*"), "boxed made"},
            {"MATCH_epcClass=" + urn(lotUri(otherGtin, "X")), "stacked"},
            {"MATCH_epcClass=" + urn(lotUri(otherGtin, "SOUP")), ""},
            {"MATCH_outputEPCClass=" + urn(lotUri(otherGtin, "SOUP")), "cooked"},
            {"MATCH_anyEPCClass=" + urn("https://id.gs1.org/01/" + otherGtin + "/10/*"), "cooked stacked"},
            // Several parameters must all hold.
            {"MATCH_anyEPC=" + urn(pallet) + "&EQ_action=ADD", "stacked"},
            {"EQ_bizStep=commissioning&eventType=ObjectEvent&GE_eventTime=" + at(1), "lot"},
        };
        for (const auto& [query, expected] : truths)
            CPPUNIT_ASSERT_EQUAL_MESSAGE(query, expected, named(query));

        const Answer answer = cooperative_->get(address);
        CPPUNIT_ASSERT_EQUAL(std::string("2.0.0"), answer.header("gs1-epcis-version"));
        const Value document = answer.json();
        CPPUNIT_ASSERT_EQUAL(std::string("EPCISQueryDocument"), document["type"].asText());
        // One event by its id.
        const std::string id = itemsOf(document["epcisBody"]["queryResults"]["resultsBody"]["eventList"])
                                   .at(0)["eventID"]
                                   .asText();
        CPPUNIT_ASSERT_EQUAL(id,
                             cooperative_->get(address + "/" + formEncoded(id)).json()["eventID"].asText());
        CPPUNIT_ASSERT_EQUAL(404, cooperative_->get(address + "/urn%3Auuid%3A0").status);
    }

    void pagesLoseAndRepeatNothingWhileEventsArrive() {
        const auto numbered = [](int from, int count) {
            std::vector<std::string> all;
            for (int i = from; i < from + count; ++i)
                // Later ones happened earlier, so an order by event time would slip.
                all.push_back(EpcisEvent("ObjectEvent", start - i * minute)
                                  .action("OBSERVE")
                                  .step("receiving")
                                  .list("epcList", {piece(1000 + i)})
                                  .text());
            return all;
        };
        send(*cooperative_, numbered(0, 103));
        for (const int perPage : {1, 7, 50, 103, 1000}) {
            std::set<std::string> seen;
            std::size_t count = 0, pages = 0, atStart = queryEvents(*cooperative_).view().size();
            std::string next = address + "?EQ_bizStep=receiving&perPage=" + std::to_string(perPage);
            while (!next.empty()) {
                const Answer page = cooperative_->get(next);
                CPPUNIT_ASSERT_EQUAL_MESSAGE(page.body, 200, page.status);
                const Value document = page.json();
                const auto list = itemsOf(document["epcisBody"]["queryResults"]["resultsBody"]["eventList"]);
                CPPUNIT_ASSERT(list.size() <= static_cast<std::size_t>(perPage));
                for (const ValueView event : list)
                    seen.insert(event["eventID"].asText());
                count += list.size();
                const std::string& link = page.header("link");
                next = contains(link, "rel=\"next\"") ? between(link, "<", ">") : std::string();
                if (++pages == 1 && !next.empty())
                    send(*cooperative_, numbered(static_cast<int>(atStart), 10));
                CPPUNIT_ASSERT_MESSAGE("a page without events leads nowhere", next.empty() || !list.empty());
            }
            CPPUNIT_ASSERT_EQUAL(count, seen.size());
            CPPUNIT_ASSERT_EQUAL(queryEvents(*cooperative_).view().size(), count);
        }
    }

    void whatIsWrongIsRefusedByName() {
        send(*cooperative_, events());
        struct Wrong {
            std::string query, names;
            int status;
        };
        const std::vector<Wrong> all = {
            {"GE_eventTime=yesterday", "GE_eventTime", 400},
            {"GE_eventTime=2026-02-30T00:00:00Z", "GE_eventTime", 400},
            {"LT_eventTime=2026-01-01T00:00:00", "LT_eventTime", 400},
            {"EQ_bizStep=teleporting", "EQ_bizStep", 400},
            {"EQ_bizStep=packing||shipping", "EQ_bizStep", 400},
            {"EQ_disposition=vanished", "EQ_disposition", 400},
            {"EQ_action=STEAL", "EQ_action", 400},
            {"eventType=Party", "eventType", 400},
            {"perPage=0", "perPage", 400},
            {"perPage=-1", "perPage", 400},
            {"perPage=ten", "perPage", 400},
            {"perPage=99999999999999999999", "perPage", 400},
            {"MATCH_epc=12345", "MATCH_epc", 400},
            {"MATCH_epc=", "MATCH_epc", 400},
            {"EQ_action=ADD&EQ_action=DELETE", "EQ_action", 400},
            {"bizStep=packing", "bizStep", 400},
            {"eq_action=ADD", "eq_action", 400},
            {"nextPageToken=x", "nextPageToken", 400},
            {"nextPageToken=0.0.0", "nextPageToken", 400},
            {"nextPageToken=" + std::string(5000, '1'), "nextPageToken", 400},
            {"EQ_readPoint=" + urn(piece(1)), "EQ_readPoint", 501},
            {"GE_recordTime=2026-01-01T00:00:00Z", "GE_recordTime", 501},
            {"EXISTS_errorDeclaration=true", "EXISTS_errorDeclaration", 501},
            {"orderBy=eventTime", "orderBy", 501},
            {"EQ_action=STEAL&orderBy=eventTime", "EQ_action", 400}, // the reader's own mistake first
        };
        for (const Wrong& wrong : all) {
            const Answer answer = cooperative_->get(address + "?" + wrong.query);
            CPPUNIT_ASSERT_EQUAL_MESSAGE(wrong.query.substr(0, 80) + answer.body, wrong.status,
                                         answer.status);
            CPPUNIT_ASSERT_EQUAL_MESSAGE(wrong.query.substr(0, 80), std::string("application/problem+json"),
                                         answer.header("content-type"));
            CPPUNIT_ASSERT_MESSAGE(wrong.query.substr(0, 80) + answer.body,
                                   contains(answer.body, "\"" + wrong.names + "\""));
        }
        // A token belongs to its query: neither with other parameters nor with a digit changed.
        const std::string link =
            between(cooperative_->get(address + "?EQ_action=ADD&perPage=1").header("link"), "<", ">");
        CPPUNIT_ASSERT_EQUAL(200, cooperative_->get(link).status);
        const std::string token = link.substr(link.find("nextPageToken="));
        CPPUNIT_ASSERT_EQUAL(400, cooperative_->get(address + "?EQ_action=DELETE&perPage=1&" + token).status);
        std::string forged = token;
        const std::size_t first = std::string("nextPageToken=").size();
        forged[first] = forged[first] == 'a' ? 'b' : 'a';
        CPPUNIT_ASSERT_EQUAL(400, cooperative_->get(address + "?EQ_action=ADD&perPage=1&" + forged).status);
        // Another page size with the same token is the same query.
        CPPUNIT_ASSERT_EQUAL(200, cooperative_->get(address + "?EQ_action=ADD&perPage=2&" + token).status);
    }

    void anOrganisationSeesItsOwnEvents() {
        send(*cooperative_, events());
        const auto county = systemOf(*daemon_, "traceability.county");
        send(*county, {EpcisEvent("ObjectEvent", start)
                           .action("OBSERVE")
                           .set("eventID", "urn:uuid:44444444-4444-4444-8444-444444444444")
                           .step("receiving")
                           .list("epcList", {pallet})
                           .set("ext:name", "arrived")
                           .text()});
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, queryEvents(*county).view().size());
        CPPUNIT_ASSERT_EQUAL(std::size_t{1},
                             queryEvents(*county, "MATCH_anyEPC=" + urn(pallet)).view().size());
        CPPUNIT_ASSERT_EQUAL(events().size(), queryEvents(*cooperative_).view().size());
        CPPUNIT_ASSERT_EQUAL(
            404, cooperative_->get(address + "/urn%3Auuid%3A44444444-4444-4444-8444-444444444444").status);
        CPPUNIT_ASSERT_EQUAL(
            200, county->get(address + "/urn%3Auuid%3A44444444-4444-4444-8444-444444444444").status);
        // A regulator sees both; a farmer and a citizen see no such address; a stranger is asked who he is.
        const auto regulator = signedIn(*daemon_, "regulator");
        CPPUNIT_ASSERT_EQUAL(events().size() + 1, queryEvents(*regulator).view().size());
        for (const char* role : {"farmer", "citizen", "bureau_admin"})
            CPPUNIT_ASSERT_EQUAL_MESSAGE(role, 404, signedIn(*daemon_, role)->get(address).status);
        Client stranger(daemon_->url());
        CPPUNIT_ASSERT_EQUAL(401,
                             stranger.send("GET", address, "", "", {{"Accept", "application/json"}}).status);
        // A page token tells nothing about another organisation's events: it only continues one's own.
        const std::string link = between(cooperative_->get(address + "?perPage=1").header("link"), "<", ">");
        const Answer elsewhere = county->get(link);
        CPPUNIT_ASSERT_EQUAL(200, elsewhere.status);
        CPPUNIT_ASSERT(!contains(elsewhere.body, "\"boxed\""));
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(QueryTest);

} // namespace
