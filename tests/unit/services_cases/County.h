// SPDX-License-Identifier: Apache-2.0
// A small county for the case engine: a fresh database with the core's schema, a plugin `desk` of declarations alone,
// people in two offices, a clock that the test sets, and stand-ins for what the engine calls: forms, notices, code.
#pragma once

#include "base/Clock.h"
#include "base/Ids.h"
#include "base/Json.h"
#include "services/Declared.h"
#include "services/PluginCalls.h"
#include "services/cases/CaseStore.h"
#include "services/cases/Deadlines.h"
#include "services/cases/Engine.h"
#include "services/cases/MachineReader.h"
#include "services/forms/Form.h"
#include "services/rules/Calendar.h"
#include "services/rules/RuleBook.h"
#include "storage/Migrator.h"
#include "storage/Session.h"
#include "storage/Tx.h"

#include <cppunit/extensions/HelperMacros.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace dalate::test {

using namespace services;
using namespace services::cases;
using identity::Principal;

inline std::string fileText(const std::filesystem::path& path) {
    std::ifstream in(path, std::ios::binary);
    std::ostringstream all;
    all << in.rdbuf();
    return all.str();
}

inline const Value& caseSchema() {
    static const Value schema =
        json::parse(fileText(std::filesystem::path(DALATE_SOURCE_DIR) / "sdk/schema/case.schema.json")).take();
    return schema;
}

/// Runs what the test has bound under a name; a name that is not bound does nothing.
class FakePlugin : public PluginCalls {
public:
    bool has(std::string_view, Kind, std::string_view) const override { return true; }
    Value call(storage::Tx& tx, AfterCommit&, const Ask& ask) override {
        calls.emplace_back(ask.name);
        deadline = ask.deadline;
        if (const auto found = bound.find(std::string(ask.name)); found != bound.end()) {
            storage::Tx::Savepoint part(tx);
            found->second(tx, ask.arguments);
            part.release();
        }
        return {};
    }
    std::map<std::string, std::function<void(storage::Tx&, ValueView)>> bound;
    std::vector<std::string> calls;
    /// Of the last call.
    std::optional<Micros> deadline;
};

/// Takes each answer as it comes; refuses the form's field `bad`, and a missing field `must_...` of the list.
class FakeForms : public AnswerCheck {
public:
    Value check(storage::Tx&, const Who&, const Declared&, std::string_view form, ValueView posted,
                Micros) override {
        for (const std::string& field : required[std::string(form)])
            if (posted[field].asText().empty())
                throw Error(422, "core.case.answers", Value::map([&](MapWriter& m) { m.set("field", field); }));
        return posted.isMap() ? Value(posted) : Value::map();
    }
    std::map<std::string, std::vector<std::string>> required;
};

/// Writes notices into a table, in the transaction of what happened.
class FakeNotices : public NoticeSink {
public:
    void send(storage::Tx& tx, AfterCommit&, const Notice& n) override {
        const char* kinds[] = {"account", "role", "desk"};
        tx.exec("INSERT INTO test_notice (to_kind, account, name, organisation, notice, key) "
                "VALUES (:kind, :account, :name, :organisation, :notice, :key)",
                {{"kind", kinds[static_cast<int>(n.to)]},
                 {"account", n.account},
                 {"name", n.name},
                 {"organisation", n.organisation},
                 {"notice", n.notice},
                 {"key", n.key}});
    }
};

