// SPDX-License-Identifier: Apache-2.0
#include "HostFixture.h"

#include <limits>
#include <thread>

namespace {

using namespace dalate;
using namespace dalate::test;
using host::Call;
using host::CallRequest;
using host::Reply;

class CallTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(CallTest);
    CPPUNIT_TEST(textFieldsAreTheRequests);
    CPPUNIT_TEST(absentFieldsAreNotFoundAndNoFailure);
    CPPUNIT_TEST(unknownFieldsAreRefused);
    CPPUNIT_TEST(queryFormAndPrincipalAreValues);
    CPPUNIT_TEST(jsonBodyIsParsedStrictly);
    CPPUNIT_TEST(bodyIsReadInPieces);
    CPPUNIT_TEST(deadlineCountsDown);
    CPPUNIT_TEST(handlesOfEndedCallsAreRefused);
    CPPUNIT_TEST(handlesOfOtherThreadsAreRefused);
    CPPUNIT_TEST(onlyTheTopmostCallMayBeUsed);
    CPPUNIT_TEST(nullPointersAreRefused);
    CPPUNIT_TEST(aStatusWithoutFailureIsAnError);
    CPPUNIT_TEST(theHostsFailureAnswersForItsOwnStatusOnly);
    CPPUNIT_TEST(thePluginsFailureWinsWhateverIsReturned);
    CPPUNIT_TEST(aLaterReplyReplacesTheFailure);
    CPPUNIT_TEST(aRequestWithoutAnswerIsAnError);
    CPPUNIT_TEST(aJobWithoutAnswerIsDone);
    CPPUNIT_TEST(arenaFallsBackWithTheCall);
    CPPUNIT_TEST_SUITE_END();

    HostFixture f_;

public:
    void textFieldsAreTheRequests() {
        CallRequest request;
        request.method = "POST";
        request.path = "/fake/lots/1";
        request.params = {{"lot", "1"}};
        request.query = {{"page", {"2", "3"}}};
        request.form = {{"body", {"hello"}}};
        request.header = [](std::string_view name) -> std::optional<std::string_view> {
            return name == "Accept" ? std::optional<std::string_view>("text/html") : std::nullopt;
        };
        request.language = "en";
        request.requestId = "r1";
        request.baseUrl = "http://127.0.0.1:8080";
        Call call(*f_.place, request);
        const auto text = [&](int32_t field, std::string_view name = {}) {
            dalate_str out{};
            CPPUNIT_ASSERT_EQUAL(0, table().call_text(call.handle(), field, str(name), &out));
            return std::string(view(out));
        };
        CPPUNIT_ASSERT_EQUAL(int32_t{DALATE_CALL_REQUEST}, table().call_kind(call.handle()));
        CPPUNIT_ASSERT_EQUAL(std::string("POST"), text(DALATE_FIELD_METHOD));
        CPPUNIT_ASSERT_EQUAL(std::string("/fake/lots/1"), text(DALATE_FIELD_PATH));
        CPPUNIT_ASSERT_EQUAL(std::string("1"), text(DALATE_FIELD_PARAM, "lot"));
        CPPUNIT_ASSERT_EQUAL(std::string("2"), text(DALATE_FIELD_QUERY, "page"));
        CPPUNIT_ASSERT_EQUAL(std::string("hello"), text(DALATE_FIELD_FORM, "body"));
        CPPUNIT_ASSERT_EQUAL(std::string("text/html"), text(DALATE_FIELD_HEADER, "Accept"));
        CPPUNIT_ASSERT_EQUAL(std::string("en"), text(DALATE_FIELD_LANGUAGE));
        CPPUNIT_ASSERT_EQUAL(std::string("r1"), text(DALATE_FIELD_REQUEST_ID));
        CPPUNIT_ASSERT_EQUAL(std::string("http://127.0.0.1:8080"), text(DALATE_FIELD_BASE_URL));
        CPPUNIT_ASSERT_EQUAL(std::string("/fake"), text(DALATE_FIELD_PLUGIN_PATH));
    }

    void absentFieldsAreNotFoundAndNoFailure() {
        CallRequest request;
        Call call(*f_.place, request);
        dalate_str out{};
        for (const int32_t field :
             {DALATE_FIELD_PARAM, DALATE_FIELD_QUERY, DALATE_FIELD_FORM, DALATE_FIELD_HEADER,
              DALATE_FIELD_SUBJECT, DALATE_FIELD_METHOD, DALATE_FIELD_FAILURE})
            CPPUNIT_ASSERT_EQUAL(404, table().call_text(call.handle(), field, str("x"), &out));
        dalate_value value{};
        CPPUNIT_ASSERT_EQUAL(404, table().call_value(call.handle(), DALATE_PART_ARGUMENTS, &value));
        CPPUNIT_ASSERT_EQUAL(std::string(), failureOf(call));
    }

