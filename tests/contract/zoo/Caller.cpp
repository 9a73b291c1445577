// SPDX-License-Identifier: Apache-2.0
// A plugin that does what it is told, through the C table and nothing else. A script is a list of steps, each
// a map whose "do" names an entry of the table; what each step answered is collected:
//
//     [{"do": "begin", "mode": "write"}, {"do": "ask", "service": "cases/1", "method": "open", "in": {…},
//     "given": true},
//      {"do": "end", "commit": true}]     ->     [{"status": 0}, {"status": 0, "out": {…}}, {"status": 0}]
//
// Every kind of call runs scripts: a request's is its body, a job's and a service call's stand in the
// arguments, an event's in the payload, a guard's and an effect's in the answers of the step that moves the
// case.
#include "Witness.h"

#include <dalate/abi.h>
#include <dalate/value.hpp>

#include <cstdlib>
#include <string>
#include <string_view>
#include <thread>

__asm__(".pushsection .note.dalate,\"a\",@note\n.balign 4\n.long 7, 16, 1\n.asciz \"dalate\"\n.balign 4\n"
        ".short 0, 2\n.ascii \"by hand\"\n.zero 5\n.popsection\n");

namespace {

using dalate::ListWriter;
using dalate::MapWriter;
using dalate::Value;
using dalate::ValueView;

const dalate_host_v1* table = nullptr;
dalate_host* place = nullptr;

enum Handler : std::uint32_t { route = 1, job, event, service, whoFirst, whoSecond, guard, effect };

dalate_str str(std::string_view text) {
    return {text.data(), text.size()};
}
dalate_value flat(ValueView value) {
    return {value.raw().data(), value.raw().size()};
}
std::string_view view(dalate_str text) {
    return {text.p, text.n};
}

ValueView partOf(dalate_call* call, std::int32_t part) {
    dalate_value out{};
    return table->call_value(call, part, &out) == DALATE_OK ? ValueView(out.p, out.n) : ValueView();
}

std::string textOf(dalate_call* call, std::int32_t field) {
    dalate_str out{};
    return table->call_text(call, field, {}, &out) == DALATE_OK ? std::string(view(out)) : std::string();
}

/// One run of a script in one call.
class Run {
public:
    explicit Run(dalate_call* call) : call_(call) {}

    Value all(ValueView steps) {
        return Value::list([&](ListWriter& list) {
            for (const ValueView step : steps)
                list.map([&](MapWriter& m) { write(m, step); });
        });
    }
    std::int32_t last() const { return last_; }

private:
    void write(MapWriter& m, ValueView step) {
        dalate_value out{};
        last_ = act(step, out);
        m.set("status", last_);
        if (last_ != DALATE_OK && !elsewhere(step))
            m.set("error", textOf(call_, DALATE_FIELD_FAILURE))
                .set("details", partOf(call_, DALATE_PART_FAILURE));
        else
            m.set("out", ValueView(out.p, out.n));
    }

    static bool elsewhere(ValueView step) { return step["elsewhere"].truth(); }

    std::int32_t act(ValueView step, dalate_value& out) {
        const std::string_view what = step["do"].text();
        if (what == "begin")
            return table->db_begin(call_, step["mode"].text() == "write" ? DALATE_TX_WRITE : DALATE_TX_READ,
                                   &tx_);
        if (what == "end") {
            dalate_tx* ended = tx_;
            tx_ = nullptr;
            return table->db_end(ended, step["commit"].truth());
        }
        if (what == "exec") {
            std::int64_t affected = 0;
            return table->db_run(tx_, str(step["sql"].text()), nullptr, 0, sizeof(dalate_param), nullptr,
                                 &affected);
        }
        if (what == "fail") {
            const auto status = static_cast<std::int32_t>(step["status"].integer().value_or(0));
            table->fail(call_, status, str(step["id"].text()), {});
            return status;
        }
        if (what == "echo") return echo(out);
        if (what != "ask") return 501;
        if (!elsewhere(step)) return ask(step, out);
        std::int32_t status = 0;
        std::thread([&] { status = ask(step, out); }).join();
        return status;
    }

