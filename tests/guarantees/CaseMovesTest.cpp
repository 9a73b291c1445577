// SPDX-License-Identifier: Apache-2.0
//
// Nobody moves a case otherwise than its machine says. Every machine in the tree is taken; in each of its states every
// transition, and names that are none, are tried by every kind of caller it names and some that it does not, with no
// guard and no form in the way. What the table does not have must not happen; what it has must, or the attack would
// prove nothing.
#include "../unit/services_cases/County.h"

#include <cstdio>
#include <set>

namespace {

using namespace dalate;
using namespace dalate::test;
namespace fs = std::filesystem;

class CaseMovesTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(CaseMovesTest);
    CPPUNIT_TEST(undeclaredMovesOfEveryMachine);
    CPPUNIT_TEST_SUITE_END();

    std::size_t tries_ = 0, broken_ = 0, declared_ = 0, machines_ = 0;

    static std::vector<std::pair<std::string, std::string>> machinesInTheTree() {
        std::vector<std::pair<std::string, std::string>> all{{"the engine's own tests", std::string(ticketMachine)}};
        for (const char* root : {"plugins", "sdk/samples"})
            for (const auto& plugin : fs::directory_iterator(fs::path(DALATE_SOURCE_DIR) / root)) {
                const fs::path folder = plugin.path() / "cases";
                if (!fs::is_directory(folder)) continue;
                for (const auto& file : fs::directory_iterator(folder))
                    if (file.path().extension() == ".json")
                        all.emplace_back(file.path().string(), fileText(file.path()));
            }
        return all;
    }

    struct Caller {
        std::string what;
        std::optional<Principal> principal;
    };

    /// Whoever the machine names, each in the right organisation and in a wrong one.
    static std::vector<Caller> callersOf(const Machine& machine) {
        std::vector<Caller> all{{"nobody", Principal{}},
                                {"the system", std::nullopt},
                                {"the applicant", County::citizen(1)},
                                {"another citizen", County::citizen(9)},
                                {"the assignee", County::person(2, 70, {})}};
        std::set<std::string> roles{"operator", "auditor", "bureau_admin"}, desks, tokens{"other"};
        const auto add = [&](const std::vector<Actor>& actors) {
            for (const Actor& a : actors) {
                if (a.kind == Actor::Kind::role) roles.insert(a.name);
                if (a.kind == Actor::Kind::desk) desks.insert(a.name);
                if (a.kind == Actor::Kind::token) tokens.insert(a.name);
            }
        };
        add(machine.opening.by);
        add(machine.readers);
        for (const Transition& t : machine.transitions) {
            add(t.by);
            if (!t.desk.empty()) desks.insert(t.desk);
        }
        for (const std::string& role : roles)
            for (const std::int64_t office : {70, 71})
                all.push_back({role + " of " + std::to_string(office), County::person(3, office, {role})});
        for (const std::string& desk : desks)
            for (const std::int64_t office : {70, 71})
                all.push_back({desk, County::person(4, office, {}, {desk})});
        const std::vector<std::string> everyRole(roles.begin(), roles.end()), everyDesk(desks.begin(), desks.end());
        all.push_back({"every role at once", County::person(5, 70, everyRole, everyDesk)});
        for (const std::string& scope : tokens) {
            Principal token;
            token.kind = Principal::Kind::token;
            token.token = 1;
            token.tokenPlugin = "desk";
            token.tokenScope = scope;
            all.push_back({"token " + scope, token});
        }
        return all;
    }

