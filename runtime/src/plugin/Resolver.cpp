// SPDX-License-Identifier: Apache-2.0
#include "plugin/Resolver.h"

#include "plugin/RouteTable.h"

#include <algorithm>
#include <set>

namespace dalate::plugin {
namespace {

class Work {
public:
    Work(const std::vector<const Manifest*>& wanted, const std::function<bool(std::string_view)>& known,
         const std::function<bool(std::string_view)>& offered)
        : known_(known), offered_(offered) {
        for (const Manifest* m : wanted)
            wanted_.emplace(m->id, m);
    }

    Resolution run(const std::vector<std::string>& seniority) {
        for (const auto& [id, manifest] : wanted_)
            cycles(*manifest);
        for (const auto& [id, manifest] : wanted_)
            ownNeeds(*manifest);
        std::vector<const Manifest*> bySeniority;
        for (const std::string& id : seniority)
            if (const auto at = wanted_.find(id); at != wanted_.end()) bySeniority.push_back(at->second);
        for (const auto& [id, manifest] : wanted_)
            if (std::find(bySeniority.begin(), bySeniority.end(), manifest) == bySeniority.end())
                bySeniority.push_back(manifest);
        for (const Manifest* m : bySeniority)
            paths(*m);
        spread();
        for (const Manifest* m : bySeniority)
            place(*m);
        return std::move(result_);
    }

private:
    void reject(const Manifest& m, std::string_view id, std::string_view where, std::string_view key,
                std::string_view value) {
        result_.rejected[m.id].emplace_back(std::string(id), std::string(where),
                                            Value::map([&](MapWriter& map) { map.set(key, value); }));
    }
    bool isRejected(std::string_view id) const { return result_.rejected.contains(id); }

    /// Rejects `start` where its requirements lead back to it, naming the way.
    void cycles(const Manifest& start) {
        std::vector<std::string> way{start.id};
        std::set<std::string> seen;
        if (leadsBack(start, start, way, seen)) {
            std::string text;
            for (const std::string& id : way)
                text += id + " -> ";
            reject(start, "core.plugin.requires_cycle", "$.requires", "cycle", text + start.id);
        }
    }
    bool leadsBack(const Manifest& from, const Manifest& start, std::vector<std::string>& way,
                   std::set<std::string>& seen) {
        for (const Requirement& r : from.requirements) {
            if (r.id == start.id) return true;
            const auto next = wanted_.find(r.id);
            if (next == wanted_.end() || !seen.insert(r.id).second) continue;
            way.push_back(r.id);
            if (leadsBack(*next->second, start, way, seen)) return true;
            way.pop_back();
        }
        return false;
    }

    void ownNeeds(const Manifest& m) {
        for (std::size_t i = 0; i < m.requirements.size(); ++i) {
            const Requirement& r = m.requirements[i];
            const std::string where = "$.requires[" + std::to_string(i) + "]";
            const auto other = wanted_.find(r.id);
            if (other == wanted_.end())
                reject(m, known_(r.id) ? "core.plugin.requires_disabled" : "core.plugin.requires_missing",
                       where, "needs", r.id);
            else if (!r.leastVersion.empty() && compareVersions(other->second->version, r.leastVersion) < 0)
                reject(m, "core.plugin.requires_older", where, "needs", r.id + " " + r.leastVersion);
        }
        for (std::size_t i = 0; i < m.uses.size(); ++i)
            if (!offered_(m.uses[i]) && !provided(m.uses[i]))
                reject(m, "core.plugin.uses_unknown", "$.uses[" + std::to_string(i) + "]", "service",
                       m.uses[i]);
    }

    bool provided(std::string_view service) const {
        for (const auto& [id, manifest] : wanted_)
            for (const Provided& p : manifest->provides)
                if (p.service == service) return true;
        return false;
    }

    void paths(const Manifest& m) {
        if (isRejected(m.id)) return;
        Problems conflicts = pathConflicts(m, accepted_);
        if (conflicts.empty())
            accepted_.push_back(&m);
        else
            for (Problem& p : conflicts)
                result_.rejected[m.id].push_back(std::move(p));
    }

    /// Whoever requires a rejected one is rejected too, until nothing changes.
    void spread() {
        for (bool changed = true; changed;) {
            changed = false;
            for (const auto& [id, manifest] : wanted_)
                for (const Requirement& r : manifest->requirements)
                    if (!isRejected(id) && isRejected(r.id)) {
                        reject(*manifest, "core.plugin.requires_rejected", "$.requires", "needs", r.id);
                        changed = true;
                    }
        }
    }

    void place(const Manifest& m) {
        if (isRejected(m.id) ||
            std::find(result_.order.begin(), result_.order.end(), m.id) != result_.order.end())
            return;
        for (const Requirement& r : m.requirements)
            place(*wanted_.at(r.id));
        result_.order.push_back(m.id);
    }

    std::map<std::string, const Manifest*, std::less<>> wanted_;
    const std::function<bool(std::string_view)>& known_;
    const std::function<bool(std::string_view)>& offered_;
    std::vector<const Manifest*> accepted_;
    Resolution result_;
};

} // namespace

Resolution resolve(const std::vector<const Manifest*>& wanted, const std::vector<std::string>& seniority,
                   const std::function<bool(std::string_view)>& known,
                   const std::function<bool(std::string_view)>& offered) {
    return Work(wanted, known, offered).run(seniority);
}

} // namespace dalate::plugin
