// SPDX-License-Identifier: Apache-2.0
#include "desk/CaseVisit.h"

#include "gateway/FormFields.h"
#include "gateway/Headers.h"
#include "host/PluginHost.h"
#include "services/PluginCalls.h"
#include "services/cases/Rights.h"

#include <algorithm>
#include <array>

namespace dalate::desk {

using namespace services;
using cases::StateKind;

namespace {

constexpr std::array<std::string_view, 3> doneWords{"moved", "commented", "attached"};

std::string_view colour(StateKind kind) noexcept {
    switch (kind) {
    case StateKind::waiting:
        return "warn";
    case StateKind::working:
        return "busy";
    case StateKind::done:
        return "good";
    case StateKind::stopped:
        break;
    }
    return "off";
}

} // namespace

CaseVisit::CaseVisit(const DeskParts& parts, gateway::Visit& visit)
    : parts_(parts), visit_(visit), templates_(parts.host.templates()) {
    const std::string plugin = pathParameter(visit, "plugin");
    if (visit.who.active.contains(plugin)) declared_ = parts.host.declarations().find(plugin);
    if (declared_) machine_ = declared_->machine(pathParameter(visit, "machine"));
    if (!machine_) throw Error(404, "core.request.unknown");
    visit.routeClass = plugin;
}

bool CaseVisit::sendsToSignIn() {
    if (!visit_.who.principal.isAnonymous()) return false;
    sendToSignIn(visit_);
    return true;
}

cases::Who CaseVisit::who() {
    return {.principal = &visit_.who.principal,
            .after = after_,
            .language = visit_.who.language,
            .requestId = visit_.who.requestId,
            .ip = visit_.who.clientIp,
            .declared = declared_,
            .deadline = steadyNow() + PluginCalls::onWriter};
}

void CaseVisit::committed() {
    for (const auto& act : after_)
        act();
    after_.clear();
}

bool CaseVisit::mayOpen(storage::Tx& tx) {
    cases::Case none;
    none.plugin = declared_->plugin;
    none.machine = machine_->name;
    none.rulesAt = now();
    const auto asking = who();
    return cases::Rights(tx, asking, *declared_, none).toOpen(machine_->opening.by).has_value();
}

cases::Case CaseVisit::find(storage::Tx& tx) {
    cases::Case found = parts_.engine.find(tx, who(), pathNumber(visit_, "id"));
    if (found.plugin != declared_->plugin || found.machine != machine_->name)
        throw Error(404, "core.request.unknown");
    return found;
}

std::string CaseVisit::text(std::string_view id, ValueView values) const {
    return id.empty() ? std::string() : texts().tr(visit_.who.language, id, values);
}

std::string CaseVisit::time(Micros at) const {
    return at == 0 ? std::string() : toLocalMinute(at, parts_.utcOffset);
}

forms::FormTime CaseVisit::formTime(Micros rulesAt) const {
    return {rulesAt, declared_->rules.get(), now()};
}

forms::FormWords CaseVisit::words(Micros rulesAt) const {
    return {texts(), visit_.who.language, formTime(rulesAt)};
}

std::string CaseVisit::listPath() const {
    return "/cases/" + declared_->plugin + "/" + machine_->name;
}

std::string CaseVisit::casePath(std::int64_t id) const {
    return listPath() + "/" + std::to_string(id);
}

void CaseVisit::send(const gateway::PageOrder& order) {
    gateway::setSecurityHeaders(visit_.response, visit_.who);
    parts_.pages.send(visit_.response, visit_.who, order);
}

void CaseVisit::goTo(const std::string& path, std::string_view done) {
    gateway::goTo(visit_, path, done);
}

void CaseVisit::sayDone(gateway::PageOrder& order) const {
    const std::string* word = gateway::firstOf(visit_.query, "done");
    if (word == nullptr || std::find(doneWords.begin(), doneWords.end(), *word) == doneWords.end()) return;
    order.notices.push_back({portal::Notice::Kind::success, text("core.cases.done." + *word)});
}

void sendToSignIn(gateway::Visit& visit) {
    gateway::setSecurityHeaders(visit.response, visit.who);
    gateway::redirect(visit.response, "/sign-in?back=" + gateway::encodePercent(visit.who.place));
}

void writeState(MapWriter& m, std::string_view key, const cases::State* state, std::string_view text) {
    m.map(key, [&](MapWriter& s) {
        s.set("kind", state ? colour(state->kind) : std::string_view("off")).set("text", text);
    });
}

} // namespace dalate::desk
