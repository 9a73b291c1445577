// SPDX-License-Identifier: Apache-2.0
#include "Things.h"

#include <cppunit/extensions/HelperMacros.h>

#include <limits>

namespace dalate::storage {

class ValuesTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(ValuesTest);
    CPPUNIT_TEST(everyTypeComesBackAsItWas);
    CPPUNIT_TEST(wholeInt64RangeComesBack);
    CPPUNIT_TEST(parameterMayChangeItsType);
    CPPUNIT_TEST(nullTextAndEmptyTextDiffer);
    CPPUNIT_TEST(colonInTextAndCommentIsNoParameter);
    CPPUNIT_TEST(parametersAreBoundByName);
    CPPUNIT_TEST(wrongParametersAreNamed);
    CPPUNIT_TEST(cellsConvertOrRefuse);
    CPPUNIT_TEST(rowsKnowTheirColumns);
    CPPUNIT_TEST_SUITE_END();

    Things db_;

public:
    void everyTypeComesBackAsItWas() {
        const std::string bytes("\0\xff'\"x\0", 6);
        const std::string text("中文\0 and after", 16);
        const auto lease = db_.pool->lease();
        Tx tx(*lease, Tx::Mode::write);
        auto rows = tx.query("SELECT :i, :r, :t, :b, :n, :e, :f", {{"i", 42},
                                                                   {"r", 0.1},
                                                                   {"t", text},
                                                                   {"b", Cell::blob(bytes)},
                                                                   {"n", nullptr},
                                                                   {"e", Cell::blob("")},
                                                                   {"f", true}});
        CPPUNIT_ASSERT(rows.next());
        CPPUNIT_ASSERT(rows.cell(0).tag == Cell::Tag::integer && rows.integer(0) == 42);
        CPPUNIT_ASSERT(rows.cell(1).tag == Cell::Tag::real && rows.real(1) == 0.1);
        CPPUNIT_ASSERT(rows.cell(2).tag == Cell::Tag::text && rows.text(2) == text);
        CPPUNIT_ASSERT(rows.cell(3).tag == Cell::Tag::blob && rows.text(3) == bytes);
        CPPUNIT_ASSERT(rows.isNull(4) && rows.text(4).empty());
        CPPUNIT_ASSERT(rows.cell(5).tag == Cell::Tag::blob && rows.text(5).empty());
        CPPUNIT_ASSERT(rows.flag(6));
        CPPUNIT_ASSERT(!rows.next());
        CPPUNIT_ASSERT(!rows.next());
    }

    void wholeInt64RangeComesBack() {
        const auto lease = db_.pool->lease();
        Tx tx(*lease, Tx::Mode::write);
        for (const std::int64_t n :
             {std::int64_t{3'000'000'000}, std::numeric_limits<std::int64_t>::max(),
              std::numeric_limits<std::int64_t>::min(), std::int64_t{0}, std::int64_t{-1}}) {
            tx.exec("UPDATE thing SET note = :n WHERE id = 1", {{"n", n}});
            auto rows = tx.query("SELECT note FROM thing WHERE id = 1");
            rows.next();
            CPPUNIT_ASSERT_EQUAL(n, rows.integer(0));
        }
    }

    void parameterMayChangeItsType() {
        const auto lease = db_.pool->lease();
        Tx tx(*lease, Tx::Mode::write);
        const auto type = [&](const Cell& value) {
            auto rows = tx.query("SELECT typeof(:v), :v", {{"v", value}});
            rows.next();
            return std::string(rows.text(0)) + "=" + std::string(rows.text(1));
        };
        CPPUNIT_ASSERT_EQUAL(std::string("null="), type(nullptr));
        CPPUNIT_ASSERT_EQUAL(std::string("integer=7"), type(7));
        CPPUNIT_ASSERT_EQUAL(std::string("text=seven"), type("seven"));
        CPPUNIT_ASSERT_EQUAL(std::string("blob=7"), type(Cell::blob("7")));
        CPPUNIT_ASSERT_EQUAL(std::string("blob=longer"), type(Cell::blob("longer")));
        CPPUNIT_ASSERT_EQUAL(std::string("blob=x"), type(Cell::blob("x")));
        CPPUNIT_ASSERT_EQUAL(std::string("null="), type(nullptr));
        CPPUNIT_ASSERT_EQUAL(std::string("real=0.5"), type(0.5));
        CPPUNIT_ASSERT_EQUAL(std::string("text="), type(""));
    }

    void nullTextAndEmptyTextDiffer() {
        const auto lease = db_.pool->lease();
        Tx tx(*lease, Tx::Mode::write);
        auto rows = tx.query(
            "SELECT :a IS NULL, :b IS NULL, :c IS NULL",
            {{"a", std::string_view()}, {"b", std::optional<std::string>()}, {"c", std::optional<int>(0)}});
        rows.next();
        CPPUNIT_ASSERT(!rows.flag(0) && rows.flag(1) && !rows.flag(2));
    }

    void colonInTextAndCommentIsNoParameter() {
        const auto lease = db_.pool->lease();
        Tx tx(*lease, Tx::Mode::read);
        auto rows = tx.query(
            "SELECT ':a', '12:30', '{scope:x}', -- :b it's\n :c /* :d ' */, \"name\" FROM thing WHERE id = 1",
            {{"c", 5}});
        CPPUNIT_ASSERT(rows.next());
        CPPUNIT_ASSERT_EQUAL(std::string(":a"), std::string(rows.text(0)));
        CPPUNIT_ASSERT_EQUAL(std::string("12:30"), std::string(rows.text(1)));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{5}, rows.integer(3));
        CPPUNIT_ASSERT_EQUAL(std::string("one"), std::string(rows.text(4)));
    }

