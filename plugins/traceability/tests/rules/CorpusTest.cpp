// SPDX-License-Identifier: Apache-2.0
// Documents and hashes that others made. Skipped, and said so, where DALATE_CORPORA is not set.
#include "Corpus.h"

#include "base/Json.h"
#include "epcis/EventHash.h"
#include "epcis/Normalize.h"
#include "epcis/Schema.h"

#include <cppunit/TestFixture.h>
#include <cppunit/extensions/HelperMacros.h>

#include <iostream>
#include <set>
#include <sstream>

using namespace dalate;
using namespace dalate::traceability;
using namespace dalate::traceability::test;

namespace {

class CorpusTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(CorpusTest);
    CPPUNIT_TEST(everyDocumentOfGs1IsValidButTheOneWithADuplicateKey);
    CPPUNIT_TEST(everyDocumentOfOpenepcisIsValidButSixThatRepeatSensorFields);
    CPPUNIT_TEST(bareEventsAreValid);
    CPPUNIT_TEST(preHashesAndHashesEqualThePublishedOnes);
    CPPUNIT_TEST(everyEventComesBackAsItWasSent);
    CPPUNIT_TEST(everyEventSaysTheSameAfterStorage);
    CPPUNIT_TEST_SUITE_END();

public:
    void everyDocumentOfGs1IsValidButTheOneWithADuplicateKey() {
        const auto files = given("epcis/gs1/JSON", 42);
        for (const auto& file : files) {
            auto parsed = json::parse(readFile(file));
            if (file.filename() == "AssociationEvent-h.jsonld") {
                CPPUNIT_ASSERT_MESSAGE(file.string(), !parsed);
                CPPUNIT_ASSERT_EQUAL(std::string("core.json.duplicate_key"), parsed.error().id());
                continue;
            }
            CPPUNIT_ASSERT_EQUAL_MESSAGE(file.string(), std::string(), told(problemsOf(parsed->view())));
        }
    }

    void everyDocumentOfOpenepcisIsValidButSixThatRepeatSensorFields() {
        const std::set<std::string> repeating = {
            "JumbledFieldsOrder.json",
            "AggregationEvent_all_possible_fields.json",
            "AssociationEvent_all_possible_fields.json",
            "ObjectEvent_all_possible_fields.json",
            "TransactionEvent_all_possible_fields.json",
            "TransformationEvent_all_possible_fields.json",
        };
        for (const auto& file : given("epcis/openepcis/Documents", 38)) {
            const Value root = parse(readFile(file));
            const auto problems = problemsOf(root.view());
            if (repeating.count(file.filename().string()) == 0) {
                CPPUNIT_ASSERT_EQUAL_MESSAGE(file.string(), std::string(), told(problems));
                continue;
            }
            CPPUNIT_ASSERT_MESSAGE(file.string(), !problems.empty());
            for (const auto& problem : problems)
                CPPUNIT_ASSERT_EQUAL_MESSAGE(file.string() + problem.path,
                                             std::string("traceability.epcis.sensor_field_twice"),
                                             problem.code);
        }
    }

    void bareEventsAreValid() {
        for (const auto& file : given("epcis/openepcis/Events", 5)) {
            const Value root = parse(readFile(file));
            CPPUNIT_ASSERT_EQUAL_MESSAGE(file.string(), std::string(), told(problemsOf(root.view())));
        }
    }

    void preHashesAndHashesEqualThePublishedOnes() {
        for (auto file : given("epcis/event-hash", 7)) {
            const Value root = parse(readFile(file));
            std::vector<epcis::Problem> problems;
            const auto document = epcis::readDocument(root.view(), problems);
            CPPUNIT_ASSERT_MESSAGE(file.string(), document.has_value());
            const auto preHashes = lines(file.replace_extension(".prehashes"));
            const auto hashes = lines(file.replace_extension(".hashes"));
            CPPUNIT_ASSERT_EQUAL_MESSAGE(file.string(), preHashes.size(), document->events.size());
            CPPUNIT_ASSERT_EQUAL_MESSAGE(file.string(), hashes.size(), document->events.size());
            for (std::size_t i = 0; i < document->events.size(); ++i) {
                const auto event = document->events[i];
                const epcis::Context context(document->context, event["@context"]);
                CPPUNIT_ASSERT_EQUAL_MESSAGE(file.string(), preHashes[i], epcis::preHash(event, context));
                CPPUNIT_ASSERT_EQUAL_MESSAGE(file.string(), hashes[i],
                                             epcis::eventHashId(event, context, sha256));
            }
        }
    }

    void everyEventComesBackAsItWasSent() {
        eachEvent([](const epcis::Document& document, std::size_t index, const std::string& where) {
            const epcis::Event event = epcis::normalize(document, index);
            const Value stored = parse(json::write(epcis::storedForm(event, "urn:example:1", today).view()));
            const auto plain = [](ValueView node) {
                return Value::map([&](MapWriter& out) {
                    for (const ValueView member : node)
                        if (member.key() != "@context" && member.key() != "eventID" &&
                            member.key() != "recordTime")
                            out.set(member.key(), member);
                });
            };
            // Byte for byte, not only by value: decimals keep their digits.
            CPPUNIT_ASSERT_EQUAL_MESSAGE(where, json::write(plain(event.raw).view()),
                                         json::write(plain(stored.view()).view()));
        });
    }

    void everyEventSaysTheSameAfterStorage() {
        eachEvent([](const epcis::Document& document, std::size_t index, const std::string& where) {
            const epcis::Event event = epcis::normalize(document, index);
            const Value stored = epcis::storedForm(event, "urn:example:1", today);
            const epcis::Event again = epcis::normalizeStored(stored.view());
            CPPUNIT_ASSERT_EQUAL_MESSAGE(where, epcis::contentForm(event), epcis::contentForm(again));
            CPPUNIT_ASSERT_EQUAL_MESSAGE(where, epcis::preHash(event.raw, event.context),
                                         epcis::preHash(again.raw, again.context));
            CPPUNIT_ASSERT_EQUAL_MESSAGE(where, event.keys().size(), again.keys().size());
        });
    }

private:
    static std::vector<std::filesystem::path> given(std::string_view folder, std::size_t count) {
        const auto path = corpus(folder);
        if (path.empty()) {
            std::cerr << "skipped: no " << folder << " below DALATE_CORPORA\n";
            return {};
        }
        auto files = documentsBelow(path);
        CPPUNIT_ASSERT_EQUAL(count, files.size());
        return files;
    }

    static std::vector<std::string> lines(const std::filesystem::path& file) {
        std::vector<std::string> out;
        std::istringstream in(readFile(file));
        for (std::string line; std::getline(in, line);)
            out.push_back(line);
        return out;
    }

    template <class F>
    static void eachEvent(F&& use) {
        std::size_t seen = 0;
        for (const auto folder : {"epcis/gs1/JSON", "epcis/openepcis/Documents", "epcis/openepcis/Events"}) {
            for (const auto& file : documentsBelow(corpus(folder))) {
                auto parsed = json::parse(readFile(file));
                if (!parsed) continue;
                std::vector<epcis::Problem> problems;
                const auto document = epcis::readDocument(parsed->view(), problems);
                CPPUNIT_ASSERT_MESSAGE(file.string(), document.has_value());
                for (std::size_t i = 0; i < document->events.size(); ++i, ++seen)
                    use(*document, i, file.string() + " event " + std::to_string(i));
            }
        }
        if (!corpus("epcis").empty()) CPPUNIT_ASSERT(seen > 100);
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(CorpusTest);

} // namespace
