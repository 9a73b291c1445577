// SPDX-License-Identifier: Apache-2.0
#include "storage/SqlTokens.h"

#include "Database.h"

#include <cppunit/extensions/HelperMacros.h>

#include <vector>

namespace dalate::storage {

class SqlTokensTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(SqlTokensTest);
    CPPUNIT_TEST(commentsAndQuotesAreSkippedWhole);
    CPPUNIT_TEST(numbersAreOneToken);
    CPPUNIT_TEST(scriptIsCutAtTopLevelSemicolons);
    CPPUNIT_TEST(triggerBodyStaysWhole);
    CPPUNIT_TEST(brokenTextsAreRefused);
    CPPUNIT_TEST_SUITE_END();

public:
    static std::string joined(std::string_view sql) {
        std::string text;
        for (const SqlToken& t : tokenize(sql))
            text.append(text.empty() ? "" : "|").append(t.text);
        return text;
    }

    void commentsAndQuotesAreSkippedWhole() {
        CPPUNIT_ASSERT_EQUAL(std::string("SELECT|'it''s -- no'|,|\"a\"\"b\"|,|[c d]|,|`e`|FROM|t"),
                             joined("SELECT 'it''s -- no', /* ' */ \"a\"\"b\", [c d], `e` -- ; '\nFROM t"));
        CPPUNIT_ASSERT_EQUAL(std::string("x'00ff'|表|:name|{scope:a_1}|;"),
                             joined("x'00ff' 表 :name {scope:a_1} ;"));
        CPPUNIT_ASSERT_EQUAL(std::string(":|a|-|>|>|b"), joined(": a ->> b"));
    }

    void numbersAreOneToken() {
        CPPUNIT_ASSERT_EQUAL(std::string("1|+|2.5e-3|+|0x1E|+|5|.5"), joined("1+2.5e-3+0x1E+5 .5"));
        CPPUNIT_ASSERT_EQUAL(std::string("a|.|b"), joined("a.b"));
    }

    void scriptIsCutAtTopLevelSemicolons() {
        const auto pieces = splitScript(
            "-- head\nCREATE TABLE a (b TEXT DEFAULT ';');\n;\n  /* x;y */ INSERT INTO a VALUES ('--;') \n");
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, pieces.size());
        CPPUNIT_ASSERT_EQUAL(std::string("CREATE TABLE a (b TEXT DEFAULT ';')"), std::string(pieces[0]));
        CPPUNIT_ASSERT_EQUAL(std::string("INSERT INTO a VALUES ('--;')"), std::string(pieces[1]));
        CPPUNIT_ASSERT(splitScript(" -- nothing\n;;").empty());
    }

    void triggerBodyStaysWhole() {
        const auto pieces = splitScript(
            "CREATE TEMP TRIGGER t AFTER INSERT ON a BEGIN\n UPDATE a SET b = CASE WHEN 1 THEN 2 END;\n"
            " DELETE FROM c; END; DROP TRIGGER t; CREATE TABLE x (y)");
        CPPUNIT_ASSERT_EQUAL(std::size_t{3}, pieces.size());
        CPPUNIT_ASSERT(pieces[0].substr(pieces[0].size() - 3) == "END");
        CPPUNIT_ASSERT_EQUAL(std::string("DROP TRIGGER t"), std::string(pieces[1]));
    }

    void brokenTextsAreRefused() {
        for (const std::string_view sql :
             {"SELECT 'a", "SELECT \"a", "SELECT [a", "SELECT `a", "SELECT /* a", "SELECT ?", "SELECT {a}",
              "{scope:}", "{scope:a", "{scope:a b}", "{scope:1a}", ":a(", ":a::b", "x'00"})
            CPPUNIT_ASSERT_MESSAGE(std::string(sql),
                                   StorageError::Kind::refused == caught([&] { tokenize(sql); }).kind());
        CPPUNIT_ASSERT(StorageError::Kind::refused ==
                       caught([] { tokenize(std::string_view("a\0b", 3)); }).kind());
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(SqlTokensTest);

} // namespace dalate::storage
