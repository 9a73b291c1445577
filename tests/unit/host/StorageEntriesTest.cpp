// SPDX-License-Identifier: Apache-2.0
#include "HostFixture.h"

namespace {

using namespace dalate;
using namespace dalate::test;
using host::Call;
using host::CallRequest;

class StorageEntriesTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(StorageEntriesTest);
    CPPUNIT_TEST(committedRowsComeBack);
    CPPUNIT_TEST(whatIsNotCommittedIsGone);
    CPPUNIT_TEST(aTransactionLeftOpenIsRolledBack);
    CPPUNIT_TEST(severalTransactionsFollowOneAnother);
    CPPUNIT_TEST(aSecondTransactionIsRefused);
    CPPUNIT_TEST(staleTransactionsAndRowsAreRefused);
    CPPUNIT_TEST(handlesOfAnotherCallAreRefused);
    CPPUNIT_TEST(constraintsAreConflicts);
    CPPUNIT_TEST(aReadTransactionRefusesWrites);
    CPPUNIT_TEST(otherTablesAreRefused);
    CPPUNIT_TEST(scopeFollowsPrincipalAndPermission);
    CPPUNIT_TEST(paramsOfALongerContractAreRead);
    CPPUNIT_TEST(badParamsAreRefused);
    CPPUNIT_TEST(rowsAreLimited);
    CPPUNIT_TEST(answeringWithAWriteOpenIsRefused);
    CPPUNIT_TEST(aJoinedTransactionIsUndoneAlone);
    CPPUNIT_TEST(aJoinedWriteNeedsAWrite);
    CPPUNIT_TEST_SUITE_END();

    HostFixture f_;
    CallRequest request_;

    dalate_tx* begin(Call& call, int32_t mode) {
        dalate_tx* tx = nullptr;
        CPPUNIT_ASSERT_EQUAL(0, table().db_begin(call.handle(), mode, &tx));
        CPPUNIT_ASSERT(tx);
        return tx;
    }
    std::int64_t words() { return f_.number("SELECT COUNT(*) FROM fake_word"); }
    std::int64_t visibleNotes(Call& call) {
        dalate_tx* tx = begin(call, DALATE_TX_READ);
        dalate_rows* rows = nullptr;
        CPPUNIT_ASSERT_EQUAL(0, table().db_run(tx, str("SELECT COUNT(*) FROM fake_note n WHERE {scope:n}"),
                                               nullptr, 0, sizeof(dalate_param), &rows, nullptr));
        const dalate_cell* cells = nullptr;
        std::size_t count = 0, stride = 0;
        CPPUNIT_ASSERT_EQUAL(0, table().rows_next(rows, &cells, &count, &stride));
        const std::int64_t seen = cells[0].i;
        CPPUNIT_ASSERT_EQUAL(0, table().db_end(tx, 0));
        return seen;
    }

public:
    void committedRowsComeBack() {
        Call call(*f_.place, request_);
        dalate_tx* tx = begin(call, DALATE_TX_WRITE);
        std::int64_t affected = 0;
        CPPUNIT_ASSERT_EQUAL(0, exec(tx, "INSERT INTO fake_word (id, word) VALUES (:id, :word)",
                                     {param("id", 1), param("word", "麦")}, &affected));
        CPPUNIT_ASSERT_EQUAL(std::int64_t(1), affected);
        CPPUNIT_ASSERT_EQUAL(0, exec(tx, "INSERT INTO fake_word (id, word) VALUES (2, NULL)"));
        CPPUNIT_ASSERT_EQUAL(0, table().db_end(tx, 1));

        tx = begin(call, DALATE_TX_READ);
        dalate_rows* rows = nullptr;
        CPPUNIT_ASSERT_EQUAL(0, table().db_run(tx, str("SELECT id, word FROM fake_word ORDER BY id"), nullptr,
                                               0, sizeof(dalate_param), &rows, nullptr));
        const dalate_cell* cells = nullptr;
        std::size_t count = 0, stride = 0;
        CPPUNIT_ASSERT_EQUAL(0, table().rows_next(rows, &cells, &count, &stride));
        CPPUNIT_ASSERT_EQUAL(std::size_t(2), count);
        CPPUNIT_ASSERT_EQUAL(sizeof(dalate_cell), stride);
        CPPUNIT_ASSERT_EQUAL(std::int64_t(1), cells[0].i);
        CPPUNIT_ASSERT_EQUAL(std::string("麦"), std::string(view(cells[1].s)));
        CPPUNIT_ASSERT_EQUAL(0, table().rows_next(rows, &cells, &count, &stride));
        CPPUNIT_ASSERT_EQUAL(int32_t{DALATE_CELL_NULL}, cells[1].tag);
        CPPUNIT_ASSERT_EQUAL(404, table().rows_next(rows, &cells, &count, &stride));
        CPPUNIT_ASSERT_EQUAL(std::string(), failureOf(call));
        table().rows_free(rows);
        CPPUNIT_ASSERT_EQUAL(0, table().db_end(tx, 0));
    }