/// The machine most tests use: taken in at a desk, worked on, checked by another, closed; withdrawn, expired, reopened.
inline constexpr std::string_view ticketMachine = R"({
    "machine": "ticket", "title": "desk.ticket", "number": "T{yyyy}{mm}-{seq:4}", "form": "ticket",
    "titled_by": "subject", "relations": ["handler"],
    "open": {"to": "submitted", "by": ["applicant", "role:agent"], "effects": ["opened"],
             "notices": [{"to": "desk:intake", "notice": "new"}]},
    "states": [
        {"name": "submitted", "label": "desk.s.submitted", "kind": "working", "desk": "intake"},
        {"name": "working", "label": "desk.s.working", "kind": "working"},
        {"name": "asked", "label": "desk.s.asked", "kind": "waiting"},
        {"name": "checking", "label": "desk.s.checking", "kind": "working"},
        {"name": "overdue", "label": "desk.s.overdue", "kind": "working"},
        {"name": "closed", "label": "desk.s.closed", "kind": "done"},
        {"name": "withdrawn", "label": "desk.s.withdrawn", "kind": "stopped"}],
    "transitions": [
        {"name": "take", "label": "desk.t.take", "from": ["submitted"], "to": "working", "by": ["role:agent"],
         "desk": "intake", "assign": "self", "relate": {"handler": "self"}, "tone": "primary",
         "guard": "may_take", "effects": ["taken"]},
        {"name": "ask", "label": "desk.t.ask", "from": ["working"], "to": "asked", "by": ["assignee"],
         "reason": "required", "notices": [{"to": "applicant", "notice": "asked"}]},
        {"name": "answer", "label": "desk.t.answer", "from": ["asked"], "to": "working", "by": ["applicant"],
         "form": "answer", "tone": "primary"},
        {"name": "solve", "label": "desk.t.solve", "from": ["working", "overdue"], "to": "checking",
         "by": ["relation:handler", "role:lead"], "form": "solution", "tone": "primary"},
        {"name": "approve", "label": "desk.t.approve", "from": ["checking"], "to": "closed", "by": ["role:lead"],
         "not_by": ["solve"], "tone": "primary", "notices": [{"to": "applicant", "notice": "done"}]},
        {"name": "pass_on", "label": "desk.t.pass", "from": ["submitted", "working"], "to": "submitted",
         "by": ["role:agent"], "form": "pass", "organisation": "field:office", "assign": "none"},
        {"name": "escalate", "label": "desk.t.escalate", "from": ["submitted", "working"], "to": "overdue",
         "by": ["system"]},
        {"name": "feed", "label": "desk.t.feed", "from": ["checking"], "to": "working", "by": ["token:feed"]},
        {"name": "unlock", "label": "desk.t.unlock", "from": ["overdue"], "to": "submitted",
         "by": ["role:bureau@any"], "reason": "required", "assign": "none"},
        {"name": "withdraw", "label": "desk.t.withdraw", "from": ["submitted", "working", "asked"],
         "to": "withdrawn", "by": ["applicant"], "tone": "danger", "reason": "optional"},
        {"name": "reopen", "label": "desk.t.reopen", "from": ["closed"], "to": "working",
         "by": ["rule:reopeners"], "reopen": true}],
    "deadlines": [
        {"name": "handle", "label": "desk.d.handle", "in": ["submitted", "working"], "term": "10 min",
         "ladder": [{"after": "0 s", "notices": [{"to": "role:lead", "notice": "late"}]},
                    {"after": "5 min", "transition": "escalate",
                     "notices": [{"to": "role:lead", "notice": "late"}, {"to": "applicant", "notice": "sorry"}]}]},
        {"name": "answer", "in": ["asked"], "term": {"rule": "answer_term"},
         "ladder": [{"after": "0 s", "notices": [{"to": "applicant", "notice": "remind"}]}]}]
})";

class County {
public:
    /// A county of its own, gone at the end.
    County() : County(std::filesystem::temp_directory_path() / ("dalate-cases-" + randomHex(8))) {
        owned_ = true;
        make();
    }
    /// On a folder that stays; `make` founds the county there once.
    explicit County(const std::filesystem::path& place)
        : folder(place),
          pool((std::filesystem::create_directories(folder), storage::PoolOptions{.file = folder / "test.db"})),
          calendar({}, {}),
          engine({declarations, plugin, forms, notices,
                  [this]() -> const rules::Calendar& { return calendar; }, [this] { return clock; },
                  [this](Micros at) { woken.push_back(at); }}) {
        declare(ticketMachine);
    }
    ~County() {
        std::error_code ignored;
        if (owned_) std::filesystem::remove_all(folder, ignored);
    }

    void make() {
        storage::Migrator(pool).run("core", std::filesystem::path(DALATE_SOURCE_DIR) / "migrations");
        sql("CREATE TABLE test_notice (to_kind TEXT, account BIGINT, name TEXT, organisation BIGINT, notice TEXT, "
            "key TEXT)");
        for (const int office : {70, 71})
            sql("INSERT INTO organisation (id, name, kind, created_at) VALUES (" + std::to_string(office) +
                ", 'office" + std::to_string(office) + "', 'bureau', 1)");
        for (int account = 1; account <= 12; ++account)
            sql("INSERT INTO account (id, login, name, password_hash, created_at) VALUES (" +
                std::to_string(account) + ", 'u" + std::to_string(account) + "', 'User " +
                std::to_string(account) + "', '-', 1)");
        sql("INSERT INTO plugin_owner (plugin, organisation, changed_at) VALUES ('desk', 70, 1)");
    }

    /// Makes `text` the only machine of the plugin.
    void declare(std::string_view text) {
        plugin::Problems problems;
        auto machine = readMachine(caseSchema(), text, "cases/m.json", problems);
        CPPUNIT_ASSERT_MESSAGE(problems.empty() ? "" : problems[0].id + " " + problems[0].where, machine);
        auto next = std::make_shared<Declared>();
        next->plugin = "desk";
        next->relations = machine->relations;
        next->forms = questions;
        rules::Rule term{"answer_term", rules::RuleType::term, {}, "s", true, {}};
        term.values = {{0, Value::of("3 workdays"), "s", true, false}, {lawChange, Value::of("1 workday"), "s", true, false}};
        rules::Rule roles{"reopeners", rules::RuleType::roles, {}, "s", true, {}};
        roles.values = {{0, Value::list([](ListWriter& l) { l.add("lead"); }), "s", true, false},
                        {lawChange, Value::list([](ListWriter& l) { l.add("bureau"); }), "s", true, false}};
        next->rules = std::make_shared<rules::RuleBook>("desk", std::vector<rules::Rule>{term, roles});
        next->machines[machine->name] = std::make_shared<const Machine>(*machine);
        declared = next;
        declarations.publish({next});
    }
    const Machine& machine() const { return *declared->machines.begin()->second; }

