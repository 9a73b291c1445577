// SPDX-License-Identifier: Apache-2.0
// files/1 as a plugin meets it at the C table: an upload is of its request, a file of its plugin.
#include "ServiceHouse.h"

#include "support/FormData.h"

#include <cppunit/extensions/HelperMacros.h>

namespace {

using namespace dalate;
using namespace dalate::contract;
namespace files = services::files;

class FilesContractTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(FilesContractTest);
    CPPUNIT_TEST(anUploadBecomesAFileInTheCallersTransaction);
    CPPUNIT_TEST(filesAskedWronglyAreRefused);
    CPPUNIT_TEST(anotherPluginsFileIsNone);
    CPPUNIT_TEST(outsideItsRequestNoUploadIsKept);
    CPPUNIT_TEST(aKeptFileIsTiedToACase);
    CPPUNIT_TEST_SUITE_END();

    static files::Uploads paper(ServiceHouse& house) {
        const std::string bytes = testing::pdfFile("井盖");
        files::Part part;
        part.field = "paper";
        part.name = "井盖.pdf";
        part.declaredType = "application/pdf";
        part.bytes = bytes;
        return {house.files().take(part)};
    }
    static std::string keeping(const files::Uploads& uploads, const std::string& object = "lot/1",
                               const std::string& visibility = "organisation") {
        return R"({"upload":")" + uploads[0].token + R"(","object":")" + object + R"(","visibility":")" +
               visibility + "\"}";
    }