    void whatIsNotCommittedIsGone() {
        Call call(*f_.place, request_);
        dalate_tx* tx = begin(call, DALATE_TX_WRITE);
        CPPUNIT_ASSERT_EQUAL(0, exec(tx, "INSERT INTO fake_word (id) VALUES (1)"));
        CPPUNIT_ASSERT_EQUAL(0, table().db_end(tx, 0));
        CPPUNIT_ASSERT_EQUAL(std::int64_t(0), words());
    }

    void aTransactionLeftOpenIsRolledBack() {
        {
            Call call(*f_.place, request_);
            dalate_tx* tx = begin(call, DALATE_TX_WRITE);
            CPPUNIT_ASSERT_EQUAL(0, exec(tx, "INSERT INTO fake_word (id) VALUES (1)"));
            call.conclude(0);
            CPPUNIT_ASSERT(!storage::Tx::openOnThisThread());
        }
        CPPUNIT_ASSERT_EQUAL(std::int64_t(0), words());
        f_.write("INSERT INTO fake_word (id) VALUES (1)");
    }

    void severalTransactionsFollowOneAnother() {
        Call call(*f_.place, request_);
        for (std::int64_t i = 0; i < 5; ++i) {
            dalate_tx* tx = begin(call, DALATE_TX_WRITE);
            CPPUNIT_ASSERT_EQUAL(0, exec(tx, "INSERT INTO fake_word (id) VALUES (:id)", {param("id", i)}));
            CPPUNIT_ASSERT_EQUAL(0, table().db_end(tx, 1));
            CPPUNIT_ASSERT_EQUAL(i + 1, words());
        }
    }

    void aSecondTransactionIsRefused() {
        Call call(*f_.place, request_);
        dalate_tx* tx = begin(call, DALATE_TX_WRITE);
        dalate_tx* second = nullptr;
        CPPUNIT_ASSERT_EQUAL(400, table().db_begin(call.handle(), DALATE_TX_READ, &second));
        CPPUNIT_ASSERT_EQUAL(std::string("core.host.tx_second"), failureOf(call));
        CPPUNIT_ASSERT(!second);
        CPPUNIT_ASSERT_EQUAL(0, table().db_end(tx, 0));
    }

    void staleTransactionsAndRowsAreRefused() {
        Call call(*f_.place, request_);
        dalate_tx* tx = begin(call, DALATE_TX_READ);
        dalate_rows* rows = nullptr;
        CPPUNIT_ASSERT_EQUAL(0, table().db_run(tx, str("SELECT id FROM fake_word"), nullptr, 0,
                                               sizeof(dalate_param), &rows, nullptr));
        CPPUNIT_ASSERT_EQUAL(0, table().db_end(tx, 0));
        const dalate_cell* cells = nullptr;
        std::size_t count = 0, stride = 0;
        CPPUNIT_ASSERT_EQUAL(400, table().rows_next(rows, &cells, &count, &stride));
        CPPUNIT_ASSERT_EQUAL(std::string("core.host.stale_handle"), failureOf(call));
        CPPUNIT_ASSERT_EQUAL(400, exec(tx, "DELETE FROM fake_word"));
        CPPUNIT_ASSERT_EQUAL(400, table().db_end(tx, 1));
        table().rows_free(rows);
        dalate_tx* next = begin(call, DALATE_TX_READ);
        CPPUNIT_ASSERT(next != tx);
        CPPUNIT_ASSERT_EQUAL(400, table().rows_next(rows, &cells, &count, &stride));
        CPPUNIT_ASSERT_EQUAL(400, exec(reinterpret_cast<dalate_tx*>(0x10), "DELETE FROM fake_word"));
        CPPUNIT_ASSERT_EQUAL(0, table().db_end(next, 0));
    }

