// SPDX-License-Identifier: Apache-2.0
// Each row changes one good event in one place and names the one problem that must be told.
#include "Corpus.h"

#include "base/Json.h"
#include "epcis/Schema.h"

#include <cppunit/TestFixture.h>
#include <cppunit/extensions/HelperMacros.h>

#include <set>

using namespace dalate;
using namespace dalate::traceability;
using namespace dalate::traceability::test;

namespace {

constexpr std::string_view object = R"("type":"ObjectEvent","eventTime":"2026-11-20T08:00:00.000+08:00",
    "eventTimeZoneOffset":"+08:00","action":"ADD","bizStep":"commissioning",
    "epcList":["https://id.gs1.org/01/06901234567892/21/1"])";

std::string document(const std::string& events) {
    return R"({"@context":["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld",{"ex":"https://example.org/"}],
        "type":"EPCISDocument","schemaVersion":"2.0","creationDate":"2026-11-20T08:00:00Z",
        "epcisBody":{"eventList":[)" +
           events + "]}}";
}

/// The good object event with members put in or changed.
std::string changed(std::string_view members) {
    const Value good = parse("{" + std::string(object) + "}");
    const Value change = parse(members);
    return json::write(Value::map([&](MapWriter& out) {
                           for (const ValueView member : good.view())
                               if (!change.view().has(member.key())) out.set(member.key(), member);
                           for (const ValueView member : change.view())
                               if (!(member.isText() && member.text() == "~gone"))
                                   out.set(member.key(), member);
                       }).view());
}

class SchemaTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(SchemaTest);
    CPPUNIT_TEST(aGoodEventHasNoProblem);
    CPPUNIT_TEST(everyWrongFieldHasItsCodeAndPath);
    CPPUNIT_TEST(everyTypeHasItsOwnNeeds);
    CPPUNIT_TEST(theFrameIsCheckedFirst);
    CPPUNIT_TEST(vocabularyIsReadInEveryForm);
    CPPUNIT_TEST(allProblemsOfAnEventAreToldButNoMoreThanTwenty);
    CPPUNIT_TEST(problemsNameTheirEvent);
    CPPUNIT_TEST(longValuesAreCutBetweenCharacters);
    CPPUNIT_TEST_SUITE_END();

public:
    void aGoodEventHasNoProblem() {
        CPPUNIT_ASSERT_EQUAL(std::string(), told(problemsOf(parse(document(changed("{}"))).view())));
    }

    void everyWrongFieldHasItsCodeAndPath() {
        const struct {
            const char *change, *problem;
        } table[] = {
            {R"({"type":"~gone"})", "field_missing at .type"},
            {R"({"type":"Objectevent"})", "event_type at .type"},
            {R"({"type":7})", "event_type at .type"},
            {R"({"eventTime":"~gone"})", "field_missing at .eventTime"},
            {R"({"eventTime":"2026-11-20 08:00:00+08:00"})", "time_format at .eventTime"},
            {R"({"eventTime":"2026-02-30T08:00:00+08:00"})", "time_format at .eventTime"},
            {R"({"eventTime":"2026-11-20T08:00:00"})", "time_format at .eventTime"},
            {R"({"eventTime":1763596800})", "field_type at .eventTime"},
            {R"({"eventTime":"2026-11-23T00:05:00.001Z"})", "future at .eventTime"},
            {R"({"recordTime":"yesterday"})", "time_format at .recordTime"},
            {R"({"eventTimeZoneOffset":"~gone"})", "offset_missing at .eventTimeZoneOffset"},
            {R"({"eventTimeZoneOffset":"8"})", "offset_format at .eventTimeZoneOffset"},
            {R"({"eventTimeZoneOffset":"+15:00"})", "offset_format at .eventTimeZoneOffset"},
            {R"({"eventTimeZoneOffset":"+07:00"})", "offset_mismatch at .eventTimeZoneOffset"},
            {R"({"eventTimeZoneOffset":null})", "field_type at .eventTimeZoneOffset"},
            {R"({"action":"~gone"})", "field_missing at .action"},
            {R"({"action":"REMOVE"})", "action at .action"},
            {R"({"action":"add"})", "action at .action"},
            {R"({"bizStep":"harvesting"})", "biz_step at .bizStep"},
            {R"({"bizStep":"Shipping"})", "biz_step at .bizStep"},
            {R"({"bizStep":"https://ref.gs1.org/cbv/BizStep-harvesting"})", "biz_step at .bizStep"},
            {R"({"bizStep":"urn:epcglobal:cbv:bizstep:harvesting"})", "biz_step at .bizStep"},
            {R"({"bizStep":"cbv:BizStep-harvesting"})", "biz_step at .bizStep"},
            {R"({"bizStep":"https://example.org/a step"})", "biz_step at .bizStep"},
            {R"({"bizStep":["shipping"]})", "field_type at .bizStep"},
            {R"({"disposition":"lost"})", "disposition at .disposition"},
            {R"({"persistentDisposition":{"set":["lost"]}})", "disposition at .persistentDisposition.set[0]"},
            {R"({"persistentDisposition":{}})", "field_missing at .persistentDisposition.set"},
            {R"({"persistentDisposition":{"set":[]}})", "list_empty at .persistentDisposition.set"},
            {R"({"persistentDisposition":{"put":["recalled"],"set":["recalled"]}})",
             "field_unknown at .persistentDisposition.put"},
            {R"({"eventID":"1234"})", "uri at .eventID"},
            {R"({"certificationInfo":["https://example.org/1","two"]})", "uri at .certificationInfo[1]"},
            {R"({"epcList":"https://id.gs1.org/01/06901234567892/21/1"})", "field_type at .epcList"},
            {R"({"epcList":["lot 7"]})", "uri at .epcList[0]"},
            {R"({"epcList":[7]})", "field_type at .epcList[0]"},
            {R"({"epcList":["https://id.gs1.org/01/06901234567892/21/1","https://id.gs1.org/01/06901234567893/21/1"]})",
             "gtin_check_digit at .epcList[1]"},
            {R"({"epcList":["https://id.gs1.org/00/040123450000003339"]})",
             "sscc_check_digit at .epcList[0]"},
            {R"({"epcList":["urn:epc:id:sgtin:0614141.10734.2017"]})", "epc_malformed at .epcList[0]"},
            {R"({"epcList":["urn:a:1","urn:a:1"]})", "item_twice at .epcList"},
            {R"({"epcList":"~gone"})", "subject_missing at "},
            {R"({"quantityList":[{"quantity":5}]})", "field_missing at .quantityList[0].epcClass"},
            {R"({"quantityList":[{"epcClass":"https://id.gs1.org/01/06901234567893/10/A"}]})",
             "gtin_check_digit at .quantityList[0].epcClass"},
            {R"({"quantityList":[{"epcClass":"urn:a:1","quantity":"5"}]})",
             "field_type at .quantityList[0].quantity"},
            {R"({"quantityList":[{"epcClass":"urn:a:1","quantity":-1}]})",
             "quantity_negative at .quantityList[0].quantity"},
            {R"({"quantityList":[{"epcClass":"urn:a:1","quantity":1e-500}]})",
             "number_range at .quantityList[0].quantity"},
            {R"({"quantityList":[{"epcClass":"urn:a:1","uom":"kg"}]})", "unit at .quantityList[0].uom"},
            {R"({"quantityList":[{"epcClass":"urn:a:1","ex:a":1}]})",
             "field_unknown at .quantityList[0]['ex:a']"},
            {R"({"quantityList":["urn:a:1"]})", "field_type at .quantityList[0]"},
            {R"({"readPoint":"urn:a:1"})", "field_type at .readPoint"},
            {R"({"readPoint":{}})", "field_missing at .readPoint.id"},
            {R"({"readPoint":{"id":"gate 7"}})", "uri at .readPoint.id"},
            {R"({"bizLocation":{"id":"urn:a:1","name":"x"}})", "field_unknown at .bizLocation.name"},
            {R"({"bizTransactionList":[{"type":"order","bizTransaction":"urn:a:1"}]})",
             "transaction_type at .bizTransactionList[0].type"},
            {R"({"bizTransactionList":[{"type":"po"}]})",
             "field_missing at .bizTransactionList[0].bizTransaction"},
            {R"({"sourceList":[{"source":"urn:a:1"}]})", "field_missing at .sourceList[0].type"},
            {R"({"sourceList":[{"type":"owner","source":"urn:a:1"}]})", "party_type at .sourceList[0].type"},
            {R"({"destinationList":[{"type":"location","destination":"here"}]})",
             "uri at .destinationList[0].destination"},
            {R"({"ilmd":{"lotNumber":"7"}})", "ilmd_namespace at .ilmd.lotNumber"},
            {R"({"ilmd":{"ex:a":1},"action":"OBSERVE"})", "ilmd_action at .ilmd"},
            {R"({"ilmd":[]})", "field_type at .ilmd"},
            {R"({"parentID":"urn:a:1"})", "field_wrong_event at .parentID"},
            {R"({"inputEPCList":["urn:a:1"]})", "field_wrong_event at .inputEPCList"},
            {R"({"@context":7})", "context_invalid at ['@context']"},
            {R"({"comment":"x"})", "field_unknown at .comment"},
            {R"({"errorDeclaration":{}})", "field_missing at .errorDeclaration.declarationTime"},
            {R"({"errorDeclaration":{"declarationTime":"2026-11-21T08:00:00Z","reason":"typo"}})",
             "error_reason at .errorDeclaration.reason"},
            {R"({"sensorElementList":[{}]})", "field_missing at .sensorElementList[0].sensorReport"},
            {R"({"sensorElementList":[{"sensorReport":[]}]})",
             "list_empty at .sensorElementList[0].sensorReport"},
            {R"({"sensorElementList":[{"sensorReport":[{"value":4}]}]})",
             "field_missing at .sensorElementList[0].sensorReport[0].type"},
            {R"({"sensorElementList":[{"sensorReport":[{"type":"Warmth","value":4}]}]})",
             "measurement_type at .sensorElementList[0].sensorReport[0].type"},
            {R"({"sensorElementList":[{"sensorReport":[{"type":"Temperature","value":"4"}]}]})",
             "field_type at .sensorElementList[0].sensorReport[0].value"},
            {R"({"sensorElementList":[{"sensorReport":[{"type":"Angle","component":"w"}]}]})",
             "sensor_component at .sensorElementList[0].sensorReport[0].component"},
            {R"({"sensorElementList":[{"sensorReport":[{"type":"Temperature","exception":"HOT"}]}]})",
             "sensor_alert at .sensorElementList[0].sensorReport[0].exception"},
            {R"({"sensorElementList":[{"sensorReport":[{"type":"Temperature","hexBinaryValue":"0x1"}]}]})",
             "hex at .sensorElementList[0].sensorReport[0].hexBinaryValue"},
            {R"({"sensorElementList":[{"sensorReport":[{"type":"Temperature","booleanValue":"true"}]}]})",
             "field_type at .sensorElementList[0].sensorReport[0].booleanValue"},
            {R"({"sensorElementList":[{"sensorMetadata":{"time":"2026-11-20T00:00:00Z"},"sensorReport":[
                {"type":"Temperature","time":"2026-11-20T00:00:00Z","value":4}]}]})",
             "sensor_field_twice at .sensorElementList[0].sensorReport[0].time"},
            {R"({"sensorElementList":[{"sensorMetadata":{"place":"x"},"sensorReport":[{"type":"Temperature"}]}]})",
             "field_unknown at .sensorElementList[0].sensorMetadata.place"},
        };
        for (const auto& row : table) {
            const std::string expected =
                std::string(row.problem)
                    .replace(std::string(row.problem).find(" at ") + 4, 0, "$.epcisBody.eventList[0]");
            CPPUNIT_ASSERT_EQUAL_MESSAGE(row.change, expected,
                                         told(problemsOf(parse(document(changed(row.change))).view())));
        }
    }

    void everyTypeHasItsOwnNeeds() {
        const std::string when = R"("eventTime":"2026-11-20T00:00:00Z","eventTimeZoneOffset":"+08:00",)";
        const struct {
            const char *members, *problem;
        } table[] = {
            {R"("type":"ObjectEvent","action":"OBSERVE","epcList":[])", ""},
            {R"("type":"ObjectEvent","action":"OBSERVE","readPoint":{"id":"urn:a:1"},"sensorElementList":[{"sensorReport":[{"type":"Mass"}]}])",
             ""},
            {R"("type":"ObjectEvent","action":"OBSERVE","sensorElementList":[{"sensorReport":[{"type":"Mass"}]}])",
             "subject_missing at $"},
            {R"("type":"AggregationEvent","action":"ADD","parentID":"urn:a:1","childEPCs":["urn:a:2"])", ""},
            {R"("type":"AggregationEvent","action":"OBSERVE","childEPCs":["urn:a:2"])", ""},
            {R"("type":"AggregationEvent","action":"DELETE","parentID":"urn:a:1")", ""},
            {R"("type":"AggregationEvent","action":"ADD","childEPCs":["urn:a:2"])",
             "parent_missing at $.parentID"},
            {R"("type":"AggregationEvent","action":"ADD","parentID":"urn:a:1")", "subject_missing at $"},
            {R"("type":"AggregationEvent","action":"ADD","parentID":"urn:a:1","childEPCs":["urn:a:2"],"epcList":[])",
             "field_wrong_event at $.epcList"},
            {R"("type":"AggregationEvent","action":"ADD","parentID":"urn:a:1","childEPCs":["urn:a:2"],"ilmd":{})",
             "field_wrong_event at $.ilmd"},
            {R"("type":"AssociationEvent","action":"OBSERVE","childEPCs":["urn:a:2"])",
             "parent_missing at $.parentID"},
            {R"("type":"TransactionEvent","action":"ADD","epcList":["urn:a:2"])",
             "field_missing at $.bizTransactionList"},
            {R"("type":"TransactionEvent","action":"ADD","bizTransactionList":[{"bizTransaction":"urn:b:1"}])",
             "subject_missing at $"},
            {R"("type":"TransactionEvent","action":"DELETE","bizTransactionList":[{"bizTransaction":"urn:b:1"}])",
             ""},
            {R"("type":"TransformationEvent","inputEPCList":["urn:a:1"],"outputEPCList":["urn:a:2"])", ""},
            {R"("type":"TransformationEvent","inputEPCList":["urn:a:1"])", "transformation_sides at $"},
            {R"("type":"TransformationEvent","inputEPCList":["urn:a:1"],"outputEPCList":[])",
             "transformation_sides at $"},
            {R"("type":"TransformationEvent","transformationID":"urn:t:1","inputEPCList":["urn:a:1"])", ""},
            {R"("type":"TransformationEvent","transformationID":"urn:t:1")", "transformation_sides at $"},
            {R"("type":"TransformationEvent","inputEPCList":["urn:a:1"],"outputEPCList":["urn:a:2"],"action":"ADD")",
             "field_wrong_event at $.action"},
            {R"("type":"https://example.org/InspectionEvent","action":"ADD","epcList":["urn:a:1"],"ex:a":1)",
             ""},
            {R"("type":"ex:InspectionEvent","epcs":["urn:a:1"])", "field_unknown at $.epcs"},
        };
        for (const auto& row : table) {
            const Value bare =
                parse(R"({"@context":[{"ex":"https://example.org/"}],)" + when + row.members + "}");
            CPPUNIT_ASSERT_EQUAL_MESSAGE(row.members, std::string(row.problem),
                                         told(problemsOf(bare.view())));
        }
    }

    void theFrameIsCheckedFirst() {
        const struct {
            const char *json, *problem;
        } table[] = {
            {"[]", "document_type at $"},
            {"7", "document_type at $"},
            {"{}", "document_type at $"},
            {R"({"type":"EPCISdocument"})", "document_type at $.type"},
            {R"({"type":"ObjectEvent"})", "context_missing at $"},
            {R"({"type":"EPCISDocument","@context":"x:y","schemaVersion":"2.0","creationDate":"2026-11-20T08:00:00Z"})",
             "field_missing at $.epcisBody"},
            {R"({"type":"EPCISDocument","@context":"x:y","schemaVersion":"2.0","creationDate":"2026-11-20T08:00:00Z","epcisBody":{}})",
             "field_missing at $.epcisBody.eventList"},
            {R"({"type":"EPCISDocument","@context":"x:y","schemaVersion":"two","creationDate":"2026-11-20T08:00:00Z","epcisBody":{"eventList":[]}})",
             "version_format at $.schemaVersion"},
            {R"({"type":"EPCISDocument","@context":"x:y","schemaVersion":"2.0","creationDate":"2026","epcisBody":{"eventList":[]}})",
             "time_format at $.creationDate"},
            {R"({"type":"EPCISDocument","@context":7,"schemaVersion":"2.0","creationDate":"2026-11-20T08:00:00Z","epcisBody":{"eventList":[]}})",
             "context_invalid at $['@context']"},
            {R"({"type":"EPCISDocument","@context":"x:y","schemaVersion":"2.0","creationDate":"2026-11-20T08:00:00Z","note":1,"epcisBody":{"eventList":[]}})",
             "field_unknown at $.note"},
            {R"({"type":"EPCISDocument","@context":"x:y","schemaVersion":"2.0","creationDate":"2026-11-20T08:00:00Z","epcisBody":{"eventList":[7]}})",
             "field_type at $.epcisBody.eventList[0]"},
            {R"({"type":"EPCISDocument","@context":"x:y","schemaVersion":"2.0","creationDate":"2026-11-20T08:00:00Z","epcisBody":{"eventList":[]}})",
             ""},
            {R"({"type":"EPCISQueryDocument","@context":"x:y","epcisBody":{"queryResults":{"queryName":"q"}}})",
             "field_missing at $.epcisBody.queryResults.resultsBody"},
        };
        for (const auto& row : table)
            CPPUNIT_ASSERT_EQUAL_MESSAGE(row.json, std::string(row.problem),
                                         told(problemsOf(parse(row.json).view())));
    }

    void vocabularyIsReadInEveryForm() {
        for (const char* step : {"shipping", "https://ref.gs1.org/cbv/BizStep-shipping",
                                 "cbv:BizStep-shipping", "urn:epcglobal:cbv:bizstep:shipping",
                                 "https://example.org/steps/harvesting", "ex:harvesting"}) {
            const std::string change = std::string(R"({"bizStep":")") + step + "\"}";
            CPPUNIT_ASSERT_EQUAL_MESSAGE(step, std::string(),
                                         told(problemsOf(parse(document(changed(change))).view())));
        }
        CPPUNIT_ASSERT_EQUAL(std::size_t{41}, vocabulary().words(epcis::Kind::bizStep).size());
        CPPUNIT_ASSERT_EQUAL(std::size_t{33}, vocabulary().words(epcis::Kind::disposition).size());
    }

    void allProblemsOfAnEventAreToldButNoMoreThanTwenty() {
        CPPUNIT_ASSERT_EQUAL(
            std::string("biz_step at $.epcisBody.eventList[0].bizStep\n"
                        "uri at $.epcisBody.eventList[0].eventID\n"
                        "future at $.epcisBody.eventList[0].eventTime"),
            told(problemsOf(parse(document(changed(
                                      R"({"eventTime":"2027-01-01T00:00:00Z","bizStep":"x","eventID":"y"})")))
                                .view())));
        std::string epcs;
        for (int i = 0; i < 100; ++i)
            epcs += (i ? ",\"" : "\"") + std::to_string(i) + "\"";
        CPPUNIT_ASSERT_EQUAL(
            epcis::Problems::limit,
            problemsOf(parse(document(changed("{\"epcList\":[" + epcs + "]}"))).view()).size());
    }

    void problemsNameTheirEvent() {
        const auto problems =
            problemsOf(parse(document(changed("{}") + "," + changed(R"({"action":"x"})"))).view());
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, problems.size());
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, problems[0].event);
        CPPUNIT_ASSERT_EQUAL(std::string("$.epcisBody.eventList[1].action"), problems[0].path);
        CPPUNIT_ASSERT_EQUAL(std::string("x"), problems[0].value);
    }

    void longValuesAreCutBetweenCharacters() {
        std::string name;
        for (int i = 0; i < 40; ++i)
            name += "批";
        const auto problems = problemsOf(parse(document(changed("{\"bizStep\":\"" + name + "\"}"))).view());
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, problems.size());
        CPPUNIT_ASSERT_EQUAL(std::size_t{78}, problems[0].value.size());
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(SchemaTest);

} // namespace