public:
    void anUploadBecomesAFileInTheCallersTransaction() {
        ServiceHouse house;
        const files::Uploads uploads = paper(house);
        const ServiceHouse::Sending sent{.plugin = "zoo_caller", .route = "run_office", .uploads = &uploads};
        const std::string keep = asking("files/1", "keep", keeping(uploads), R"(,"given":true)");
        house.run(house.clerk, "[" + beginWrite + "," + keep + "," + rollback + "]", sent);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, house.number("SELECT COUNT(*) FROM file"));
        house.run(house.clerk, "[" + beginWrite + "," + keep + "," + commit + "]", sent);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, house.number("SELECT COUNT(*) FROM file"));
        const Value all = house.good(house.clerk, "files/1", "list", R"({"object":"lot/1"})");
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, all["files"].size());
        const ValueView file = *all["files"].begin();
        CPPUNIT_ASSERT_EQUAL(std::string("井盖.pdf"), file["name"].asText());
        CPPUNIT_ASSERT_EQUAL(std::string("application/pdf"), file["type"].asText());
        const std::string which = R"({"file":")" + file["file"].asText() + "\"}";
        CPPUNIT_ASSERT_EQUAL(std::string("/files/") + file["file"].asText(),
                             house.good(house.clerk, "files/1", "info", which)["href"].asText());
        house.good(house.clerk, "files/1", "remove", which);
        house.refuses(house.clerk, {{"what is removed", "files/1", "info", which, "404 core.file.unknown"}});
    }

    void filesAskedWronglyAreRefused() {
        ServiceHouse house;
        const files::Uploads uploads = paper(house);
        const std::string token = uploads[0].token, long500(500, 'x');
        const auto keep = [&](const std::string& upload, const std::string& rest) {
            return R"({"upload":)" + upload + "," + rest + "}";
        };
        const std::string mine = "\"" + token + "\"";
        house.refuses(
            house.clerk,
            {{"an upload that is none", "files/1", "keep",
              keep("\"00000000000000000000000000000000\"", R"("object":"a/1","visibility":"owner")"),
              "404 core.file.upload"},
             {"a token too long", "files/1", "keep",
              keep("\"" + token + token + token + "\"", R"("object":"a/1","visibility":"owner")"),
              "404 core.file.upload"},
             {"a token that is a number", "files/1", "keep",
              keep("5", R"("object":"a/1","visibility":"owner")"), "422 core.argument.type"},
             {"no upload", "files/1", "keep", R"({"object":"a/1","visibility":"owner"})",
              "422 core.argument.missing"},
             {"arguments that are a list", "files/1", "keep", "[]", "422 core.argument.type"},
             {"for nobody known", "files/1", "keep", keep(mine, R"("object":"a/1","visibility":"everybody")"),
              "400 core.file.visibility"},
             {"without visibility", "files/1", "keep", keep(mine, R"("object":"a/1")"),
              "422 core.argument.missing"},
             {"without object", "files/1", "keep", keep(mine, R"("visibility":"owner")"),
              "422 core.argument.missing"},
             {"an object too long", "files/1", "keep",
              keep(mine, R"("visibility":"owner","object":")" + long500 + "\""), "400 core.file.object"},
             {"an object of control characters", "files/1", "keep",
              keep(mine, R"("visibility":"owner","object":"a\u0001b")"), "400 core.file.object"},
             {"a file that is none", "files/1", "info", R"({"file":"4711"})", "404 core.file.unknown"},
             {"a file that is a word", "files/1", "info", R"({"file":"x"})", "404 core.file.unknown"},
             {"a file that is a map", "files/1", "remove", R"({"file":{}})", "422 core.argument.type"},
             {"no file", "files/1", "remove", "{}", "422 core.argument.missing"},
             {"no such method", "files/1", "open", "{}", "404 core.service.method"}},
            {.plugin = "zoo_caller", .route = "run_office", .uploads = &uploads});
    }

    void anotherPluginsFileIsNone() {
        ServiceHouse house;
        const files::Uploads uploads = paper(house);
        const std::string id =
            house
                .good(house.clerk, "files/1", "keep", keeping(uploads),
                      {.plugin = "zoo_other", .route = "run_office", .uploads = &uploads})["file"]
                .asText();
        const std::string which = R"({"file":")" + id + "\"}";
        house.refuses(house.clerk, {{"info", "files/1", "info", which, "404 core.file.unknown"},
                                    {"remove", "files/1", "remove", which, "404 core.file.unknown"}});
        CPPUNIT_ASSERT_EQUAL(
            std::size_t{0},
            house.good(house.clerk, "files/1", "list", R"({"object":"lot/1"})")["files"].size());
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, house.number("SELECT COUNT(*) FROM file"));
    }

    void outsideItsRequestNoUploadIsKept() {
        ServiceHouse house;
        const files::Uploads uploads = paper(house);
        // A request that brought no file, another request, a service call and a job.
        const Bad late{"in another request", "files/1", "keep", keeping(uploads), "404 core.file.upload"};
        house.refuses(house.clerk, {late});
        const files::Uploads others = paper(house);
        house.refuses(house.clerk, {late},
                      {.plugin = "zoo_caller", .route = "run_office", .uploads = &others});
        const Value served = house.good(house.clerk, "zoo_other/1", "run",
                                        "{\"steps\":[" + asking("files/1", "keep", keeping(uploads)) + "]}",
                                        {.plugin = "zoo_caller", .route = "run_office", .uploads = &uploads});
        CPPUNIT_ASSERT_EQUAL(std::string("404 core.file.upload"), wordOf(*served.view().begin()));
        const std::string job =
            house
                .good(house.clerk, "jobs/1", "enqueue",
                      R"({"name":"run","arguments":{"steps":[)" +
                          asking("files/1", "keep", keeping(uploads)) + "]}}",
                      {.plugin = "zoo_caller", .route = "run_office", .uploads = &uploads})["job"]
                .asText();
        CPPUNIT_ASSERT_EQUAL(
            std::int64_t{1},
            house.awaited("SELECT COUNT(*) FROM job WHERE state = 'done' AND id = " + job, 1));
        const Value ended = house.good(house.clerk, "jobs/1", "status", R"({"job":")" + job + "\"}");
        CPPUNIT_ASSERT_EQUAL(std::string("404 core.file.upload"), wordOf(*ended["result"].begin()));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, house.number("SELECT COUNT(*) FROM file"));
    }

    void aKeptFileIsTiedToACase() {
        ServiceHouse house;
        const files::Uploads uploads = paper(house);
        const ServiceHouse::Sending sent{.plugin = "zoo_caller", .route = "run_office", .uploads = &uploads};
        const std::string kase =
            house
                .good(house.clerk, "cases/1", "open",
                      R"({"machine":"ticket","answers":{"title":"a","pages":1}})")["case"]
                .asText();
        const std::string file =
            house.good(house.clerk, "files/1", "keep", keeping(uploads, "case/" + kase, "case"), sent)["file"]
                .asText();
        const std::string tie = R"({"case":")" + kase + R"(","file":")" + file + R"(","name":"井盖.pdf"})";
        house.good(house.clerk, "cases/1", "attach", tie);
        house.good(house.clerk, "cases/1", "attach", tie);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, house.number("SELECT COUNT(*) FROM case_attachment"));
        // Whoever may not see the case reads nothing of it.
        const auto mayRead = [&](const identity::Principal& who) {
            const auto lease = house.pool().lease();
            storage::Tx tx(*lease, storage::Tx::Mode::read);
            return house.files().mayRead(tx, who, *house.files().find(tx, std::stoll(file)));
        };
        CPPUNIT_ASSERT(mayRead(house.clerk));
        CPPUNIT_ASSERT(!mayRead(house.citizen));
        CPPUNIT_ASSERT(!mayRead(house.stranger));
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(FilesContractTest);

} // namespace