    void handlesOfAnotherCallAreRefused() {
        Call outer(*f_.place, request_);
        dalate_tx* tx = begin(outer, DALATE_TX_READ);
        {
            Call inner(*f_.place, request_);
            CPPUNIT_ASSERT_EQUAL(400, table().db_end(tx, 0));
            CPPUNIT_ASSERT_EQUAL(400, exec(tx, "DELETE FROM fake_word"));
        }
        CPPUNIT_ASSERT_EQUAL(0, table().db_end(tx, 0));
    }

    void constraintsAreConflicts() {
        Call call(*f_.place, request_);
        dalate_tx* tx = begin(call, DALATE_TX_WRITE);
        CPPUNIT_ASSERT_EQUAL(0, exec(tx, "INSERT INTO fake_word (id, word) VALUES (1, 'a')"));
        CPPUNIT_ASSERT_EQUAL(409, exec(tx, "INSERT INTO fake_word (id, word) VALUES (2, 'a')"));
        CPPUNIT_ASSERT_EQUAL(std::string("core.storage.unique"), failureOf(call));
        CPPUNIT_ASSERT_EQUAL(
            409, exec(tx, "INSERT INTO fake_note (id, owner, org, body) VALUES (1, 1, 1, 'bad')"));
        CPPUNIT_ASSERT_EQUAL(std::string("core.storage.check"), failureOf(call));
        CPPUNIT_ASSERT_EQUAL(0, table().db_end(tx, 1));
        CPPUNIT_ASSERT_EQUAL(std::int64_t(1), words());
    }

    void aReadTransactionRefusesWrites() {
        Call call(*f_.place, request_);
        dalate_tx* tx = begin(call, DALATE_TX_READ);
        CPPUNIT_ASSERT(exec(tx, "INSERT INTO fake_word (id) VALUES (1)") != 0);
        CPPUNIT_ASSERT_EQUAL(0, table().db_end(tx, 1));
        CPPUNIT_ASSERT_EQUAL(std::int64_t(0), words());
    }

    void otherTablesAreRefused() {
        Call call(*f_.place, request_);
        dalate_tx* tx = begin(call, DALATE_TX_WRITE);
        for (const char* sql :
             {"SELECT id FROM account", "DELETE FROM job", "SELECT id FROM fake_note", "DROP TABLE fake_word",
              "SELECT name FROM sqlite_master", "PRAGMA user_version"}) {
            CPPUNIT_ASSERT_EQUAL_MESSAGE(sql, 400, exec(tx, sql));
            CPPUNIT_ASSERT_EQUAL_MESSAGE(sql, std::string("core.storage.refused"), failureOf(call));
        }
        CPPUNIT_ASSERT_EQUAL(0, table().db_end(tx, 0));
    }

