// SPDX-License-Identifier: Apache-2.0
#include "services/cases/CaseService.h"

#include "services/Arguments.h"
#include "services/Declared.h"
#include "services/Registry.h"
#include "services/cases/CaseList.h"
#include "services/cases/CaseStore.h"
#include "services/cases/CaseModel.h"
#include "services/cases/Engine.h"
#include "services/cases/Todo.h"
#include "storage/Tx.h"

#include <string>

namespace dalate::services::cases {

namespace {

using Need = Argument::Need;
using Type = Argument::Type;

constexpr std::size_t longestSubject = 200;
constexpr Argument ofCase{"case", Type::id, Need::required}, asWhom{"as", Type::text};

/// The caller as the engine knows her. `as: "system"` is the plugin's code acting on its own account, which a machine
/// allows only where it names the system.
class Caller {
public:
    Caller(ServiceContext& context, ValueView in)
        : who_{in["as"].text() == "system" ? nullptr : &context.principal,
               context.afterCommit ? *context.afterCommit : none_,
               context.language,
               context.requestId,
               {},
               context.declared,
               context.hops,
               &context.scope,
               context.deadline} {}

    const Who& who() const noexcept { return who_; }

private:
    AfterCommit none_;
    Who who_;
};

std::int64_t idOf(ValueView in, std::string_view key) {
    const auto id = in[key].integer();
    if (!id)
        throw Error(404, "core.case.unknown", Value::map([&](MapWriter& m) { m.set("case", in[key].asText()); }));
    return *id;
}

/// The id, where the case is of the calling plugin.
std::int64_t ownCase(ServiceContext& context, ValueView in) {
    const std::int64_t id = idOf(in, "case");
    const auto row = CaseStore::find(*context.tx, id);
    if (!row || row->plugin != context.plugin)
        throw Error(404, "core.case.unknown", Value::map([&](MapWriter& m) { m.set("case", std::to_string(id)); }));
    return id;
}

Value list(ServiceContext& context, ValueView in) {
    CaseList::Reach reach;
    reach.all = context.scope.kind == storage::Scope::Kind::county;
    reach.account = context.principal.user;
    if (context.scope.kind == storage::Scope::Kind::organisation)
        reach.handledBy = reach.openedBy = context.scope.organisation;
    CaseList::Filter filter;
    filter.plugin = context.plugin;
    filter.machine = in["machine"].text();
    filter.state = in["state"].text();
    filter.desk = in["desk"].text();
    filter.words = in["words"].text();
    filter.assignee = in["assignee"].integer().value_or(0);
    filter.applicant = in["applicant"].integer().value_or(0);
    if (in["life"].text() == "live") filter.life = CaseList::Filter::Life::live;
    if (in["life"].text() == "ended") filter.life = CaseList::Filter::Life::ended;
    static const Arguments ofAfter("cases/1", "list", {{"changedAt", Type::number, Need::required},
                                                   {"case", Type::number, Need::required}}, "after.");
    std::optional<CaseList::Key> after;
    if (in["after"].isMap()) {
        ofAfter.check(in["after"]);
        after = CaseList::Key{in["after"]["changedAt"].integer().value_or(0), in["after"]["case"].integer().value_or(0)};
    }
    const CaseList::Page page =
        CaseList::read(*context.tx, reach, filter, after, in["limit"].integer().value_or(50));
    return Value::map([&](MapWriter& m) {
        m.list("cases", [&](ListWriter& all) {
            for (const Case& one : page.cases)
                all.add(one.toValue());
        });
        if (page.next)
            m.map("next", [&](MapWriter& key) {
                key.set("changedAt", page.next->changedAt).set("case", std::to_string(page.next->id));
            });
    });
}

Value todo(ServiceContext& context, ValueView in) {
    const auto items =
        Todo::of(*context.tx, context.principal, context.plugin, in["limit"].integer().value_or(100));
    return Value::map([&](MapWriter& m) {
        m.list("items", [&](ListWriter& all) {
            for (const Todo::Item& item : items)
                all.map([&](MapWriter& one) {
                    one.set("case", std::to_string(item.caseId)).set("machine", item.machine);
                    one.set("number", item.number).set("title", item.title).set("state", item.state);
                    one.set("kind", item.kind).set("name", item.name).set("since", item.since);
                    one.set("dueAt", item.dueAt);
                });
        });
    });
}

} // namespace

void offerCases(Registry& registry, Engine& engine) {
    const auto offer = [&](const char* method, Touch touch, std::initializer_list<Argument> takes, auto answer) {
        offerChecked(registry, "cases/1", method, touch, takes,
                     [&engine, answer](ServiceContext& context, ValueView in) { return answer(engine, context, in); });
    };
    offer("open", Touch::writes,
          {{"machine", Type::text, Need::required},
           {"answers"},
           {"subject", Type::text, Need::optional, longestSubject},
           {"parent", Type::number},
           {"applicant", Type::number},
           {"organisation", Type::number},
           asWhom},
          [](Engine& e, ServiceContext& context, ValueView in) {
        Engine::NewCase fresh;
        fresh.answers = in["answers"];
        fresh.subject = in["subject"].text();
        fresh.parent = in["parent"].integer().value_or(0);
        fresh.applicant = in["applicant"].integer().value_or(0);
        fresh.organisation = in["organisation"].integer().value_or(0);
        const Caller caller(context, in);
        return e.open(*context.tx, caller.who(), context.plugin, in["machine"].text(), fresh).toValue();
    });
    offer("move", Touch::writes,
          {ofCase,
           {"transition", Type::text},
           {"version", Type::number},
           {"answers"},
           {"reason", Type::text},
           asWhom},
          [](Engine& e, ServiceContext& context, ValueView in) {
        Engine::Move move;
        move.transition = in["transition"].text();
        move.version = in["version"].integer().value_or(-1);
        move.answers = in["answers"];
        move.reason = in["reason"].text();
        const Caller caller(context, in);
        return e.move(*context.tx, caller.who(), ownCase(context, in), move).toValue();
    });
    offer("get", Touch::reads,
          {ofCase, asWhom},
          [](Engine& e, ServiceContext& context, ValueView in) {
        const Caller caller(context, in);
        return e.find(*context.tx, caller.who(), ownCase(context, in)).toValue();
    });
    offer("allowed", Touch::reads,
          {ofCase, asWhom},
          [](Engine& e, ServiceContext& context, ValueView in) {
        const Caller caller(context, in);
        const Case subject = e.find(*context.tx, caller.who(), ownCase(context, in));
        return movesModel(e.allowed(*context.tx, caller.who(), subject));
    });
    offer("history", Touch::reads,
          {ofCase, asWhom},
          [](Engine& e, ServiceContext& context, ValueView in) {
        const Caller caller(context, in);
        return trailModel(e, *context.tx, caller.who(), ownCase(context, in));
    });
    offer("comment", Touch::writes,
          {ofCase, {"text", Type::text}, {"internal", Type::yesno}, asWhom},
          [](Engine& e, ServiceContext& context, ValueView in) {
        const Caller caller(context, in);
        const std::int64_t id = e.comment(*context.tx, caller.who(), ownCase(context, in), in["text"].text(),
                                          in["internal"].truth());
        return Value::map([&](MapWriter& m) { m.set("comment", std::to_string(id)); });
    });
    offer("attach", Touch::writes,
          {ofCase, {"file", Type::id, Need::required}, {"name", Type::text}, asWhom},
          [](Engine& e, ServiceContext& context, ValueView in) {
        const Caller caller(context, in);
        e.attach(*context.tx, caller.who(), ownCase(context, in), idOf(in, "file"), in["name"].text());
        return Value();
    });
    offer("relate", Touch::writes,
          {ofCase,
           {"relation", Type::text, Need::required},
           {"account", Type::number, Need::required},
           {"end", Type::yesno},
           asWhom},
          [](Engine& e, ServiceContext& context, ValueView in) {
        const Caller caller(context, in);
        const std::int64_t id = ownCase(context, in);
        if (in["end"].truth())
            e.unrelate(*context.tx, caller.who(), id, in["relation"].text(), idOf(in, "account"));
        else
            e.relate(*context.tx, caller.who(), id, in["relation"].text(), idOf(in, "account"));
        return Value();
    });
    offer("list", Touch::reads,
          {{"machine", Type::text},
           {"state", Type::text},
           {"desk", Type::text},
           {"words", Type::text},
           {"life", Type::text},
           {"assignee", Type::number},
           {"applicant", Type::number},
           {"limit", Type::number},
           {"after", Type::map}},
          [](Engine&, ServiceContext& context, ValueView in) { return list(context, in); });
    offer("todo", Touch::reads,
          {{"limit", Type::number}},
          [](Engine&, ServiceContext& context, ValueView in) { return todo(context, in); });
}

} // namespace dalate::services::cases
