// SPDX-License-Identifier: Apache-2.0
// A plugin with a case machine, written with the SDK. Its guard and its side effect do what the case's
// subject says.
#include <dalate/notices.hpp>
#include <dalate/plugin.hpp>

#include <stdexcept>

using namespace dalate;

namespace {

class Caseful : public Plugin {
public:
    using Plugin::Plugin;

    void bind(Binder& binder) override {
#ifndef ZOO_UNBOUND_GUARD
        binder.guard("may_close", this, &Caseful::mayClose);
#endif
        binder.effect("note", this, &Caseful::note);
#ifdef ZOO_UNDECLARED_EFFECT
        binder.effect("nobody_asked", this, &Caseful::note);
#endif
    }

private:
    static constexpr const char* insert = "INSERT INTO " ZOO_ID "_word (id, word) VALUES (:id, 'moved')";

    void mayClose(CaseMove& move) const {
        const std::string_view wish = move.record()["subject"].text();
        if (wish == "guard refuses") throw Error(409, "zoo.not_yet");
        if (wish == "guard throws") throw std::runtime_error("zoo");
        if (wish == "guard throws a number") throw 42;
        if (wish == "guard writes") write(move);
    }

    void note(CaseMove& move) const {
        const std::string_view wish = move.record()["subject"].text();
        if (wish == "effect forgets") {
            Tx tx = move.begin(TxMode::write);
            tx.exec(insert, {{"id", host().newId()}});
            return;
        }
        write(move);
        if (wish.rfind("effect tells", 0) == 0) tell(move);
        if (wish == "effect refuses" || wish == "effect tells and refuses") throw Error(409, "zoo.taken");
        if (wish == "effect throws") throw std::runtime_error("zoo");
        if (wish == "effect throws a number") throw 42;
        if (wish == "effect breaks a rule")
            move.write("INSERT INTO " ZOO_ID "_word (id, word) VALUES (1, NULL)");
    }

    /// Twice, as a retry would; the second finds everybody told.
    void tell(CaseMove& move) const {
        Tx tx = move.begin(TxMode::write);
        const std::string key = "case/" + std::to_string(move.caseId());
        const Value values = Value::map([&](MapWriter& m) {
            m.set("title", move.subject()).set("href", cases::href(move, move.machine(), move.caseId()));
        });
        const notices::To clerk = notices::To::account(7);
        if (notices::send(move, tx, {"noted", clerk, values, key}) != 1) throw Error(500, "zoo.nobody_told");
        if (notices::send(move, tx, {"noted", clerk, values, key}) != 0) throw Error(500, "zoo.told_twice");
        if (move.subject() == "effect tells in other words") notices::send(move, tx, {"unheard", clerk, values, key});
        tx.commit();
    }

    void write(CaseMove& move) const { move.write(insert, {{"id", host().newId()}}); }
};

} // namespace

DALATE_PLUGIN(Caseful)
