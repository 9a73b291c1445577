// SPDX-License-Identifier: Apache-2.0
#include "log/QueryStore.h"

#include <deque>

namespace dalate::traceability {

namespace {

/// A statement in the making with the values it binds. Names are p0, p1 …, so that two queries of one shape are one
/// statement.
class Builder {
public:
    void text(std::string_view sql) { sql_ += sql; }

    template <class T>
    void bind(const T& value) {
        names_.push_back("p" + std::to_string(names_.size()));
        sql_ += ":" + names_.back();
        if constexpr (std::is_integral_v<T>) {
            params_.emplace_back(names_.back(), value);
        } else {
            texts_.emplace_back(value);
            params_.emplace_back(names_.back(), texts_.back());
        }
    }

    template <class Values>
    void in(std::string_view column, const Values& values) {
        sql_.append(" AND ").append(column).append(" IN (");
        bool first = true;
        for (const auto& value : values) {
            if (!first) sql_ += ", ";
            first = false;
            bind(value);
        }
        sql_ += ")";
    }

    Rows run(Tx& tx) const { return tx.query(sql_, params_); }

private:
    std::string sql_;
    std::deque<std::string> names_, texts_; // parameters borrow these; a deque does not move them
    std::vector<Param> params_;
};

std::vector<Node> known(Identifiers& identifiers, const std::vector<std::string>& words) {
    std::vector<Node> nodes;
    // A word that no event uses matches nothing, and -1 is nobody's number.
    for (const std::string& word : words) nodes.push_back(identifiers.find(word).value_or(-1));
    return nodes;
}

void addMatch(Builder& sql, Identifiers& identifiers, const epcis::Match& match) {
    sql.text(" AND e.id IN (SELECT k.event FROM traceability_event_key k WHERE (");
    for (std::size_t i = 0; i < match.anyOf.size(); ++i) {
        const epcis::Pattern& pattern = match.anyOf[i];
        if (i > 0) sql.text(" OR ");
        switch (pattern.form) {
        case epcis::Pattern::Form::exact:
            sql.text("k.ident = ");
            sql.bind(identifiers.find(pattern.text).value_or(-1));
            break;
        case epcis::Pattern::Form::prefix:
            sql.text("k.ident IN (SELECT i.id FROM traceability_ident i WHERE i.uri >= ");
            sql.bind(pattern.text);
            sql.text(" AND i.uri < ");
            sql.bind(pattern.upper());
            sql.text(")");
            break;
        case epcis::Pattern::Form::glob:
            sql.text("k.ident IN (SELECT i.id FROM traceability_ident i WHERE i.uri GLOB ");
            sql.bind(pattern.text);
            sql.text(")");
            break;
        }
    }
    sql.text(")");
    std::vector<std::int64_t> fields;
    for (const epcis::Field field : match.fields) fields.push_back(static_cast<std::int64_t>(field));
    sql.in("k.field", fields);
    sql.text(")");
}

} // namespace

QueryPage answer(Tx& tx, Identifiers& identifiers, const epcis::Query& query, std::optional<std::int64_t> organisation) {
    Builder sql;
    sql.text("SELECT e.id, e.body FROM traceability_event e WHERE e.id > ");
    sql.bind(query.after ? query.after->first : std::int64_t{0});
    if (organisation) {
        sql.text(" AND e.organisation = ");
        sql.bind(*organisation);
    }
    if (query.eventTimeFrom) {
        sql.text(" AND e.event_time >= ");
        sql.bind(*query.eventTimeFrom);
    }
    if (query.eventTimeBefore) {
        sql.text(" AND e.event_time < ");
        sql.bind(*query.eventTimeBefore);
    }
    if (!query.eventTypes.empty()) sql.in("e.type_name", query.eventTypes);
    if (!query.actions.empty()) {
        std::vector<std::int64_t> actions;
        for (const epcis::Action action : query.actions) actions.push_back(static_cast<std::int64_t>(action));
        sql.in("e.action", actions);
    }
    if (!query.bizSteps.empty()) sql.in("e.biz_step", known(identifiers, query.bizSteps));
    if (!query.dispositions.empty()) sql.in("e.disposition", known(identifiers, query.dispositions));
    for (const epcis::Match& match : query.matches) addMatch(sql, identifiers, match);
    sql.text(" ORDER BY e.id LIMIT ");
    sql.bind(std::int64_t{query.perPage} + 1);

    QueryPage page;
    std::int64_t last = 0;
    Rows rows = sql.run(tx);
    while (rows.next()) {
        if (page.events.size() == static_cast<std::size_t>(query.perPage)) {
            page.next = epcis::Cursor{last, 0};
            break;
        }
        last = rows.integer(0);
        page.events.emplace_back(rows.text(1));
    }
    return page;
}

} // namespace dalate::traceability
