// SPDX-License-Identifier: Apache-2.0
#include "storage/ScopeReader.h"

#include "storage/StorageError.h"

#include <algorithm>
#include <initializer_list>

namespace dalate::storage {

namespace {

using Kind = SqlToken::Kind;

/// A table that a unit names; without name where a subquery, a CTE's use or a table function stands.
struct Reference {
    std::string_view table;
    std::string_view alias;
    bool inserted = false; ///< what INSERT INTO names
    bool covered = false;
};

struct Unit {
    enum class Clause { none, from, on, where, other };
    Clause clause = Clause::none;
    std::vector<Reference> references;
    bool insert = false;
    bool replace = false;
    bool afterDoUpdate = false; ///< behind DO UPDATE, whose WHERE filters the row that is there
    int doUpdates = 0;
    bool foreignOuterJoin = false; ///< RIGHT or FULL: an ON filters nothing of the joined table
    bool tokenInOn = false;
    bool tokens = false;
    bool either = false; ///< an OR at the unit's own level
};

/// What a pair of parentheses, or CASE … END, encloses.
struct Frame {
    enum class Is { query, group, expression, caseOf };
    Is is = Is::query;
    int unit = -1;
    int insertUnit = -1;
    int between = 0; ///< BETWEENs that wait for their AND
    bool andIsConjunct = false;
    bool with = false;
    bool cteName = false;
    bool table = false; ///< a table's name comes next
};

class Reader {
public:
    Reader(std::string_view sql, const std::vector<SqlToken>& tokens, const TableRules& rules)
        : sql_(sql), tokens_(tokens), rules_(rules) {}

    ScopeReading read() {
        const SqlToken& first = tokens_.front();
        if (!oneOf(first, {"SELECT", "VALUES", "WITH", "INSERT", "REPLACE", "UPDATE", "DELETE"}))
            refuse("only SELECT, INSERT, UPDATE and DELETE");
        frames_.push_back({});
        for (at_ = 0; at_ < tokens_.size(); ++at_) {
            if (frame().table)
                readTable();
            else
                readToken();
        }
        if (frames_.size() != 1) refuse("parentheses or CASE without end");
        judge();
        return std::move(reading_);
    }

private:
    [[noreturn]] void refuse(std::string_view reason, std::string_view table = {}) const {
        throw StorageError::refusal(sql_, reason, table);
    }

    static bool oneOf(const SqlToken& token, std::initializer_list<std::string_view> words) {
        return token.kind == Kind::word &&
               std::any_of(words.begin(), words.end(), [&](std::string_view w) { return token.is(w); });
    }
    const SqlToken* ahead(std::size_t n) const {
        return at_ + n < tokens_.size() ? &tokens_[at_ + n] : nullptr;
    }
    bool aheadIs(std::size_t n, std::string_view word) const { return ahead(n) && ahead(n)->is(word); }
    bool behindIs(std::string_view word) const { return at_ > 0 && tokens_[at_ - 1].is(word); }

    Frame& frame() { return frames_.back(); }
    bool hasUnit() { return frame().unit >= 0; }
    Unit& unit() { return units_[static_cast<std::size_t>(frame().unit)]; }

    void begin(bool insert = false) {
        Frame& f = frame();
        f.with = false;
        if (hasUnit() && unit().insert) f.insertUnit = f.unit;
        units_.emplace_back();
        f.unit = static_cast<int>(units_.size()) - 1;
        unit().insert = insert;
    }

    void enter(Frame::Is is) {
        Frame inner;
        inner.is = is;
        if (is == Frame::Is::group) {
            inner.unit = frame().unit;
            inner.table = true;
        }
        frames_.push_back(inner);
    }

    void open() {
        const SqlToken* next = ahead(1);
        const bool query = next && oneOf(*next, {"SELECT", "WITH", "VALUES"});
        enter(query ? Frame::Is::query : Frame::Is::expression);
    }

    void close() {
        if (frames_.size() == 1 || frame().is == Frame::Is::caseOf) refuse("parentheses do not match");
        frames_.pop_back();
    }

    /// At a place where FROM, JOIN, INTO or UPDATE wants a table.
    void readTable() {
        const SqlToken& t = tokens_[at_];
        frame().table = false;
        Reference reference;
        if (t.kind == Kind::open) {
            const SqlToken* next = ahead(1);
            const bool query = next && oneOf(*next, {"SELECT", "WITH", "VALUES"});
            if (query) unit().references.push_back(reference);
            enter(query ? Frame::Is::query : Frame::Is::group);
            return;
        }
        if (!t.isName()) refuse("a table's name is missing");
        if (ahead(1) && ahead(1)->kind == Kind::dot) refuse("names of tables stand without a schema", t.name);
        const Unit& u = unit();
        const bool target = u.insert && u.references.empty();
        if (!target && ahead(1) && ahead(1)->kind == Kind::open) {
            if (!oneOf(t, {"JSON_EACH", "JSON_TREE"})) refuse("not a table of this plugin", t.name);
            unit().references.push_back(reference);
            return;
        }
        reference.table = reference.alias = t.name;
        reference.inserted = target;
        readAlias(reference);
        unit().references.push_back(reference);
    }

