// SPDX-License-Identifier: Apache-2.0
#include "HostFixture.h"

#include "identity/Audit.h"

namespace {

using namespace dalate;
using namespace dalate::test;
using host::Call;
using host::CallRequest;
using services::Service;
using services::ServiceContext;
using services::Touch;

class ServiceEntryTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(ServiceEntryTest);
    CPPUNIT_TEST(unknownServicesAndMethodsAreTold);
    CPPUNIT_TEST(anotherPluginsServiceMustBeDeclared);
    CPPUNIT_TEST(aCodeIsDrawn);
    CPPUNIT_TEST(anEnqueuedJobStandsWithTheTransaction);
    CPPUNIT_TEST(anUndeclaredJobIsRefused);
    CPPUNIT_TEST(jobStatusIsForWhoMaySeeIt);
    CPPUNIT_TEST(progressNeedsAJob);
    CPPUNIT_TEST(auditRowsNameTheCaller);
    CPPUNIT_TEST(auditActionsAreThePlugins);
    CPPUNIT_TEST(aWriteInsideATransactionMustBeGivenIt);
    CPPUNIT_TEST(outsideWorkWaitsForNoTransaction);
    CPPUNIT_TEST(aFailedServiceUndoesItsWritesOnly);
    CPPUNIT_TEST(pluginsRightsComeBackAfterAService);
    CPPUNIT_TEST(servicesNestToALimit);
    CPPUNIT_TEST(aProvidersRowsJoinTheCallersTransaction);
    CPPUNIT_TEST(resultsOutliveTheNestedCall);
    CPPUNIT_TEST(damagedArgumentsAreRefused);
    CPPUNIT_TEST_SUITE_END();

    HostFixture f_;
    CallRequest request_;

    static Value one(std::string_view key, std::string_view text) {
        return Value::map([&](MapWriter& m) { m.set(key, text); });
    }
    dalate_status ask(Call& call, dalate_tx* tx, std::string_view name, std::string_view method, ValueView in,
                      ValueView* out = nullptr) {
        dalate_value result{};
        const dalate_status status =
            table().service(call.handle(), tx, str(name), str(method), raw(in), &result);
        if (out) *out = ValueView(result.p, result.n);
        return status;
    }
    dalate_tx* begin(Call& call, int32_t mode) {
        dalate_tx* tx = nullptr;
        CPPUNIT_ASSERT_EQUAL(0, table().db_begin(call.handle(), mode, &tx));
        return tx;
    }
    std::int64_t jobRows() { return f_.number("SELECT COUNT(*) FROM job"); }

public:
    void unknownServicesAndMethodsAreTold() {
        Call call(*f_.place, request_);
        CPPUNIT_ASSERT_EQUAL(404, ask(call, nullptr, "weather/1", "now", {}));
        CPPUNIT_ASSERT_EQUAL(std::string("core.service.unknown"), failureOf(call));
        CPPUNIT_ASSERT_EQUAL(404, ask(call, nullptr, "jobs/2", "enqueue", {}));
        CPPUNIT_ASSERT_EQUAL(std::string("core.service.unknown"), failureOf(call));
        CPPUNIT_ASSERT_EQUAL(404, ask(call, nullptr, "jobs/1", "burn", {}));
        CPPUNIT_ASSERT_EQUAL(std::string("core.service.method"), failureOf(call));
    }

    void anotherPluginsServiceMustBeDeclared() {
        const auto answer = [](ServiceContext&, ValueView) { return Value::of("ok"); };
        f_.registry.publish({{"people", "people/1", "find", Touch::own, answer},
                             {"other", "secret/1", "find", Touch::own, answer},
                             {"other", "jobs/1", "enqueue", Touch::own, answer}});
        Call call(*f_.place, request_);
        CPPUNIT_ASSERT_EQUAL(0, ask(call, nullptr, "people/1", "find", {}));
        CPPUNIT_ASSERT_EQUAL(403, ask(call, nullptr, "secret/1", "find", {}));
        CPPUNIT_ASSERT_EQUAL(std::string("core.service.undeclared"), failureOf(call));
    }