    void unknownFieldsAreRefused() {
        CallRequest request;
        Call call(*f_.place, request);
        dalate_str out{};
        CPPUNIT_ASSERT_EQUAL(400, table().call_text(call.handle(), 99, {}, &out));
        dalate_value value{};
        CPPUNIT_ASSERT_EQUAL(400, table().call_value(call.handle(), 0, &value));
        CPPUNIT_ASSERT_EQUAL(std::string("core.host.field"), failureOf(call));
    }

    void queryFormAndPrincipalAreValues() {
        CallRequest request;
        request.query = {{"epc", {"a", "b"}}};
        request.form = {{"note", {""}}};
        request.principal = &f_.farmer;
        Call call(*f_.place, request);
        const auto part = [&](int32_t which) {
            dalate_value out{};
            CPPUNIT_ASSERT_EQUAL(0, table().call_value(call.handle(), which, &out));
            return ValueView(out.p, out.n);
        };
        CPPUNIT_ASSERT_EQUAL(std::size_t(2), part(DALATE_PART_QUERY)["epc"].size());
        CPPUNIT_ASSERT(part(DALATE_PART_FORM)["note"].isList());
        CPPUNIT_ASSERT_EQUAL(std::string("person"), part(DALATE_PART_PRINCIPAL)["kind"].asText());
        CPPUNIT_ASSERT_EQUAL(std::int64_t(7), *part(DALATE_PART_PRINCIPAL)["user"].integer());
    }

    void jsonBodyIsParsedStrictly() {
        CallRequest request;
        request.body = "{\"a\":1.50}";
        {
            Call call(*f_.place, request);
            dalate_value out{};
            CPPUNIT_ASSERT_EQUAL(0, table().call_value(call.handle(), DALATE_PART_JSON, &out));
            CPPUNIT_ASSERT_EQUAL(std::string("1.50"), std::string(ValueView(out.p, out.n)["a"].text()));
        }
        request.body = "{\"a\":1,\"a\":2}";
        Call call(*f_.place, request);
        dalate_value out{};
        CPPUNIT_ASSERT_EQUAL(400, table().call_value(call.handle(), DALATE_PART_JSON, &out));
        CPPUNIT_ASSERT_EQUAL(std::string("core.json.duplicate_key"), failureOf(call));
        CPPUNIT_ASSERT_EQUAL(std::size_t(0), out.n);
    }

    void bodyIsReadInPieces() {
        CallRequest request;
        request.body = "0123456789";
        Call call(*f_.place, request);
        CPPUNIT_ASSERT_EQUAL(std::int64_t(10), table().body_size(call.handle()));
        dalate_str out{};
        CPPUNIT_ASSERT_EQUAL(0, table().body_read(call.handle(), 2, 3, &out));
        CPPUNIT_ASSERT_EQUAL(std::string("234"), std::string(view(out)));
        CPPUNIT_ASSERT_EQUAL(0, table().body_read(call.handle(), 8, 100, &out));
        CPPUNIT_ASSERT_EQUAL(std::string("89"), std::string(view(out)));
        CPPUNIT_ASSERT_EQUAL(0,
                             table().body_read(call.handle(), std::numeric_limits<int64_t>::max(), 1, &out));
        CPPUNIT_ASSERT_EQUAL(std::size_t(0), out.n);
        CPPUNIT_ASSERT_EQUAL(400, table().body_read(call.handle(), -1, 1, &out));
    }

    void deadlineCountsDown() {
        CallRequest request;
        request.deadline = steadyNow() + 5'000'000;
        {
            Call call(*f_.place, request);
            const std::int64_t left = table().deadline(call.handle());
            CPPUNIT_ASSERT(left > 4'000'000 && left <= 5'000'000);
        }
        request.deadline = steadyNow() - 1;
        {
            Call call(*f_.place, request);
            CPPUNIT_ASSERT(table().deadline(call.handle()) < 0);
            dalate_tx* tx = nullptr;
            CPPUNIT_ASSERT_EQUAL(504, table().db_begin(call.handle(), DALATE_TX_READ, &tx));
        }
        request.deadline.reset();
        Call call(*f_.place, request);
        CPPUNIT_ASSERT_EQUAL(std::numeric_limits<std::int64_t>::max(), table().deadline(call.handle()));
    }