    void readAlias(Reference& reference) {
        const SqlToken* next = ahead(1);
        if (!next) return;
        if (next->is("AS")) {
            ++at_;
            next = ahead(1);
            if (!next || !next->isName()) refuse("an alias is missing");
        } else if (next->kind != Kind::quoted &&
                   (next->kind != Kind::word ||
                    oneOf(*next,
                          {"JOIN",      "LEFT",   "RIGHT",  "FULL",      "INNER",   "CROSS", "NATURAL",
                           "OUTER",     "ON",     "USING",  "WHERE",     "GROUP",   "ORDER", "LIMIT",
                           "HAVING",    "WINDOW", "UNION",  "INTERSECT", "EXCEPT",  "SET",   "NOT",
                           "RETURNING", "SELECT", "VALUES", "WITH",      "DEFAULT", "FROM",  "INDEXED"}))) {
            return;
        }
        reference.alias = next->name;
        ++at_;
    }

    void readToken() {
        const SqlToken& t = tokens_[at_];
        switch (t.kind) {
        case Kind::open:
            open();
            return;
        case Kind::close:
            close();
            return;
        case Kind::scope:
            readScope(t);
            return;
        case Kind::comma:
            comma();
            return;
        case Kind::quoted:
            cteName(t);
            return;
        case Kind::word:
            break;
        default:
            return;
        }
        if (cteName(t)) return;
        if (t.is("CASE")) {
            enter(Frame::Is::caseOf);
        } else if (t.is("END")) {
            // A column may be called end; taken for CASE's it would hide where the expression really ends.
            if (frame().is != Frame::Is::caseOf) refuse("END without CASE");
            frames_.pop_back();
        } else if (t.is("IN")) {
            if (!ahead(1) || ahead(1)->kind != Kind::open) refuse("IN needs parentheses");
        } else if (frame().is == Frame::Is::query) {
            readQueryWord(t);
        } else if (frame().is == Frame::Is::group) {
            if (t.is("JOIN")) frame().table = true;
            noteOuterJoin(t);
        } else if (t.is("FROM") && !behindIs("DISTINCT")) {
            refuse("FROM inside an expression");
        }
    }

    bool cteName(const SqlToken& t) {
        if (!frame().cteName || t.is("RECURSIVE")) return false;
        frame().cteName = false;
        ctes_.push_back(t.name);
        return true;
    }

    void comma() {
        Frame& f = frame();
        if (f.is == Frame::Is::group) {
            f.table = true;
        } else if (f.is == Frame::Is::query && f.with) {
            f.cteName = true;
        } else if (f.is == Frame::Is::query && hasUnit() &&
                   (unit().clause == Unit::Clause::from || unit().clause == Unit::Clause::on)) {
            unit().clause = Unit::Clause::from;
            f.table = true;
        }
    }

    void noteOuterJoin(const SqlToken& t) {
        if ((t.is("RIGHT") || t.is("FULL")) && (aheadIs(1, "JOIN") || aheadIs(1, "OUTER")))
            unit().foreignOuterJoin = true;
    }

    void readQueryWord(const SqlToken& t) {
        using Clause = Unit::Clause;
        Frame& f = frame();
        if (!hasUnit() && t.is("WITH")) {
            f.with = f.cteName = true;
            return;
        }
        if (t.is("SELECT") || t.is("VALUES")) {
            begin();
            return;
        }
        if ((!hasUnit() || f.with) && oneOf(t, {"INSERT", "REPLACE", "DELETE"})) {
            begin(!t.is("DELETE"));
            unit().replace = t.is("REPLACE");
            return;
        }
        if (t.is("UPDATE")) {
            update();
            return;
        }
        if (!hasUnit()) return; // RECURSIVE, AS, MATERIALIZED of a WITH
        Unit& u = unit();
        if (t.is("INTO")) {
            if (u.insert && u.references.empty()) f.table = true;
        } else if (t.is("FROM")) {
            if (behindIs("DISTINCT")) return; // IS DISTINCT FROM
            u.clause = Clause::from;
            f.table = true;
        } else if (t.is("JOIN")) {
            u.clause = Clause::from;
            f.table = true;
        } else if (t.is("ON")) {
            if (aheadIs(1, "CONFLICT"))
                conflict();
            else
                startCondition(Clause::on);
        } else if (t.is("WHERE")) {
            startCondition(Clause::where);
        } else if (oneOf(t, {"GROUP", "ORDER", "LIMIT", "HAVING", "RETURNING", "SET"})) {
            u.clause = Clause::other;
        } else if (t.is("OR")) {
            if (u.references.empty() && u.clause == Clause::none && aheadIs(1, "REPLACE"))
                u.replace = true;
            else if (u.clause != Clause::none)
                u.either = true;
        } else if (t.is("BETWEEN")) {
            ++f.between;
        } else if (t.is("AND")) {
            f.andIsConjunct = f.between == 0;
            if (f.between > 0) --f.between;
        } else {
            noteOuterJoin(t);
        }
    }

