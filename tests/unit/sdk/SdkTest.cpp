// SPDX-License-Identifier: Apache-2.0
// What the SDK's headers make of the C table: which parameters reach the host, what is freed and when, and
// how a host's refusal comes back.
#include <dalate/audit.hpp>
#include <dalate/civil.hpp>
#include <dalate/forms.hpp>
#include <dalate/plugin.hpp>
#include <dalate/print.hpp>
#include <dalate/settings.hpp>

#include <cppunit/extensions/HelperMacros.h>

#include <map>
#include <string>
#include <vector>

using namespace dalate;

/// The fake host's call: what is to be answered, and what was asked.
struct dalate_call {
    std::vector<std::string> log;
    dalate_status refuse = DALATE_OK;
    std::string refusal;
    std::string body;
    int rowsLeft = 0;
    std::vector<dalate_cell> row;
    int status = 0;
};

namespace {

dalate_call* now = nullptr; // the entries that get a transaction or rows find their call here

std::string text(dalate_str s) {
    return {s.p, s.n};
}
dalate_str str(std::string_view s) {
    return {s.data(), s.size()};
}

std::string shown(const dalate_cell& c) {
    switch (c.tag) {
    case DALATE_CELL_NULL:
        return "null";
    case DALATE_CELL_INTEGER:
        return "i" + std::to_string(c.i);
    case DALATE_CELL_REAL:
        return "r" + std::to_string(c.r).substr(0, 3);
    case DALATE_CELL_TEXT:
        return "t'" + text(c.s) + "'";
    default:
        return "b" + std::to_string(c.s.n);
    }
}

dalate_host_v1 made() {
    dalate_host_v1 t{};
    t.size = sizeof t;
    t.now = [](dalate_host*) -> int64_t { return 1; };
    t.call_text = [](dalate_call* call, int32_t field, dalate_str, dalate_str* out) -> dalate_status {
        if (field == DALATE_FIELD_PLUGIN_PATH) {
            *out = str("/desk");
            return DALATE_OK;
        }
        if (field != DALATE_FIELD_FAILURE || call->refusal.empty()) return 404;
        *out = str(call->refusal);
        return DALATE_OK;
    };
    t.call_value = [](dalate_call*, int32_t, dalate_value*) -> dalate_status { return 404; };
    t.body_size = [](dalate_call* call) { return static_cast<int64_t>(call->body.size()); };
    t.body_read = [](dalate_call* call, int64_t offset, size_t most, dalate_str* out) -> dalate_status {
        call->log.push_back("read " + std::to_string(offset));
        *out = str(std::string_view(call->body).substr(static_cast<size_t>(offset), most));
        return DALATE_OK;
    };
    t.db_begin = [](dalate_call* call, int32_t mode, dalate_tx** out) -> dalate_status {
        call->log.push_back("begin " + std::to_string(mode));
        *out = reinterpret_cast<dalate_tx*>(call);
        return call->refuse;
    };
    t.db_end = [](dalate_tx*, int32_t commit) -> dalate_status {
        now->log.push_back(commit ? "commit" : "rollback");
        return commit ? now->refuse : DALATE_OK;
    };
    t.db_run = [](dalate_tx*, dalate_str sql, const dalate_param* params, size_t count, size_t stride,
                  dalate_rows** rows, int64_t* affected) -> dalate_status {
        std::string line = text(sql);
        for (size_t i = 0; i < count; ++i) {
            const auto& p =
                *reinterpret_cast<const dalate_param*>(reinterpret_cast<const char*>(params) + i * stride);
            line += " " + text(p.name) + "=" + shown(p.value);
        }
        now->log.push_back(line);
        if (rows) *rows = reinterpret_cast<dalate_rows*>(now);
        *affected = 3;
        return now->refuse;
    };
    t.rows_next = [](dalate_rows*, const dalate_cell** cells, size_t* count,
                     size_t* stride) -> dalate_status {
        if (now->rowsLeft-- <= 0) return 404;
        *cells = now->row.data();
        *count = now->row.size();
        *stride = sizeof(dalate_cell);
        return DALATE_OK;
    };
    t.rows_free = [](dalate_rows*) { now->log.push_back("free"); };
    t.can = [](dalate_call*, dalate_str permission) -> dalate_status {
        return text(permission) == "a.b" ? DALATE_OK : 404;
    };
    t.setting = [](dalate_host*, dalate_str name, dalate_str* out) -> dalate_status {
        static const std::map<std::string, std::string> settings = {
            {"days", "12"}, {"loud", "true"}, {"name", "x"}};
        const auto at = settings.find(text(name));
        if (at == settings.end()) return 404;
        *out = str(at->second);
        return DALATE_OK;
    };
    t.service = [](dalate_call* call, dalate_tx* tx, dalate_str service, dalate_str method, dalate_value in,
                   dalate_value* out) -> dalate_status {
        const ValueView asked(in.p, in.n);
        call->log.push_back(text(service) + "." + text(method) + (tx ? " in tx " : " ") +
                            asked["name"].asText());
        for (const ValueView problem : asked["problems"])
            call->log.push_back(problem["field"].asText() + " " + problem["id"].asText());
        static const Value answer = Value::map([](MapWriter& m) { m.set("job", "77").set("svg", "<svg/>"); });
        *out = {answer.bytes().data(), answer.bytes().size()};
        return call->refuse;
    };
    t.reply = [](dalate_call* call, int32_t status, dalate_str type, dalate_str body) -> dalate_status {
        call->log.push_back(std::to_string(status) + " " + text(type) + " " + text(body));
        return DALATE_OK;
    };
    t.reply_header = [](dalate_call* call, dalate_str name, dalate_str value) -> dalate_status {
        call->log.push_back(text(name) + ": " + text(value));
        return call->refuse;
    };
    t.fail = [](dalate_call* call, int32_t status, dalate_str id, dalate_value) {
        call->log.push_back("fail " + std::to_string(status) + " " + text(id));
    };
    t.log = [](dalate_host*, int32_t, dalate_str id, dalate_value) { now->log.push_back("log " + text(id)); };
    return t;
}

const dalate_host_v1 table = made();

template <class Work>
std::string thrown(Work&& work) {
    try {
        work();
        return "nothing";
    } catch (const Error& error) {
        return std::to_string(error.status()) + " " + error.id();
    }
}

class Bound {
public:
    Response page(Request&) { return Response::text("changing"); }
    Response look(Request&) const { return Response::text("looking"); }
    void work(JobContext& job) const noexcept {
        now->log.push_back("worked " + std::to_string(job.now() != 0));
    }
    std::string effect(CaseMove& move) const { return cases::href(move, "ticket", 7); }
};

class Twice : public Plugin {
public:
    using Plugin::Plugin;
    void bind(Binder& b) override {
        b.route("one", [](Request&) { return Response::text("1"); });
        b.job("two", [](JobContext&) {});
    }
};

} // namespace

class SdkTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(SdkTest);
    CPPUNIT_TEST(parametersKeepTheirTypes);
    CPPUNIT_TEST(transactionsEndOnce);
    CPPUNIT_TEST(aWriteIsBegunRunAndCommitted);
    CPPUNIT_TEST(aReadEndsWithItsAnswer);
    CPPUNIT_TEST(membersAreBoundConstOrNot);
    CPPUNIT_TEST(daysAreThoseOfTheCountysClock);
    CPPUNIT_TEST(aPluginsOwnProblemStandsBehindThoseOfTheForm);
    CPPUNIT_TEST(rowsAreFreedOnce);
    CPPUNIT_TEST(cellsReadAsAskedFor);
    CPPUNIT_TEST(refusalsComeBackWithTheHostsWords);
    CPPUNIT_TEST(longBodiesComeInPieces);
    CPPUNIT_TEST(settingsAreTyped);
    CPPUNIT_TEST(servicesGoThroughTheOneDoor);
    CPPUNIT_TEST(aRefusedHeaderIsAFailureOfTheCall);
    CPPUNIT_TEST(thunksNeedWholeTablesAndKnownHandlers);
    CPPUNIT_TEST_SUITE_END();

    dalate_call call_;
    const Host host_{&table, nullptr};

    std::string lastLine() const { return call_.log.empty() ? "" : call_.log.back(); }

