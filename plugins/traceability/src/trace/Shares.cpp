// SPDX-License-Identifier: Apache-2.0
#include "Shares.h"

#include <algorithm>
#include <optional>
#include <tuple>
#include <unordered_map>

namespace dalate::traceability {

namespace {

/// A run of edges that lie one behind the other.
struct Run {
    const Edge* first = nullptr;
    const Edge* last = nullptr;

    const Edge* begin() const noexcept { return first; }
    const Edge* end() const noexcept { return last; }
    std::size_t size() const noexcept { return static_cast<std::size_t>(last - first); }
    bool empty() const noexcept { return first == last; }
    const Edge& front() const noexcept { return *first; }
    const Edge& operator[](std::size_t i) const noexcept { return first[i]; }
};

/// Genealogical edges by the node they end in (`into`), also those that the search did not use.
class Mixing {
public:
    Mixing(Trace& trace, EdgeSource& source) : trace_(trace) {
        std::vector<Node> nodes;
        nodes.reserve(trace.nodes.size());
        index_.reserve(trace.nodes.size());
        for (std::size_t i = 0; i < trace.nodes.size(); ++i) {
            index_.emplace(trace.nodes[i].node, i);
            if (kindOf(trace.nodes[i].node) != NodeKind::product) nodes.push_back(trace.nodes[i].node);
        }
        std::sort(nodes.begin(), nodes.end()); // as they are stored, so that each page is read once
        source.reaching(nodes, Links::genealogy, all_);
        const auto before = [](const Edge& a, const Edge& b) {
            return std::tie(a.to, a.kind, a.start, a.from, a.event) < std::tie(b.to, b.kind, b.start, b.from, b.event);
        };
        // The database gives them in this order already.
        if (!std::is_sorted(all_.begin(), all_.end(), before)) std::sort(all_.begin(), all_.end(), before);
        into_.resize(trace.nodes.size());
        for (std::size_t i = 0; i < all_.size();) {
            std::size_t end = i;
            while (end < all_.size() && all_[end].to == all_[i].to) ++end;
            // A piece of a lot has the lot's shares unless a process says what went into the piece itself: what was
            // made stands before what is a member.
            std::size_t made = i;
            while (made < end && all_[made].kind != LinkKind::member) ++made;
            into_[index_.at(all_[i].to)] = {&all_[i], all_.data() + (made > i ? made : end)};
            i = end;
        }
    }

    void forward() {
        std::vector<double> share(trace_.nodes.size(), -1);
        for (const std::size_t i : sourcesFirst()) {
            TracedNode& node = trace_.nodes[i];
            if (node.node == trace_.start) {
                share[i] = node.share = 1;
                node.amount = produced(i);
                continue;
            }
            if (node.carriedOnly) continue;
            share[i] = node.share = mixed(into_[i], [&](const Edge& e) {
                const auto from = index_.find(e.from);
                return from == index_.end() ? 0.0 : share[from->second];
            });
            const Amount whole = produced(i);
            if (node.share >= 0 && whole.known())
                node.amount = {static_cast<std::int64_t>(static_cast<double>(whole.millionths) * node.share + 0.5),
                               whole.unit};
        }
    }

    void backward() {
        std::vector<double> share(trace_.nodes.size(), 0);
        std::vector<std::size_t> order = sourcesFirst();
        share[index_.at(trace_.start)] = 1;
        for (auto i = order.rbegin(); i != order.rend(); ++i) {
            TracedNode& node = trace_.nodes[*i];
            const double whole = share[*i];
            node.share = whole;
            for (const Edge& e : into_[*i]) {
                const auto from = index_.find(e.from);
                if (from == index_.end()) continue;
                double& there = share[from->second];
                const std::optional<double> part = partOf(into_[*i], e);
                there = whole < 0 || there < 0 || !part ? -1 : there + whole * *part;
            }
        }
        std::vector<Amount> used(trace_.nodes.size(), Amount{0, 0});
        std::vector<bool> seen(trace_.nodes.size(), false);
        for (const Edge& e : trace_.edges) {
            if (e.kind != LinkKind::input) continue;
            const std::size_t i = index_.at(e.from);
            used[i] = seen[i] ? sum(used[i], inBaseUnit(e.amount)) : inBaseUnit(e.amount);
            seen[i] = true;
        }
        for (std::size_t i = 0; i < used.size(); ++i) {
            TracedNode& node = trace_.nodes[i];
            if (node.carriedOnly || (node.share == 0 && node.node != trace_.start)) node.share = -1;
            if (seen[i]) node.amount = used[i];
        }
        trace_.nodes[index_.at(trace_.start)].amount = produced(index_.at(trace_.start));
    }

private:
    static Amount sum(Amount a, Amount b) noexcept {
        if (!a.known() || !b.known() || a.unit != b.unit) return {};
        std::int64_t total = 0;
        if (__builtin_add_overflow(a.millionths, b.millionths, &total)) return {};
        return {total, a.unit};
    }

