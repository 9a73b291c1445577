// SPDX-License-Identifier: Apache-2.0
#include "admin/DeskPages.h"

#include "admin/Colleagues.h"
#include "storage/Session.h"
#include "storage/Tx.h"

#include <algorithm>

namespace dalate::admin {
namespace {

using identity::Desk;
using identity::Desks;

constexpr const char* here = "/admin/desks";

/// The desk of the path; another organisation's does not exist.
Desk deskOf(storage::Tx& tx, const gateway::Visit& visit) {
    auto desk = Desks::find(tx, pathNumber(visit, "desk"));
    if (!desk || desk->organisation != visit.who.principal.organisation)
        throw Error(404, "core.request.unknown");
    return *std::move(desk);
}

bool ownsBureau(const gateway::Visitor& who) {
    return who.principal.hasOwnRole(identity::role::bureauAdmin);
}

std::string pathOf(const Desk& desk) {
    return std::string(here) + "/" + std::to_string(desk.id);
}

} // namespace

void DeskPages::addTo(gateway::Gateway& gateway) {
    using gateway::Visit;
    const std::string role(identity::role::bureauAdmin);
    gateway.add({"GET", here, role, [this](Visit& visit) { show(visit); }});
    // Who sits at a desk lasts; a role that was given for a term must not leave it behind.
    const auto guarded = [](auto answer) {
        return [answer](Visit& visit) {
            if (!ownsBureau(visit.who)) throw Error(404, "core.request.unknown");
            answer(visit);
        };
    };
    gateway.add({"GET", "/admin/desks/new", role,
                 guarded([this](Visit& visit) { newDesk(visit.who).send(pages_, visit); })});
    gateway.add({"POST", "/admin/desks/new", role, guarded([this](Visit& visit) { takeDesk(visit); })});
    gateway.add({"GET", "/admin/desks/{desk}/members", role,
                 guarded([this](Visit& visit) { newMember(visit).send(pages_, visit); })});
    gateway.add({"POST", "/admin/desks/{desk}/members", role, guarded([this](Visit& visit) { takeMember(visit); })});
    gateway.add({"POST", "/admin/desks/{desk}/members/{account}/remove", role,
                 guarded([this](Visit& visit) { remove(visit); })});
}

void DeskPages::show(gateway::Visit& visit) const {
    const gateway::Visitor& who = visit.who;
    struct Row {
        Desk desk;
        std::vector<Desks::Member> members;
    };
    std::vector<Row> rows;
    if (const std::int64_t organisation = who.principal.organisation; organisation != 0) {
        auto lease = pool_.lease();
        storage::Tx tx(*lease, storage::Tx::Mode::read);
        for (Desk& desk : Desks::list(tx, organisation)) {
            auto members = Desks::members(tx, desk.id);
            rows.push_back({std::move(desk), std::move(members)});
        }
    }
    const Value model = Value::map([&](MapWriter& m) {
        m.set("bureau", who.principal.organisationName).set("keeps", ownsBureau(who));
        m.list("desks", [&](ListWriter& list) {
            for (const Row& row : rows)
                list.map([&](MapWriter& one) {
                    const std::string path = pathOf(row.desk) + "/members";
                    one.set("id", std::to_string(row.desk.id))
                        .set("title", row.desk.title)
                        .set("name", row.desk.name)
                        .set("path", path);
                    one.list("members", [&](ListWriter& members) {
                        for (const Desks::Member& member : row.members)
                            members.map([&](MapWriter& each) {
                                each.set("name", member.name)
                                    .set("login", member.login)
                                    .set("remove", path + "/" + std::to_string(member.account) + "/remove");
                            });
                    });
                });
        });
    });
    gateway::PageOrder order;
    order.name = "pages/admin-desks";
    order.model = model;
    sayDone(order, pages_, visit, "desks", {"created", "added", "removed"});
    pages_.send(visit.response, who, order);
}

CountyForm DeskPages::newDesk(const gateway::Visitor& who) const {
    const auto word = [&](std::string_view id) { return pages_.text(who, id); };
    CountyForm form(word("core.desks.new"), word("core.desks.new_lead"), std::string(here) + "/new", here);
    CountyForm::Question title;
    title.name = "title";
    title.label = word("core.desks.desk_title");
    title.hint = word("core.desks.desk_title_hint");
    form.ask(std::move(title));
    CountyForm::Question name;
    name.name = "name";
    name.label = word("core.desks.name");
    name.hint = word("core.desks.name_hint");
    form.ask(std::move(name));
    return form;
}

void DeskPages::takeDesk(gateway::Visit& visit) const {
    CountyForm form = newDesk(visit.who);
    form.keep(visit);
    try {
        auto lease = pool_.lease();
        storage::Tx tx(*lease, storage::Tx::Mode::write);
        Desks::create(tx, visit.who.principal, visit.who.principal.organisation,
                      gateway::sent(visit, "name"), gateway::sent(visit, "title"),
                      visit.who.requestId);
        tx.commit();
    } catch (const Error& error) {
        const std::string_view id = error.id();
        if (!id.starts_with("core.desk.")) throw;
        form.refuse(id == "core.desk.title" ? "title" : "name", pages_.text(visit.who, id));
        return form.send(pages_, visit);
    }
    goTo(visit, here, "created");
}

CountyForm DeskPages::newMember(const gateway::Visit& visit) const {
    const gateway::Visitor& who = visit.who;
    Desk desk;
    std::vector<CountyForm::Option> people;
    {
        auto lease = pool_.lease();
        storage::Tx tx(*lease, storage::Tx::Mode::read);
        desk = deskOf(tx, visit);
        people = colleagues(tx, desk.organisation);
        for (const Desks::Member& member : Desks::members(tx, desk.id))
            std::erase_if(people,
                          [&](const auto& each) { return each.value == std::to_string(member.account); });
    }
    CountyForm form(
        pages_.text(who, "core.desks.add_to", Value::map([&](MapWriter& m) { m.set("desk", desk.title); })),
        pages_.text(who, "core.desks.add_lead"), pathOf(desk) + "/members", here);
    CountyForm::Question person;
    person.name = "account";
    person.kind = CountyForm::Kind::select;
    person.label = pages_.text(who, "core.desks.person");
    person.options = std::move(people);
    form.ask(std::move(person));
    return form;
}

void DeskPages::takeMember(gateway::Visit& visit) const {
    CountyForm form = newMember(visit);
    form.keep(visit);
    try {
        auto lease = pool_.lease();
        storage::Tx tx(*lease, storage::Tx::Mode::write);
        Desks::add(tx, visit.who.principal, deskOf(tx, visit).id,
                   numberIn(gateway::sent(visit, "account")), visit.who.requestId);
        tx.commit();
    } catch (const Error& error) {
        const std::string_view id = error.id();
        if (id != "core.desk.organisation" && !id.starts_with("core.account.")) throw;
        // Another organisation's people are as unknown here as nobody.
        form.refuse("account", pages_.text(visit.who, "core.account.unknown"));
        return form.send(pages_, visit);
    }
    goTo(visit, here, "added");
}

void DeskPages::remove(gateway::Visit& visit) const {
    {
        auto lease = pool_.lease();
        storage::Tx tx(*lease, storage::Tx::Mode::write);
        Desks::remove(tx, visit.who.principal, deskOf(tx, visit).id, pathNumber(visit, "account"),
                      visit.who.requestId);
        tx.commit();
    }
    goTo(visit, here, "removed");
}

} // namespace dalate::admin