    void handlesOfEndedCallsAreRefused() {
        CallRequest request;
        std::optional<Call> ended(std::in_place, *f_.place, request);
        dalate_call* kept = ended->handle();
        ended.reset();
        dalate_str out{};
        dalate_value value{};
        dalate_tx* tx = nullptr;
        CPPUNIT_ASSERT_EQUAL(400, table().call_text(kept, DALATE_FIELD_PATH, {}, &out));
        CPPUNIT_ASSERT_EQUAL(400, table().call_value(kept, DALATE_PART_JSON, &value));
        CPPUNIT_ASSERT_EQUAL(400, table().reply(kept, 200, str("text/plain"), str("late")));
        CPPUNIT_ASSERT_EQUAL(400, table().db_begin(kept, DALATE_TX_READ, &tx));
        CPPUNIT_ASSERT_EQUAL(400, table().service(kept, nullptr, str("print/1"), str("qr"), {}, &value));
        CPPUNIT_ASSERT_EQUAL(0, table().call_kind(kept));
        CPPUNIT_ASSERT_EQUAL(std::int64_t(-1), table().deadline(kept));
        table().fail(kept, 404, str("fake.gone"), {});
    }

    void handlesOfOtherThreadsAreRefused() {
        CallRequest request;
        Call call(*f_.place, request);
        dalate_tx* tx = nullptr;
        CPPUNIT_ASSERT_EQUAL(0, table().db_begin(call.handle(), DALATE_TX_READ, &tx));
        dalate_status replied = 0, ran = 0;
        std::thread([&] {
            replied = table().reply(call.handle(), 200, str("text/plain"), str("x"));
            ran = exec(tx, "DELETE FROM fake_word");
        }).join();
        CPPUNIT_ASSERT_EQUAL(400, replied);
        CPPUNIT_ASSERT_EQUAL(400, ran);
        CPPUNIT_ASSERT(call.reply().form == Reply::Form::none);
        CPPUNIT_ASSERT_EQUAL(0, table().db_end(tx, 0));
    }

    void onlyTheTopmostCallMayBeUsed() {
        CallRequest request;
        Call outer(*f_.place, request);
        {
            Call inner(*f_.place, request);
            CPPUNIT_ASSERT_EQUAL(1, inner.depth());
            CPPUNIT_ASSERT_EQUAL(400, table().reply(outer.handle(), 200, str("text/plain"), str("x")));
            CPPUNIT_ASSERT_EQUAL(std::string("core.host.stale_handle"), failureOf(inner));
        }
        CPPUNIT_ASSERT_EQUAL(0, table().reply(outer.handle(), 200, str("text/plain"), str("x")));
    }

    void nullPointersAreRefused() {
        CallRequest request;
        Call call(*f_.place, request);
        CPPUNIT_ASSERT_EQUAL(400, table().call_text(call.handle(), DALATE_FIELD_PATH, {}, nullptr));
        CPPUNIT_ASSERT_EQUAL(400, table().call_text(nullptr, DALATE_FIELD_PATH, {}, nullptr));
        CPPUNIT_ASSERT_EQUAL(400, table().db_begin(call.handle(), DALATE_TX_READ, nullptr));
        CPPUNIT_ASSERT_EQUAL(400, table().reply(call.handle(), 200, {}, {nullptr, 5}));
        CPPUNIT_ASSERT_EQUAL(400, table().json_write(call.handle(), {nullptr, 5}, nullptr));
        CPPUNIT_ASSERT_EQUAL(400, table().setting(nullptr, str("colour"), nullptr));
        CPPUNIT_ASSERT_EQUAL(400, table().rows_next(nullptr, nullptr, nullptr, nullptr));
        table().rows_free(nullptr);
        CPPUNIT_ASSERT(call.tx() == nullptr);
    }

    void aStatusWithoutFailureIsAnError() {
        CallRequest request;
        Call call(*f_.place, request);
        table().reply(call.handle(), 200, str("text/plain"), str("x"));
        const Reply reply = call.conclude(404);
        CPPUNIT_ASSERT(reply.failed());
        CPPUNIT_ASSERT_EQUAL(500, reply.status);
        CPPUNIT_ASSERT_EQUAL(std::string("core.plugin.failed"), reply.messageId);
        CPPUNIT_ASSERT(reply.body.empty());
    }

