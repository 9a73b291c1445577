// SPDX-License-Identifier: Apache-2.0
#include "log/Tally.h"

#include "story/Wording.h"

#include <charconv>
#include <limits>

namespace dalate::traceability {

std::int64_t Tally::yearOf(Time at) {
    const std::string day = Wording::date(at);
    std::int64_t year = 0;
    std::from_chars(day.data(), day.data() + day.size(), year);
    return year;
}

void Tally::add(Kind kind, std::int64_t year, int change) {
    const int number = static_cast<int>(kind);
    if (tx_.exec("UPDATE traceability_tally SET number = number + :change WHERE kind = :kind AND year = :year",
                 {{"change", change}, {"kind", number}, {"year", year}}) == 0)
        tx_.exec("INSERT INTO traceability_tally (kind, year, number) VALUES (:kind, :year, :change)",
                 {{"kind", number}, {"year", year}, {"change", change}});
}

std::int64_t Tally::sum(Kind kind, std::int64_t from, std::int64_t to) {
    Rows rows = tx_.query("SELECT COALESCE(SUM(number), 0) FROM traceability_tally "
                          "WHERE kind = :kind AND year BETWEEN :from AND :to",
                          {{"kind", static_cast<int>(kind)}, {"from", from}, {"to", to}});
    return rows.next() ? rows.integer(0) : 0;
}

std::int64_t Tally::eventsInYearOf(Time now) { return sum(Kind::events, yearOf(now), yearOf(now)); }

std::int64_t Tally::events() {
    return sum(Kind::events, std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max());
}

std::int64_t Tally::lots() { return sum(Kind::lots, 0, 0); }

} // namespace dalate::traceability
