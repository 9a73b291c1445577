// SPDX-License-Identifier: Apache-2.0
#include "HostFixture.h"

namespace {

using namespace dalate;
using namespace dalate::test;
using host::Call;
using host::CallRequest;
using host::Reply;

class ReplyEntriesTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(ReplyEntriesTest);
    CPPUNIT_TEST(bytesAreCopied);
    CPPUNIT_TEST(theLastAnswerWinsAndKeepsTheHeaders);
    CPPUNIT_TEST(appendingNeedsAReply);
    CPPUNIT_TEST(repliesAreCapped);
    CPPUNIT_TEST(oddStatusesAndTypesAreRefused);
    CPPUNIT_TEST(headersThatSplitAreRefused);
    CPPUNIT_TEST(headersOfTheHostAreRefused);
    CPPUNIT_TEST(redirectsStayOnTheSite);
    CPPUNIT_TEST(headersAreCounted);
    CPPUNIT_TEST(failuresDropTheHeadersOfTheAnswer);
    CPPUNIT_TEST(ownPagesAreRendered);
    CPPUNIT_TEST(otherPagesAreRefused);
    CPPUNIT_TEST(modelsMustBeMaps);
    CPPUNIT_TEST(jobsAnswerWithValuesOnly);
    CPPUNIT_TEST(requestsDoNotAnswerWithValues);
    CPPUNIT_TEST_SUITE_END();

    HostFixture f_;
    CallRequest request_;

    void installTemplates() {
        writeFile(f_.folder / "core/templates/layout.mustache",
                  "{{! page: layout\nexample: {}\n}}\n<title>{{>title}}</title><main>{{>content}}</main>\n");
        writeFile(f_.folder / "core/i18n/zh-CN.json", "{}");
        writeFile(f_.folder / "core/i18n/en.json", "{}");
        portal::Problems problems;
        std::shared_ptr<const portal::TemplateStore> store;
        try {
            store = portal::TemplateStore::core(f_.folder / "core/templates", f_.folder / "core/i18n",
                                                f_.folder / "core/static")
                        ->with("fake", f_.folder / "fake", problems);
        } catch (const portal::PortalError& error) {
            problems = error.problems();
        }
        std::string all;
        for (const portal::Problem& problem : problems)
            all += problem.text() + "\n";
        CPPUNIT_ASSERT_EQUAL(std::string(), all);
        f_.place->install(std::move(store));
    }

public:
    void bytesAreCopied() {
        Call call(*f_.place, request_);
        std::string body = "{\"a\":1}", type = "application/json";
        CPPUNIT_ASSERT_EQUAL(0, table().reply(call.handle(), 202, str(type), str(body)));
        body.assign(body.size(), 'x');
        type.assign(type.size(), 'x');
        const Reply reply = call.conclude(0);
        CPPUNIT_ASSERT(reply.form == Reply::Form::bytes);
        CPPUNIT_ASSERT_EQUAL(202, reply.status);
        CPPUNIT_ASSERT_EQUAL(std::string("{\"a\":1}"), reply.body);
        CPPUNIT_ASSERT_EQUAL(std::string("application/json"), reply.contentType);
    }

    void theLastAnswerWinsAndKeepsTheHeaders() {
        Call call(*f_.place, request_);
        CPPUNIT_ASSERT_EQUAL(0, table().reply_header(call.handle(), str("Link"), str("<a>; rel=next")));
        CPPUNIT_ASSERT_EQUAL(0, table().reply(call.handle(), 200, str("text/plain"), str("one")));
        CPPUNIT_ASSERT_EQUAL(0, table().reply_append(call.handle(), str(" and more")));
        CPPUNIT_ASSERT_EQUAL(0, table().reply(call.handle(), 201, {}, str("two")));
        const Reply reply = call.conclude(0);
        CPPUNIT_ASSERT_EQUAL(std::string("two"), reply.body);
        CPPUNIT_ASSERT_EQUAL(std::string(), reply.contentType);
        CPPUNIT_ASSERT_EQUAL(std::size_t(1), reply.headers.size());
    }

