// SPDX-License-Identifier: Apache-2.0
#include "services/rules/CountyCalendar.h"

#include "identity/Audit.h"
#include "storage/Pool.h"
#include "storage/Session.h"
#include "storage/Tx.h"

namespace dalate::services::rules {
namespace {

constexpr std::size_t longestLabel = 100;
constexpr std::size_t longestReason = 400;

std::int64_t numberOf(CivilDay day) {
    return day.time_since_epoch().count();
}
CivilDay dayOf(std::int64_t number) {
    return CivilDay(std::chrono::days(number));
}

std::string_view kindName(SpecialDay::Kind kind) {
    return kind == SpecialDay::Kind::workday ? "workday" : "holiday";
}

std::string objectOf(CivilDay day) {
    return "holiday/" + dayText(day);
}

/// Deadlines that have fired were reckoned with the days that are over.
void demandToCome(CivilDay day) {
    if (day <= civilDayOf(now()))
        throw Error(409, "core.holiday.past", Value::map([&](MapWriter& m) { m.set("day", dayText(day)); }));
}

std::unique_ptr<const Calendar> made(const HolidayFile& file, std::vector<SpecialDay> overrides) {
    return std::make_unique<const Calendar>(file.years, std::move(overrides), file.closesAt);
}

} // namespace

CountyCalendar::CountyCalendar(HolidayFile file) : file_(std::move(file)), standing_(made(file_, {})) {}

void CountyCalendar::reload(storage::Pool& pool) {
    {
        const std::lock_guard lock(reloading_);
        auto lease = pool.lease();
        storage::Tx tx(*lease, storage::Tx::Mode::read);
        std::vector<SpecialDay> days;
        for (Override& each : list(tx))
            days.push_back(std::move(each.day));
        standing_.publish(made(file_, std::move(days)));
    }
    if (told_) told_();
}

void CountyCalendar::set(storage::Tx& tx, const identity::Principal& actor, const SpecialDay& day,
                         std::string_view reason, std::string_view requestId) {
    demandToCome(day.day);
    if (day.label.empty() || day.label.size() > longestLabel) throw Error(422, "core.holiday.label");
    if (reason.empty() || reason.size() > longestReason) throw Error(422, "core.holiday.reason");
    tx.exec("DELETE FROM holiday_override WHERE day = :day", {{"day", numberOf(day.day)}});
    tx.exec("INSERT INTO holiday_override (day, kind, label, reason, changed_by, changed_at)"
            " VALUES (:day, :kind, :label, :reason, :changed_by, :changed_at)",
            {{"day", numberOf(day.day)},
             {"kind", kindName(day.kind)},
             {"label", day.label},
             {"reason", reason},
             {"changed_by", actor.name},
             {"changed_at", now()}});
    identity::Audit::record(
        tx, actor, "holiday.set", objectOf(day.day), Value::map([&](MapWriter& m) {
            m.set("kind", kindName(day.kind)).set("label", day.label).set("reason", reason);
        }),
        requestId);
}

void CountyCalendar::withdraw(storage::Tx& tx, const identity::Principal& actor, CivilDay day,
                              std::string_view requestId) {
    demandToCome(day);
    if (tx.exec("DELETE FROM holiday_override WHERE day = :day", {{"day", numberOf(day)}}) == 0)
        throw Error(404, "core.holiday.unknown",
                    Value::map([&](MapWriter& m) { m.set("day", dayText(day)); }));
    identity::Audit::record(tx, actor, "holiday.withdraw", objectOf(day), {}, requestId);
}

std::vector<CountyCalendar::Override> CountyCalendar::list(storage::Tx& tx) {
    auto rows = tx.query("SELECT day, kind, label, reason, changed_by, changed_at"
                         " FROM holiday_override"
                         " ORDER BY day");
    std::vector<Override> all;
    while (rows.next()) {
        Override each;
        each.day.day = dayOf(rows.integer(0));
        each.day.kind = rows.text(1) == "workday" ? SpecialDay::Kind::workday : SpecialDay::Kind::holiday;
        each.day.label = rows.text(2);
        each.day.county = true;
        each.reason = rows.text(3);
        each.changedBy = rows.text(4);
        each.changedAt = rows.integer(5);
        all.push_back(std::move(each));
    }
    return all;
}

} // namespace dalate::services::rules
