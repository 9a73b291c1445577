// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "trace/Node.h"

#include <dalate/db.hpp>

#include <cstdint>

namespace dalate::traceability {

/// The numbers that the home page and the tile show (traceability_tally): each is changed by the transaction that
/// changes what it counts, so reading one is reading a row.
class Tally {
public:
    explicit Tally(Tx& tx) noexcept : tx_(tx) {}

    /// An event that happened at `at` begins to count (+1) or is declared wrong (-1).
    void addEvents(Time at, int change) { add(Kind::events, yearOf(at), change); }
    /// A lot is made for the first time (+1), or nobody made it any more (-1).
    void addLots(int change) { add(Kind::lots, 0, change); }

    /// Events of the year that `now` lies in, by the county's clock.
    std::int64_t eventsInYearOf(Time now);
    std::int64_t events();
    std::int64_t lots();

    /// The year of the county's clock (UTC+8).
    static std::int64_t yearOf(Time at);

private:
    enum class Kind : int { events = 1, lots = 2 };
    void add(Kind kind, std::int64_t year, int change);
    std::int64_t sum(Kind kind, std::int64_t from, std::int64_t to);

    Tx& tx_;
};

} // namespace dalate::traceability
