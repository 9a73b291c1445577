// SPDX-License-Identifier: Apache-2.0
#include "http/BodySpool.h"

#include <cppunit/extensions/HelperMacros.h>

#include <filesystem>
#include <string>
#include <system_error>
#include <unistd.h>

using namespace dalate::http;

class BodySpoolTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(BodySpoolTest);
    CPPUNIT_TEST(staysInMemoryUpToTheLimit);
    CPPUNIT_TEST(movesToAnUnlinkedFileAbove);
    CPPUNIT_TEST(givesItsQuotaBack);
    CPPUNIT_TEST(movesWithItsQuota);
    CPPUNIT_TEST(namesTheDirectoryThatFails);
    CPPUNIT_TEST_SUITE_END();

public:
    void setUp() override {
        directory_ = std::filesystem::temp_directory_path() / ("spool-test-" + std::to_string(::getpid()));
        std::filesystem::create_directory(directory_);
    }
    void tearDown() override { std::filesystem::remove_all(directory_); }

    void staysInMemoryUpToTheLimit() {
        SpoolSpace space(directory_, 1000, used_);
        BodySpool spool(space, 10);
        spool.append("0123456789");
        CPPUNIT_ASSERT(!spool.file());
        CPPUNIT_ASSERT_EQUAL(std::string_view("0123456789"), spool.bytes());
    }

    void movesToAnUnlinkedFileAbove() {
        SpoolSpace space(directory_, 1000, used_);
        BodySpool spool(space, 10);
        spool.append("0123456789");
        spool.append("a");
        CPPUNIT_ASSERT(spool.file());
        CPPUNIT_ASSERT_EQUAL(std::string_view("0123456789a"), spool.bytes());
        spool.append("bc");
        CPPUNIT_ASSERT_EQUAL(std::string_view("0123456789abc"), spool.bytes());
        CPPUNIT_ASSERT(std::filesystem::is_empty(directory_));
    }

    void givesItsQuotaBack() {
        SpoolSpace space(directory_, 20, used_);
        {
            BodySpool spool(space, 10);
            spool.append("0123456789abcde");
            BodySpool second(space, 10);
            CPPUNIT_ASSERT_THROW(second.append("123456"), SpoolFull);
            second.append("12345");
            CPPUNIT_ASSERT_EQUAL(std::int64_t(20), used_.load());
            spool.clear();
            second.append("6");
        }
        CPPUNIT_ASSERT_EQUAL(std::int64_t(0), used_.load());
    }

    void movesWithItsQuota() {
        SpoolSpace space(directory_, 100, used_);
        {
            BodySpool spool(space, 4);
            spool.append("12345");
            BodySpool moved(std::move(spool));
            BodySpool third(space, 4);
            third.append("x");
            third = std::move(moved);
            CPPUNIT_ASSERT_EQUAL(std::string_view("12345"), third.bytes());
            CPPUNIT_ASSERT_EQUAL(std::int64_t(5), used_.load());
        }
        CPPUNIT_ASSERT_EQUAL(std::int64_t(0), used_.load());
    }

    void namesTheDirectoryThatFails() {
        SpoolSpace space("/nonexistent/spool", 100, used_);
        BodySpool spool(space, 4);
        try {
            spool.append("12345");
            CPPUNIT_FAIL("a spool without a directory took bytes");
        } catch (const std::system_error& error) {
            CPPUNIT_ASSERT(std::string(error.what()).find("/nonexistent/spool") != std::string::npos);
        }
    }

private:
    std::filesystem::path directory_;
    std::atomic<std::int64_t> used_{0};
};

CPPUNIT_TEST_SUITE_REGISTRATION(BodySpoolTest);
