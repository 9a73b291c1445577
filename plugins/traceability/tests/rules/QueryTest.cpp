// SPDX-License-Identifier: Apache-2.0
#include "Corpus.h"

#include "epcis/Query.h"

#include <cppunit/TestFixture.h>
#include <cppunit/extensions/HelperMacros.h>

#include <algorithm>

using namespace dalate::traceability;
using namespace dalate::traceability::epcis;

namespace {

Query good(const Parameters& parameters) {
    auto read = parseQuery(parameters, test::vocabulary());
    CPPUNIT_ASSERT(std::holds_alternative<Query>(read));
    return std::get<Query>(std::move(read));
}

std::string bad(const Parameters& parameters) {
    const auto read = parseQuery(parameters, test::vocabulary());
    std::string out;
    if (const auto* problems = std::get_if<std::vector<ParameterProblem>>(&read))
        for (const auto& problem : *problems)
            out += (out.empty() ? "" : "; ") + problem.parameter + " " + problem.code.substr(19) + " " +
                   std::to_string(problem.status);
    return out;
}

bool fits(std::string_view pattern, std::string_view id) {
    const auto patterns = patternsOf(pattern);
    return std::any_of(patterns.begin(), patterns.end(), [&](const Pattern& one) { return one.matches(id); });
}

class QueryTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(QueryTest);
    CPPUNIT_TEST(nothingAskedIsThirtyOfAll);
    CPPUNIT_TEST(everyParameterIsRead);
    CPPUNIT_TEST(everyBadParameterIsNamed);
    CPPUNIT_TEST(aPageTokenServesItsOwnQueryOnly);
    CPPUNIT_TEST(patternsMatchAsTheStandardSays);
    CPPUNIT_TEST(patternsOfLotsMatchLotsAlone);
    CPPUNIT_TEST_SUITE_END();

public:
    void nothingAskedIsThirtyOfAll() {
        const Query query = good({});
        CPPUNIT_ASSERT_EQUAL(30, query.perPage);
        CPPUNIT_ASSERT(query.matches.empty() && query.eventTypes.empty() && !query.after);
    }