    std::int32_t ask(ValueView step, dalate_value& out) {
        const Value in(step["in"]);
        dalate_value given = flat(in);
        // Bytes that are no value, as a plugin of another build might pass.
        const std::string_view bytes = step["bytes"].text();
        if (step.has("bytes")) given = {bytes.data(), bytes.size()};
        if (step.has("cut")) given.n -= static_cast<std::size_t>(step["cut"].integer().value_or(0));
        return table->service(call_, step["given"].truth() ? tx_ : nullptr, str(step["service"].text()),
                              str(step["method"].text()), given, step["nowhere"].truth() ? nullptr : &out);
    }

    /// Publishes the plugin's event with what is being handled.
    std::int32_t echo(dalate_value& out) {
        const Value in = Value::map([&](MapWriter& m) {
            m.set("event", ZOO_ID ".happened/1")
                .set("payload", partOf(call_, DALATE_PART_ARGUMENTS)["payload"]);
        });
        dalate_tx* tx = nullptr;
        if (const auto status = table->db_begin(call_, DALATE_TX_WRITE, &tx)) return status;
        const auto status = table->service(call_, tx, str("events/1"), str("publish"), flat(in), &out);
        // Also after a refusal, which has written nothing: an event of which something was given up comes
        // again.
        const auto ended = table->db_end(tx, 1);
        return status == DALATE_OK ? ended : status;
    }

