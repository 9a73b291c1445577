// SPDX-License-Identifier: Apache-2.0
#include "admin/DelegationPages.h"

#include "admin/Colleagues.h"
#include "services/rules/CivilDay.h"
#include "storage/Session.h"
#include "storage/Tx.h"

#include <algorithm>

namespace dalate::admin {
namespace {

using identity::Delegation;
using identity::Delegations;
using services::rules::civilDayOf;
using services::rules::dayText;
using services::rules::startOf;

constexpr const char* here = "/account/delegations";

void demandStaff(const gateway::Visit& visit) {
    if (!visit.who.principal.isStaff()) throw Error(404, "core.request.unknown");
}

} // namespace

void DelegationPages::addTo(gateway::Gateway& gateway) {
    using gateway::Visit;
    const std::string role(gateway::CorePage::anybodySignedIn);
    const auto guarded = [](auto answer) {
        return [answer](Visit& visit) {
            demandStaff(visit);
            answer(visit);
        };
    };
    gateway.add({"GET", here, role, guarded([this](Visit& visit) { show(visit); })});
    gateway.add({"GET", "/account/delegations/new", role,
                 guarded([this](Visit& visit) { form(visit.who).send(pages_, visit); })});
    gateway.add({"POST", "/account/delegations/new", role, guarded([this](Visit& visit) { take(visit); })});
    gateway.add(
        {"POST", "/account/delegations/{id}/end", role, guarded([this](Visit& visit) { end(visit); })});
}

void DelegationPages::show(gateway::Visit& visit) const {
    const gateway::Visitor& who = visit.who;
    const Micros time = now();
    std::vector<Delegation> given, taken;
    {
        auto lease = pool_.lease();
        storage::Tx tx(*lease, storage::Tx::Mode::read);
        given = Delegations::givenBy(tx, who.principal.user, time);
        taken = Delegations::givenTo(tx, who.principal.user, time);
    }
    const auto write = [&](MapWriter& m, const char* key, const std::vector<Delegation>& all, bool mine) {
        m.list(key, [&](ListWriter& list) {
            for (const Delegation& each : all)
                list.map([&](MapWriter& one) {
                    const bool begun = each.starts <= time;
                    one.set("role", pages_.roleName(who, each.role))
                        .set("person", mine ? each.takerName : each.giverName)
                        .set("starts", dayText(civilDayOf(each.starts)))
                        .set("until", dayText(civilDayOf(each.ends - 1)));
                    one.map("state", [&](MapWriter& state) {
                        state.set("kind", begun ? "good" : "busy")
                            .set("text",
                                 pages_.text(who, begun ? "core.rules.in_force" : "core.rules.to_come"));
                    });
                    if (mine) one.set("end", std::string(here) + "/" + std::to_string(each.id) + "/end");
                });
        });
    };
    const Value model = Value::map([&](MapWriter& m) {
        write(m, "given", given, true);
        write(m, "taken", taken, false);
    });
    gateway::PageOrder order;
    order.name = "pages/delegations";
    order.model = model;
    sayDone(order, pages_, visit, "delegations", {"given", "ended"});
    pages_.send(visit.response, who, order);
}

CountyForm DelegationPages::form(const gateway::Visitor& who) const {
    const auto word = [&](std::string_view id) { return pages_.text(who, id); };
    CountyForm form(word("core.delegations.new"), word("core.delegations.new_lead"),
                    std::string(here) + "/new", here);
    CountyForm::Question role;
    role.name = "role";
    role.kind = CountyForm::Kind::select;
    role.label = word("core.delegations.role");
    for (const std::string& each : who.principal.roles)
        if (Delegations::isDelegable(each)) role.options.push_back({each, pages_.roleName(who, each)});
    form.ask(std::move(role));
    CountyForm::Question taker;
    taker.name = "taker";
    taker.kind = CountyForm::Kind::select;
    taker.label = word("core.delegations.taker");
    {
        auto lease = pool_.lease();
        storage::Tx tx(*lease, storage::Tx::Mode::read);
        taker.options = colleagues(tx, who.principal.organisation);
    }
    std::erase_if(taker.options,
                  [&](const auto& each) { return each.value == std::to_string(who.principal.user); });
    form.ask(std::move(taker));
    const std::string today = dayText(civilDayOf(now()));
    for (const auto& [name, label] :
         {std::pair("starts", "core.delegations.starts"), std::pair("until", "core.delegations.until")}) {
        CountyForm::Question day;
        day.name = name;
        day.kind = CountyForm::Kind::date;
        day.label = word(label);
        day.least = today;
        form.ask(std::move(day));
    }
    return form;
}

void DelegationPages::take(gateway::Visit& visit) const {
    CountyForm asked = form(visit.who);
    asked.keep(visit);
    const auto refuse = [&](std::string_view name, std::string_view id) {
        asked.refuse(name, pages_.text(visit.who, id));
    };
    const auto starts = services::rules::parseDay(gateway::sent(visit, "starts"));
    const auto until = services::rules::parseDay(gateway::sent(visit, "until"));
    if (!starts) refuse("starts", "core.rules.from_wrong");
    if (!until) refuse("until", "core.rules.from_wrong");
    if (asked.isWrong()) return asked.send(pages_, visit);

    try {
        auto lease = pool_.lease();
        storage::Tx tx(*lease, storage::Tx::Mode::write);
        const std::int64_t self = visit.who.principal.user;
        Delegations::give(tx, visit.who.principal,
                          {self, numberIn(gateway::sent(visit, "taker")),
                           gateway::sent(visit, "role"), startOf(*starts),
                           startOf(*until + std::chrono::days(1))},
                          now(), visit.who.requestId);
        tx.commit();
    } catch (const Error& error) {
        const std::string_view id = error.id();
        if (id == "core.delegation.term")
            refuse("until", id);
        else if (id == "core.account.unknown" || id == "core.delegation.organisation")
            refuse("taker", "core.delegation.organisation");
        else if (id.starts_with("core.delegation."))
            refuse("role", id);
        else
            throw;
        return asked.send(pages_, visit);
    }
    goTo(visit, here, "given");
}

void DelegationPages::end(gateway::Visit& visit) const {
    {
        auto lease = pool_.lease();
        storage::Tx tx(*lease, storage::Tx::Mode::write);
        Delegations::end(tx, visit.who.principal, visit.who.principal.user, pathNumber(visit, "id"), now(),
                         visit.who.requestId);
        tx.commit();
    }
    goTo(visit, here, "ended");
}

} // namespace dalate::admin
