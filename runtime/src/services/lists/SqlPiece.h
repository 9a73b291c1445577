// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace dalate::services::lists {

/// Where a piece of SQL stands in the statements of a list.
enum class Piece {
    expression, ///< one value or condition
    from        ///< tables and joins
};

/// What keeps a piece from being only itself wherever it is put: a word for the message, empty when nothing
/// does. `sql` (cannot be read), `parameter`, `scope` (the list names the aliases), `comment` (it would
/// swallow what follows), `parentheses`, `clause` (a keyword that begins a part of the statement which is not
/// the author's), `comma` (several values in an expression).
std::string_view pieceFault(std::string_view sql, Piece piece) noexcept;

} // namespace dalate::services::lists
