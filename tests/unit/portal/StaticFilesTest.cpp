// SPDX-License-Identifier: Apache-2.0
#include "Workshop.h"

#include "portal/StaticFiles.h"

#include <Poco/InflatingStream.h>

#include <cppunit/extensions/HelperMacros.h>

#include <iterator>
#include <sstream>

using namespace dalate::portal;
using dalate::portal::test::Workshop;

class StaticFilesTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(StaticFilesTest);
    CPPUNIT_TEST(addressesCarryTheContentsHash);
    CPPUNIT_TEST(aBrowserThatHasTheFileGets304);
    CPPUNIT_TEST(compressedFormIsSentWhereItIsWelcome);
    CPPUNIT_TEST(namesWithoutOrWithAnOldHashRedirect);
    CPPUNIT_TEST(nothingOutsideTheFolderIsServed);
    CPPUNIT_TEST_SUITE_END();

    Workshop shop_;

    StaticFiles load() {
        Problems problems;
        auto files = StaticFiles().with("", shop_.root() / "static", problems);
        CPPUNIT_ASSERT(problems.empty());
        return files;
    }

public:
    void addressesCarryTheContentsHash() {
        const std::string before = *load().href("portal.css");
        CPPUNIT_ASSERT(before.starts_with("/static/portal.") && before.ends_with(".css") &&
                       before.size() == 27);
        const StaticReply reply = load().answer(before, "", "");
        CPPUNIT_ASSERT_EQUAL(200, reply.status);
        CPPUNIT_ASSERT_EQUAL(std::string("body{}"), reply.file->bytes);
        CPPUNIT_ASSERT_EQUAL(std::string("text/css; charset=utf-8"), reply.file->type);
        CPPUNIT_ASSERT(reply.cacheControl.find("immutable") != std::string_view::npos);
        shop_.write("static/portal.css", "body{ }");
        CPPUNIT_ASSERT(before != *load().href("portal.css"));
        CPPUNIT_ASSERT(load().href("none.css") == nullptr);
    }

    void aBrowserThatHasTheFileGets304() {
        const StaticFiles files = load();
        const std::string href = *files.href("portal.css");
        const std::string etag = files.answer(href, "", "").file->etag;
        CPPUNIT_ASSERT_EQUAL(304, files.answer(href, etag, "gzip").status);
        CPPUNIT_ASSERT_EQUAL(304, files.answer(href, "\"x\", " + etag.substr(2), "").status);
        CPPUNIT_ASSERT_EQUAL(304, files.answer(href, "*", "").status);
        CPPUNIT_ASSERT_EQUAL(200, files.answer(href, "\"x\"", "").status);
    }

    void compressedFormIsSentWhereItIsWelcome() {
        shop_.write("static/big.svg", "<svg>" + std::string(5000, ' ') + "</svg>");
        const StaticFiles files = load();
        const std::string href = *files.href("big.svg");
        for (const char* yes : {"gzip", "br, gzip;q=0.5", "gzip;q=1.0, deflate"})
            CPPUNIT_ASSERT_MESSAGE(yes, files.answer(href, "", yes).compressed);
        for (const char* no : {"", "br", "gzip;q=0", "gzip;q=0.0", "xgzip", "gzipx"})
            CPPUNIT_ASSERT_MESSAGE(no, !files.answer(href, "", no).compressed);
        CPPUNIT_ASSERT(!files.answer(*files.href("portal.css"), "", "gzip").compressed);
        const StaticReply reply = files.answer(href, "", "gzip");
        std::istringstream in(reply.file->gzip);
        Poco::InflatingInputStream inflated(in, Poco::InflatingStreamBuf::STREAM_GZIP);
        const std::string back{std::istreambuf_iterator<char>(inflated), {}};
        CPPUNIT_ASSERT_EQUAL(reply.file->bytes, back);
    }

    void namesWithoutOrWithAnOldHashRedirect() {
        const StaticFiles files = load();
        for (const char* path : {"/static/portal.css", "/static/portal.00000000.css"}) {
            const StaticReply reply = files.answer(path, "", "");
            CPPUNIT_ASSERT_EQUAL(302, reply.status);
            CPPUNIT_ASSERT_EQUAL(*files.href("portal.css"), reply.location);
            CPPUNIT_ASSERT(reply.cacheControl == "no-cache");
        }
    }

    void nothingOutsideTheFolderIsServed() {
        shop_.write("secret.css", "secret");
        const StaticFiles files = load();
        for (const char* path : {"/static/../secret.css", "/static/%2e%2e/secret.css", "/static//etc/passwd",
                                 "/static/", "/static", "/portal.css", "/static/portal.css/", "/static/..",
                                 "", "/static/.0000.css", "/static/portal.zzzzzzzz.css"})
            CPPUNIT_ASSERT_EQUAL_MESSAGE(path, 404, files.answer(path, "", "").status);
        Problems problems;
        std::filesystem::create_symlink("../secret.css", shop_.root() / "static/link.css");
        shop_.write("static/note.exe", "x");
        shop_.write("static/huge.txt", std::string(3 * 1024 * 1024, 'x'));
        StaticFiles().with("", shop_.root() / "static", problems);
        CPPUNIT_ASSERT_EQUAL(std::size_t(3), problems.size());
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(StaticFilesTest);
