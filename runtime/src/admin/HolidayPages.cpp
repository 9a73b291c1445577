// SPDX-License-Identifier: Apache-2.0
#include "admin/HolidayPages.h"

#include "gateway/FormFields.h"
#include "storage/Session.h"
#include "storage/Tx.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <set>

namespace dalate::admin {
namespace {

using services::rules::Calendar;
using services::rules::CivilDay;
using services::rules::CountyCalendar;
using services::rules::HolidayYear;
using services::rules::SpecialDay;

constexpr const char* here = "/admin/holidays";

CivilDay today() {
    return services::rules::civilDayOf(now());
}

int yearAsked(const gateway::Visit& visit) {
    const int current = services::rules::yearOf(today());
    const std::string* sent = gateway::firstOf(visit.query, "year");
    if (sent == nullptr) return current;
    int year = 0;
    const auto [end, fault] = std::from_chars(sent->data(), sent->data() + sent->size(), year);
    const bool whole = fault == std::errc() && end == sent->data() + sent->size();
    return whole && year >= 1970 && year <= 2999 ? year : current;
}

std::string weekdayId(CivilDay day) {
    return "core.weekday." + std::to_string(std::chrono::weekday(day).iso_encoding());
}

/// Whoever the county has named for it, and its operator. A role that another has given for a term does not count:
/// what is settled here outlasts it.
bool keepsCalendar(const identity::Principal& person) {
    return person.hasOwnRole(identity::role::calendarKeeper) || person.hasOwnRole(identity::role::operatorRole);
}

/// The working days are the whole county's: every bureau's terms hang on them. Whoever administers a bureau reads
/// them; to everybody else the page does not exist.
void demandReader(const gateway::Visit& visit) {
    const identity::Principal& person = visit.who.principal;
    if (!keepsCalendar(person) && !person.hasRole(identity::role::operatorRole) &&
        !person.hasRole(identity::role::bureauAdmin))
        throw Error(404, "core.request.unknown");
}

void demandKeeper(const gateway::Visit& visit) {
    if (!keepsCalendar(visit.who.principal)) throw Error(404, "core.request.unknown");
}

} // namespace

void HolidayPages::addTo(gateway::Gateway& gateway) {
    using gateway::Visit;
    const std::string role(gateway::CorePage::anybodySignedIn);
    const auto guarded = [](auto answer) {
        return [answer](Visit& visit) {
            demandKeeper(visit);
            answer(visit);
        };
    };
    gateway.add({"GET", here, role, [this](Visit& visit) {
                     demandReader(visit);
                     show(visit);
                 }});
    gateway.add({"GET", "/admin/holidays/new", role,
                 guarded([this](Visit& visit) { form(visit.who).send(pages_, visit); })});
    gateway.add({"POST", "/admin/holidays/new", role, guarded([this](Visit& visit) { take(visit); })});
    gateway.add(
        {"POST", "/admin/holidays/{day}/withdraw", role, guarded([this](Visit& visit) { withdraw(visit); })});
}

void HolidayPages::show(gateway::Visit& visit) const {
    const gateway::Visitor& who = visit.who;
    const int year = yearAsked(visit);
    std::vector<CountyCalendar::Override> own;
    {
        auto lease = pool_.lease();
        storage::Tx tx(*lease, storage::Tx::Mode::read);
        own = CountyCalendar::list(tx);
    }
    const Calendar& calendar = calendar_.get();
    const auto& years = calendar.years();
    const auto known =
        std::find_if(years.begin(), years.end(), [&](const HolidayYear& y) { return y.year == year; });
    std::set<int> offered{services::rules::yearOf(today()), services::rules::yearOf(today()) + 1};
    for (const HolidayYear& each : years)
        offered.insert(each.year);
    const auto minutes = calendar.closesAt().count();

    const Value model = Value::map([&](MapWriter& m) {
        const bool keeps = keepsCalendar(who.principal);
        m.set("keeps", keeps).set("year", year).set("closes", fmt::format("{:02}:{:02}", minutes / 60, minutes % 60));
        m.list("years", [&](ListWriter& list) {
            for (const int each : offered)
                list.map([&](MapWriter& one) { one.set("year", each).set("current", each == year); });
        });
        if (known != years.end())
            m.map("notice", [&](MapWriter& notice) {
                notice.set("source", known->source).set("unread", !known->textRead);
            });
        m.list("days", [&](ListWriter& list) {
            for (const SpecialDay& day : calendar.daysOf(year))
                list.map([&](MapWriter& one) {
                    const bool works = day.kind == SpecialDay::Kind::workday;
                    one.set("day", services::rules::dayText(day.day))
                        .set("weekday", pages_.text(who, weekdayId(day.day)))
                        .set("label", day.label);
                    one.map("kind", [&](MapWriter& kind) {
                        kind.set("kind", works ? "busy" : "good")
                            .set("text",
                                 pages_.text(who, works ? "core.holidays.works" : "core.holidays.rests"));
                    });
                    if (!day.county) return;
                    const auto row = std::find_if(own.begin(), own.end(),
                                                  [&](const auto& each) { return each.day.day == day.day; });
                    if (row == own.end()) return;
                    one.set("by", row->changedBy).set("reason", row->reason);
                    if (keeps && day.day > today())
                        one.set("withdraw",
                                std::string(here) + "/" + services::rules::dayText(day.day) + "/withdraw");
                });
        });
    });
    gateway::PageOrder order;
    order.name = "pages/admin-holidays";
    order.model = model;
    sayDone(order, pages_, visit, "holidays", {"set", "withdrawn"});
    pages_.send(visit.response, who, order);
}

CountyForm HolidayPages::form(const gateway::Visitor& who) const {
    const auto word = [&](std::string_view id) { return pages_.text(who, id); };
    CountyForm form(word("core.holidays.add"), word("core.holidays.add_lead"), std::string(here) + "/new",
                    here);
    CountyForm::Question day;
    day.name = "day";
    day.kind = CountyForm::Kind::date;
    day.label = word("core.holidays.day");
    day.least = services::rules::dayText(today() + std::chrono::days(1));
    form.ask(std::move(day));
    CountyForm::Question kind;
    kind.name = "kind";
    kind.kind = CountyForm::Kind::select;
    kind.label = word("core.holidays.kind");
    kind.options = {{"holiday", word("core.holidays.rests")}, {"workday", word("core.holidays.works")}};
    kind.value = "holiday";
    form.ask(std::move(kind));
    CountyForm::Question label;
    label.name = "label";
    label.label = word("core.holidays.label");
    label.hint = word("core.holidays.label_hint");
    form.ask(std::move(label));
    CountyForm::Question reason;
    reason.name = "reason";
    reason.label = word("core.holidays.reason");
    reason.hint = word("core.rules.source_hint");
    form.ask(std::move(reason));
    return form;
}

void HolidayPages::take(gateway::Visit& visit) const {
    CountyForm asked = form(visit.who);
    asked.keep(visit);
    const auto refuse = [&](std::string_view name, std::string_view id) {
        asked.refuse(name, pages_.text(visit.who, id));
    };
    const auto day = services::rules::parseDay(gateway::sent(visit, "day"));
    const std::string kind = gateway::sent(visit, "kind"), label = gateway::sent(visit, "label"),
                      reason = gateway::sent(visit, "reason");
    if (!day) refuse("day", "core.rules.from_wrong");
    if (kind != "holiday" && kind != "workday") refuse("kind", "core.form.required");
    if (label.empty()) refuse("label", "core.holiday.label");
    if (reason.empty()) refuse("reason", "core.holiday.reason");
    if (asked.isWrong()) return asked.send(pages_, visit);

    try {
        auto lease = pool_.lease();
        storage::Tx tx(*lease, storage::Tx::Mode::write);
        CountyCalendar::set(
            tx, visit.who.principal,
            {*day, kind == "workday" ? SpecialDay::Kind::workday : SpecialDay::Kind::holiday, label, true},
            reason, visit.who.requestId);
        tx.commit();
    } catch (const Error& error) {
        if (!std::string_view(error.id()).starts_with("core.holiday.")) throw;
        refuse(error.id() == "core.holiday.past"    ? "day"
               : error.id() == "core.holiday.label" ? "label"
                                                    : "reason",
               error.id());
        return asked.send(pages_, visit);
    }
    calendar_.reload(pool_);
    goTo(visit, here, "set");
}

void HolidayPages::withdraw(gateway::Visit& visit) const {
    const auto day = services::rules::parseDay(pathParameter(visit, "day"));
    if (!day) throw Error(404, "core.request.unknown");
    {
        auto lease = pool_.lease();
        storage::Tx tx(*lease, storage::Tx::Mode::write);
        CountyCalendar::withdraw(tx, visit.who.principal, *day, visit.who.requestId);
        tx.commit();
    }
    calendar_.reload(pool_);
    goTo(visit, here, "withdrawn");
}

} // namespace dalate::admin