    void appendingNeedsAReply() {
        Call call(*f_.place, request_);
        CPPUNIT_ASSERT_EQUAL(400, table().reply_append(call.handle(), str("x")));
        CPPUNIT_ASSERT_EQUAL(0, table().reply(call.handle(), 200, str("text/plain"), {}));
        for (int i = 0; i < 1000; ++i)
            CPPUNIT_ASSERT_EQUAL(0, table().reply_append(call.handle(), str("0123456789")));
        CPPUNIT_ASSERT_EQUAL(std::size_t(10'000), call.conclude(0).body.size());
    }

    void repliesAreCapped() {
        Call call(*f_.place, request_);
        const std::string large(Reply::cap + 1, 'x');
        CPPUNIT_ASSERT_EQUAL(507, table().reply(call.handle(), 200, str("text/plain"), str(large)));
        CPPUNIT_ASSERT_EQUAL(std::string("core.host.reply_size"), failureOf(call));
        CPPUNIT_ASSERT_EQUAL(0, table().reply(call.handle(), 200, str("text/plain"), str("x")));
        CPPUNIT_ASSERT_EQUAL(507, table().reply_append(call.handle(), {large.data(), Reply::cap}));
        CPPUNIT_ASSERT_EQUAL(std::size_t(1), call.reply().body.size());
        dalate_str out{};
        CPPUNIT_ASSERT_EQUAL(413, table().json_write(call.handle(), {large.data(), large.size()}, &out));
    }

    void oddStatusesAndTypesAreRefused() {
        Call call(*f_.place, request_);
        for (const int32_t status : {0, 100, 101, 199, 600, -1})
            CPPUNIT_ASSERT_EQUAL(400, table().reply(call.handle(), status, str("text/plain"), {}));
        for (const char* type : {"text", "/x", "text/", "text/html\r\nX: y", "te xt /x"})
            CPPUNIT_ASSERT_EQUAL_MESSAGE(type, 400, table().reply(call.handle(), 200, str(type), {}));
        CPPUNIT_ASSERT(call.reply().form == Reply::Form::none);
    }

    void headersThatSplitAreRefused() {
        Call call(*f_.place, request_);
        using namespace std::string_view_literals;
        for (const std::string_view value :
             {"a\r\nSet-Cookie: x"sv, "a\nb"sv, "a\rb"sv, "a\0b"sv, "a\x7f"sv, "\x01"sv, "caf\xc3\xa9"sv})
            CPPUNIT_ASSERT_EQUAL(400, table().reply_header(call.handle(), str("X-Note"), str(value)));
        for (const std::string_view name : {""sv, "X Note"sv, "X-Note:"sv, "X\r\nY"sv, "X\0"sv, "é"sv})
            CPPUNIT_ASSERT_EQUAL(400, table().reply_header(call.handle(), str(name), str("x")));
        CPPUNIT_ASSERT_EQUAL(400,
                             table().reply_header(call.handle(), str("X-Note"), str(std::string(5000, 'x'))));
        CPPUNIT_ASSERT(call.reply().headers.empty());
        CPPUNIT_ASSERT_EQUAL(0, table().reply_header(call.handle(), str("X-Note"), str("a\tb")));
    }

    void headersOfTheHostAreRefused() {
        Call call(*f_.place, request_);
        for (const char* name :
             {"Set-Cookie", "set-cookie", "CONTENT-LENGTH", "Transfer-Encoding", "Connection", "Content-Type",
              "Content-Security-Policy", "Strict-Transport-Security", "X-Frame-Options",
              "Access-Control-Allow-Origin", "Proxy-Authenticate", "Date", "Server", "Upgrade", "Refresh",
              "TE", "Clear-Site-Data", "X-Content-Type-Options"})
            CPPUNIT_ASSERT_EQUAL_MESSAGE(name, 400, table().reply_header(call.handle(), str(name), str("x")));
        for (const char* name : {"Retry-After", "ETag", "Last-Modified", "Cache-Control",
                                 "Content-Disposition", "Link", "GS1-EPCIS-Version"})
            CPPUNIT_ASSERT_EQUAL_MESSAGE(name, 0, table().reply_header(call.handle(), str(name), str("x")));
    }

    void redirectsStayOnTheSite() {
        request_.baseUrl = "https://county.example";
        Call call(*f_.place, request_);
        for (const char* away :
             {"//evil.example", "/\\evil.example", "https://evil.example/", "javascript:alert(1)", "",
              "https://county.example.evil.example/", "relative"})
            CPPUNIT_ASSERT_EQUAL_MESSAGE(away, 400,
                                         table().reply_header(call.handle(), str("Location"), str(away)));
        for (const char* here : {"/fake/lots", "/", "https://county.example/x", "https://county.example"})
            CPPUNIT_ASSERT_EQUAL_MESSAGE(here, 0,
                                         table().reply_header(call.handle(), str("Location"), str(here)));
    }

    void headersAreCounted() {
        Call call(*f_.place, request_);
        dalate_status status = 0;
        int set = 0;
        for (; set < 1000 && status == 0; ++set)
            status = table().reply_header(call.handle(), str("Link"), str("x"));
        CPPUNIT_ASSERT_EQUAL(400, status);
        CPPUNIT_ASSERT_EQUAL(65, set);
    }

    void failuresDropTheHeadersOfTheAnswer() {
        Call call(*f_.place, request_);
        table().reply_header(call.handle(), str("Location"), str("/fake/next"));
        table().reply_header(call.handle(), str("Retry-After"), str("5"));
        table().fail(call.handle(), 503, str("fake.busy"), {});
        const Reply reply = call.conclude(503);
        CPPUNIT_ASSERT_EQUAL(std::size_t(1), reply.headers.size());
        CPPUNIT_ASSERT_EQUAL(std::string("Retry-After"), reply.headers.front().first);
    }

    void ownPagesAreRendered() {
        installTemplates();
        Reply reply;
        {
            Call call(*f_.place, request_);
            Value model = Value::map([](MapWriter& m) { m.set("body", "hello"); });
            CPPUNIT_ASSERT_EQUAL(0, table().render(call.handle(), 200, str("fake/note"), raw(model)));
            model = Value::of("gone");
            reply = call.conclude(0);
        }
        CPPUNIT_ASSERT(reply.form == Reply::Form::page);
        CPPUNIT_ASSERT_EQUAL(std::string("fake/note"), reply.page);
        CPPUNIT_ASSERT_EQUAL(std::string("hello"), reply.model["body"].asText());
        CPPUNIT_ASSERT(reply.templates->find(reply.page, "zh-CN"));
        dalate_str out{};
        request_.language = "en";
        Call call(*f_.place, request_);
        const Value values = Value::map([](MapWriter& m) { m.set("name", "Li"); });
        CPPUNIT_ASSERT_EQUAL(0, table().text(call.handle(), str("fake.hello"), raw(values), &out));
        CPPUNIT_ASSERT_EQUAL(std::string("Hello Li"), std::string(view(out)));
    }

    void otherPagesAreRefused() {
        installTemplates();
        Call call(*f_.place, request_);
        for (const char* page : {"fake/none", "note", "pages/home", "errors/404", "layout", "fake/", "",
                                 "fake/../fake/note", "other/note"}) {
            CPPUNIT_ASSERT_EQUAL_MESSAGE(page, 400, table().render(call.handle(), 200, str(page), {}));
            CPPUNIT_ASSERT_EQUAL(std::string("core.host.page"), failureOf(call));
        }
    }

    void modelsMustBeMaps() {
        installTemplates();
        Call call(*f_.place, request_);
        const Value list = Value::list([](ListWriter& l) { l.add(1); });
        CPPUNIT_ASSERT_EQUAL(400, table().render(call.handle(), 200, str("fake/note"), raw(list)));
        CPPUNIT_ASSERT_EQUAL(400, table().render(call.handle(), 200, str("fake/note"), {"12345678901", 11}));
        CPPUNIT_ASSERT_EQUAL(0, table().render(call.handle(), 200, str("fake/note"), {}));
        CPPUNIT_ASSERT(call.conclude(0).model.view().isMap());
    }

    void jobsAnswerWithValuesOnly() {
        request_.kind = host::CallKind::job;
        Call call(*f_.place, request_);
        CPPUNIT_ASSERT_EQUAL(400, table().reply(call.handle(), 200, str("text/plain"), str("x")));
        CPPUNIT_ASSERT_EQUAL(400, table().render(call.handle(), 200, str("fake/note"), {}));
        CPPUNIT_ASSERT_EQUAL(400, table().reply_header(call.handle(), str("Link"), str("x")));
        const Value result = Value::map([](MapWriter& m) { m.set("stored", 3); });
        CPPUNIT_ASSERT_EQUAL(0, table().reply_value(call.handle(), raw(result)));
        const Reply reply = call.conclude(0);
        CPPUNIT_ASSERT(reply.form == Reply::Form::value);
        CPPUNIT_ASSERT_EQUAL(std::int64_t(3), *reply.model["stored"].integer());
    }

    void requestsDoNotAnswerWithValues() {
        Call call(*f_.place, request_);
        CPPUNIT_ASSERT_EQUAL(400, table().reply_value(call.handle(), {}));
        CPPUNIT_ASSERT_EQUAL(std::string("core.host.no_result"), failureOf(call));
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(ReplyEntriesTest);

} // namespace