    void theHostsFailureAnswersForItsOwnStatusOnly() {
        CallRequest request;
        for (const dalate_status returned : {400, 500}) {
            Call call(*f_.place, request);
            CPPUNIT_ASSERT_EQUAL(400, table().reply(call.handle(), 42, str("text/plain"), str("x")));
            const Reply reply = call.conclude(returned);
            CPPUNIT_ASSERT_EQUAL(int(returned), reply.status);
            CPPUNIT_ASSERT_EQUAL(std::string(returned == 400 ? "core.host.status" : "core.plugin.failed"),
                                 reply.messageId);
        }
    }

    void thePluginsFailureWinsWhateverIsReturned() {
        CallRequest request;
        const Value details = Value::map([](MapWriter& m) { m.set("lot", "L1"); });
        for (const dalate_status returned : {0, 404, 500}) {
            Call call(*f_.place, request);
            table().reply(call.handle(), 200, str("text/plain"), str("x"));
            table().fail(call.handle(), 404, str("fake.lot.unknown"), raw(details));
            const Reply reply = call.conclude(returned);
            CPPUNIT_ASSERT_EQUAL(404, reply.status);
            CPPUNIT_ASSERT_EQUAL(std::string("fake.lot.unknown"), reply.messageId);
            CPPUNIT_ASSERT_EQUAL(std::string("L1"), reply.model["lot"].asText());
        }
        Call call(*f_.place, request);
        table().fail(call.handle(), 200, str("no id\r\n"), {"garbage!", 8});
        const Reply reply = call.conclude(200);
        CPPUNIT_ASSERT_EQUAL(500, reply.status);
        CPPUNIT_ASSERT_EQUAL(std::string("core.plugin.failed"), reply.messageId);
        CPPUNIT_ASSERT(reply.model.view().isNull());
    }

    void aLaterReplyReplacesTheFailure() {
        CallRequest request;
        Call call(*f_.place, request);
        table().fail(call.handle(), 409, str("fake.taken"), {});
        CPPUNIT_ASSERT_EQUAL(0, table().reply(call.handle(), 201, str("text/plain"), str("x")));
        CPPUNIT_ASSERT_EQUAL(std::string(), failureOf(call));
        const Reply reply = call.conclude(0);
        CPPUNIT_ASSERT_EQUAL(201, reply.status);
        CPPUNIT_ASSERT_EQUAL(std::string("x"), reply.body);
    }

    void aRequestWithoutAnswerIsAnError() {
        CallRequest request;
        Call call(*f_.place, request);
        const Reply reply = call.conclude(0);
        CPPUNIT_ASSERT_EQUAL(500, reply.status);
        CPPUNIT_ASSERT_EQUAL(std::string("core.plugin.no_reply"), reply.messageId);
    }

    void aJobWithoutAnswerIsDone() {
        CallRequest request;
        request.kind = host::CallKind::job;
        Call call(*f_.place, request);
        dalate_tx* tx = nullptr;
        CPPUNIT_ASSERT_EQUAL(400, table().db_begin(call.handle(), 7, &tx));
        const Reply reply = call.conclude(0);
        CPPUNIT_ASSERT(!reply.failed());
        CPPUNIT_ASSERT(reply.model.view().isNull());
    }

    void arenaFallsBackWithTheCall() {
        CallRequest request;
        const auto before = host::Arena::ofThread().mark();
        {
            Call call(*f_.place, request);
            const Value value = Value::list([](ListWriter& l) {
                for (int i = 0; i < 2000; ++i)
                    l.add(i);
            });
            dalate_str out{}, first{};
            CPPUNIT_ASSERT_EQUAL(0,
                                 table().digest(call.handle(), DALATE_DIGEST_SHA256, str("first"), &first));
            const std::string kept(view(first));
            for (int i = 0; i < 5000; ++i) {
                CPPUNIT_ASSERT_EQUAL(0,
                                     table().digest(call.handle(), DALATE_DIGEST_SHA256, str("abc"), &out));
                if (i % 500 == 0)
                    CPPUNIT_ASSERT_EQUAL(0, table().json_write(call.handle(), raw(value), &out));
            }
            CPPUNIT_ASSERT_EQUAL(kept, std::string(view(first)));
        }
        const auto after = host::Arena::ofThread().mark();
        CPPUNIT_ASSERT_EQUAL(before.used, after.used);
        CPPUNIT_ASSERT_EQUAL(before.block, after.block);
        CPPUNIT_ASSERT_EQUAL(before.adopted, after.adopted);
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(CallTest);

} // namespace
