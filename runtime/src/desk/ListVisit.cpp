// SPDX-License-Identifier: Apache-2.0
#include "desk/ListVisit.h"

#include "gateway/Headers.h"
#include "host/PluginHost.h"
#include "identity/Audit.h"
#include "services/lists/Reach.h"

namespace dalate::desk {

using namespace services;

ListVisit::ListVisit(const ListParts& parts, gateway::Visit& visit)
    : parts_(parts), visit_(visit), templates_(parts.desk.host.templates()) {
    const std::string plugin = pathParameter(visit, "plugin");
    if (visit.who.active.contains(plugin)) declared_ = parts.desk.host.declarations().find(plugin);
    if (declared_) list_ = declared_->list(pathParameter(visit, "list"));
    if (!list_) throw Error(404, "core.request.unknown");
    visit.routeClass = plugin;
    if (visit.who.principal.isAnonymous()) return;
    const auto reach = lists::reachOf(*list_, visit.who.principal, *parts.desk.host.permissions());
    if (!reach) throw Error(404, "core.request.unknown");
    access_ = {declared_->tables.get(), *reach};
}

bool ListVisit::sendsToSignIn() {
    if (!visit_.who.principal.isAnonymous()) return false;
    sendToSignIn(visit_);
    return true;
}

lists::Doer ListVisit::doer() const {
    const gateway::Visitor& who = visit_.who;
    return {declared_, who.principal, access_.scope, who.language, who.requestId, who.clientIp, who.origin};
}

bool ListVisit::may(const std::string& permission) const {
    return permission.empty() || parts_.desk.host.permissions()->holds(visit_.who.principal, permission);
}

lists::UrlQuery ListVisit::query() const {
    lists::Asked asked;
    for (const auto& [name, values] : visit_.query)
        asked.emplace_back(name, values);
    return lists::UrlQuery::read(*list_, asked);
}

lists::CellWords ListVisit::words() const {
    return {[this](std::string_view id) { return text(id); }, parts_.desk.utcOffset};
}

forms::FormWords ListVisit::formWords(Micros rulesAt) const {
    return {texts(), visit_.who.language, {rulesAt, declared_->rules.get(), now()}};
}

std::string ListVisit::text(std::string_view id, ValueView values) const {
    return id.empty() ? std::string() : texts().tr(visit_.who.language, id, values);
}

std::string ListVisit::time(Micros at) const {
    return at == 0 ? std::string() : toLocalMinute(at, parts_.desk.utcOffset);
}

std::string ListVisit::path() const {
    return "/lists/" + declared_->plugin + "/" + list_->name;
}

void ListVisit::send(const gateway::PageOrder& order) {
    gateway::setSecurityHeaders(visit_.response, visit_.who);
    parts_.desk.pages.send(visit_.response, visit_.who, order);
}

void ListVisit::goTo(const std::string& to) {
    gateway::setSecurityHeaders(visit_.response, visit_.who);
    gateway::redirect(visit_.response, to);
}

void ListVisit::record(storage::Tx& tx, std::string_view action, ValueView details) const {
    identity::Audit::record(tx, visit_.who.principal, action, "list/" + declared_->plugin + "/" + list_->name,
                            details, visit_.who.requestId);
}

} // namespace dalate::desk