    static Amount total(const Run& edges) noexcept {
        if (edges.empty()) return {};
        Amount whole = inBaseUnit(edges.front().amount);
        for (std::size_t i = 1; i < edges.size(); ++i) whole = sum(whole, inBaseUnit(edges[i].amount));
        return whole;
    }

    Amount produced(std::size_t i) const noexcept {
        return kindOf(trace_.nodes[i].node) == NodeKind::process ? Amount{} : total(into_[i]);
    }

    static std::optional<double> partOf(const Run& edges, const Edge& edge) noexcept {
        if (edges.size() == 1) return 1.0;
        const Amount whole = total(edges);
        if (!whole.known() || whole.millionths <= 0) return std::nullopt;
        return static_cast<double>(inBaseUnit(edge.amount).millionths) / static_cast<double>(whole.millionths);
    }

    template <class F>
    static double mixed(const Run& edges, F&& shareOf) {
        if (edges.empty()) return -1;
        // Where all agree no amount is needed: a mix of the start's matter alone is the start's matter.
        const double first = shareOf(edges.front());
        bool alike = first >= 0;
        double mix = 0;
        bool known = true;
        for (const Edge& e : edges) {
            const double share = shareOf(e);
            alike = alike && share == first;
            const std::optional<double> part = partOf(edges, e);
            known = known && share >= 0 && part;
            if (known) mix += share * *part;
        }
        return alike ? first : known ? std::min(mix, 1.0) : -1;
    }

    /// Kahn's order over the edges between found nodes; what is left over lies on a cycle or behind one.
    std::vector<std::size_t> sourcesFirst() {
        const std::size_t n = trace_.nodes.size();
        std::vector<std::size_t> waiting(n, 0);
        std::vector<std::vector<std::size_t>> outOf(n);
        for (std::size_t i = 0; i < n; ++i)
            for (const Edge& e : into_[i])
                if (const auto from = index_.find(e.from); from != index_.end()) {
                    outOf[from->second].push_back(i);
                    ++waiting[i];
                }
        std::vector<std::size_t> order;
        order.reserve(n);
        for (std::size_t i = 0; i < n; ++i)
            if (waiting[i] == 0) order.push_back(i);
        for (std::size_t at = 0; at < order.size(); ++at)
            for (const std::size_t next : outOf[order[at]])
                if (--waiting[next] == 0) order.push_back(next);
        keepCycles(waiting, outOf);
        return order;
    }

    // Kahn's order once more, from the other end, over what it left: only nodes on or between cycles remain.
    void keepCycles(const std::vector<std::size_t>& waiting, const std::vector<std::vector<std::size_t>>& outOf) {
        std::vector<std::size_t> successors(waiting.size(), 0);
        std::vector<std::vector<std::size_t>> before(waiting.size());
        for (std::size_t i = 0; i < waiting.size(); ++i)
            for (const std::size_t next : outOf[i])
                if (waiting[i] > 0 && waiting[next] > 0) {
                    ++successors[i];
                    before[next].push_back(i);
                }
        std::vector<std::size_t> loose;
        for (std::size_t i = 0; i < waiting.size(); ++i)
            if (waiting[i] > 0 && successors[i] == 0) loose.push_back(i);
        std::vector<bool> peeled(waiting.size(), false);
        for (std::size_t at = 0; at < loose.size(); ++at) {
            peeled[loose[at]] = true;
            for (const std::size_t i : before[loose[at]])
                if (--successors[i] == 0) loose.push_back(i);
        }
        for (std::size_t i = 0; i < waiting.size(); ++i)
            if (waiting[i] > 0 && !peeled[i]) trace_.cycles.push_back(trace_.nodes[i].node);
    }

    Trace& trace_;
    std::unordered_map<Node, std::size_t> index_;
    std::vector<Edge> all_;
    std::vector<Run> into_; // by index of the trace's nodes; in all_
};

} // namespace

void reckonShares(Trace& trace, EdgeSource& source) {
    Mixing mixing(trace, source);
    trace.direction == Direction::forward ? mixing.forward() : mixing.backward();
}

} // namespace dalate::traceability
