// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "identity/Principal.h"
#include "services/rules/HolidayFile.h"
#include "services/rules/Standing.h"

#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace dalate::storage {
class Pool;
class Tx;
} // namespace dalate::storage

namespace dalate::services::rules {

/// The calendar in force: the file's years under the county's own days (table `holiday_override`). One a
/// process. Safe from any thread.
class CountyCalendar {
public:
    /// One day that the county has settled.
    struct Override {
        SpecialDay day;
        std::string reason;
        std::string changedBy;
        Micros changedAt = 0;
    };

    /// The file alone, until `reload`.
    explicit CountyCalendar(HolidayFile file);

    /// One atomic load; valid as long as this lives.
    const Calendar& get() const noexcept { return standing_.get(); }

    /// Reads the county's days. Whoever changes them calls it after the commit.
    void reload(storage::Pool& pool);
    /// Told after each `reload`, on its thread: deadlines that still run are to be reckoned anew. The days
    /// hold by then, so it must not throw. Set at start, once.
    void onChange(std::function<void()> told) { told_ = std::move(told); }

    /// Settles a day to come and audits it (`holiday.set`). A day once settled may be settled anew while it
    /// is still to come. Throws 409 `core.holiday.past` (today and earlier: deadlines have been reckoned with
    /// it), 422 `core.holiday.label` for no label or one above 100 bytes, 422 `core.holiday.reason` likewise
    /// above 400.
    static void set(storage::Tx& tx, const identity::Principal& actor, const SpecialDay& day,
                    std::string_view reason, std::string_view requestId = {});
    /// Takes the county's word about a day to come back and audits it (`holiday.withdraw`). Throws as `set`,
    /// and 404 `core.holiday.unknown`.
    static void withdraw(storage::Tx& tx, const identity::Principal& actor, CivilDay day,
                         std::string_view requestId = {});
    /// All, by day.
    static std::vector<Override> list(storage::Tx& tx);

private:
    HolidayFile file_;
    std::function<void()> told_;
    std::mutex reloading_; ///< what is read later is published later
    Standing<Calendar> standing_;
};

} // namespace dalate::services::rules
