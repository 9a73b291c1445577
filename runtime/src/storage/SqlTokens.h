// SPDX-License-Identifier: Apache-2.0
//
// SQL text cut into tokens the way SQLite cuts it, so that what we read in a statement is what the database
// reads. Where the two could differ (a NUL, an unclosed quote, Tcl's `:a(b)` variables) the text is refused.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace dalate::storage {

struct SqlToken {
    enum class Kind {
        word,   ///< keyword or plain identifier
        quoted, ///< "x", `x` or [x]; `name` is without the quotes
        string, ///< 'x' or x'00'
        number,
        parameter, ///< :name; `name` is without the colon
        scope,     ///< {scope:alias}; `name` is the alias
        open,
        close,
        comma,
        dot,
        semicolon,
        other
    };
    Kind kind;
    std::string_view text; ///< as written, a part of the statement
    std::string_view name;

    /// Whether it is this keyword (given in upper case).
    bool is(std::string_view keyword) const noexcept;
    bool isName() const noexcept { return kind == Kind::word || kind == Kind::quoted; }
};

/// Comments and white space are left out. Throws StorageError refused.
std::vector<SqlToken> tokenize(std::string_view sql);

/// Cuts a script at its top-level semicolons; a trigger's body, BEGIN … END, stays whole. Pieces without
/// tokens are left out. Throws StorageError refused.
std::vector<std::string_view> splitScript(std::string_view script);

/// ASCII case does not count.
bool sameName(std::string_view a, std::string_view b) noexcept;

} // namespace dalate::storage
