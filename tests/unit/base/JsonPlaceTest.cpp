// SPDX-License-Identifier: Apache-2.0
#include "base/JsonPlace.h"

#include <cppunit/extensions/HelperMacros.h>

#include <string>

using namespace dalate;

class JsonPlaceTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(JsonPlaceTest);
    CPPUNIT_TEST(findsTheLineOfAPath);
    CPPUNIT_TEST(aPathThatEndsNowhereGivesTheLastPartThatIsThere);
    CPPUNIT_TEST(bracketsAndQuotesInTextsMeanNothing);
    CPPUNIT_TEST(anythingThatIsNoJsonGetsSomeLine);
    CPPUNIT_TEST(offsetsAreLines);
    CPPUNIT_TEST_SUITE_END();

    const std::string text_ = "\n"                                  // 1
                              "{\n"                                 // 2
                              "  \"machine\": \"ticket\",\n"        // 3
                              "  \"states\": [\"new\",\n"           // 4
                              "             \"done\"],\n"           // 5
                              "  \"transitions\": [\n"              // 6
                              "    {\"name\": \"a\", \"to\":\n"     // 7
                              "      \"done\"},\n"                  // 8
                              "    {\"name\": \"b\",\n"             // 9
                              "     \"from\": [1, -2.5e3, null],\n" // 10
                              "     \"to\": true}],\n"              // 11
                              "  \"a b\": {\"x\": [[], {}, [7,\n"   // 12
                              "     8]]},\n"                        // 13
                              "  \"\\u0061c\": 0\n"                 // 14
                              "}\n";

    void at(std::size_t line, const std::string& path) {
        CPPUNIT_ASSERT_EQUAL_MESSAGE(path, line, json::lineOf(text_, path));
    }

public:
    void findsTheLineOfAPath() {
        at(2, "$");
        at(3, "$.machine");
        at(4, "$.states");
        at(4, "$.states[0]");
        at(5, "$.states[1]");
        at(7, "$.transitions[0]");
        at(7, "$.transitions[0].to"); // the key, not the value on the next line
        at(9, "$.transitions[1].name");
        at(10, "$.transitions[1].from[2]");
        at(11, "$.transitions[1].to");
        at(12, "$['a b']");
        at(12, "$['a b'].x[2][0]");
        at(13, "$[\"a b\"].x[2][1]");
        at(14, "$.ac");
        CPPUNIT_ASSERT_EQUAL(std::string("cases/ticket.json:11 $.transitions[1].to"),
                             json::placeIn("cases/ticket.json", text_, "$.transitions[1].to"));
    }

    void aPathThatEndsNowhereGivesTheLastPartThatIsThere() {
        at(2, "$.nothing");
        at(9, "$.transitions[1].nothing");
        at(6, "$.transitions[2]");
        at(6, "$.transitions.name");
        at(3, "$.machine[0]");
        at(3, "$.machine.name.deeper");
        at(4, "$.states[99999999999999999999999]");
        at(4, "$.states[1");
        at(4, "$.states['1");
        at(2, "");
        at(2, "nonsense");
    }

    void bracketsAndQuotesInTextsMeanNothing() {
        const std::string text = "{\"a\": \"}]\\\"{[\",\n \"b\": [\"\\\\\", \"],\n\"],\n \"c\": 1}";
        CPPUNIT_ASSERT_EQUAL(std::size_t(1), json::lineOf(text, "$.a"));
        CPPUNIT_ASSERT_EQUAL(std::size_t(2), json::lineOf(text, "$.b"));
        CPPUNIT_ASSERT_EQUAL(std::size_t(4), json::lineOf(text, "$.c"));
    }

    void anythingThatIsNoJsonGetsSomeLine() {
        const std::string pieces[] = {"",         "{",    "[",  "\"",    "{\"a", "{\"a\"",
                                      "{\"a\":",  "[1 2", "[}", "{]",    "[,,]", "{,}",
                                      "{\"a\"1}", "[[[[", "\\", "[\"\\", "nul",  "[:"};
        for (const std::string& piece : pieces)
            for (const std::string path : {"$", "$.a", "$[0]", "$[3]", "$.a.b[1].c"})
                CPPUNIT_ASSERT_EQUAL_MESSAGE(piece, std::size_t(1), json::lineOf(piece, path));
        // Deep nesting costs no stack.
        CPPUNIT_ASSERT_EQUAL(std::size_t(1), json::lineOf(std::string(1'000'000, '['), "$[1]"));
    }

    void offsetsAreLines() {
        CPPUNIT_ASSERT_EQUAL(std::size_t(1), json::lineAt("a\nb\n", 0));
        CPPUNIT_ASSERT_EQUAL(std::size_t(2), json::lineAt("a\nb\n", 2));
        CPPUNIT_ASSERT_EQUAL(std::size_t(3), json::lineAt("a\nb\n", 99));
        CPPUNIT_ASSERT_EQUAL(std::size_t(1), json::lineAt("", 5));
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(JsonPlaceTest);