    dalate_call* call_;
    dalate_tx* tx_ = nullptr;
    std::int32_t last_ = DALATE_OK;
};

/// Leaves a row about a call that nobody waits for.
dalate_status keep(dalate_call* call, ValueView said) {
    const Value text(said);
    dalate_str json{};
    if (const auto status = table->json_write(call, flat(text), &json)) return status;
    dalate_tx* tx = nullptr;
    if (const auto status = table->db_begin(call, DALATE_TX_WRITE, &tx)) return status;
    dalate_param params[3] = {};
    params[0].name = str("id");
    params[0].value.tag = DALATE_CELL_INTEGER;
    params[0].value.i = table->new_id(place);
    params[1].name = str("kind");
    params[1].value.tag = DALATE_CELL_INTEGER;
    params[1].value.i = table->call_kind(call);
    params[2].name = str("said");
    params[2].value.tag = DALATE_CELL_TEXT;
    params[2].value.s = json;
    std::int64_t affected = 0;
    if (const auto status =
            table->db_run(tx, str("INSERT INTO " ZOO_ID "_said (id, kind, said) VALUES (:id, :kind, :said)"),
                          params, 3, sizeof(dalate_param), nullptr, &affected))
        return status;
    return table->db_end(tx, 1);
}

/// A script that came as text.
dalate_status runText(dalate_call* call, std::string_view script, Value& said) {
    dalate_value steps{};
    if (script.empty()) return DALATE_OK;
    if (const auto status = table->json_parse(call, str(script), &steps)) return status;
    said = Run(call).all(ValueView(steps.p, steps.n));
    return DALATE_OK;
}

/// Who asks and how many of the notes she sees.
dalate_status answerWho(dalate_call* call, int major) {
    dalate_tx* tx = nullptr;
    if (const auto status = table->db_begin(call, DALATE_TX_READ, &tx)) return status;
    dalate_rows* rows = nullptr;
    std::int64_t affected = 0;
    if (const auto status = table->db_run(tx, str("SELECT COUNT(*) FROM " ZOO_ID "_note n WHERE {scope:n}"),
                                          nullptr, 0, sizeof(dalate_param), &rows, &affected))
        return status;
    const dalate_cell* cells = nullptr;
    std::size_t count = 0, stride = 0;
    if (const auto status = table->rows_next(rows, &cells, &count, &stride)) return status;
    const Value who = Value::map([&](MapWriter& m) {
        m.set("major", major).set("notes", cells[0].i).set("principal", partOf(call, DALATE_PART_PRINCIPAL));
        m.set("subject", textOf(call, DALATE_FIELD_SUBJECT))
            .set("language", textOf(call, DALATE_FIELD_LANGUAGE));
        m.set("may", table->can(call, str(ZOO_ID ".all")) == DALATE_OK);
        m.set("kind", table->call_kind(call)).set("given", partOf(call, DALATE_PART_ARGUMENTS)["word"]);
    });
    table->rows_free(rows);
    table->db_end(tx, 0);
    return table->reply_value(call, flat(who));
}

dalate_status create(const dalate_host_v1* host, dalate_host* here, void** self) {
    table = host;
    place = here;
    *self = &place;
    return DALATE_OK;
}

dalate_status bind(void*, dalate_bind_fn fn, dalate_binder* binder) {
    const struct {
        std::int32_t kind;
        const char* name;
        Handler handler;
    } all[] = {{DALATE_BIND_ROUTE, "run", route},
               {DALATE_BIND_ROUTE, "run_own", route},
               {DALATE_BIND_ROUTE, "run_office", route},
               {DALATE_BIND_ROUTE, "run_all", route},
               {DALATE_BIND_JOB, "run", job},
               {DALATE_BIND_EVENT, ZOO_OTHER ".happened/1", event},
               {DALATE_BIND_SERVICE, ZOO_ID "/1.run", service},
               {DALATE_BIND_SERVICE, ZOO_ID "/1.who", whoFirst},
               {DALATE_BIND_SERVICE, ZOO_ID "/2.who", whoSecond},
               {DALATE_BIND_GUARD, "may", guard},
               {DALATE_BIND_EFFECT, "does", effect}};
    for (const auto& one : all)
        if (const dalate_status status = fn(binder, one.kind, str(one.name), one.handler)) return status;
    return DALATE_OK;
}

dalate_status start(void*, dalate_call*) {
    return DALATE_OK;
}
void quiesce(void*) {}
void stop(void*) {}
void destroy(void*) {}

dalate_status invoke(void*, std::uint32_t handler, dalate_call* call) {
    const ValueView arguments = partOf(call, DALATE_PART_ARGUMENTS);
    Value said;
    switch (handler) {
    case route: {
        const Value answer = Run(call).all(partOf(call, DALATE_PART_JSON));
        dalate_str json{};
        if (const auto status = table->json_write(call, flat(answer), &json)) return status;
        return table->reply(call, 200, str("application/json"), json);
    }
    case job:
    case service: {
        Run run(call);
        const Value answer = run.all(arguments["steps"]);
        // A script that ends with its own refusal is refused.
        if (arguments["strict"].truth() && run.last() != DALATE_OK) return run.last();
        return table->reply_value(call, flat(answer));
    }
    case event:
        return keep(call, Run(call).all(arguments["payload"]["steps"]));
    case whoFirst:
        return answerWho(call, 1);
    case whoSecond:
        return answerWho(call, 2);
    case guard:
        if (const auto status = runText(call, arguments["answers"]["guard"].text(), said)) return status;
        if (said.view().isNull()) return DALATE_OK;
        {
            const Value details = Value::map([&](MapWriter& m) { m.set("said", said); });
            table->fail(call, 409, str(ZOO_ID ".said"), flat(details));
        }
        return 409;
    case effect:
        if (const auto status = runText(call, arguments["answers"]["effect"].text(), said)) return status;
        return said.view().isNull() ? DALATE_OK : keep(call, said);
    default:
        return 500;
    }
}

const dalate_plugin_v1 plugin = {sizeof(dalate_plugin_v1),
                                 DALATE_ABI_MAJOR,
                                 DALATE_ABI_MINOR,
                                 create,
                                 bind,
                                 start,
                                 quiesce,
                                 stop,
                                 destroy,
                                 invoke};

} // namespace

extern "C" __attribute__((visibility("default"))) const dalate_plugin_v1* dalate_plugin_v1_get(void) {
    return &plugin;
}