    void aCodeIsDrawn() {
        Call call(*f_.place, request_);
        ValueView out;
        CPPUNIT_ASSERT_EQUAL(
            0, ask(call, nullptr, "print/1", "qr", one("text", "https://x/01/06901234567892"), &out));
        CPPUNIT_ASSERT(out["svg"].text().find("<svg") != std::string_view::npos);
        CPPUNIT_ASSERT_EQUAL(400, ask(call, nullptr, "print/1", "qr", one("text", std::string(4000, 'x'))));
        CPPUNIT_ASSERT_EQUAL(400, ask(call, nullptr, "print/1", "qr", {}));
    }

    void anEnqueuedJobStandsWithTheTransaction() {
        request_.principal = &f_.farmer;
        Call call(*f_.place, request_);
        const Value in = Value::map([](MapWriter& m) { m.set("name", "import").set("arguments", "a"); });
        dalate_tx* tx = begin(call, DALATE_TX_WRITE);
        CPPUNIT_ASSERT_EQUAL(0, ask(call, tx, "jobs/1", "enqueue", in));
        CPPUNIT_ASSERT_EQUAL(0, table().db_end(tx, 0));
        CPPUNIT_ASSERT_EQUAL(std::int64_t(0), jobRows());
        CPPUNIT_ASSERT_EQUAL(0, f_.wakes);

        tx = begin(call, DALATE_TX_WRITE);
        ValueView out;
        CPPUNIT_ASSERT_EQUAL(0, ask(call, tx, "jobs/1", "enqueue", in, &out));
        CPPUNIT_ASSERT_EQUAL(std::int64_t(0), jobRows());
        CPPUNIT_ASSERT_EQUAL(0, f_.wakes);
        CPPUNIT_ASSERT_EQUAL(0, table().db_end(tx, 1));
        CPPUNIT_ASSERT_EQUAL(std::int64_t(1), jobRows());
        CPPUNIT_ASSERT_EQUAL(1, f_.wakes);
        CPPUNIT_ASSERT_EQUAL(*out["job"].integer(), f_.number("SELECT id FROM job"));
        CPPUNIT_ASSERT_EQUAL(std::int64_t(7), f_.number("SELECT owner_user FROM job"));

        CPPUNIT_ASSERT_EQUAL(0, ask(call, nullptr, "jobs/1", "enqueue", in));
        CPPUNIT_ASSERT_EQUAL(std::int64_t(2), jobRows());
        CPPUNIT_ASSERT_EQUAL(2, f_.wakes);
    }

    void anUndeclaredJobIsRefused() {
        Call call(*f_.place, request_);
        CPPUNIT_ASSERT_EQUAL(400, ask(call, nullptr, "jobs/1", "enqueue", one("name", "other")));
        CPPUNIT_ASSERT_EQUAL(std::string("core.job.undeclared"), failureOf(call));
        CPPUNIT_ASSERT_EQUAL(std::int64_t(0), jobRows());
    }

