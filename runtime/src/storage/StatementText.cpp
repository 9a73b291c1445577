// SPDX-License-Identifier: Apache-2.0
#include "storage/StatementText.h"

#include "storage/ScopeReader.h"
#include "storage/SqlTokens.h"
#include "storage/StorageError.h"

#include <algorithm>

namespace dalate::storage {

namespace {

using Kind = SqlToken::Kind;

void demandOneStatement(std::string_view sql, std::vector<SqlToken>& tokens) {
    while (!tokens.empty() && tokens.back().kind == Kind::semicolon)
        tokens.pop_back();
    if (tokens.empty()) throw StorageError::refusal(sql, "no statement");
    // A trigger's body holds semicolons; what the database would leave unread behind one must not pass in
    // silence.
    const bool inner = std::any_of(tokens.begin(), tokens.end(),
                                   [](const SqlToken& t) { return t.kind == Kind::semicolon; });
    if (inner && splitScript(sql).size() > 1)
        throw StorageError::refusal(sql, "several statements in one call");
}

void refuseControl(std::string_view sql, const SqlToken& first) {
    for (const char* word :
         {"BEGIN", "COMMIT", "END", "ROLLBACK", "SAVEPOINT", "RELEASE", "ATTACH", "DETACH", "VACUUM"})
        if (first.is(word)) throw StorageError::refusal(sql, "transactions belong to Tx");
}

StatementText::Kind kindOf(const std::vector<SqlToken>& tokens) {
    int depth = 0;
    for (const SqlToken& t : tokens) {
        if (t.kind == Kind::open) ++depth;
        if (t.kind == Kind::close) --depth;
        if (depth != 0) continue;
        if (t.is("SELECT") || t.is("VALUES") || t.is("EXPLAIN") || t.is("PRAGMA"))
            return StatementText::Kind::query;
        if (t.is("INSERT") || t.is("REPLACE") || t.is("UPDATE") || t.is("DELETE"))
            return StatementText::Kind::change;
        if (!tokens[0].is("WITH")) break;
    }
    return StatementText::Kind::other;
}

void addOnce(std::vector<std::string>& names, std::string_view name) {
    if (std::find(names.begin(), names.end(), name) == names.end()) names.emplace_back(name);
}

void appendPredicate(const TableRule& rule, std::string_view alias, Scope::Kind kind, StatementText& out) {
    const auto equals = [&](std::string_view column, std::string_view parameter) {
        out.sql.append(alias).append(".").append(column).append(" = :").append(parameter);
        addOnce(out.parameters, parameter);
    };
    out.sql += '(';
    if (kind == Scope::Kind::county) {
        out.sql += "1 = 1";
    } else if (kind == Scope::Kind::self && !rule.selfColumn.empty()) {
        equals(rule.selfColumn, scopeUserParameter);
    } else if (kind == Scope::Kind::organisation && !rule.organisationColumns.empty()) {
        for (std::size_t i = 0; i < rule.organisationColumns.size(); ++i) {
            if (i > 0) out.sql += " OR ";
            equals(rule.organisationColumns[i], scopeOrganisationParameter);
        }
    } else {
        out.sql += "0 = 1";
    }
    out.sql += ')';
}

} // namespace

StatementText readStatement(std::string_view sql, const PluginAccess* access) {
    std::vector<SqlToken> tokens = tokenize(sql);
    demandOneStatement(sql, tokens);
    refuseControl(sql, tokens[0]);

    ScopeReading reading;
    if (access) reading = readScopes(sql, tokens, *access->rules);

    StatementText out;
    for (const TableRule* rule : reading.scoped)
        addOnce(out.scoped, rule->name);
    out.kind = kindOf(tokens);
    out.sql.reserve(sql.size() + 64 * reading.uses.size());
    const char* copied = sql.data();
    auto use = reading.uses.begin();
    for (const SqlToken& t : tokens) {
        if (t.kind == Kind::parameter) {
            if (t.name == scopeUserParameter || t.name == scopeOrganisationParameter)
                throw StorageError::refusal(sql, "a parameter has a reserved name");
            addOnce(out.parameters, t.name);
        }
        if (t.kind != Kind::scope) continue;
        if (use == reading.uses.end())
            throw StorageError::refusal(sql, "{scope:alias} in a statement of the core");
        out.sql.append(copied, t.text.data());
        copied = t.text.data() + t.text.size();
        appendPredicate(*use->rule, t.name, access->scope.kind, out);
        ++use;
    }
    const SqlToken& last = tokens.back();
    out.sql.append(copied, std::max(copied, last.text.data() + last.text.size()));
    return out;
}

} // namespace dalate::storage
