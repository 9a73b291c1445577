// SPDX-License-Identifier: Apache-2.0
#include "Corpus.h"

#include "base/Json.h"
#include "epcis/Answer.h"
#include "epcis/EventHash.h"
#include "epcis/Normalize.h"

#include <cppunit/TestFixture.h>
#include <cppunit/extensions/HelperMacros.h>

#include <map>

using namespace dalate;
using namespace dalate::traceability;
using namespace dalate::traceability::test;

namespace {

/// One event in a document of its own, and the JSON that it borrows.
struct Read {
    Value json;
    epcis::Event event;

    Read(std::string_view context, std::string_view members)
        : json(parse(
              R"({"type":"EPCISDocument","schemaVersion":"2.0","creationDate":"2026-11-20T08:00:00Z","@context":)" +
              std::string(context) + R"(,"epcisBody":{"eventList":[{)" + std::string(members) + "}]}}")) {
        std::vector<epcis::Problem> problems;
        const auto document = epcis::readDocument(json.view(), problems);
        CPPUNIT_ASSERT_MESSAGE(told(problems), document.has_value());
        event = epcis::normalize(*document, 0);
    }
};

constexpr std::string_view plain = R"("https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld")";
constexpr std::string_view withA =
    R"(["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld",{"a":"https://example.org/x/"}])";
constexpr std::string_view withB =
    R"([{"b":"https://example.org/x/"},"https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"])";

constexpr std::string_view base =
    R"("type":"ObjectEvent","eventTime":"2026-11-20T08:00:00+08:00","eventTimeZoneOffset":"+08:00",
    "action":"ADD","bizStep":"commissioning")";

bool same(std::string_view contextA, std::string_view a, std::string_view contextB, std::string_view b) {
    const Read one(contextA, std::string(base) + std::string(a));
    const Read two(contextB, std::string(base) + std::string(b));
    return epcis::sameContent(one.event, two.event);
}

class ContentTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(ContentTest);
    CPPUNIT_TEST(prefixesAreOnlyNames);
    CPPUNIT_TEST(formsOfOneIdentifierAreEqual);
    CPPUNIT_TEST(whatDiffersIsNoticed);
    CPPUNIT_TEST(idRecordTimeAndContextDoNotCount);
    CPPUNIT_TEST(anErrorDeclarationKeepsTheHashAndChangesTheContent);
    CPPUNIT_TEST(theHashDoesNotDependOnOrderOrForm);
    CPPUNIT_TEST(theHashOfAnEventOfEveryKind);
    CPPUNIT_TEST(anEventIsReadIntoItsCanonicalForm);
    CPPUNIT_TEST(keysNameTheirFields);
    CPPUNIT_TEST(anAnswerIsADocumentThatCanBeCaptured);
    CPPUNIT_TEST_SUITE_END();

