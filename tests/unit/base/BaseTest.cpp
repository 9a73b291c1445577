// SPDX-License-Identifier: Apache-2.0
#include "base/Clock.h"
#include "base/Ids.h"
#include "base/Json.h"
#include "base/Log.h"
#include "base/Sha256.h"
#include "base/Utf8.h"

#include <cppunit/extensions/HelperMacros.h>

#include <algorithm>
#include <cstdlib>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include <unistd.h>

namespace dalate {

class BaseTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(BaseTest);
    CPPUNIT_TEST(timesAreWrittenInUtc);
    CPPUNIT_TEST(timesBefore1970AreWrittenToo);
    CPPUNIT_TEST(localMinuteIsAFixedOffset);
    CPPUNIT_TEST(idsAreUniqueAndGrow);
    CPPUNIT_TEST(idsOfThreadsDiffer);
    CPPUNIT_TEST(nodeStandsInTheId);
    CPPUNIT_TEST(randomHexIsHexAndRandom);
    CPPUNIT_TEST(utf8IsJudgedByTheTable);
    CPPUNIT_TEST(utf8InALongTextIsJudgedAsAlone);
    CPPUNIT_TEST(aTextIsClippedBetweenCharacters);
    CPPUNIT_TEST(sha256IsTheStandards);
    CPPUNIT_TEST(logLineIsOneLine);
    CPPUNIT_TEST(jsonLogLineIsOneDocument);
    CPPUNIT_TEST(logBelowTheLevelIsSilent);
    CPPUNIT_TEST(errorCarriesStatusIdAndDetails);
    CPPUNIT_TEST_SUITE_END();

    /// What is written to standard error meanwhile.
    template <class F>
    static std::string logged(F&& call) {
        char name[] = "/tmp/dalate-log-XXXXXX";
        const int file = mkstemp(name);
        const int before = dup(STDERR_FILENO);
        dup2(file, STDERR_FILENO);
        call();
        dup2(before, STDERR_FILENO);
        std::string text(static_cast<std::size_t>(lseek(file, 0, SEEK_END)), '\0');
        CPPUNIT_ASSERT(pread(file, text.data(), text.size(), 0) == static_cast<ssize_t>(text.size()));
        close(file);
        close(before);
        unlink(name);
        return text;
    }

public:
    void tearDown() override {
        setIdNode(0);
        log::configure(log::Form::text, log::Level::info);
    }

