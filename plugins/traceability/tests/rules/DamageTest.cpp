// SPDX-License-Identifier: Apache-2.0
// Good events of every type with one to three values exchanged for others, by a fixed sequence of random
// numbers: whatever the checker lets pass must be readable, hashable and come back the same. Run under the
// sanitizers, this is the test that no field is trusted to have its form.
#include "Corpus.h"

#include "base/Json.h"
#include "epcis/EventHash.h"
#include "epcis/Normalize.h"
#include "epcis/Schema.h"

#include <cppunit/TestFixture.h>
#include <cppunit/extensions/HelperMacros.h>

#include <random>

using namespace dalate;
using namespace dalate::traceability;
using namespace dalate::traceability::test;

namespace {

constexpr const char* good[] = {
    R"({"@context":[{"ex":"https://example.org/"}],"type":"ObjectEvent","eventID":"urn:e:1","recordTime":"2026-11-20T08:00:00Z",
        "eventTime":"2026-11-20T08:00:00.000+08:00","eventTimeZoneOffset":"+08:00","action":"ADD","bizStep":"commissioning",
        "disposition":"active","epcList":["urn:epc:id:sgtin:4012345.012345.12","https://id.gs1.org/01/06901234567892/21/1"],
        "quantityList":[{"epcClass":"urn:epc:class:lgtin:4012345.012345.7","quantity":12.50,"uom":"KGM"}],
        "persistentDisposition":{"set":["recalled"]},"readPoint":{"id":"geo:1,2","ex:a":1},"bizLocation":{"id":"urn:b:1"},
        "bizTransactionList":[{"type":"po","bizTransaction":"urn:t:1"}],"certificationInfo":"urn:c:1",
        "sourceList":[{"type":"location","source":"urn:s:1"}],"destinationList":[{"type":"location","destination":"urn:s:2"}],
        "sensorElementList":[{"sensorMetadata":{"time":"2026-11-20T00:00:00Z","deviceID":"urn:d:1"},
        "sensorReport":[{"type":"Temperature","value":4.10,"uom":"CEL","component":"x","booleanValue":true,"hexBinaryValue":"F0"}]}],
        "errorDeclaration":{"declarationTime":"2026-11-21T00:00:00Z","reason":"incorrect_data","correctiveEventIDs":["urn:e:2"]},
        "ilmd":{"ex:lot":"007"},"ex:f":{"ex:g":[1,"2.50",null,true]}})",
    R"({"@context":"urn:x:1","type":"AggregationEvent","eventTime":"2026-11-20T00:00:00Z","eventTimeZoneOffset":"+08:00","action":"ADD",
        "parentID":"urn:epc:id:sscc:4012345.0000000333","childEPCs":["urn:a:1"],"childQuantityList":[{"epcClass":"urn:a:2"}]})",
    R"({"@context":"urn:x:1","type":"TransformationEvent","eventTime":"2026-11-20T00:00:00Z","eventTimeZoneOffset":"+08:00",
        "transformationID":"urn:t:1","inputEPCList":["urn:a:1"],"inputQuantityList":[{"epcClass":"urn:epc:idpat:sgtin:4012345.012345.*"}],
        "outputEPCList":["urn:a:3"],"outputQuantityList":[{"epcClass":"urn:a:4","quantity":1}]})",
};

constexpr const char* others[] = {
    "null",
    "true",
    "7",
    "-1.5e3",
    "\"\"",
    "\"x\"",
    "\"urn:a:9\"",
    "\"ex:y\"",
    "\"shipping\"",
    "[]",
    "{}",
    "[7]",
    "[[]]",
    R"({"id":"urn:a:1"})",
    R"(["urn:a:1",{"x":1}])",
    "\"2026-11-20T00:00:00Z\"",
    "\"\\u0000\"",
    "\"%\"",
    "\"https://id.gs1.org/01/%30\"",
    "\"urn:epc:id:sgtin:..\"",
    "\"urn:epc:idpat:sgtin:*\"",
    "\"urn:epc:class:lgtin:\"",
};

class DamageTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(DamageTest);
    CPPUNIT_TEST(whatPassesTheCheckCanBeReadHashedAndKept);
    CPPUNIT_TEST_SUITE_END();

public:
    void whatPassesTheCheckCanBeReadHashedAndKept() {
        std::vector<Value> replacements;
        for (const char* text : others)
            replacements.push_back(parse(text));
        std::size_t passed = 0, refused = 0;
        for (const char* text : good) {
            const Value event = parse(text);
            CPPUNIT_ASSERT_EQUAL(std::string(), told(problemsOf(event.view())));
            for (int round = 0; round < 3000; ++round) {
                const Value damaged = damage(event.view(), replacements);
                if (survives(damaged.view()))
                    ++passed;
                else
                    ++refused;
            }
        }
        CPPUNIT_ASSERT(passed > 1000);
        CPPUNIT_ASSERT(refused > 1000);
    }

private:
    Value damage(ValueView event, const std::vector<Value>& replacements) {
        std::string bytes;
        ValueWriter out(bytes);
        copy(out, {}, event, replacements);
        return Value::adopt(std::move(bytes));
    }

    void copy(ValueWriter& out, std::string_view key, ValueView node,
              const std::vector<Value>& replacements) {
        if (!key.empty() && random_() % 15 == 0) {
            out.copy(key, replacements[random_() % replacements.size()].view());
            return;
        }
        if (!node.isMap() && !node.isList()) {
            out.copy(key, node);
            return;
        }
        const std::size_t mark = out.open(key, node.tag());
        for (const ValueView child : node)
            if (random_() % 60 != 0) copy(out, child.key(), child, replacements);
        out.close(mark);
    }

    static bool survives(ValueView root) {
        std::vector<epcis::Problem> problems;
        const auto document = epcis::readDocument(root, problems);
        if (!document || !epcis::check(*document, 0, vocabulary(), today, problems)) {
            CPPUNIT_ASSERT_MESSAGE(json::write(root), !problems.empty());
            return false;
        }
        const epcis::Event event = epcis::normalize(*document, 0);
        const Value stored = parse(json::write(epcis::storedForm(event, "urn:e:1", today).view()));
        const epcis::Event again = epcis::normalizeStored(stored.view());
        CPPUNIT_ASSERT_EQUAL_MESSAGE(json::write(root), epcis::contentForm(event), epcis::contentForm(again));
        CPPUNIT_ASSERT_EQUAL_MESSAGE(json::write(root), epcis::preHash(event.raw, event.context),
                                     epcis::preHash(again.raw, again.context));
        return true;
    }

    std::mt19937 random_{2026};
};

CPPUNIT_TEST_SUITE_REGISTRATION(DamageTest);

} // namespace
