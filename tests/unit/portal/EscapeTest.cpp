// SPDX-License-Identifier: Apache-2.0
// Text is looked at sixteen octets at a time: what must not pass is found wherever it stands.
#include "portal/Escape.h"

#include <cppunit/extensions/HelperMacros.h>

#include <string>
#include <utility>
#include <vector>

using namespace dalate::portal;

class EscapeTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(EscapeTest);
    CPPUNIT_TEST(whatHasAnEntityIsReplacedAtEveryPlace);
    CPPUNIT_TEST(everyOctetIsJudgedTheSameInAnyPlace);
    CPPUNIT_TEST(anAddressIsRefusedForOneOctetAtAnyPlace);
    CPPUNIT_TEST_SUITE_END();

    static std::string escaped(const std::string& text) {
        std::string out = "before ";
        escapeHtml(text, out);
        return out.substr(7);
    }

public:
    void whatHasAnEntityIsReplacedAtEveryPlace() {
        const std::string replacement = "\xEF\xBF\xBD";
        const std::vector<std::pair<char, std::string>> table{
            {'&', "&amp;"},        {'<', "&lt;"},        {'>', "&gt;"},
            {'"', "&quot;"},       {'\'', "&apos;"},     {'\x01', replacement},
            {'\x1f', replacement}, {'\x7f', replacement}, {'\0', replacement}};
        for (std::size_t length = 1; length <= 50; ++length)
            for (std::size_t at = 0; at < length; ++at)
                for (const auto& [octet, entity] : table) {
                    std::string text(length, 'x');
                    text[at] = octet;
                    CPPUNIT_ASSERT_EQUAL(std::string(at, 'x') + entity + std::string(length - at - 1, 'x'),
                                         escaped(text));
                }
        CPPUNIT_ASSERT_EQUAL(std::string("内蒙古自治区 鄂尔多斯市 达拉特旗\n\t\r\\"),
                             escaped("内蒙古自治区 鄂尔多斯市 达拉特旗\n\t\r\\"));
        CPPUNIT_ASSERT_EQUAL(std::string(), escaped(""));
    }

    void everyOctetIsJudgedTheSameInAnyPlace() {
        for (int octet = 0; octet < 256; ++octet) {
            const std::string alone = escaped(std::string(1, static_cast<char>(octet)));
            std::string text(48, 'y');
            text[20] = static_cast<char>(octet);
            CPPUNIT_ASSERT_EQUAL(std::string(20, 'y') + alone + std::string(27, 'y'), escaped(text));
        }
    }

    void anAddressIsRefusedForOneOctetAtAnyPlace() {
        for (std::size_t length = 2; length <= 50; ++length) {
            const std::string safe = "/" + std::string(length - 1, 'z');
            CPPUNIT_ASSERT(isSafeUrl(safe, ""));
            for (std::size_t at = 1; at < length; ++at)
                for (int octet = 0; octet < 256; ++octet) {
                    std::string url = safe;
                    url[at] = static_cast<char>(octet);
                    // Two slashes at the start name another host.
                    const bool allowed =
                        octet >= 0x20 && octet != 0x7f && octet != '\\' && !(at == 1 && octet == '/');
                    CPPUNIT_ASSERT_EQUAL(allowed, isSafeUrl(url, ""));
                }
        }
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(EscapeTest);