    void parametersAreBoundByName() {
        const auto lease = db_.pool->lease();
        Tx tx(*lease, Tx::Mode::read);
        for (int round = 0; round < 2; ++round) {
            auto rows = tx.query("SELECT :second, :first, :second", {{"first", 1}, {"second", 2}});
            rows.next();
            CPPUNIT_ASSERT_EQUAL(std::int64_t{2}, rows.integer(0));
            CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, rows.integer(1));
            CPPUNIT_ASSERT_EQUAL(std::int64_t{2}, rows.integer(2));
        }
    }

    void wrongParametersAreNamed() {
        const auto lease = db_.pool->lease();
        Tx tx(*lease, Tx::Mode::read);
        const auto named = [&](std::initializer_list<Param> params) {
            try {
                tx.query("SELECT :a, :b", params);
            } catch (const Error& error) {
                CPPUNIT_ASSERT_EQUAL(std::string("core.storage.parameter"), error.id());
                return std::string(error.details()["name"].text());
            }
            return std::string("accepted");
        };
        CPPUNIT_ASSERT_EQUAL(std::string("b"), named({{"a", 1}}));
        CPPUNIT_ASSERT_EQUAL(std::string("c"), named({{"a", 1}, {"b", 2}, {"c", 3}}));
        CPPUNIT_ASSERT_EQUAL(std::string("b"), named({{"a", 1}, {"c", 3}}));
        CPPUNIT_ASSERT_EQUAL(std::string("a"), named({{"a", 1}, {"b", 2}, {"a", 3}}));
        CPPUNIT_ASSERT_EQUAL(std::string("accepted"), named({{"b", 1}, {"a", 1}}));
        for (const char* sql :
             {"SELECT ?", "SELECT ?1", "SELECT $a", "SELECT @a", "SELECT :a(x)", "SELECT :a::b"})
            CPPUNIT_ASSERT(StorageError::Kind::refused == caught([&] { tx.query(sql, {{"a", 1}}); }).kind());
    }

    void cellsConvertOrRefuse() {
        const auto lease = db_.pool->lease();
        Tx tx(*lease, Tx::Mode::read);
        auto rows = tx.query("SELECT '12', 12.0, 12.5, 'x12', NULL, 9e18, 1e19, 7, '2.5'");
        rows.next();
        CPPUNIT_ASSERT_EQUAL(std::int64_t{12}, rows.integer(0));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{12}, rows.integer(1));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{9'000'000'000'000'000'000}, rows.integer(5));
        for (const std::size_t column : {2u, 3u, 4u, 6u})
            CPPUNIT_ASSERT_EQUAL(std::string("core.storage.type"), caughtId([&] { rows.integer(column); }));
        CPPUNIT_ASSERT_EQUAL(std::string("7"), std::string(rows.text(7)));
        CPPUNIT_ASSERT_EQUAL(std::string("12.5"), std::string(rows.text(2)));
        CPPUNIT_ASSERT_EQUAL(2.5, rows.real(8));
        CPPUNIT_ASSERT(!rows.maybeInteger(4) && *rows.maybeInteger(7) == 7);
        CPPUNIT_ASSERT(!rows.maybeText(4) && *rows.maybeText(3) == "x12");
    }

    void rowsKnowTheirColumns() {
        const auto lease = db_.pool->lease();
        Tx tx(*lease, Tx::Mode::read);
        auto rows = tx.query("SELECT id, name AS title FROM thing ORDER BY id");
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, rows.columns());
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, rows.column("title"));
        CPPUNIT_ASSERT_EQUAL(std::string("core.storage.column"), caughtId([&] { rows.column("name"); }));
        CPPUNIT_ASSERT_EQUAL(std::string("core.storage.column"),
                             caughtId([&] { rows.integer(0); })); // before next()
        int count = 0;
        while (rows.next())
            CPPUNIT_ASSERT_EQUAL(std::int64_t{++count}, rows.integer(0));
        CPPUNIT_ASSERT_EQUAL(3, count);
        CPPUNIT_ASSERT_EQUAL(std::string("core.storage.column"),
                             caughtId([&] { rows.integer(0); })); // after the last
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(ValuesTest);

} // namespace dalate::storage