    void jobStatusIsForWhoMaySeeIt() {
        request_.principal = &f_.farmer;
        std::string id;
        {
            Call call(*f_.place, request_);
            ValueView out;
            CPPUNIT_ASSERT_EQUAL(0, ask(call, nullptr, "jobs/1", "enqueue", one("name", "import"), &out));
            id = out["job"].asText();
            // A read inside an open transaction needs no handle.
            dalate_tx* tx = begin(call, DALATE_TX_READ);
            CPPUNIT_ASSERT_EQUAL(0, ask(call, nullptr, "jobs/1", "status", one("job", id), &out));
            CPPUNIT_ASSERT_EQUAL(std::string("queued"), out["state"].asText());
            CPPUNIT_ASSERT(out["result"].isNull());
            CPPUNIT_ASSERT_EQUAL(std::int64_t(0), *out["progress"]["done"].integer());
            CPPUNIT_ASSERT_EQUAL(0, table().db_end(tx, 0));
        }
        const auto status = [&](const identity::Principal* who, std::string_view permission,
                                std::string_view job) {
            CallRequest request;
            request.principal = who;
            request.permission = permission;
            Call call(*f_.place, request);
            return ask(call, nullptr, "jobs/1", "status", one("job", job));
        };
        identity::Principal neighbour = f_.farmer;
        neighbour.user = 8;
        CPPUNIT_ASSERT_EQUAL(404, status(&neighbour, "fake.note.own", id));
        CPPUNIT_ASSERT_EQUAL(0, status(&neighbour, "fake.note.org", id));
        CPPUNIT_ASSERT_EQUAL(0, status(&f_.regulator, "fake.note.all", id));
        CPPUNIT_ASSERT_EQUAL(404, status(&f_.regulator, "fake.note.org", id));
        CPPUNIT_ASSERT_EQUAL(404, status(nullptr, "", id));
        CPPUNIT_ASSERT_EQUAL(404, status(&f_.regulator, "fake.note.all", "12"));
        CPPUNIT_ASSERT_EQUAL(404, status(&f_.regulator, "fake.note.all", "no number"));
        f_.write("UPDATE job SET plugin = 'other'");
        CPPUNIT_ASSERT_EQUAL(404, status(&f_.farmer, "fake.note.all", id));
    }

    void progressNeedsAJob() {
        Call call(*f_.place, request_);
        const Value in = Value::map([](MapWriter& m) { m.set("done", 1).set("total", 2); });
        CPPUNIT_ASSERT_EQUAL(400, ask(call, nullptr, "jobs/1", "progress", in));
        CPPUNIT_ASSERT_EQUAL(std::string("core.job.no_job"), failureOf(call));
    }

    void auditRowsNameTheCaller() {
        request_.principal = &f_.farmer;
        request_.requestId = "r9";
        Call call(*f_.place, request_);
        dalate_tx* tx = begin(call, DALATE_TX_WRITE);
        const Value in = Value::map([](MapWriter& m) {
            m.set("action", "fake.note.void").set("object", "note/1").map("details", [](MapWriter& d) {
                d.set("why", "typo");
            });
        });
        CPPUNIT_ASSERT_EQUAL(0, ask(call, tx, "audit/1", "record", in));
        CPPUNIT_ASSERT_EQUAL(0, table().db_end(tx, 1));
        const auto lease = f_.pool.lease();
        storage::Tx read(*lease, storage::Tx::Mode::read);
        const auto rows = identity::Audit::latest(read, "note/1", 5);
        CPPUNIT_ASSERT_EQUAL(std::size_t(1), rows.size());
        CPPUNIT_ASSERT_EQUAL(std::string("fake.note.void"), rows[0].action);
        CPPUNIT_ASSERT_EQUAL(std::int64_t(7), rows[0].actor);
        CPPUNIT_ASSERT_EQUAL(std::string("r9"), rows[0].requestId);
    }

    void auditActionsAreThePlugins() {
        Call call(*f_.place, request_);
        for (const char* action : {"plugin.activation.off", "fake", "fake.", "fakes.x", ""}) {
            const Value in =
                Value::map([&](MapWriter& m) { m.set("action", action).set("object", "note/1"); });
            CPPUNIT_ASSERT_EQUAL_MESSAGE(action, 400, ask(call, nullptr, "audit/1", "record", in));
        }
        CPPUNIT_ASSERT_EQUAL(400, ask(call, nullptr, "audit/1", "record", one("action", "fake.x")));
    }