    void everyParameterIsRead() {
        const Query query =
            good({{"eventType", "ObjectEvent|https://example.org/E"},
                  {"GE_eventTime", "2022-06-30T00:15:47.000-05:00"},
                  {"LT_eventTime", "2022-06-30T08:15:47 08:00"}, // a plus sign sent unencoded
                  {"EQ_action", "ADD|DELETE"},
                  {"EQ_bizStep", "shipping|urn:epcglobal:cbv:bizstep:receiving|https://example.org/s"},
                  {"EQ_disposition", "in_transit"},
                  {"MATCH_epc", "urn:epc:id:sgtin:4012345.012345.12|geo:1,2"},
                  {"MATCH_anyEPC", "https://example.com/00/040123450000003338"},
                  {"MATCH_epcClass", "urn:epc:idpat:sgtin:4012345.098765.*"},
                  {"perPage", "5000"}});
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, query.eventTypes.size());
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1'656'566'147'000'000}, query.eventTimeFrom.value());
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1'656'548'147'000'000}, query.eventTimeBefore.value());
        CPPUNIT_ASSERT(query.actions == (std::vector<Action>{Action::add, Action::remove}));
        CPPUNIT_ASSERT(
            query.bizSteps ==
            (std::vector<std::string>{"https://ref.gs1.org/cbv/BizStep-shipping",
                                      "https://ref.gs1.org/cbv/BizStep-receiving", "https://example.org/s"}));
        CPPUNIT_ASSERT(query.dispositions ==
                       (std::vector<std::string>{"https://ref.gs1.org/cbv/Disp-in_transit"}));
        CPPUNIT_ASSERT_EQUAL(std::size_t{3}, query.matches.size());
        CPPUNIT_ASSERT(query.matches[0].fields == (std::vector<Field>{Field::epc, Field::childEpc}));
        CPPUNIT_ASSERT(
            query.matches[0].anyOf ==
            (std::vector<Pattern>{{Pattern::Form::exact, "https://id.gs1.org/01/04012345123456/21/12"},
                                  {Pattern::Form::exact, "geo:1,2"}}));
        CPPUNIT_ASSERT_EQUAL(std::size_t{5}, query.matches[1].fields.size());
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, query.matches[2].anyOf.size());
        CPPUNIT_ASSERT_EQUAL(Query::maxPerPage, query.perPage);
    }

    void everyBadParameterIsNamed() {
        const struct {
            Parameters parameters;
            const char* problems;
        } table[] = {
            {{{"GE_eventTime", "2022"}}, "GE_eventTime time 400"},
            {{{"EQ_action", "ADD|MOVE"}}, "EQ_action action 400"},
            {{{"EQ_action", ""}}, "EQ_action empty 400"},
            {{{"EQ_bizStep", "harvesting"}}, "EQ_bizStep biz_step 400"},
            {{{"EQ_disposition", "lost|"}}, "EQ_disposition disposition 400; EQ_disposition disposition 400"},
            {{{"MATCH_epc", "lot 7"}}, "MATCH_epc pattern 400"},
            {{{"MATCH_epc", "urn:epc:idpat:sgtin:x.*.*"}}, "MATCH_epc pattern 400"},
            {{{"eventType", "Objectevent"}}, "eventType event_type 400"},
            {{{"perPage", "0"}}, "perPage per_page 400"},
            {{{"perPage", "ten"}}, "perPage per_page 400"},
            {{{"perPage", "99999999999"}}, "perPage per_page 400"},
            {{{"nextPageToken", "x"}}, "nextPageToken page_token 400"},
            {{{"EQ_quantity", "7"}}, "EQ_quantity unsupported 501"},
            {{{"orderBy", "eventTime"}}, "orderBy unsupported 501"},
            {{{"page", "7"}}, "page unknown_parameter 400"},
            {{{"perPage", "7"}, {"perPage", "8"}}, "perPage repeated 400"},
            {{{"perPage", "x"}, {"page", "7"}, {"EQ_action", "z"}},
             "perPage per_page 400; page unknown_parameter 400; EQ_action action 400"},
        };
        for (const auto& row : table)
            CPPUNIT_ASSERT_EQUAL(std::string(row.problems), bad(row.parameters));
    }

    void aPageTokenServesItsOwnQueryOnly() {
        const Parameters asked = {{"EQ_action", "ADD"}, {"perPage", "10"}};
        const std::string token = good(asked).nextPageToken({-5, 1234567890123});
        Parameters next = asked;
        next.emplace_back("nextPageToken", token);
        const Query query = good(next);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{-5}, query.after->first);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1234567890123}, query.after->second);
        // Another size of page is the same question; another condition is not.
        CPPUNIT_ASSERT(
            good({{"nextPageToken", token}, {"EQ_action", "ADD"}, {"perPage", "3"}}).after.has_value());
        CPPUNIT_ASSERT_EQUAL(std::string("nextPageToken page_token 400"),
                             bad({{"nextPageToken", token}, {"EQ_action", "DELETE"}}));
    }

    void patternsMatchAsTheStandardSays() {
        const std::string_view thing = "https://id.gs1.org/01/04012345987652/21/7";
        const std::string_view kind = "https://id.gs1.org/01/04012345987652";
        const std::string_view lot = "https://id.gs1.org/01/04012345987652/10/A";
        CPPUNIT_ASSERT(fits("urn:epc:idpat:sgtin:4012345.098765.*", thing));
        CPPUNIT_ASSERT(fits("urn:epc:idpat:sgtin:4012345.098765.*", kind));
        CPPUNIT_ASSERT(!fits("urn:epc:idpat:sgtin:4012345.098765.*", lot));
        CPPUNIT_ASSERT(!fits("urn:epc:idpat:sgtin:4012345.098764.*", thing));
        CPPUNIT_ASSERT(fits("urn:epc:idpat:sgtin:4012345.*.*", thing));
        CPPUNIT_ASSERT(!fits("urn:epc:idpat:sgtin:4012346.*.*", thing));
        CPPUNIT_ASSERT(fits("urn:epc:idpat:sgtin:*.*.*", thing));
        CPPUNIT_ASSERT(fits("urn:epc:idpat:sgtin:4012345.*.*", kind));
        CPPUNIT_ASSERT(!fits("urn:epc:idpat:sgtin:4012345.*.*", lot));
        CPPUNIT_ASSERT(!fits("urn:epc:idpat:sgtin:4012345.*.*", "https://ID.GS1.ORG/01/04012345987652/21/7"));
        CPPUNIT_ASSERT(!fits("urn:epc:idpat:sgtin:4012345.*.*", "https://id.gs1.org/01/0401234598765X/21/7"));
        CPPUNIT_ASSERT(!fits("urn:epc:idpat:sscc:*.*", thing));
        CPPUNIT_ASSERT(!fits("urn:epc:idpat:sscc:4012345.*", "https://id.gs1.org/00/1401234511222333410"));
        CPPUNIT_ASSERT(fits("urn:epc:idpat:sscc:4012345.*", "https://id.gs1.org/00/140123451122233341"));
        CPPUNIT_ASSERT(
            fits("urn:epc:idpat:grai:4012345.66666.*", "https://id.gs1.org/8003/0401234566666387"));
        CPPUNIT_ASSERT(fits("https://example.com/01/04012345987652/21/*", thing));
        CPPUNIT_ASSERT(!fits("https://example.com/01/04012345987652/21/*", lot));
        CPPUNIT_ASSERT(fits("https://example.com/01/04012345987652/10/A", lot));
        CPPUNIT_ASSERT(!fits("https://example.com/01/04012345987652/10/a", lot));
        const Pattern range{Pattern::Form::prefix, "https://id.gs1.org/01/04012345987652/21/"};
        CPPUNIT_ASSERT(std::string(thing) < range.upper() && std::string(thing) >= range.text);
    }

    void patternsOfLotsMatchLotsAlone() {
        const std::string_view thing = "https://id.gs1.org/01/04012345987652/21/7";
        const std::string_view kind = "https://id.gs1.org/01/04012345987652";
        const std::string_view lot = "https://id.gs1.org/01/04012345987652/10/A";
        const std::string_view otherLot = "https://id.gs1.org/01/04012345987652/10/a";
        for (const char* any : {"urn:epc:idpat:lgtin:4012345.098765.*", "urn:epc:idpat:lgtin:4012345.*.*",
                                "urn:epc:idpat:lgtin:*.*.*"}) {
            CPPUNIT_ASSERT_MESSAGE(any, fits(any, lot) && fits(any, otherLot));
            CPPUNIT_ASSERT_MESSAGE(any, !fits(any, kind) && !fits(any, thing));
        }
        CPPUNIT_ASSERT(fits("urn:epc:idpat:lgtin:4012345.098765.A", lot));
        CPPUNIT_ASSERT(!fits("urn:epc:idpat:lgtin:4012345.098765.A", otherLot));
        CPPUNIT_ASSERT(!fits("urn:epc:idpat:lgtin:4012345.098764.*", lot));
        CPPUNIT_ASSERT(!fits("urn:epc:idpat:lgtin:4012346.*.*", lot));
        for (const char* wrong : {"urn:epc:idpat:lgtin:4012345.*.A", "urn:epc:idpat:lgtin:4012345.098765",
                                  "urn:epc:idpat:lgtin:401234x.*.*", "urn:epc:idpat:lgtin:4012345.0987655.*"})
            CPPUNIT_ASSERT_EQUAL_MESSAGE(wrong, std::string("MATCH_epcClass pattern 400"),
                                         bad({{"MATCH_epcClass", wrong}}));
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(QueryTest);

} // namespace
