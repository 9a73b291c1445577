// SPDX-License-Identifier: Apache-2.0
#include "services/cases/CaseList.h"

#include "services/Declared.h"
#include "services/cases/CaseStore.h"
#include "services/cases/Machine.h"
#include "services/rules/RuleBook.h"
#include "storage/Tx.h"

#include <algorithm>
#include <limits>

namespace dalate::services::cases {

namespace {

/// LIKE's own signs as themselves.
std::string pattern(std::string_view words) {
    std::string out = "%";
    for (const char c : words) {
        if (c == '%' || c == '_' || c == '!') out += '!';
        out += c;
    }
    return out + "%";
}

/// The statement of one list and what it is given.
class Asking {
public:
    Asking(const CaseList::Reach& reach, const CaseList::Filter& f, const CaseList::Key& behind, std::int64_t limit)
        : words_(f.words.empty() ? std::string() : pattern(f.words)), params_{{"changed", behind.changedAt}} {
        if (!f.plugin.empty()) where("c.plugin = :plugin", {"plugin", f.plugin});
        if (!f.machine.empty()) where("c.machine = :machine", {"machine", f.machine});
        if (!f.state.empty()) where("c.state = :state", {"state", f.state});
        if (!f.desk.empty()) where("c.desk = :desk", {"desk", f.desk});
        if (f.assignee != 0) where("c.assignee = :assignee", {"assignee", f.assignee});
        if (f.applicant != 0) where("c.applicant = :applicant", {"applicant", f.applicant});
        if (f.life == CaseList::Filter::Life::live) where("c.closed_at = 0");
        if (f.life == CaseList::Filter::Life::ended) where("c.closed_at <> 0");
        if (!words_.empty())
            where("(c.number LIKE :words ESCAPE '!' OR c.title LIKE :words ESCAPE '!')", {"words", words_});
        where("(c.changed_at < :changed OR c.id < :id)", {"id", behind.id});
        params_.push_back({"limit", limit});
        parts(reach, f);
    }

    const std::string& text() const noexcept { return text_; }
    storage::Params params() const noexcept { return params_; }

private:
    void where(std::string_view condition) {
        led_.append(" AND ").append(condition);
        unled_ += " AND ";
        // A sign before a column keeps its index out of the plan: without statistics the planner takes the index with
        // the most columns, which would be the machine's half million and not her thirty.
        if (condition.front() == 'c') unled_ += '+';
        unled_ += condition;
    }
    void where(std::string_view condition, storage::Param param) {
        where(condition);
        params_.push_back(param);
    }

    void parts(const CaseList::Reach& reach, const CaseList::Filter& f) {
        // Words are looked for in every row of an office: then one walk through the table is the shortest way.
        const std::string& wide = words_.empty() ? led_ : unled_;
        // Whoever asks for the cases she applied for asks for some of her own.
        if (reach.account != 0 && (f.applicant == reach.account || f.assignee == reach.account))
            return part({}, led_, {});
        if (reach.all) return part({}, wide, {});
        if (reach.account != 0) {
            params_.push_back({"account", reach.account});
            part({}, unled_, "c.applicant = :account");
            part({}, unled_, "c.assignee = :account");
            part(" JOIN case_relation r ON r.case_id = c.id", unled_, "r.account = :account");
        }
        if (reach.handledBy != 0) params_.push_back({"handled", reach.handledBy});
        if (reach.openedBy != 0) params_.push_back({"opened", reach.openedBy});
        if (!words_.empty() && reach.handledBy != 0 && reach.openedBy != 0) {
            part({}, wide, "(+c.organisation = :handled OR +c.origin = :opened)");
        } else {
            const std::string sign = words_.empty() ? "" : "+";
            if (reach.handledBy != 0) part({}, wide, sign + "c.organisation = :handled");
            if (reach.openedBy != 0) part({}, wide, sign + "c.origin = :opened");
        }
        if (count_ > 1) text_ += " ORDER BY changed_at DESC, id DESC LIMIT :limit";
    }

    /// Each part gives no more than the page has: what lies behind cannot be on it.
    void part(std::string_view join, const std::string& conditions, std::string_view condition) {
        std::string one = "SELECT c.id, c.changed_at FROM case_record c";
        one.append(join).append(conditions);
        if (!condition.empty()) one.append(" AND ").append(condition);
        one += " ORDER BY c.changed_at DESC, c.id DESC LIMIT :limit";
        if (++count_ > 1) text_ += " UNION ";
        text_ += "SELECT id, changed_at FROM (" + one + ") AS p" + std::to_string(count_);
    }

    std::string words_;
    std::vector<storage::Param> params_;
    /// The same conditions, which an index may lead or not. The first is what an index can begin at.
    std::string led_ = " WHERE c.changed_at <= :changed", unled_ = led_;
    std::string text_;
    int count_ = 0;
};

} // namespace

CaseList::Reach CaseList::reachOf(const Who& who, const Declared& declared, std::string_view name) {
    using Kind = Actor::Kind;
    Reach reach;
    reach.all = who.isSystem();
    if (reach.all || !who.principal->isPerson()) return reach;
    const identity::Principal& p = *who.principal;
    reach.account = p.user;
    const Machine* machine = declared.machine(name);
    if (!machine) return reach;
    for (const Actor& a : machine->audience) {
        bool held = a.kind == Kind::role && p.hasRole(a.name);
        if (a.kind == Kind::rule && declared.rules)
            for (const std::string& role : declared.rules->at(now()).roles(a.name))
                held = held || p.hasRole(role);
        if (a.kind == Kind::desk) held = p.organisation != 0 && p.sitsAt(a.name, p.organisation);
        if (!held) continue;
        if (a.kind != Kind::desk && a.where == Actor::Where::any)
            reach.all = true;
        else if (a.kind != Kind::desk && a.where == Actor::Where::origin)
            reach.openedBy = p.organisation;
        else
            reach.handledBy = p.organisation;
    }
    return reach;
}

CaseList::Page CaseList::read(storage::Tx& tx, const Reach& reach, const Filter& filter, std::optional<Key> after,
                              std::int64_t limit) {
    Page page;
    if (!reach.all && reach.account == 0 && reach.handledBy == 0 && reach.openedBy == 0) return page;
    limit = std::clamp<std::int64_t>(limit, 1, 500);
    constexpr Micros last = std::numeric_limits<Micros>::max();
    const Asking asking(reach, filter, after.value_or(Key{last, last}), limit + 1);
    std::vector<Key> keys;
    {
        auto rows = tx.query(asking.text(), asking.params());
        while (rows.next())
            keys.push_back({rows.integer(1), rows.integer(0)});
    }
    if (static_cast<std::int64_t>(keys.size()) > limit) {
        keys.resize(static_cast<std::size_t>(limit));
        page.next = keys.back();
    }
    for (const Key& key : keys)
        if (auto found = CaseStore::find(tx, key.id)) page.cases.push_back(std::move(*found));
    return page;
}

} // namespace dalate::services::cases