public:
    void prefixesAreOnlyNames() {
        CPPUNIT_ASSERT(same(withA, R"(,"epcList":["urn:a:1"],"a:f":{"a:g":[1,2]},"ilmd":{"a:h":"x"})", withB,
                            R"(,"ilmd":{"b:h":"x"},"epcList":["urn:a:1"],"b:f":{"b:g":[1,2]})"));
        CPPUNIT_ASSERT(
            same(withA, R"(,"epcList":[],"a:f":1)", plain, R"(,"epcList":[],"https://example.org/x/f":1)"));
        CPPUNIT_ASSERT(!same(withA, R"(,"epcList":[],"a:f":1)", R"([{"a":"https://example.org/y/"}])",
                             R"(,"epcList":[],"a:f":1)"));
        // The event's own context counts for the event.
        CPPUNIT_ASSERT(same(withA, R"(,"epcList":[],"a:f":1)", plain,
                            R"(,"epcList":[],"@context":[{"c":"https://example.org/x/"}],"c:f":1)"));
    }

    void formsOfOneIdentifierAreEqual() {
        CPPUNIT_ASSERT(same(plain, R"(,"epcList":["urn:epc:id:sgtin:4012345.012345.12","urn:a:1"])", plain,
                            R"(,"epcList":["urn:a:1","https://example.com/01/04012345123456/21/12"])"));
        CPPUNIT_ASSERT(same(
            plain,
            R"(,"epcList":[],"disposition":"active","quantityList":[{"epcClass":"urn:a:1","quantity":10}])",
            plain,
            R"(,"epcList":[],"disposition":"cbv:Disp-active","quantityList":[{"quantity":10.0,"epcClass":"urn:a:1"}])"));
        CPPUNIT_ASSERT(same(plain, R"(,"epcList":[],"certificationInfo":"urn:a:1")", plain,
                            R"(,"epcList":[],"certificationInfo":["urn:a:1"])"));
    }

    void whatDiffersIsNoticed() {
        const std::string_view one = R"(,"epcList":["urn:a:1"],"a:f":[1,2],"a:s":"x")";
        for (const std::string_view other : {
                 R"(,"epcList":["urn:a:2"],"a:f":[1,2],"a:s":"x")",
                 R"(,"epcList":["urn:a:1","urn:a:2"],"a:f":[1,2],"a:s":"x")",
                 R"(,"epcList":["urn:a:1"],"a:f":[2,1],"a:s":"x")", // an extension's array is ordered
                 R"(,"epcList":["urn:a:1"],"a:f":[1,"2"],"a:s":"x")",
                 R"(,"epcList":["urn:a:1"],"a:f":[1,2],"a:s":"x ")",
                 R"(,"epcList":["urn:a:1"],"a:f":[1,2])",
                 R"(,"epcList":["urn:a:1"],"a:f":[1,2],"a:s":"x","a:t":null)",
                 R"(,"epcList":["urn:a:1"],"a:f":[1,2],"a:s":"x","disposition":"active")",
             })
            CPPUNIT_ASSERT_MESSAGE(std::string(other), !same(withA, one, withA, other));
        // Lots 1.10 and 1.1 are two lots, though CBV's pre-hash cannot tell them apart.
        CPPUNIT_ASSERT(!same(withA, R"(,"epcList":[],"ilmd":{"a:lot":"1.10"})", withA,
                             R"(,"epcList":[],"ilmd":{"a:lot":"1.1"})"));
        // Values that would run together without their lengths.
        CPPUNIT_ASSERT(!same(withA, R"(,"epcList":[],"a:x":"1","a:y":"2")", withA,
                             R"(,"epcList":[],"a:x":"1s1:2","a:y":"")"));
    }

    void idRecordTimeAndContextDoNotCount() {
        CPPUNIT_ASSERT(same(withA, R"(,"epcList":[],"eventID":"urn:a:1")", plain,
                            R"(,"epcList":[],"recordTime":"2026-11-20T08:00:00Z")"));
    }

    void anErrorDeclarationKeepsTheHashAndChangesTheContent() {
        const Read good(plain, std::string(base) + R"(,"epcList":["urn:a:1"])");
        const Read voided(plain, std::string(base) + R"(,"epcList":["urn:a:1"],
            "errorDeclaration":{"declarationTime":"2026-11-21T00:00:00Z","reason":"incorrect_data","correctiveEventIDs":["urn:a:9"]})");
        CPPUNIT_ASSERT_EQUAL(epcis::preHash(good.event.raw, good.event.context),
                             epcis::preHash(voided.event.raw, voided.event.context));
        CPPUNIT_ASSERT(!epcis::sameContent(good.event, voided.event));
        CPPUNIT_ASSERT(voided.event.errorDeclaration.has_value());
        CPPUNIT_ASSERT_EQUAL(std::string("https://ref.gs1.org/cbv/ER-incorrect_data"),
                             voided.event.errorDeclaration->reason);
        CPPUNIT_ASSERT_EQUAL(std::string("urn:a:9"), voided.event.errorDeclaration->correctiveEventIds.at(0));
    }

    void theHashDoesNotDependOnOrderOrForm() {
        const Read one(withA,
                       std::string(base) + R"(,"epcList":["urn:epc:id:sgtin:4012345.012345.12","urn:a:1"],
            "a:f":"2.50","sourceList":[{"type":"location","source":"urn:a:1"},{"type":"owning_party","source":"urn:a:2"}])");
        const Read two(
            withB,
            R"("b:f":2.5,"sourceList":[{"source":"urn:a:2","type":"urn:epcglobal:cbv:sdt:owning_party"},
            {"source":"urn:a:1","type":"location"}],"bizStep":"https://ref.gs1.org/cbv/BizStep-commissioning","action":"ADD",
            "epcList":["urn:a:1","https://example.com/01/04012345123456/21/12"],"eventTime":"2026-11-20T00:00:00.0000Z",
            "eventTimeZoneOffset":"+08:00","type":"ObjectEvent","eventID":"urn:a:7")");
        CPPUNIT_ASSERT_EQUAL(epcis::preHash(one.event.raw, one.event.context),
                             epcis::preHash(two.event.raw, two.event.context));
        CPPUNIT_ASSERT_EQUAL(epcis::eventHashId(one.event.raw, one.event.context, sha256),
                             epcis::eventHashId(two.event.raw, two.event.context, sha256));
    }

    void theHashOfAnEventOfEveryKind() {
        const Read made(
            plain,
            R"("type":"TransformationEvent","eventTime":"2019-09-10T10:40:21.314+02:00","eventTimeZoneOffset":"+02:00",
            "bizStep":"repairing","disposition":"damaged","inputEPCList":["urn:epc:id:sgtin:4047111.012345.2222","urn:epc:id:sgtin:4047111.012345.1111"],
            "outputQuantityList":[{"epcClass":"urn:epc:class:lgtin:4047111.012345.7","quantity":12.50,"uom":"KGM"}],
            "persistentDisposition":{"unset":["unknown"],"set":["completeness_inferred","available"]},
            "ilmd":{"cbvmda:lotNumber":"007"},"transformationID":"urn:t:1")");
        CPPUNIT_ASSERT_EQUAL(
            std::string(
                "eventType=TransformationEventeventTime=2019-09-10T08:40:21.314ZeventTimeZoneOffset=+02:00"
                "inputEPCListepc=https://id.gs1.org/01/04047111123453/21/1111epc=https://id.gs1.org/01/"
                "04047111123453/21/2222"
                "outputQuantityListquantityElementepcClass=https://id.gs1.org/01/04047111123453/10/"
                "7quantity=12.5uom=KGM"
                "transformationID=urn:t:1bizStep=https://ref.gs1.org/cbv/BizStep-repairingdisposition=https:/"
                "/ref.gs1.org/cbv/Disp-damaged"
                "persistentDispositionset=https://ref.gs1.org/cbv/Disp-availableset=https://ref.gs1.org/cbv/"
                "Disp-completeness_inferred"
                "unset=https://ref.gs1.org/cbv/Disp-unknownilmd{urn:epcglobal:cbv:mda:}lotNumber=007"),
            epcis::preHash(made.event.raw, made.event.context));
    }

    void anEventIsReadIntoItsCanonicalForm() {
        const Read read(
            withA,
            R"("type":"AggregationEvent","eventTime":"2026-11-20T08:00:00.123456789+08:00","eventTimeZoneOffset":"+08:00",
            "action":"DELETE","bizStep":"unpacking","parentID":"urn:epc:id:sscc:4012345.0000000333","childEPCs":["urn:epc:id:sgtin:4012345.012345.12"],
            "childQuantityList":[{"epcClass":"urn:epc:class:lgtin:4012345.012345.998877","quantity":200.50,"uom":"KGM"}],
            "readPoint":{"id":"urn:epc:id:sgln:4012345.00011.987"},"bizLocation":{"id":"geo:40.4,110.0"},
            "bizTransactionList":[{"bizTransaction":"urn:b:1"}],"a:f":1,"recordTime":"2026-11-20T08:00:00Z","eventID":"urn:e:1")");
        const epcis::Event& event = read.event;
        CPPUNIT_ASSERT(event.type == epcis::EventType::aggregation);
        CPPUNIT_ASSERT(event.action == epcis::Action::remove);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1'795'132'800'123'456}, event.eventTime);
        CPPUNIT_ASSERT_EQUAL(480, event.offsetMinutes);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1'795'161'600'000'000}, event.recordTime.value());
        CPPUNIT_ASSERT_EQUAL(std::string("https://ref.gs1.org/cbv/BizStep-unpacking"), event.bizStep);
        CPPUNIT_ASSERT_EQUAL(std::string("https://id.gs1.org/00/040123450000003338"), event.parentId);
        CPPUNIT_ASSERT_EQUAL(std::string("https://id.gs1.org/01/04012345123456/21/12"),
                             event.childEpcs.at(0));
        CPPUNIT_ASSERT_EQUAL(std::string("https://id.gs1.org/01/04012345123456/10/998877"),
                             event.childQuantities.at(0).epcClass);
        CPPUNIT_ASSERT_EQUAL(std::string("200.50"), event.childQuantities.at(0).amount);
        CPPUNIT_ASSERT_EQUAL(std::string("https://id.gs1.org/414/4012345000115/254/987"), event.readPoint);
        CPPUNIT_ASSERT_EQUAL(std::string("geo:40.4,110.0"), event.bizLocation);
        CPPUNIT_ASSERT_EQUAL(std::string(), event.bizTransactions.at(0).type);
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, event.extensions().size());
        CPPUNIT_ASSERT(event.extensions()[0].key() == "a:f");
    }

    void keysNameTheirFields() {
        const Read read(
            plain,
            R"("type":"TransformationEvent","eventTime":"2026-11-20T00:00:00Z","eventTimeZoneOffset":"+08:00",
            "inputEPCList":["urn:a:1"],"inputQuantityList":[{"epcClass":"urn:a:2"}],"outputEPCList":["urn:a:3"],"outputQuantityList":[{"epcClass":"urn:a:4"}])");
        std::map<int, std::string> keys;
        for (const auto& key : read.event.keys())
            keys[static_cast<int>(key.field)] = std::string(key.id);
        CPPUNIT_ASSERT(keys == (std::map<int, std::string>{
                                   {4, "urn:a:1"}, {5, "urn:a:3"}, {8, "urn:a:2"}, {9, "urn:a:4"}}));
    }

    void anAnswerIsADocumentThatCanBeCaptured() {
        const Read one(withA, std::string(base) + R"(,"epcList":["urn:a:1"],"a:f":1)");
        const Read two(plain, std::string(base) + R"(,"epcList":["urn:a:2"],"eventID":"urn:e:2")");
        const std::string first = json::write(epcis::storedForm(one.event, "urn:e:1", today).view());
        const std::string second = json::write(epcis::storedForm(two.event, "urn:e:2", today).view());
        CPPUNIT_ASSERT_MESSAGE(second, second.find("@context") == std::string::npos);
        const Value answer = parse(epcis::answerDocument({first, second}, today));
        CPPUNIT_ASSERT_EQUAL(std::string(), told(problemsOf(answer.view())));
        std::vector<epcis::Problem> problems;
        const auto document = epcis::readDocument(answer.view(), problems);
        CPPUNIT_ASSERT(epcis::sameContent(one.event, epcis::normalize(*document, 0)));
        CPPUNIT_ASSERT(epcis::sameContent(two.event, epcis::normalize(*document, 1)));
        CPPUNIT_ASSERT_EQUAL(std::string("urn:e:1"), epcis::normalize(*document, 0).eventId);
        CPPUNIT_ASSERT_EQUAL(std::string(), told(problemsOf(parse(epcis::answerDocument({}, today)).view())));
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(ContentTest);

} // namespace
