// SPDX-License-Identifier: Apache-2.0
#include "host/FlatCheck.h"
#include "base/Json.h"
#include "base/Result.h"

#include <cppunit/extensions/HelperMacros.h>

#include <random>
#include <string>

namespace {

using namespace dalate;

class FlatCheckTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(FlatCheckTest);
    CPPUNIT_TEST(whatTheWriterWritesIsSound);
    CPPUNIT_TEST(nothingIsNull);
    CPPUNIT_TEST(sizesMustFitExactly);
    CPPUNIT_TEST(tagsAndScalarsAreChecked);
    CPPUNIT_TEST(textsAreUtf8);
    CPPUNIT_TEST(depthIsLimited);
    CPPUNIT_TEST(damagedBytesNeverReadOutside);
    CPPUNIT_TEST_SUITE_END();

    static Value sample() {
        return Value::map([](MapWriter& m) {
            m.set("name", "麦子").set("count", 12).set("yes", true).set("nothing", nullptr);
            m.number("weight", "-12.50e+3").bytes("raw", std::string_view("\0\xff", 2));
            m.list("rows", [](ListWriter& l) {
                for (int i = 0; i < 3; ++i)
                    l.map([&](MapWriter& row) { row.set("id", i).set("text", "x"); });
                l.add("end");
            });
            m.map("empty", [](MapWriter&) {});
        });
    }
    static std::string reason(std::string_view bytes) {
        try {
            host::checkedValue({bytes.data(), bytes.size()});
            return {};
        } catch (const Error& error) {
            CPPUNIT_ASSERT_EQUAL(400, error.status());
            CPPUNIT_ASSERT_EQUAL(std::string("core.host.value"), error.id());
            return error.details()["reason"].asText();
        }
    }
    static std::string node(Tag tag, std::string_view payload, std::string_view key = {}) {
        std::string out;
        ValueWriter(out).scalar(key, tag, payload);
        return out;
    }

public:
    void whatTheWriterWritesIsSound() {
        CPPUNIT_ASSERT_EQUAL(std::string(), reason(sample().bytes()));
        CPPUNIT_ASSERT_EQUAL(std::string(), reason(sample()["rows"].raw()));
        CPPUNIT_ASSERT_EQUAL(std::string(), reason(Value::of(std::int64_t(-1)).bytes()));
        CPPUNIT_ASSERT_EQUAL(std::string(), reason(Value::list([](ListWriter&) {}).bytes()));
    }

    void nothingIsNull() {
        CPPUNIT_ASSERT(host::checkedValue({nullptr, 0}).isNull());
        CPPUNIT_ASSERT_THROW(host::checkedValue({nullptr, 8}), Error);
    }

    void sizesMustFitExactly() {
        const std::string whole = sample().bytes();
        CPPUNIT_ASSERT_EQUAL(std::string("size"),
                             reason(std::string_view(whole).substr(0, whole.size() - 1)));
        CPPUNIT_ASSERT_EQUAL(std::string("trailing bytes"), reason(whole + "x"));
        CPPUNIT_ASSERT_EQUAL(std::string("size"), reason("1234567"));
        CPPUNIT_ASSERT_EQUAL(std::string("size"), reason(node(Tag::list, "123")));
        // A child that claims more than its parent has.
        std::string child = node(Tag::text, "abc");
        child[0] = static_cast<char>(child.size() + 1);
        CPPUNIT_ASSERT_EQUAL(std::string("size"), reason(node(Tag::list, child)));
        // A key longer than its node.
        std::string key = node(Tag::text, "abc");
        key[4] = 100;
        CPPUNIT_ASSERT_EQUAL(std::string("size"), reason(key));
    }

    void tagsAndScalarsAreChecked() {
        std::string tagged = node(Tag::text, "abc");
        tagged[6] = 9;
        CPPUNIT_ASSERT_EQUAL(std::string("tag"), reason(tagged));
        tagged = node(Tag::text, "abc");
        tagged[7] = 1;
        CPPUNIT_ASSERT_EQUAL(std::string("tag"), reason(tagged));
        CPPUNIT_ASSERT_EQUAL(std::string("integer"), reason(node(Tag::integer, "1234")));
        CPPUNIT_ASSERT_EQUAL(std::string("payload"), reason(node(Tag::yes, "1")));
        CPPUNIT_ASSERT_EQUAL(std::string("key"), reason(node(Tag::list, node(Tag::yes, {}, "key"))));
        for (const char* number : {"", "-", "01", "1.", ".5", "1e", "NaN", "1 ", "+1", "0x1"})
            CPPUNIT_ASSERT_EQUAL_MESSAGE(number, std::string("number"), reason(node(Tag::number, number)));
        for (const char* number : {"0", "-0", "10", "1.50", "1e5", "1.5E-05"})
            CPPUNIT_ASSERT_EQUAL_MESSAGE(number, std::string(), reason(node(Tag::number, number)));
    }

    void textsAreUtf8() {
        CPPUNIT_ASSERT_EQUAL(std::string("encoding"), reason(node(Tag::text, "\xed\xa0\x80")));
        CPPUNIT_ASSERT_EQUAL(std::string("encoding"), reason(node(Tag::map, node(Tag::yes, {}, "\xff"))));
        CPPUNIT_ASSERT_EQUAL(std::string(), reason(node(Tag::bytes, "\xff\xff")));
    }

    void depthIsLimited() {
        const auto nested = [](std::size_t depth) {
            std::string bytes;
            ValueWriter w(bytes);
            std::vector<std::size_t> marks;
            for (std::size_t i = 0; i < depth; ++i)
                marks.push_back(w.open({}, Tag::list));
            for (; !marks.empty(); marks.pop_back())
                w.close(marks.back());
            return bytes;
        };
        CPPUNIT_ASSERT_EQUAL(std::string(), reason(nested(host::flatDepth)));
        CPPUNIT_ASSERT_EQUAL(std::string("depth"), reason(nested(host::flatDepth + 1)));
        CPPUNIT_ASSERT_EQUAL(std::string("depth"), reason(nested(100'000)));
    }

    void damagedBytesNeverReadOutside() {
        std::mt19937 random(20261123);
        const std::string sound = sample().bytes();
        int refused = 0;
        for (int i = 0; i < 20'000; ++i) {
            // A block of its own of exactly that size, so that a sanitizer sees the first byte read too far.
            std::vector<char> bytes(sound.begin(), sound.end());
            bytes.resize(bytes.size() - random() % 4 * (random() % 2));
            for (unsigned flips = 1 + random() % 4; flips > 0; --flips)
                bytes[random() % bytes.size()] = static_cast<char>(random());
            try {
                const ValueView checked = host::checkedValue({bytes.data(), bytes.size()});
                CPPUNIT_ASSERT(json::write(checked).size() < 10 * bytes.size() + 16);
            } catch (const Error&) {
                ++refused;
            }
        }
        CPPUNIT_ASSERT(refused > 5'000);
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(FlatCheckTest);

} // namespace