    static Principal person(std::int64_t user, std::int64_t organisation, std::vector<std::string> roles,
                            std::vector<std::string> desks = {}) {
        Principal p;
        p.kind = Principal::Kind::person;
        p.user = user;
        p.name = "User " + std::to_string(user);
        p.organisation = organisation;
        p.organisationName = organisation ? "office" + std::to_string(organisation) : "";
        p.roles = std::move(roles);
        for (std::string& desk : desks)
            p.desks.push_back({organisation * 10 + 1, organisation, std::move(desk)});
        return p;
    }
    static Principal citizen(std::int64_t user = 1) { return person(user, 0, {"citizen"}); }
    static Principal agent(std::int64_t user = 2) { return person(user, 70, {"agent"}, {"intake"}); }
    static Principal lead(std::int64_t user = 3) { return person(user, 70, {"lead"}); }

    template <class F>
    auto write(F&& work) {
        const auto lease = pool.lease();
        storage::Tx tx(*lease, storage::Tx::Mode::write);
        AfterCommit after;
        if constexpr (std::is_void_v<decltype(work(tx, after))>) {
            work(tx, after);
            tx.commit();
            for (auto& then : after)
                then();
        } else {
            auto result = work(tx, after);
            tx.commit();
            for (auto& then : after)
                then();
            return result;
        }
    }
    template <class F>
    auto read(F&& work) {
        const auto lease = pool.lease();
        storage::Tx tx(*lease, storage::Tx::Mode::read);
        return work(tx);
    }
    void sql(const std::string& text) {
        write([&](storage::Tx& tx, AfterCommit&) { tx.exec(text); });
    }
    std::int64_t number(const std::string& text) {
        return read([&](storage::Tx& tx) {
            auto rows = tx.query(text);
            CPPUNIT_ASSERT(rows.next());
            return rows.integer(0);
        });
    }

    /// A caller; null: the system.
    static Who by(const Principal* principal, AfterCommit& after) {
        return {principal, after, "zh-CN", "r1", "::1", nullptr, 0, nullptr};
    }
    static Value answers(std::initializer_list<std::pair<const char*, const char*>> all) {
        return Value::map([&](MapWriter& m) {
            for (const auto& [field, text] : all)
                m.set(field, text);
        });
    }
    Case open(const Principal& who, const Value& given = answers({{"subject", "Printer"}})) {
        return write([&](storage::Tx& tx, AfterCommit& after) {
            Engine::NewCase fresh;
            fresh.answers = given;
            return engine.open(tx, by(&who, after), "desk", machine().name,
                               fresh);
        });
    }
    Case move(const Principal* who, const Case& c, std::string_view transition, const Value& given = Value::map(),
              std::string_view reason = "because") {
        return write([&](storage::Tx& tx, AfterCommit& after) {
            return engine.move(tx, by(who, after), c.id,
                               {transition, c.version, given, reason});
        });
    }
    Case at(std::int64_t id) {
        return read([&](storage::Tx& tx) { return *CaseStore::find(tx, id); });
    }
    /// The error that the call throws: id, or "nothing".
    template <class F>
    static std::string refusal(F&& call) {
        try {
            call();
        } catch (const Error& error) {
            return error.id();
        }
        return "nothing";
    }
    std::string refused(const Principal* who, const Case& c, std::string_view transition,
                        const Value& given = Value::map(), std::string_view reason = "because") {
        return refusal([&] { move(who, c, transition, given, reason); });
    }

    /// 2024-01-10 09:00 in China, a Wednesday.
    static constexpr Micros start = 1'704'848'400'000'000;
    static constexpr Micros minute = 60'000'000, day = 86'400'000'000;
    static constexpr Micros lawChange = start + 30 * day;

    std::filesystem::path folder;
    storage::Pool pool;
    Declarations declarations;
    std::shared_ptr<const Declared> declared;
    FakePlugin plugin;
    FakeForms forms;
    /// The forms that the plugin declares from the next `declare` on; what is answered, `forms` judges.
    Declared::Named<forms::Form> questions;
    FakeNotices notices;
    rules::Calendar calendar;
    Micros clock = start;
    std::vector<Micros> woken;
    Engine engine;

private:
    bool owned_ = false;
};

} // namespace dalate::test