    void timesAreWrittenInUtc() {
        CPPUNIT_ASSERT_EQUAL(std::string("1970-01-01T00:00:00.000Z"), toRfc3339(0));
        CPPUNIT_ASSERT_EQUAL(std::string("2024-02-29T23:59:59.999Z"), toRfc3339(1'709'251'199'999'999));
        CPPUNIT_ASSERT(now() > 1'700'000'000'000'000 && steadyNow() > 0);
    }

    void timesBefore1970AreWrittenToo() {
        CPPUNIT_ASSERT_EQUAL(std::string("1969-12-31T23:59:59.999Z"), toRfc3339(-1000));
    }

    void localMinuteIsAFixedOffset() {
        CPPUNIT_ASSERT_EQUAL(std::string("2024-03-01 07:59"), toLocalMinute(1'709'251'199'999'999, 480));
        CPPUNIT_ASSERT_EQUAL(std::string("2024-02-29 23:29"), toLocalMinute(1'709'251'199'999'999, -30));
    }

    void idsAreUniqueAndGrow() {
        std::int64_t before = 0;
        for (int i = 0; i < 200'000; ++i) { // more than a millisecond's sequence holds
            const std::int64_t id = newId();
            CPPUNIT_ASSERT(id > before);
            before = id;
        }
    }

    void idsOfThreadsDiffer() {
        std::vector<std::vector<std::int64_t>> made(4);
        std::vector<std::thread> threads;
        for (auto& list : made)
            threads.emplace_back([&list] {
                for (int i = 0; i < 20'000; ++i)
                    list.push_back(newId());
            });
        for (std::thread& t : threads)
            t.join();
        std::set<std::int64_t> all;
        for (const auto& list : made)
            all.insert(list.begin(), list.end());
        CPPUNIT_ASSERT_EQUAL(std::size_t{80'000}, all.size());
    }

    void nodeStandsInTheId() {
        setIdNode(63);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{63}, newId() >> 16 & 63);
        CPPUNIT_ASSERT_THROW(setIdNode(64), std::out_of_range);
    }

    void randomHexIsHexAndRandom() {
        const std::string a = randomHex(32);
        CPPUNIT_ASSERT_EQUAL(std::size_t{64}, a.size());
        CPPUNIT_ASSERT(a.find_first_not_of("0123456789abcdef") == std::string::npos);
        CPPUNIT_ASSERT(a != randomHex(32));
        CPPUNIT_ASSERT(randomHex(0).empty());
    }

    void utf8InALongTextIsJudgedAsAlone() {
        for (int lead = 0x80; lead < 0x100; ++lead)
            for (int second = 0x70; second <= 0xd0; ++second)
                for (const int third : {0x00, 0x7f, 0x80, 0xbf, 0xc0}) {
                    const char octets[] = {static_cast<char>(lead), static_cast<char>(second),
                                           static_cast<char>(third)};
                    for (const std::size_t length : {std::size_t{1}, std::size_t{2}, std::size_t{3}}) {
                        const std::string text = "中文 and ASCII 中" + std::string(octets, length);
                        const std::size_t start = text.size() - length;
                        std::size_t at = start, step = 0;
                        while (at < text.size() && (step = utf8Sequence(text, at)) > 0)
                            at += step;
                        const std::size_t expected = at == text.size() ? std::string_view::npos : at;
                        CPPUNIT_ASSERT_EQUAL(expected, findInvalidUtf8(text));
                    }
                }
    }

    void utf8IsJudgedByTheTable() {
        for (const char* good :
             {"", "plain ascii text", "é", "中", "\xed\x9f\xbf", "\xee\x80\x80", "\xf0\x90\x80\x80",
              "\xf4\x8f\xbf\xbf", "eight bytes, then 中文 and more than eight bytes"})
            CPPUNIT_ASSERT_MESSAGE(good, findInvalidUtf8(good) == std::string_view::npos);
        for (const char* bad :
             {"\x80", "\xbf", "\xc0\x80", "\xc1\xbf", "\xc2", "\xc2\x41", "\xe0\x9f\xbf", "\xe4\xb8",
              "\xed\xa0\x80", "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xff"}) {
            CPPUNIT_ASSERT_EQUAL_MESSAGE(bad, std::size_t{0}, findInvalidUtf8(bad));
            CPPUNIT_ASSERT_EQUAL(std::size_t{12}, findInvalidUtf8(std::string("twelve bytes") + bad));
        }
    }

    void aTextIsClippedBetweenCharacters() {
        const std::string text = "a达拉特旗";
        CPPUNIT_ASSERT_EQUAL(std::string_view(text), clipped(text, text.size()));
        CPPUNIT_ASSERT_EQUAL(std::string_view("a达拉特"), clipped(text, text.size() - 1));
        CPPUNIT_ASSERT_EQUAL(std::string_view("a达"), clipped(text, 6));
        CPPUNIT_ASSERT_EQUAL(std::string_view("a达"), clipped(text, 4));
        CPPUNIT_ASSERT_EQUAL(std::string_view("a"), clipped(text, 3));
        CPPUNIT_ASSERT_EQUAL(std::string_view(), clipped("达", 2));
        CPPUNIT_ASSERT_EQUAL(std::string_view(), clipped(text, 0));
    }

    void sha256IsTheStandards() {
        // FIPS 180-2, B.1 and B.2.
        CPPUNIT_ASSERT_EQUAL(std::string("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
                             sha256Hex("abc"));
        Sha256 pieces;
        pieces.add("abcdbcdecdefdefgefghfghighij");
        pieces.add("");
        pieces.add("hijkijkljklmklmnlmnomnopnopq");
        CPPUNIT_ASSERT_EQUAL(std::string("248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"),
                             pieces.hex());
    }

    void logLineIsOneLine() {
        for (const std::string hostile :
             {"a\nb", "a\r\n2026 error core.fake", "\x1b[2J", "\u0085", "中\n", "\xff\n", "a\0b"}) {
            const std::string text = logged([&] {
                const log::RequestScope scope("r-1");
                log::warning("core.test",
                             Value::map([&](MapWriter& m) { m.set("user", hostile).set("n", 3); }));
            });
            CPPUNIT_ASSERT_EQUAL(std::ptrdiff_t{1}, std::count(text.begin(), text.end(), '\n'));
            CPPUNIT_ASSERT_EQUAL('\n', text.back());
            CPPUNIT_ASSERT(text.find('\r') == std::string::npos && text.find('\x1b') == std::string::npos);
            CPPUNIT_ASSERT(text.find(" warning core.test request=r-1 user=\"") != std::string::npos);
            CPPUNIT_ASSERT(text.find(" n=3\n") != std::string::npos);
        }
        CPPUNIT_ASSERT(logged([] { log::info("core.test"); }).find("request=") == std::string::npos);
    }

    void jsonLogLineIsOneDocument() {
        log::configure(log::Form::json, log::Level::info);
        const std::string text = logged([] {
            const log::RequestScope scope("r\n2");
            log::error("core.test", Value::map([](MapWriter& m) { m.set("what", "a\nb\"\\"); }));
        });
        CPPUNIT_ASSERT_EQUAL(std::ptrdiff_t{1}, std::count(text.begin(), text.end(), '\n'));
        const auto line = json::parse(text);
        CPPUNIT_ASSERT(line);
        CPPUNIT_ASSERT_EQUAL(std::string("error"), std::string((*line)["level"].text()));
        CPPUNIT_ASSERT_EQUAL(std::string("r\n2"), std::string((*line)["request"].text()));
        CPPUNIT_ASSERT_EQUAL(std::string("a\nb\"\\"), std::string((*line)["fields"]["what"].text()));
    }

    void logBelowTheLevelIsSilent() {
        log::configure(log::Form::text, log::Level::error);
        CPPUNIT_ASSERT(logged([] { log::warning("core.test"); }).empty());
        CPPUNIT_ASSERT(!logged([] { log::error("core.test"); }).empty());
    }

    void errorCarriesStatusIdAndDetails() {
        const Result<int> refused =
            Error(404, "core.nothing", Value::map([](MapWriter& m) { m.set("name", "x"); }));
        CPPUNIT_ASSERT(!refused);
        CPPUNIT_ASSERT_EQUAL(404, refused.error().status());
        CPPUNIT_ASSERT_EQUAL(std::string("core.nothing"), std::string(refused.error().what()));
        CPPUNIT_ASSERT_EQUAL(std::string("x"), std::string(refused.error().details()["name"].text()));
        CPPUNIT_ASSERT_THROW(Result<int>(refused).take(), Error);
        CPPUNIT_ASSERT_EQUAL(5, Result<int>(5).take());
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(BaseTest);

} // namespace dalate
