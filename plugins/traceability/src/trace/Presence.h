// SPDX-License-Identifier: Apache-2.0
//
// When matter is at a node, as sorted, disjoint, half-open intervals [start, end). Most nodes have one or two,
// so a flat vector is both the smallest and the fastest form.
#pragma once

#include "Node.h"

#include <algorithm>
#include <vector>

namespace dalate::traceability {

struct Interval {
    Time start = 0;
    Time end = 0;

    bool empty() const noexcept { return start >= end; }
    bool holds(Time at) const noexcept { return start <= at && at < end; }
    bool operator==(const Interval& o) const noexcept { return start == o.start && end == o.end; }
};

inline Interval common(Interval a, Interval b) noexcept { return {std::max(a.start, b.start), std::min(a.end, b.end)}; }

class Presence {
public:
    const std::vector<Interval>& intervals() const noexcept { return intervals_; }
    bool empty() const noexcept { return intervals_.empty(); }

    /// Whether some interval holds `at`.
    bool holds(Time at) const noexcept {
        return std::any_of(intervals_.begin(), intervals_.end(), [at](const Interval& i) { return i.holds(at); });
    }

    /// Adds an interval; true when the set of moments grew. Touching intervals become one.
    bool add(Interval added) {
        if (added.empty()) return false;
        auto first = std::lower_bound(intervals_.begin(), intervals_.end(), added.start,
                                      [](const Interval& i, Time start) { return i.end < start; });
        if (first != intervals_.end() && first->start <= added.start && added.end <= first->end) return false;
        auto last = first;
        while (last != intervals_.end() && last->start <= added.end) {
            added.start = std::min(added.start, last->start);
            added.end = std::max(added.end, last->end);
            ++last;
        }
        first = intervals_.erase(first, last);
        intervals_.insert(first, added);
        return true;
    }

private:
    std::vector<Interval> intervals_;
};

} // namespace dalate::traceability
