// SPDX-License-Identifier: Apache-2.0
#include <dalate/plugin.hpp>

#include <stdexcept>

using namespace dalate;

/// A guard, a side effect and an event's handler that do what the answer `wish` says.
class Mover : public Plugin {
public:
    using Plugin::Plugin;

    void bind(Binder& binder) override {
        binder.guard("may_close", this, &Mover::mayClose);
        binder.effect("note", this, &Mover::note);
        binder.on("mover.happened/1", this, &Mover::happened);
        binder.job("later", [this](JobContext& job) { write(job, "later"); });
    }

private:
    void mayClose(CaseMove& move) {
        const std::string_view wish = move.answers()["wish"].text();
        if (wish == "no")
            throw Error(409, "mover.not_yet",
                        Value::map([&](MapWriter& m) { m.set("case", move.caseId()); }));
        if (wish == "write") write(move, "by guard");
        if (wish == "write by service")
            move.service("audit/1", "record", Value::map([](MapWriter& m) {
                             m.set("action", "mover.tried").set("object", "case");
                         }));
        if (wish == "read") {
            Tx tx = move.begin(TxMode::read);
            Rows rows = tx.query("SELECT COUNT(*) FROM mover_word w WHERE {scope:w}");
            rows.next();
            throw Error(409, "mover.counted",
                        Value::map([&](MapWriter& m) { m.set("rows", rows.integer(0)); }));
        }
    }

    void note(CaseMove& move) {
        const std::string_view wish = move.answers()["wish"].text();
        if (wish == "job") {
            Tx tx = move.begin(TxMode::write);
            jobs::enqueue(move, tx, "later");
            tx.commit();
        }
        if (wish == "tell" || wish == "tell in a circle") {
            Tx tx = move.begin(TxMode::write);
            tell(move, tx, wish);
            tx.commit();
        }
        if (wish == "tell of another") {
            Tx tx = move.begin(TxMode::write);
            events::publish(move, tx, "mover.other/1");
        }
        if (wish == "job without tx")
            move.service("jobs/1", "enqueue", Value::map([](MapWriter& m) { m.set("name", "later"); }));
        write(move, std::string(move.name()) + " " + std::string(move.from()) + " " + std::string(move.to()));
        if (wish == "error") throw Error(422, "mover.refused");
        if (wish == "exception") throw std::runtime_error("mover");
        if (wish == "number") throw 42;
    }

    void happened(Event& event) {
        write(event, event.payload().text());
        if (event.payload().text() == "bad") throw Error(503, "mover.later");
        if (event.payload()["told"].text() == "tell in a circle") {
            Tx tx = event.begin(TxMode::write);
            tell(event, tx, "tell in a circle");
            tx.commit();
        }
    }

    static void tell(const Call& call, Tx& tx, std::string_view what) {
        events::publish(call, tx, "mover.happened/1", Value::map([&](MapWriter& m) { m.set("told", what); }));
    }

    void write(Call& call, std::string_view word) {
        Tx tx = call.begin(TxMode::write);
        tx.exec("INSERT INTO mover_word (id, owner, word) VALUES (:id, 7, :word)",
                {{"id", host().newId()}, {"word", word}});
        tx.commit();
    }
};

DALATE_PLUGIN(Mover)
