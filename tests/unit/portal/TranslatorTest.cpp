// SPDX-License-Identifier: Apache-2.0
#include "Workshop.h"

#include <cppunit/extensions/HelperMacros.h>

using namespace dalate;
using namespace dalate::portal;
using dalate::portal::test::Workshop;

class TranslatorTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(TranslatorTest);
    CPPUNIT_TEST(valuesFillPlaceholdersUnescaped);
    CPPUNIT_TEST(everyPlaceholderIsFilledWhereItStands);
    CPPUNIT_TEST(missingTextsFallBack);
    CPPUNIT_TEST(faultyFilesAreRefused);
    CPPUNIT_TEST(gapsAreListed);
    CPPUNIT_TEST(theBrowsersLanguageIsUnderstood);
    CPPUNIT_TEST_SUITE_END();

    Workshop shop_;

    Translator load(Problems& problems) { return Translator().with("core", shop_.root() / "i18n", problems); }
    std::string faults() {
        Problems problems;
        load(problems);
        std::string all;
        for (const Problem& problem : problems)
            all += problem.text() + "\n";
        return all;
    }

public:
    void valuesFillPlaceholdersUnescaped() {
        Problems problems;
        const Translator texts = load(problems);
        const Value values = Value::map([](MapWriter& m) { m.set("who", "{who}<b>").set("other", 1); });
        CPPUNIT_ASSERT_EQUAL(std::string("Hello, {who}<b>"), texts.tr("en", "core.hello", values));
        CPPUNIT_ASSERT_EQUAL(std::string("Hello, "), texts.tr("en", "core.hello"));
        CPPUNIT_ASSERT_EQUAL(std::string("<b>\"'&"), texts.tr("en", "core.odd", values));
    }

    void everyPlaceholderIsFilledWhereItStands() {
        shop_.write("i18n/zh-CN.json", R"({"core.a": "{n}{n}", "core.b": "x{s}y{n}", "core.c": "{s}"})");
        shop_.write("i18n/en.json", R"({"core.a": "{n}", "core.b": "{s} of {n}.", "core.c": "none"})");
        Problems problems;
        const Translator texts = load(problems);
        CPPUNIT_ASSERT(problems.empty());
        const Value values = Value::map([](MapWriter& m) {
            m.set("n", -7).set("s", "一").set("other", true);
            m.number("d", "1.50");
        });
        CPPUNIT_ASSERT_EQUAL(std::string("-7-7"), texts.tr("zh-CN", "core.a", values));
        CPPUNIT_ASSERT_EQUAL(std::string("x一y-7"), texts.tr("zh-CN", "core.b", values));
        CPPUNIT_ASSERT_EQUAL(std::string("一 of -7."), texts.tr("en", "core.b", values));
        std::string said = "said: ";
        texts.append(said, "en", "core.c", values);
        texts.append(said, "mn-Mong", "core.c", {});
        CPPUNIT_ASSERT_EQUAL(std::string("said: none"), said);
        // A copy, and a set made from this one, have texts of their own to point into.
        Translator moved = texts.without("nobody");
        CPPUNIT_ASSERT_EQUAL(std::string("-7"), Translator(std::move(moved)).tr("en", "core.a", values));
    }

    void missingTextsFallBack() {
        shop_.write("i18n/mn-Mong.json", R"({"_meta": {"reviewed": "no"}, "core.name": "ᠨᠡᠷᠡ"})");
        Problems problems;
        const Translator texts = load(problems);
        CPPUNIT_ASSERT(problems.empty());
        CPPUNIT_ASSERT_EQUAL(std::string("ᠨᠡᠷᠡ"), texts.tr("mn-Mong", "core.name"));
        CPPUNIT_ASSERT_EQUAL(
            std::string("你好，x"),
            texts.tr("mn-Mong", "core.hello", Value::map([](MapWriter& m) { m.set("who", "x"); })));
        CPPUNIT_ASSERT_EQUAL(std::string("core.none"), texts.tr("en", "core.none"));
        CPPUNIT_ASSERT_EQUAL(std::string("no"), texts.reviewed("core", "mn-Mong"));
        CPPUNIT_ASSERT(texts.find("en", "") == nullptr);
    }

    void faultyFilesAreRefused() {
        shop_.write("i18n/en.json", R"({"core.name": "a", "core.name": "b"})");
        CPPUNIT_ASSERT(faults().find("not JSON (core.json.duplicate_key)") != std::string::npos);
        shop_.write("i18n/en.json", R"(["core.name"])");
        CPPUNIT_ASSERT(faults().find("no JSON object") != std::string::npos);
        shop_.write(
            "i18n/en.json",
            R"({"core.name": 1, "core.hello": "Hello {who", "core.odd": "{{x}}", "other.name": "x"})");
        const std::string all = faults();
        for (const char* part :
             {"the text of core.name is no text", "the text of core.hello is no text, or has a brace",
              "the text of core.odd is no text, or has a brace", "other.name does not begin with core."})
            CPPUNIT_ASSERT_MESSAGE(all, all.find(part) != std::string::npos);
        shop_.write("i18n/en.json",
                    R"({"core.name": "Name {x}", "core.hello": "Hello", "core.odd": "o", "core.more": "m"})");
        const std::string more = faults();
        CPPUNIT_ASSERT_MESSAGE(more, more.find("names {x}, which zh-CN does not") != std::string::npos);
        CPPUNIT_ASSERT_MESSAGE(more,
                               more.find("zh-CN.json: there is no text for core.more") != std::string::npos);
    }

    void gapsAreListed() {
        shop_.write("i18n/en.json", R"({"core.name": "Name"})");
        Problems problems;
        const Translator texts = load(problems);
        const std::vector<std::string> gaps{"core.hello", "core.odd"};
        CPPUNIT_ASSERT(gaps == texts.missing("core", "en"));
        CPPUNIT_ASSERT_EQUAL(std::size_t(2), problems.size());
        CPPUNIT_ASSERT_EQUAL(std::size_t(3), texts.missing("core", "mn-Mong").size());
    }

    void theBrowsersLanguageIsUnderstood() {
        const std::pair<const char*, const char*> table[]{{"", "zh-CN"},
                                                          {"en-GB,en;q=0.8", "en"},
                                                          {"zh-TW;q=0.9,en;q=0.8", "zh-CN"},
                                                          {"de, fr;q=0.9", "zh-CN"},
                                                          {"mn", "zh-CN"},
                                                          {"mn-Mong", "mn-Mong"},
                                                          {"en;q=0", "zh-CN"},
                                                          {"en;q=0.5, zh;q=0.7", "zh-CN"},
                                                          {";;,,q=", "zh-CN"},
                                                          {"en;q=1.0", "en"}};
        for (const auto& [field, language] : table)
            CPPUNIT_ASSERT_EQUAL_MESSAGE(field, std::string(language), std::string(preferredLanguage(field)));
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(TranslatorTest);