    void update() {
        if (behindIs("DO") && hasUnit()) {
            ++unit().doUpdates;
            unit().afterDoUpdate = true;
            return;
        }
        begin();
        if (aheadIs(1, "OR")) {
            unit().replace = aheadIs(2, "REPLACE");
            at_ += 2;
        }
        frame().table = true;
    }

    /// ON CONFLICT belongs to the INSERT, also where a SELECT stands between.
    void conflict() {
        Frame& f = frame();
        if (!unit().insert) {
            if (f.insertUnit < 0) refuse("ON CONFLICT without INSERT");
            f.unit = f.insertUnit;
        }
        unit().clause = Unit::Clause::other;
        unit().afterDoUpdate = false;
    }

    void startCondition(Unit::Clause clause) {
        unit().clause = clause;
        frame().between = 0;
        frame().andIsConjunct = false;
    }

    void readScope(const SqlToken& token) {
        using Clause = Unit::Clause;
        Frame& f = frame();
        if (f.is != Frame::Is::query || !hasUnit())
            refuse("{scope:alias} stands inside an expression, not as a conjunct of WHERE or ON", token.name);
        Unit& u = unit();
        const bool condition = u.clause == Clause::where || u.clause == Clause::on;
        const bool starts = behindIs("WHERE") || behindIs("ON") || (behindIs("AND") && f.andIsConjunct);
        if (!condition || !starts || !conjunctEnds() || (u.insert && !u.afterDoUpdate))
            refuse("{scope:alias} is no conjunct of its own in WHERE or ON", token.name);

        const auto match = std::find_if(u.references.begin(), u.references.end(), [&](const Reference& r) {
            return !r.table.empty() && sameName(r.alias, token.name);
        });
        if (match == u.references.end())
            refuse("{scope:alias}: nothing is called so in this FROM", token.name);
        if (u.clause == Clause::on && &*match != &u.references.back())
            refuse("{scope:alias} in ON is for the table joined there; use WHERE", match->table);
        const TableRule* rule = rules_.find(match->table);
        if (!rule) refuse("not a table of this plugin", match->table);
        if (!rule->scoped) refuse("{scope:alias} on a table that is not scoped", match->table);
        match->covered = true;
        u.tokens = true;
        u.tokenInOn = u.tokenInOn || u.clause == Clause::on;
        reading_.uses.push_back({&token, rule});
    }

    bool conjunctEnds() const {
        const SqlToken* next = ahead(1);
        if (!next || next->kind == Kind::close || next->kind == Kind::comma) return true;
        if (next->is("ON")) return aheadIs(2, "CONFLICT");
        return oneOf(*next,
                     {"AND", "GROUP", "ORDER", "LIMIT", "HAVING", "UNION", "INTERSECT", "EXCEPT", "WHERE",
                      "JOIN", "RETURNING", "LEFT", "INNER", "CROSS", "NATURAL", "RIGHT", "FULL"});
    }

    void judge() {
        for (const std::string_view cte : ctes_)
            if (rules_.find(cte)) refuse("a WITH has the name of a table", cte);
        for (const Unit& u : units_) {
            if (u.tokens && u.either) refuse("OR beside {scope:alias}: put the alternatives in parentheses");
            if (u.tokenInOn && u.foreignOuterJoin)
                refuse("{scope:alias} in ON with RIGHT or FULL JOIN; use WHERE");
            for (auto r = u.references.begin(); r != u.references.end(); ++r) {
                judge(u, *r);
                // Which of the two a predicate would filter is nobody's guess.
                if (std::any_of(u.references.begin(), r, [&](const Reference& before) {
                        return !r->alias.empty() && sameName(before.alias, r->alias);
                    }))
                    refuse("two tables of one FROM have one name", r->alias);
            }
        }
    }

    void judge(const Unit& u, const Reference& r) {
        if (r.table.empty()) return;
        const TableRule* rule = rules_.find(r.table);
        if (!rule) {
            const bool cte = std::any_of(ctes_.begin(), ctes_.end(),
                                         [&](std::string_view name) { return sameName(name, r.table); });
            if (cte) return;
            refuse("not a table of this plugin", r.table);
        }
        if (!rule->scoped) return;
        reading_.scoped.push_back(rule);
        if (u.replace) refuse("REPLACE may take another's row: use ON CONFLICT", r.table);
        if (r.inserted && u.doUpdates > 1) refuse("one DO UPDATE at most on a scoped table", r.table);
        if (!r.covered && (!r.inserted || u.doUpdates > 0))
            refuse("scoped table without {scope:alias}", r.table);
    }

    std::string_view sql_;
    const std::vector<SqlToken>& tokens_;
    const TableRules& rules_;
    std::size_t at_ = 0;
    std::vector<Frame> frames_;
    std::vector<Unit> units_;
    std::vector<std::string_view> ctes_;
    ScopeReading reading_;
};

} // namespace

ScopeReading readScopes(std::string_view sql, const std::vector<SqlToken>& tokens, const TableRules& rules) {
    return Reader(sql, tokens, rules).read();
}

} // namespace dalate::storage