    void scopeFollowsPrincipalAndPermission() {
        f_.write("INSERT INTO fake_note (id, owner, org, body) VALUES (1, 7, 70, 'x'), (2, 8, 70, 'x'), (3, "
                 "9, 90, 'x'), "
                 "(4, 0, 0, 'x')");
        const auto seen = [&](const identity::Principal* who, std::string_view permission) {
            CallRequest request;
            request.principal = who;
            request.permission = permission;
            Call call(*f_.place, request);
            return visibleNotes(call);
        };
        CPPUNIT_ASSERT_EQUAL(std::int64_t(1), seen(&f_.farmer, "fake.note.own"));
        CPPUNIT_ASSERT_EQUAL(std::int64_t(2), seen(&f_.farmer, "fake.note.org"));
        CPPUNIT_ASSERT_EQUAL(std::int64_t(4), seen(&f_.regulator, "fake.note.all"));
        CPPUNIT_ASSERT_EQUAL(std::int64_t(1), seen(&f_.farmer, ""));
        CPPUNIT_ASSERT_EQUAL(std::int64_t(0), seen(nullptr, ""));
        CPPUNIT_ASSERT_EQUAL(std::int64_t(0), seen(nullptr, "fake.note.own"));
        CPPUNIT_ASSERT_EQUAL(std::int64_t(0), seen(&f_.farmer, "fake.note.unknown"));
        identity::Principal machine;
        machine.kind = identity::Principal::Kind::token;
        machine.token = 5;
        CPPUNIT_ASSERT_EQUAL(std::int64_t(0), seen(&machine, "fake.note.org"));
        CallRequest job;
        job.kind = host::CallKind::job;
        {
            Call call(*f_.place, job);
            CPPUNIT_ASSERT_EQUAL(std::int64_t(4), visibleNotes(call));
        }
        CallRequest service;
        service.kind = host::CallKind::service;
        service.principal = &f_.farmer;
        {
            Call call(*f_.place, service);
            CPPUNIT_ASSERT_EQUAL(std::int64_t(1), visibleNotes(call));
        }
        service.principal = &f_.regulator;
        Call call(*f_.place, service);
        CPPUNIT_ASSERT_EQUAL(std::int64_t(4), visibleNotes(call));
    }

    void paramsOfALongerContractAreRead() {
        struct Longer {
            dalate_param param;
            char more[24];
        };
        const Longer longer[2] = {{param("id", 5), {}}, {param("word", "later"), {}}};
        Call call(*f_.place, request_);
        dalate_tx* tx = begin(call, DALATE_TX_WRITE);
        CPPUNIT_ASSERT_EQUAL(0,
                             table().db_run(tx, str("INSERT INTO fake_word (id, word) VALUES (:id, :word)"),
                                            &longer[0].param, 2, sizeof(Longer), nullptr, nullptr));
        CPPUNIT_ASSERT_EQUAL(0, table().db_end(tx, 1));
        CPPUNIT_ASSERT_EQUAL(std::int64_t(5), f_.number("SELECT id FROM fake_word WHERE word = 'later'"));
    }