    void attack(const std::string& name, const std::string& text) {
        County county;
        plugin::Problems problems;
        const auto machine = readMachine(caseSchema(), text, name, problems);
        CPPUNIT_ASSERT_MESSAGE(name + (problems.empty() ? "" : ": " + problems[0].id + " " + problems[0].where), machine);
        auto declared = std::make_shared<Declared>();
        declared->plugin = "desk";
        declared->machines[machine->name] = std::make_shared<const Machine>(*machine);
        std::vector<rules::Rule> rules;
        std::set<std::string> terms, roles;
        for (const Deadline& d : machine->deadlines)
            if (!d.rule.empty()) terms.insert(d.rule);
        // Whoever a machine names may read, so the roles of its opening are asked before any move.
        const auto named = [&](const std::vector<Actor>& actors) {
            for (const Actor& a : actors)
                if (a.kind == Actor::Kind::rule) roles.insert(a.name);
        };
        named(machine->opening.by);
        named(machine->readers);
        for (const Transition& t : machine->transitions)
            named(t.by);
        for (const std::string& term : terms)
            rules.push_back({term, rules::RuleType::term, {}, "s", true, {{0, Value::of("3 workdays"), "s", true, false}}});
        for (const std::string& role : roles)
            rules.push_back({role, rules::RuleType::roles, {}, "s", true,
                             {{0, Value::list([](ListWriter& l) { l.add("some_role"); }), "s", true, false}}});
        declared->rules = std::make_shared<rules::RuleBook>("desk", std::move(rules));
        county.declarations.publish({declared});
        ++machines_;

        Case row;
        row.id = 1;
        row.plugin = "desk";
        row.machine = machine->name;
        row.applicant = 1;
        row.assignee = 2;
        row.origin = 70;
        row.organisation = 70;
        row.answers = Value::map();
        row.version = 1;
        std::vector<std::string> names{"", "open", "move", "Withdraw", "x' OR '1'='1"};
        for (const Transition& t : machine->transitions) {
            names.push_back(t.name);
            names.push_back(t.name + " ");
        }
        const auto callers = callersOf(*machine);
        std::set<std::string> moved;
        for (const State& state : machine->states)
            for (const std::string& transition : names)
                for (const Caller& caller : callers) {
                    const auto lease = county.pool.lease();
                    storage::Tx tx(*lease, storage::Tx::Mode::write);
                    row.state = state.name;
                    CaseStore::insert(tx, row);
                    const Transition* in = machine->transition(state.name, transition);
                    AfterCommit after;
                    const Who who = County::by(caller.principal ? &*caller.principal : nullptr, after);
                    bool went = false;
                    try {
                        county.engine.move(tx, who, 1, {transition, 1, answersFor(in), "a reason"});
                        went = true;
                    } catch (const Error&) {
                    }
                    const auto stands = CaseStore::find(tx, 1);
                    went = went || stands->state != state.name || stands->version != 1 || stands->entries != 0;
                    if (went && in && stands->state == machine->states[in->to].name) {
                        ++declared_;
                        moved.insert(state.name + " " + transition);
                        judge(*machine, *in, caller);
                        continue;
                    }
                    ++tries_;
                    if (went) {
                        ++broken_;
                        std::printf("  %s: %s by %s in %s\n", name.c_str(), transition.c_str(), caller.what.c_str(),
                                    state.name.c_str());
                    }
                }
        std::size_t ways = 0;
        for (const Transition& t : machine->transitions)
            for (const std::size_t from : t.from) {
                const auto reached = [](const Actor& a) {
                    return a.kind != Actor::Kind::relation && a.kind != Actor::Kind::rule;
                };
                const bool open = t.desk.empty() && std::any_of(t.by.begin(), t.by.end(), reached);
                ways += open;
                CPPUNIT_ASSERT_MESSAGE(name + ": nobody can " + t.name,
                                       !open || moved.contains(machine->states[from].name + " " + t.name));
            }
        CPPUNIT_ASSERT(ways > 0);
    }

    /// Answers that name people and offices where the step wants them.
    static Value answersFor(const Transition* t) {
        return Value::map([&](MapWriter& m) {
            std::set<std::string> set;
            const auto add = [&](const Source& source, const char* id) {
                if (source.kind == Source::Kind::field && set.insert(source.field).second) m.set(source.field, id);
            };
            if (!t) return;
            if (t->assign) add(*t->assign, "2");
            if (t->organisation) add(*t->organisation, "70");
            for (const Relate& relate : t->relate)
                add(relate.who, "2");
        });
    }

    /// A caller who went a declared way must be one that it names: reckoned here once more from the words alone.
    void judge(const Machine&, const Transition& t, const Caller& caller) {
        const auto named = [&](const Actor& a) {
            if (!caller.principal) return a.kind == Actor::Kind::system;
            const Principal& p = *caller.principal;
            switch (a.kind) {
            case Actor::Kind::applicant:
                return p.user == 1;
            case Actor::Kind::assignee:
                return p.user == 2;
            case Actor::Kind::role:
                return p.hasOwnRole(a.name) && (a.where == Actor::Where::any || p.organisation == 70);
            case Actor::Kind::desk:
                return p.sitsAt(a.name, 70);
            case Actor::Kind::token:
                return p.isToken() && p.tokenScope == a.name;
            default:
                return false;
            }
        };
        const bool may = std::any_of(t.by.begin(), t.by.end(), named) &&
                         (t.desk.empty() || !caller.principal || caller.principal->sitsAt(t.desk, 70));
        if (may) return;
        ++broken_;
        std::printf("  %s by %s, whom it does not name\n", t.name.c_str(), caller.what.c_str());
    }

public:
    void undeclaredMovesOfEveryMachine() {
        for (const auto& [name, text] : machinesInTheTree())
            attack(name, text);
        std::printf("guarantee: undeclared case moves, tries %zu, broken %zu\n  %zu machines, %zu declared moves went\n",
                    tries_, broken_, machines_, declared_);
        std::fflush(stdout);
        CPPUNIT_ASSERT(tries_ > 1000);
        CPPUNIT_ASSERT_EQUAL(std::size_t{0}, broken_);
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(CaseMovesTest);

} // namespace
