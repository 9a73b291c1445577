// SPDX-License-Identifier: Apache-2.0
#include "log/Whereabouts.h"

#include "log/BatchedStatement.h"

#include <algorithm>
#include <tuple>
#include <unordered_map>

namespace dalate::traceability {

namespace {

constexpr std::size_t atOnce = 4096; // items between two questions whether the time is over

struct Mention {
    Node item = 0;
    std::int64_t event = 0;
};

struct Said {
    Node place = 0;
    Time at = 0;
};

using Events = std::unordered_map<std::int64_t, Said>;

/// Which events name the items; an event that names one in two fields may come twice.
std::vector<Mention> mentionsOf(Tx& tx, const std::vector<Node>& items) {
    static const BatchedStatement naming("SELECT ident, event FROM traceability_event_key WHERE ident IN (",
                                         ")");
    std::vector<Mention> found;
    naming.each<Param>(tx, items, [&](const Rows& row) {
        found.push_back({row.integer(0), row.integer(1)});
    });
    return found;
}

/// Reads what the mentioned events say into `known`, but for those that stand there already.
void read(Tx& tx, const std::vector<Mention>& mentions, Events& known) {
    static const BatchedStatement saying("SELECT id, CASE WHEN receiver <> 0 THEN receiver WHEN biz_location "
                                         "<> 0 THEN biz_location ELSE read_point END, "
                                         "event_time FROM traceability_event WHERE id IN (",
                                         ") AND voided = 0 AND declares_error = 0");
    std::vector<std::int64_t> unread;
    for (const Mention& m : mentions)
        // A place of 0 until it is read, and for an event that does not count.
        if (known.try_emplace(m.event).second) unread.push_back(m.event);
    std::sort(unread.begin(), unread.end());
    saying.each<Param>(tx, unread, [&](const Rows& row) {
        known[row.integer(0)] = {row.integer(1), row.integer(2)};
    });
}

/// Keeps the latest stay of each item at each place.
void keepLatest(std::vector<Sighting>& sightings) {
    std::sort(sightings.begin(), sightings.end(), [](const Sighting& a, const Sighting& b) {
        return std::tie(a.item, a.place, b.last) < std::tie(b.item, b.place, a.last);
    });
    sightings.erase(std::unique(sightings.begin(), sightings.end(),
                                [](const Sighting& a, const Sighting& b) {
                                    return a.item == b.item && a.place == b.place;
                                }),
                    sightings.end());
}

std::vector<PlaceSum> sumsOf(const std::vector<Sighting>& sightings) {
    std::unordered_map<Node, PlaceSum> sums;
    for (const Sighting& s : sightings) {
        PlaceSum& sum = sums[s.place];
        sum.last = sum.items ? std::max(sum.last, s.last) : s.last;
        sum.place = s.place;
        ++sum.items;
    }
    std::vector<PlaceSum> all;
    all.reserve(sums.size());
    for (const auto& each : sums)
        all.push_back(each.second);
    return all;
}

} // namespace

Whereabouts::Whereabouts(Tx& tx, const std::vector<Node>& items, const std::function<bool()>& over) {
    Events known;
    for (std::size_t done = 0; done < items.size(); done += atOnce) {
        if (over()) {
            complete_ = false;
            break;
        }
        const auto first = items.begin() + static_cast<std::ptrdiff_t>(done);
        const auto last = items.begin() + static_cast<std::ptrdiff_t>(std::min(items.size(), done + atOnce));
        const std::vector<Mention> mentions = mentionsOf(tx, {first, last});
        read(tx, mentions, known);
        for (const Mention& m : mentions)
            if (const Said& said = known[m.event]; said.place != 0)
                sightings_.push_back({m.item, said.place, said.at});
    }
    keepLatest(sightings_);
    places_ = sumsOf(sightings_);
    std::sort(sightings_.begin(), sightings_.end(), [](const Sighting& a, const Sighting& b) {
        return a.item != b.item ? a.item < b.item : a.last > b.last;
    });
}

Whereabouts::Sightings Whereabouts::of(Node item) const noexcept {
    const auto before = [](const Sighting& s, Node node) { return s.item < node; };
    const auto first = std::lower_bound(sightings_.begin(), sightings_.end(), item, before);
    const auto last =
        std::find_if(first, sightings_.end(), [item](const Sighting& s) { return s.item != item; });
    return {first, last};
}

} // namespace dalate::traceability