    void aWriteInsideATransactionMustBeGivenIt() {
        Call call(*f_.place, request_);
        dalate_tx* tx = begin(call, DALATE_TX_WRITE);
        CPPUNIT_ASSERT_EQUAL(400, ask(call, nullptr, "jobs/1", "enqueue", one("name", "import")));
        CPPUNIT_ASSERT_EQUAL(std::string("core.host.tx_not_given"), failureOf(call));
        CPPUNIT_ASSERT_EQUAL(0, ask(call, nullptr, "print/1", "qr", one("text", "x")));
        CPPUNIT_ASSERT_EQUAL(0, table().db_end(tx, 0));
        CPPUNIT_ASSERT_EQUAL(400, ask(call, tx, "jobs/1", "enqueue", one("name", "import")));
        CPPUNIT_ASSERT_EQUAL(std::string("core.host.stale_handle"), failureOf(call));
        tx = begin(call, DALATE_TX_READ);
        CPPUNIT_ASSERT_EQUAL(400, ask(call, tx, "jobs/1", "enqueue", one("name", "import")));
        CPPUNIT_ASSERT_EQUAL(std::string("core.host.tx_read_only"), failureOf(call));
        CPPUNIT_ASSERT_EQUAL(0, table().db_end(tx, 0));
    }

    void outsideWorkWaitsForNoTransaction() {
        f_.registry.offer(
            {"core", "http/1", "get", Touch::outside, [](ServiceContext&, ValueView) { return Value(); }});
        Call call(*f_.place, request_);
        dalate_tx* tx = begin(call, DALATE_TX_READ);
        CPPUNIT_ASSERT_EQUAL(409, ask(call, tx, "http/1", "get", {}));
        CPPUNIT_ASSERT_EQUAL(std::string("core.host.tx_open"), failureOf(call));
        CPPUNIT_ASSERT_EQUAL(0, table().db_end(tx, 0));
        CPPUNIT_ASSERT_EQUAL(0, ask(call, nullptr, "http/1", "get", {}));
    }

    void aFailedServiceUndoesItsWritesOnly() {
        f_.registry.offer(
            {"core", "test/1", "half", Touch::writes, [](ServiceContext& context, ValueView) -> Value {
                 context.tx->exec("INSERT INTO fake_word (id) VALUES (50)");
                 throw Error(422, "core.test.half");
             }});
        Call call(*f_.place, request_);
        dalate_tx* tx = begin(call, DALATE_TX_WRITE);
        CPPUNIT_ASSERT_EQUAL(0, exec(tx, "INSERT INTO fake_word (id) VALUES (1)"));
        CPPUNIT_ASSERT_EQUAL(422, ask(call, tx, "test/1", "half", {}));
        CPPUNIT_ASSERT_EQUAL(0, table().db_end(tx, 1));
        CPPUNIT_ASSERT_EQUAL(422, ask(call, nullptr, "test/1", "half", {}));
        CPPUNIT_ASSERT_EQUAL(std::int64_t(1), f_.number("SELECT COUNT(*) FROM fake_word"));
    }

    void pluginsRightsComeBackAfterAService() {
        Call call(*f_.place, request_);
        dalate_tx* tx = begin(call, DALATE_TX_WRITE);
        CPPUNIT_ASSERT_EQUAL(0, ask(call, tx, "jobs/1", "enqueue", one("name", "import")));
        CPPUNIT_ASSERT_EQUAL(400, exec(tx, "DELETE FROM job"));
        CPPUNIT_ASSERT_EQUAL(400, ask(call, tx, "jobs/1", "enqueue", one("name", "other")));
        CPPUNIT_ASSERT_EQUAL(400, exec(tx, "DELETE FROM job"));
        CPPUNIT_ASSERT_EQUAL(0, table().db_end(tx, 0));
    }

    void servicesNestToALimit() {
        int deepest = 0;
        f_.registry.publish(
            {{"people", "people/1", "again", Touch::own, [&](ServiceContext& context, ValueView) {
                  CallRequest request;
                  request.kind = host::CallKind::service;
                  request.principal = &context.principal;
                  Call nested(*f_.place, request);
                  deepest = std::max(deepest, nested.depth());
                  if (const dalate_status status = ask(nested, nullptr, "people/1", "again", {}))
                      throw Error(status, failureOf(nested));
                  return Value();
              }}});
        Call call(*f_.place, request_);
        CPPUNIT_ASSERT_EQUAL(503, ask(call, nullptr, "people/1", "again", {}));
        CPPUNIT_ASSERT_EQUAL(std::string("core.plugin.depth"), failureOf(call));
        CPPUNIT_ASSERT_EQUAL(Call::depthLimit - 1, deepest);
        CPPUNIT_ASSERT_EQUAL(0, table().reply(call.handle(), 200, str("text/plain"), str("still mine")));
    }

