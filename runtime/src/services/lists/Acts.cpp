// SPDX-License-Identifier: Apache-2.0
#include "services/lists/Acts.h"

#include "services/Declared.h"
#include "services/cases/Engine.h"
#include "storage/Tx.h"

#include <charconv>

namespace dalate::services::lists {

namespace {

cases::Who whoOf(const Doer& doer, AfterCommit& after) {
    return {&doer.principal, after, doer.language, doer.requestId, doer.ip, doer.declared};
}

std::int64_t idIn(std::string_view digits) noexcept {
    std::int64_t id = 0;
    const auto [end, fault] = std::from_chars(digits.data(), digits.data() + digits.size(), id);
    return fault == std::errc() && end == digits.data() + digits.size() ? id : 0;
}

/// Keys are text, as all ids at the boundary.
Value keyed(std::string_view key) {
    return Value::map([&](MapWriter& m) { m.set("key", key); });
}

} // namespace

void Acts::move(storage::Tx& tx, AfterCommit& after, const Doer& doer, std::string_view machine,
                std::string_view transition, std::int64_t caseId, std::int64_t version) const {
    if (caseId == 0) throw Error(409, "core.list.no_case");
    const cases::Who who = whoOf(doer, after);
    const cases::Case subject = engine_.find(tx, who, caseId);
    if (subject.plugin != doer.declared->plugin || subject.machine != machine)
        throw Error(409, "core.list.no_case");
    cases::Engine::Move step;
    const Value nothing = Value::map();
    step.transition = transition;
    step.version = version == 0 ? subject.version : version;
    step.answers = nothing;
    engine_.move(tx, who, caseId, step);
}

Value Acts::ask(storage::Tx& tx, AfterCommit& after, const Doer& doer, const std::string& service,
                const std::string& method, ValueView in) const {
    const auto found = registry_.find(service, method);
    // A list acts in its plugin's name alone: what another one offers is asked by code, which says why.
    if (found->owner != doer.declared->plugin)
        throw Error(404, "core.service.unknown",
                    Value::map([&](MapWriter& m) { m.set("service", service).set("method", method); }));
    ServiceContext context{.plugin = doer.declared->plugin,
                           .principal = doer.principal,
                           .scope = doer.scope,
                           .declaredJobs = doer.declared->jobs,
                           .language = doer.language,
                           .requestId = doer.requestId,
                           .baseUrl = doer.baseUrl,
                           .deadline = std::nullopt,
                           .tx = &tx,
                           .afterCommit = &after,
                           .declared = doer.declared};
    return found->answer(context, in);
}

void Acts::onRow(storage::Tx& tx, AfterCommit& after, const Doer& doer, const BulkAct& act, std::int64_t key,
                 std::int64_t caseId, std::int64_t version) const {
    if (act.movesCase()) return move(tx, after, doer, act.machine, act.transition, caseId, version);
    ask(tx, after, doer, act.service, act.method, keyed(std::to_string(key)));
}

std::string Acts::bringIn(storage::Tx& tx, AfterCommit& after, const Doer& doer, const ImportRule& rule,
                          ValueView answers, std::int64_t batch, std::int64_t line) const {
    if (rule.opensCases()) {
        cases::Engine::NewCase fresh;
        fresh.answers = answers;
        return std::to_string(
            engine_.open(tx, whoOf(doer, after), doer.declared->plugin, rule.machine, fresh).id);
    }
    const Value in = Value::map([&](MapWriter& m) {
        m.set("answers", answers).set("batch", std::to_string(batch)).set("row", line);
    });
    return ask(tx, after, doer, rule.service, rule.method, in)["key"].asText();
}

void Acts::takeBack(storage::Tx& tx, AfterCommit& after, const Doer& doer, const ImportRule& rule,
                    std::string_view result) const {
    if (rule.opensCases()) return move(tx, after, doer, rule.machine, rule.undo, idIn(result), 0);
    ask(tx, after, doer, rule.service, rule.undo, keyed(result));
}

} // namespace dalate::services::lists
