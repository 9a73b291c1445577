// SPDX-License-Identifier: Apache-2.0
#include "services/lists/SqlPiece.h"

#include "storage/SqlTokens.h"
#include "storage/StorageError.h"

#include <algorithm>

namespace dalate::services::lists {

namespace {

using storage::SqlToken;
using Kind = SqlToken::Kind;

bool isBlank(std::string_view between) noexcept {
    return between.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

/// At the piece's own level; a subquery in parentheses has clauses of its own.
bool beginsClause(const SqlToken& token, Piece piece) noexcept {
    for (const char* word :
         {"SELECT", "WHERE", "GROUP", "HAVING", "ORDER", "LIMIT", "UNION", "INTERSECT", "EXCEPT", "WINDOW",
          "RETURNING", "INSERT", "UPDATE", "DELETE", "REPLACE", "VALUES", "WITH"})
        if (token.is(word)) return true;
    return piece == Piece::expression && (token.is("FROM") || token.is("JOIN") || token.is("AS"));
}

std::string_view faultOf(std::string_view sql, Piece piece) {
    const auto tokens = storage::tokenize(sql);
    if (tokens.empty()) return "sql";
    const char* read = sql.data();
    int depth = 0;
    for (std::size_t i = 0; i < tokens.size(); ++i) {
        const SqlToken& token = tokens[i];
        if (!isBlank({read, static_cast<std::size_t>(token.text.data() - read)})) return "comment";
        read = token.text.data() + token.text.size();
        if (token.kind == Kind::parameter) return "parameter";
        if (token.kind == Kind::scope) return "scope";
        if (token.kind == Kind::semicolon) return "sql";
        if (token.kind == Kind::open) ++depth;
        if (token.kind == Kind::close && --depth < 0) return "parentheses";
        if (depth > 0) continue;
        // REPLACE is a function too.
        const bool called = i + 1 < tokens.size() && tokens[i + 1].kind == Kind::open && token.is("REPLACE");
        if (!called && beginsClause(token, piece)) return "clause";
        if (token.kind == Kind::comma && piece == Piece::expression) return "comma";
    }
    if (depth != 0) return "parentheses";
    return isBlank({read, static_cast<std::size_t>(sql.data() + sql.size() - read)}) ? "" : "comment";
}

} // namespace

std::string_view pieceFault(std::string_view sql, Piece piece) noexcept {
    try {
        return faultOf(sql, piece);
    } catch (const std::exception&) {
        return "sql";
    }
}

} // namespace dalate::services::lists
