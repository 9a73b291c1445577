// SPDX-License-Identifier: Apache-2.0
#include "pages/TraceSide.h"

#include "log/LinkRows.h"

#include <algorithm>
#include <tuple>

namespace dalate::traceability {

TraceSide::TraceSide(Tx& tx, const Host& host, Identifiers& identifiers, Node start, Direction direction,
                     const std::function<bool()>& over)
    : identifiers_(identifiers) {
    LinkRows edges(tx, host);
    TraceLimits limits;
    limits.over = over;
    trace_ = dalate::traceability::trace(edges, start, direction, limits);

    std::vector<Node> nodes;
    for (const TracedNode& n : trace_.nodes) {
        if (kindOf(n.node) == NodeKind::process) continue;
        if (n.node == start && !forward()) continue;
        items_.push_back(&n);
        nodes.push_back(n.node);
        if (n.node == start) continue;
        ++found_;
        if (n.ending && !n.carriedOnly) ++endings_;
    }
    sorted_.resize(static_cast<std::size_t>(trace_.depth) + 1, false);
    whereabouts_.emplace(tx, nodes, over);
    sortPlaces();
}

std::vector<const TracedNode*> TraceSide::items(std::size_t first, std::size_t count) {
    const auto shallower = [](const TracedNode* n, int depth) { return n->depth < depth; };
    const auto deeper = [](int depth, const TracedNode* n) { return depth < n->depth; };
    const std::size_t end = std::min(items_.size(), first + count);
    for (std::size_t at = first; at < end;) {
        const int depth = items_[at]->depth;
        const auto from = std::lower_bound(items_.begin(), items_.end(), depth, shallower);
        const auto to = std::upper_bound(from, items_.end(), depth, deeper);
        if (!sorted_[static_cast<std::size_t>(depth)]) {
            std::vector<const TracedNode*> level(from, to);
            sort(level);
            std::copy(level.begin(), level.end(), from);
            sorted_[static_cast<std::size_t>(depth)] = true;
        }
        at = static_cast<std::size_t>(to - items_.begin());
    }
    const auto begin = items_.begin();
    return {begin + static_cast<std::ptrdiff_t>(std::min(first, end)),
            begin + static_cast<std::ptrdiff_t>(end)};
}

// Numbers of nodes tell which identifier was seen first; a page must not.
void TraceSide::sort(std::vector<const TracedNode*>& items) {
    std::vector<Node> nodes;
    nodes.reserve(items.size());
    for (const TracedNode* n : items)
        nodes.push_back(n->node);
    name(nodes);
    std::vector<std::tuple<int, const std::string*, const TracedNode*>> keyed;
    keyed.reserve(items.size());
    for (const TracedNode* n : items)
        keyed.emplace_back(n->depth, &names_[n->node], n);
    std::sort(keyed.begin(), keyed.end(), [](const auto& a, const auto& b) {
        return std::tie(std::get<0>(a), *std::get<1>(a)) < std::tie(std::get<0>(b), *std::get<1>(b));
    });
    for (std::size_t i = 0; i < items.size(); ++i)
        items[i] = std::get<2>(keyed[i]);
}

const std::string& TraceSide::uri(Node node) {
    name({node});
    return names_[node];
}

std::vector<Sighting> TraceSide::sightingsOf(Node item) {
    const auto [first, last] = whereabouts_->of(item);
    std::vector<Sighting> sightings(first, last);
    std::vector<Node> nodes;
    for (const Sighting& s : sightings)
        nodes.push_back(s.place);
    name(nodes);
    std::sort(sightings.begin(), sightings.end(), [&](const Sighting& a, const Sighting& b) {
        return std::tie(b.last, names_[a.place]) < std::tie(a.last, names_[b.place]);
    });
    return sightings;
}

void TraceSide::sortPlaces() {
    places_ = whereabouts_->places();
    std::vector<Node> nodes;
    for (const PlaceSum& each : places_)
        nodes.push_back(each.place);
    name(nodes);
    std::sort(places_.begin(), places_.end(), [&](const PlaceSum& a, const PlaceSum& b) {
        return std::tie(b.items, b.last, names_[a.place]) < std::tie(a.items, a.last, names_[b.place]);
    });
}

void TraceSide::name(const std::vector<Node>& nodes) {
    std::vector<Node> unknown;
    for (const Node node : nodes)
        if (names_.count(node) == 0) unknown.push_back(node);
    if (unknown.empty()) return;
    names_.merge(identifiers_.uris(unknown));
}

} // namespace dalate::traceability
