// SPDX-License-Identifier: Apache-2.0
#include <dalate/value.hpp>

#include <cppunit/extensions/HelperMacros.h>

#include <limits>
#include <random>
#include <string>
#include <vector>

namespace dalate {

class ValueTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(ValueTest);
    CPPUNIT_TEST(treeReadsAsWritten);
    CPPUNIT_TEST(integersCoverTheirRange);
    CPPUNIT_TEST(textThatIsAWholeNumberReadsAsOne);
    CPPUNIT_TEST(truthIsWhatTemplatesAsk);
    CPPUNIT_TEST(missingMembersAreNull);
    CPPUNIT_TEST(copiedNodeLosesItsKey);
    CPPUNIT_TEST(brokenBytesNeverReadOutside);
    CPPUNIT_TEST(keyTooLongThrows);
    CPPUNIT_TEST_SUITE_END();

public:
    void treeReadsAsWritten() {
        const Value v = Value::map([](MapWriter& m) {
            m.set("name", "甲")
                .set("n", 7)
                .set("yes", true)
                .set("none", nullptr)
                .number("d", "12.50")
                .bytes("b", {"\0x", 2});
            m.list("rows", [](ListWriter& l) {
                l.add(1)
                    .add("two")
                    .map([](MapWriter& row) { row.set("k", "v"); })
                    .list([](ListWriter& inner) { inner.add(false); });
            });
            m.set("maybe", std::optional<int>()).set("", "empty key");
        });
        CPPUNIT_ASSERT_EQUAL(std::size_t{9}, v.view().size());
        CPPUNIT_ASSERT_EQUAL(std::string("甲"), std::string(v["name"].text()));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{7}, *v["n"].integer());
        CPPUNIT_ASSERT(v["yes"].tag() == Tag::yes && v["none"].isNull() && v.view().has("none"));
        CPPUNIT_ASSERT_EQUAL(std::string("12.50"), v["d"].asText());
        CPPUNIT_ASSERT(v["b"].text() == std::string_view("\0x", 2));
        CPPUNIT_ASSERT_EQUAL(std::size_t{4}, v["rows"].size());
        auto row = v["rows"].begin();
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, *(*row).integer());
        ++row;
        ++row;
        CPPUNIT_ASSERT_EQUAL(std::string("v"), std::string((*row)["k"].text()));
        CPPUNIT_ASSERT(v["maybe"].isNull());
        CPPUNIT_ASSERT_EQUAL(std::string("empty key"), std::string(v[""].text()));
    }

    void integersCoverTheirRange() {
        for (const std::int64_t n :
             {std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max(),
              std::int64_t{0}, std::int64_t{-1}, std::int64_t{255}, std::int64_t{1} << 40}) {
            CPPUNIT_ASSERT_EQUAL(n, *Value::of(n).view().integer());
            CPPUNIT_ASSERT_EQUAL(std::to_string(n), Value::of(n).view().asText());
        }
    }

    void textThatIsAWholeNumberReadsAsOne() {
        CPPUNIT_ASSERT_EQUAL(std::int64_t{-12}, *Value::of("-12").view().integer());
        for (const char* text : {"", "1.5", "12 ", "x", "9223372036854775808"})
            CPPUNIT_ASSERT_MESSAGE(text, !Value::of(text).view().integer());
    }

    void truthIsWhatTemplatesAsk() {
        for (const Value& no : {Value(), Value::of(false), Value::of(""), Value::list([](ListWriter&) {})})
            CPPUNIT_ASSERT(!no.view().truth());
        for (const Value& yes : {Value::of(true), Value::of("x"), Value::of(0), Value::map()})
            CPPUNIT_ASSERT(yes.view().truth());
    }

    void missingMembersAreNull() {
        CPPUNIT_ASSERT(Value::map()["x"].isNull() && !Value::map().view().has("x"));
        CPPUNIT_ASSERT(Value::of("text")["x"].isNull());
        CPPUNIT_ASSERT(Value::of(1).view().begin() == Value::of(1).view().end());
    }

    void copiedNodeLosesItsKey() {
        const Value outer =
            Value::map([](MapWriter& m) { m.map("inner", [](MapWriter& i) { i.set("a", 1); }); });
        const Value copy(outer["inner"]);
        CPPUNIT_ASSERT(copy.view().key().empty());
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, *copy["a"].integer());
    }

    /// Meant for the address sanitizer: every read stays inside the run of bytes.
    void brokenBytesNeverReadOutside() {
        const Value good = Value::map([](MapWriter& m) {
            m.set("a", 1).set("b", "text").list("c", [](ListWriter& l) {
                l.add(1).map([](MapWriter& i) { i.set("x", "y"); });
            });
        });
        std::mt19937 random(7);
        std::size_t seen = 0;
        const auto walk = [&](auto&& self, ValueView v, int depth) -> void {
            seen += v.asText().size() + v.key().size() + v.raw().size() + (v.truth() ? 1 : 0);
            if (depth < 20)
                for (const ValueView child : v)
                    self(self, child, depth + 1);
        };
        for (int i = 0; i < 20'000; ++i) {
            std::string bytes = good.bytes();
            for (int k = 0; k < 3; ++k)
                bytes[random() % bytes.size()] = static_cast<char>(random());
            bytes.resize(random() % (bytes.size() + 1));
            const std::vector<char> exact(bytes.begin(), bytes.end());
            walk(walk, ValueView(exact.data(), exact.size()), 0);
        }
        CPPUNIT_ASSERT(seen > 0);
    }

    void keyTooLongThrows() {
        CPPUNIT_ASSERT_THROW(Value::map([](MapWriter& m) { m.set(std::string(65536, 'k'), 1); }),
                             std::length_error);
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(ValueTest);

} // namespace dalate