    void aProvidersRowsJoinTheCallersTransaction() {
        f_.registry.publish(
            {{"people", "people/1", "add", Touch::own, [&](ServiceContext& context, ValueView in) {
                  CallRequest request;
                  request.kind = host::CallKind::service;
                  CPPUNIT_ASSERT(context.tx);
                  Call nested(*f_.place, request, *context.tx);
                  dalate_tx* tx = begin(nested, DALATE_TX_WRITE);
                  CPPUNIT_ASSERT_EQUAL(
                      0, exec(tx, "INSERT INTO fake_word (id) VALUES (:id)", {param("id", *in.integer())}));
                  CPPUNIT_ASSERT_EQUAL(0, ask(nested, tx, "jobs/1", "enqueue", one("name", "import")));
                  CPPUNIT_ASSERT_EQUAL(0, table().db_end(tx, 1));
                  CPPUNIT_ASSERT_EQUAL(0, f_.wakes);
                  return Value();
              }}});
        Call call(*f_.place, request_);
        dalate_tx* tx = begin(call, DALATE_TX_WRITE);
        CPPUNIT_ASSERT_EQUAL(0, ask(call, tx, "people/1", "add", Value::of(1)));
        CPPUNIT_ASSERT_EQUAL(0, table().db_end(tx, 0));
        CPPUNIT_ASSERT_EQUAL(std::int64_t(0), f_.number("SELECT COUNT(*) FROM fake_word"));
        CPPUNIT_ASSERT_EQUAL(0, f_.wakes);
        tx = begin(call, DALATE_TX_WRITE);
        CPPUNIT_ASSERT_EQUAL(0, ask(call, tx, "people/1", "add", Value::of(2)));
        CPPUNIT_ASSERT_EQUAL(0, table().db_end(tx, 1));
        CPPUNIT_ASSERT_EQUAL(std::int64_t(2), f_.number("SELECT id FROM fake_word"));
        CPPUNIT_ASSERT_EQUAL(1, f_.wakes);
        CPPUNIT_ASSERT_EQUAL(std::int64_t(1), jobRows());
    }

    void resultsOutliveTheNestedCall() {
        f_.registry.publish({{"people", "people/1", "name", Touch::own, [&](ServiceContext&, ValueView) {
                                  CallRequest request;
                                  request.kind = host::CallKind::service;
                                  Call nested(*f_.place, request);
                                  dalate_str hash{};
                                  CPPUNIT_ASSERT_EQUAL(0, table().digest(nested.handle(), DALATE_DIGEST_SM3,
                                                                         str("abc"), &hash));
                                  return Value::of(std::string_view("name of a person that is long enough"));
                              }}});
        Call call(*f_.place, request_);
        ValueView first, second;
        CPPUNIT_ASSERT_EQUAL(0, ask(call, nullptr, "people/1", "name", {}, &first));
        CPPUNIT_ASSERT_EQUAL(0, ask(call, nullptr, "people/1", "name", {}, &second));
        CPPUNIT_ASSERT_EQUAL(second.asText(), first.asText());
    }

    void damagedArgumentsAreRefused() {
        Call call(*f_.place, request_);
        dalate_value out{};
        CPPUNIT_ASSERT_EQUAL(400, table().service(call.handle(), nullptr, str("jobs/1"), str("enqueue"),
                                                  {"\x09\0\0\0\0\0\x05", 7}, &out));
        CPPUNIT_ASSERT_EQUAL(std::string("core.host.value"), failureOf(call));
        CPPUNIT_ASSERT_EQUAL(
            400, table().service(call.handle(), nullptr, str("jobs/1"), str("enqueue"), {}, nullptr));
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(ServiceEntryTest);

} // namespace