    void badParamsAreRefused() {
        Call call(*f_.place, request_);
        dalate_tx* tx = begin(call, DALATE_TX_WRITE);
        const std::string_view sql = "INSERT INTO fake_word (id, word) VALUES (1, :word)";
        dalate_param cell = param("word", "x");
        cell.value.tag = 9;
        CPPUNIT_ASSERT_EQUAL(400, exec(tx, sql, {cell}));
        CPPUNIT_ASSERT_EQUAL(400, exec(tx, sql, {param("word", "\xff\xfe")}));
        cell = param("word", "x");
        cell.value.s = {nullptr, 9};
        CPPUNIT_ASSERT_EQUAL(400, exec(tx, sql, {cell}));
        cell = param("word", "x");
        CPPUNIT_ASSERT_EQUAL(400, table().db_run(tx, str(sql), &cell, 1, 8, nullptr, nullptr));
        CPPUNIT_ASSERT_EQUAL(400, table().db_run(tx, str(sql), nullptr, 1, sizeof cell, nullptr, nullptr));
        CPPUNIT_ASSERT_EQUAL(400, exec(tx, std::string(70'000, ' ') + "SELECT 1"));
        CPPUNIT_ASSERT(exec(tx, sql) != 0);
        CPPUNIT_ASSERT_EQUAL(0, table().db_end(tx, 1));
        CPPUNIT_ASSERT_EQUAL(std::int64_t(0), words());
    }

    void rowsAreLimited() {
        Call call(*f_.place, request_);
        dalate_tx* tx = begin(call, DALATE_TX_READ);
        dalate_status last = 0;
        std::size_t opened = 0;
        for (; opened < 1000 && last == 0; ++opened) {
            dalate_rows* rows = nullptr;
            last = table().db_run(tx, str("SELECT id FROM fake_word"), nullptr, 0, sizeof(dalate_param),
                                  &rows, nullptr);
        }
        CPPUNIT_ASSERT_EQUAL(400, last);
        CPPUNIT_ASSERT_EQUAL(std::string("core.host.rows_many"), failureOf(call));
        CPPUNIT_ASSERT_EQUAL(host::CallTx::rowsLimit + 1, opened);
        CPPUNIT_ASSERT_EQUAL(0, table().db_end(tx, 0));
    }

    void answeringWithAWriteOpenIsRefused() {
        Call call(*f_.place, request_);
        dalate_tx* tx = begin(call, DALATE_TX_WRITE);
        CPPUNIT_ASSERT_EQUAL(409, table().reply(call.handle(), 200, str("text/plain"), str("done")));
        CPPUNIT_ASSERT_EQUAL(409, table().render(call.handle(), 200, str("fake/note"), {}));
        CPPUNIT_ASSERT_EQUAL(std::string("core.host.tx_open"), failureOf(call));
        CPPUNIT_ASSERT_EQUAL(0, table().db_end(tx, 1));
        tx = begin(call, DALATE_TX_READ);
        CPPUNIT_ASSERT_EQUAL(0, table().reply(call.handle(), 200, str("text/plain"), str("done")));
        CPPUNIT_ASSERT_EQUAL(0, table().db_end(tx, 0));
    }

    void aJoinedTransactionIsUndoneAlone() {
        {
            Call outer(*f_.place, request_);
            dalate_tx* tx = begin(outer, DALATE_TX_WRITE);
            CPPUNIT_ASSERT_EQUAL(0, exec(tx, "INSERT INTO fake_word (id) VALUES (1)"));
            for (const std::int32_t commit : {0, 1}) {
                Call inner(*f_.place, request_, outer.tx()->tx());
                dalate_tx* part = begin(inner, DALATE_TX_WRITE);
                CPPUNIT_ASSERT_EQUAL(
                    0, exec(part, "INSERT INTO fake_word (id) VALUES (:id)", {param("id", 10 + commit)}));
                CPPUNIT_ASSERT_EQUAL(0, table().db_end(part, commit));
            }
            {
                Call inner(*f_.place, request_, outer.tx()->tx());
                dalate_tx* part = begin(inner, DALATE_TX_WRITE);
                CPPUNIT_ASSERT_EQUAL(0, exec(part, "INSERT INTO fake_word (id) VALUES (12)"));
            }
            CPPUNIT_ASSERT_EQUAL(0, exec(tx, "INSERT INTO fake_word (id) VALUES (2)"));
            CPPUNIT_ASSERT_EQUAL(std::int64_t(0), words());
            CPPUNIT_ASSERT_EQUAL(0, table().db_end(tx, 1));
        }
        CPPUNIT_ASSERT_EQUAL(std::int64_t(3), words());
        CPPUNIT_ASSERT_EQUAL(std::int64_t(1), f_.number("SELECT COUNT(*) FROM fake_word WHERE id = 11"));
    }

    void aJoinedWriteNeedsAWrite() {
        Call outer(*f_.place, request_);
        dalate_tx* tx = begin(outer, DALATE_TX_READ);
        {
            Call inner(*f_.place, request_, outer.tx()->tx());
            dalate_tx* part = nullptr;
            CPPUNIT_ASSERT_EQUAL(400, table().db_begin(inner.handle(), DALATE_TX_WRITE, &part));
            CPPUNIT_ASSERT_EQUAL(std::string("core.host.tx_read_only"), failureOf(inner));
            part = begin(inner, DALATE_TX_READ);
            CPPUNIT_ASSERT_EQUAL(0, table().db_end(part, 0));
        }
        CPPUNIT_ASSERT_EQUAL(0, table().db_end(tx, 0));
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(StorageEntriesTest);

} // namespace
