// SPDX-License-Identifier: Apache-2.0
#include "Containment.h"

#include <algorithm>
#include <map>
#include <tuple>

namespace dalate::traceability {

Containment containment(Node parent, std::vector<Move> moves, const Precedes& precedes) {
    std::sort(moves.begin(), moves.end(),
              [](const Move& a, const Move& b) { return std::tie(a.at, a.kind, a.event) < std::tie(b.at, b.kind, b.event); });
    Containment result;
    bool inside = false;
    Stay open{parent, {}, 0};
    const auto close = [&](Time at) {
        open.during.end = at;
        result.stays.push_back(open);
        inside = false;
    };
    const auto enter = [&](const Move& by) {
        open = {parent, {by.at, never}, by.event};
        inside = true;
    };
    for (auto from = moves.begin(); from != moves.end();) {
        const Time at = from->at;
        const auto to = std::find_if(from, moves.end(), [at](const Move& m) { return m.at != at; });
        const auto removed = [](const Move& m) { return m.kind == MoveKind::remove; };
        const auto added = [](const Move& m) { return m.kind == MoveKind::add; };
        const auto firstOf = [&](auto begin, auto end) {
            return std::min_element(begin, end, [&](const Move& a, const Move& b) { return precedes(a.event, b.event); });
        };
        const auto adds = std::find_if(from, to, added);
        const auto add = adds == to ? to : firstOf(adds, std::find_if_not(adds, to, added));
        const bool removes = std::any_of(from, to, removed);

        if (removes && inside) {
            close(at);
            if (add != to) enter(*add);
        } else if (add != to && !inside) {
            enter(*add);
            if (removes) close(at + 1);
        } else if (removes) {
            for (auto m = from; m != to; ++m)
                if (removed(*m) && !m->ofAll) result.neverInside.push_back(*m);
        } else if (!inside) {
            enter(*firstOf(from, to));
            close(at + 1);
        }
        from = to;
    }
    if (inside) result.stays.push_back(open);
    return result;
}

std::vector<DoubleStay> doubleStays(std::vector<Stay> stays, const Precedes& precedes) {
    std::sort(stays.begin(), stays.end(), [&](const Stay& a, const Stay& b) {
        if (a.during.start != b.during.start) return a.during.start < b.during.start;
        return a.event != b.event && precedes(a.event, b.event);
    });
    std::map<std::pair<Node, Node>, DoubleStay> pairs;
    for (std::size_t later = 0; later < stays.size(); ++later)
        for (std::size_t earlier = 0; earlier < later; ++earlier) {
            const Stay& a = stays[earlier];
            const Stay& b = stays[later];
            const Interval both = common(a.during, b.during);
            if (a.parent == b.parent || both.empty()) continue;
            const std::pair key = std::minmax(a.parent, b.parent);
            pairs.try_emplace({key.first, key.second}, DoubleStay{key.first, key.second, both.start, b.event});
        }
    std::vector<DoubleStay> result;
    for (const auto& [key, stay] : pairs) result.push_back(stay);
    return result;
}

} // namespace dalate::traceability