public:
    void setUp() override { now = &call_; }

    void parametersKeepTheirTypes() {
        Request request(host_, &call_);
        Tx tx = request.begin(TxMode::write);
        const std::optional<std::string> none;
        CPPUNIT_ASSERT_EQUAL(std::int64_t{3}, tx.exec("S", {{"one", 1}}));
        CPPUNIT_ASSERT_EQUAL(std::string("S one=i1"), lastLine());
        tx.exec("S", {{"a", true},
                      {"b", 2.5},
                      {"c", "x"},
                      {"d", std::string("y") + "z"},
                      {"e", none},
                      {"f", nullptr},
                      {"g", std::string_view()},
                      {"h", Blob{"ab"}},
                      {"i", std::int64_t{-9}}});
        CPPUNIT_ASSERT_EQUAL(std::string("S a=i1 b=r2.5 c=t'x' d=t'yz' e=null f=null g=t'' h=b2 i=i-9"),
                             lastLine());
        std::vector<Param> params;
        params.emplace_back("k", 5);
        tx.exec("S", params);
        CPPUNIT_ASSERT_EQUAL(std::string("S k=i5"), lastLine());
        tx.exec("S");
        CPPUNIT_ASSERT_EQUAL(std::string("S"), lastLine());
    }

    void transactionsEndOnce() {
        Request request(host_, &call_);
        {
            Tx tx = request.begin(TxMode::read);
            Tx moved = std::move(tx);
            CPPUNIT_ASSERT_EQUAL(std::string("500 core.db.tx_over"), thrown([&] { tx.exec("S"); }));
        }
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, call_.log.size());
        CPPUNIT_ASSERT_EQUAL(std::string("rollback"), lastLine());
        {
            Tx tx = request.begin(TxMode::write);
            tx.commit();
            CPPUNIT_ASSERT_EQUAL(std::string("500 core.db.tx_over"), thrown([&] { tx.commit(); }));
        }
        CPPUNIT_ASSERT_EQUAL(std::string("commit"), lastLine());
        CPPUNIT_ASSERT_EQUAL(std::size_t{4}, call_.log.size());
    }

    void aWriteIsBegunRunAndCommitted() {
        Request request(host_, &call_);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{3}, request.write("W", {{"k", 1}}));
        CPPUNIT_ASSERT((call_.log == std::vector<std::string>{"begin 1", "W k=i1", "commit"}));
        call_.log.clear();
        call_.refuse = 503;
        CPPUNIT_ASSERT_EQUAL(std::string("503 core.call.failed"), thrown([&] { request.write("W"); }));
        CPPUNIT_ASSERT(call_.log.back() != "commit");
    }

    void aReadEndsWithItsAnswer() {
        Request request(host_, &call_);
        call_.rowsLeft = 1;
        call_.row = {{DALATE_CELL_INTEGER, 0, 7, 0, {}}};
        {
            Read rows = request.read("Q", {{"k", 1}});
            Read moved = std::move(rows);
            CPPUNIT_ASSERT(moved.next());
            CPPUNIT_ASSERT_EQUAL(std::int64_t{7}, moved.integer(0));
        }
        CPPUNIT_ASSERT((call_.log == std::vector<std::string>{"begin 0", "Q k=i1", "free", "rollback"}));
    }

    void membersAreBoundConstOrNot() {
        std::vector<Handler> handlers;
        const auto bind = [](dalate_binder*, int32_t, dalate_str, uint32_t) -> dalate_status {
            return DALATE_OK;
        };
        Binder binder(bind, nullptr, handlers);
        Bound bound;
        const Bound& still = bound;
        binder.route("page", &bound, &Bound::page);
        binder.route("look", &still, &Bound::look);
        binder.job("work", &bound, &Bound::work);
        for (const Handler& handler : handlers)
            handler(host_, &call_);
        CPPUNIT_ASSERT_EQUAL(std::size_t{3}, call_.log.size());
        CPPUNIT_ASSERT(call_.log[0].find("changing") != std::string::npos);
        CPPUNIT_ASSERT(call_.log[1].find("looking") != std::string::npos);
        CPPUNIT_ASSERT_EQUAL(std::string("worked 1"), call_.log[2]);
        CaseMove move(host_, &call_);
        CPPUNIT_ASSERT_EQUAL(std::string("/cases/desk/ticket/7"), bound.effect(move));
    }

    void daysAreThoseOfTheCountysClock() {
        constexpr std::int64_t second = 1'000'000;
        CPPUNIT_ASSERT_EQUAL(std::string("1970-01-01"), civil::date(0));
        // 2024-02-28T15:59:59.999999Z is the last moment of that day in the county; the next day is a leap
        // day.
        CPPUNIT_ASSERT_EQUAL(std::string("2024-02-28"), civil::date(1'709'135'999 * second + 999'999));
        CPPUNIT_ASSERT_EQUAL(std::string("2024-02-29"), civil::date(1'709'136'000 * second));
        CPPUNIT_ASSERT_EQUAL(std::string("2024-03"), civil::month((1'709'136'000 + 86'400) * second));
        CPPUNIT_ASSERT_EQUAL(std::string("1969-12-31"), civil::date(-8 * 3600 * second - 1));
        CPPUNIT_ASSERT_EQUAL(std::string("1900-03-01"), civil::date(-2'203'920'000 * second));
        CPPUNIT_ASSERT_EQUAL(std::string("0000-01-01"),
                             civil::date(-62'167'219'200 * second - 8 * 3600 * second));
        CPPUNIT_ASSERT_EQUAL(std::string("9999-12-31"), civil::date(253'402'271'999 * second));
    }

    void aPluginsOwnProblemStandsBehindThoseOfTheForm() {
        Request request(host_, &call_);
        const Value record = Value::map([](MapWriter& m) {
            m.list("problems", [](ListWriter& l) {
                l.map([](MapWriter& p) { p.set("field", "price").set("id", "core.form.number"); });
            });
        });
        forms::Form(request, "asset").model("/a", forms::Judged(record), {}, {"tag", "desk.there"});
        CPPUNIT_ASSERT((call_.log == std::vector<std::string>{"forms/1.model ", "price core.form.number",
                                                              "tag desk.there"}));
    }

    void rowsAreFreedOnce() {
        Request request(host_, &call_);
        Tx tx = request.begin(TxMode::read);
        call_.rowsLeft = 2;
        {
            Rows rows = tx.query("Q");
            Rows moved = std::move(rows);
            int count = 0;
            while (moved.next())
                ++count;
            CPPUNIT_ASSERT_EQUAL(2, count);
            CPPUNIT_ASSERT(!moved.next());
            CPPUNIT_ASSERT(!rows.next());
        }
        call_.rowsLeft = 2;
        {
            Rows left = tx.query("Q");
            left.next();
        }
        CPPUNIT_ASSERT_EQUAL(std::ptrdiff_t{2}, std::count(call_.log.begin(), call_.log.end(), "free"));
    }

    void cellsReadAsAskedFor() {
        Request request(host_, &call_);
        Tx tx = request.begin(TxMode::read);
        call_.rowsLeft = 1;
        call_.row = {{DALATE_CELL_INTEGER, 0, 7, 0, {}},
                     {DALATE_CELL_TEXT, 0, 0, 0, str("42")},
                     {DALATE_CELL_NULL, 0, 0, 0, {}},
                     {DALATE_CELL_REAL, 0, 0, 1.5, {}},
                     {DALATE_CELL_TEXT, 0, 0, 0, str("4x")}};
        Rows rows = tx.query("Q");
        CPPUNIT_ASSERT_EQUAL(std::string("500 core.db.column"), thrown([&] { rows.integer(0); }));
        rows.next();
        CPPUNIT_ASSERT_EQUAL(std::int64_t{7}, rows.integer(0));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{42}, rows.integer(1));
        CPPUNIT_ASSERT_EQUAL(std::string_view("42"), rows.text(1));
        CPPUNIT_ASSERT(rows.isNull(2) && !rows.maybeInteger(2) && !rows.maybeText(2));
        CPPUNIT_ASSERT_EQUAL(1.5, rows.real(3));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, rows.integer(4));
        CPPUNIT_ASSERT_EQUAL(std::string("500 core.db.column"), thrown([&] { rows.text(5); }));
    }

    void refusalsComeBackWithTheHostsWords() {
        Request request(host_, &call_);
        Tx tx = request.begin(TxMode::write);
        call_.refuse = 409;
        call_.refusal = "core.storage.unique";
        CPPUNIT_ASSERT_EQUAL(std::string("409 core.storage.unique"), thrown([&] { tx.exec("S"); }));
        CPPUNIT_ASSERT_EQUAL(std::string("409 core.storage.unique"), thrown([&] { tx.commit(); }));
        call_.refusal.clear();
        CPPUNIT_ASSERT_EQUAL(std::string("409 core.call.failed"),
                             thrown([&] { request.begin(TxMode::read); }));
        CPPUNIT_ASSERT(request.can("a.b") && !request.can("a.c"));
        CPPUNIT_ASSERT_EQUAL(std::string("404 core.not_found"), thrown([&] { request.require("a.c"); }));
    }

    void longBodiesComeInPieces() {
        call_.body.assign(600'000, 'x');
        call_.body.back() = 'y';
        Request request(host_, &call_);
        CPPUNIT_ASSERT(call_.body == request.body());
        CPPUNIT_ASSERT_EQUAL(std::size_t{3}, call_.log.size());
    }

    void settingsAreTyped() {
        CPPUNIT_ASSERT_EQUAL(std::int64_t{12}, settings::integer(host_, "days"));
        CPPUNIT_ASSERT(settings::boolean(host_, "loud"));
        CPPUNIT_ASSERT_EQUAL(std::string("500 core.setting.type"),
                             thrown([&] { settings::integer(host_, "name"); }));
        CPPUNIT_ASSERT_EQUAL(std::string("500 core.setting.type"),
                             thrown([&] { settings::boolean(host_, "name"); }));
        CPPUNIT_ASSERT_EQUAL(std::string("404 core.setting.unknown"),
                             thrown([&] { settings::text(host_, "none"); }));
    }

    void servicesGoThroughTheOneDoor() {
        Request request(host_, &call_);
        CPPUNIT_ASSERT_EQUAL(std::string_view("<svg/>"), print::qr(request, "x"));
        Tx tx = request.begin(TxMode::write);
        CPPUNIT_ASSERT_EQUAL(std::string("77"), jobs::enqueue(request, tx, "import"));
        CPPUNIT_ASSERT_EQUAL(std::string("jobs/1.enqueue in tx import"), lastLine());
        call_.refuse = 404;
        call_.refusal = "core.service.unknown";
        CPPUNIT_ASSERT_EQUAL(std::string("404 core.service.unknown"),
                             thrown([&] { jobs::status(request, "1"); }));
    }

    void aRefusedHeaderIsAFailureOfTheCall() {
        call_.refuse = 400;
        call_.refusal = "core.header";
        Request request(host_, &call_);
        CPPUNIT_ASSERT_EQUAL(std::string("400 core.header"),
                             thrown([&] { Response::redirect("/a\r\nSet-Cookie: b").send(request); }));
    }

    void thunksNeedWholeTablesAndKnownHandlers() {
        using Thunks = detail::Thunks<Twice>;
        void* self = nullptr;
        dalate_host_v1 shorter = table;
        shorter.size -= 8;
        CPPUNIT_ASSERT_EQUAL(dalate_status{500}, Thunks::create(&shorter, nullptr, &self));
        CPPUNIT_ASSERT_EQUAL(dalate_status{500}, Thunks::create(nullptr, nullptr, &self));
        CPPUNIT_ASSERT_EQUAL(dalate_status{DALATE_OK}, Thunks::create(&table, nullptr, &self));
        const dalate_bind_fn refusing = [](dalate_binder*, int32_t kind, dalate_str,
                                           uint32_t) -> dalate_status {
            return kind == DALATE_BIND_JOB ? 400 : DALATE_OK;
        };
        CPPUNIT_ASSERT_EQUAL(dalate_status{400}, Thunks::bind(self, refusing, nullptr));
        CPPUNIT_ASSERT_EQUAL(std::string("log core.plugin.undeclared"), lastLine());
        CPPUNIT_ASSERT_EQUAL(dalate_status{DALATE_OK}, Thunks::invoke(self, 0, &call_));
        CPPUNIT_ASSERT_EQUAL(std::string("200 text/plain; charset=utf-8 1"), lastLine());
        CPPUNIT_ASSERT_EQUAL(dalate_status{500}, Thunks::invoke(self, 1, &call_));
        Thunks::destroy(self);
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(SdkTest);
