// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "storage/Cell.h"

#include <memory>
#include <string>
#include <string_view>

namespace dalate::storage {

class Cursor;
class Session;

/// The rows of one query, read forward once. Belongs to its transaction's thread and must end before the
/// transaction does. The order is the statement's.
///
///     auto rows = tx.query("SELECT id, name FROM person WHERE org = :org", {{"org", org}});
///     while (rows.next()) list.push_back({rows.integer(0), std::string(rows.text(1))});
class Rows {
public:
    Rows(Rows&&) noexcept;
    Rows& operator=(Rows&&) = delete;
    ~Rows();

    /// Steps to the next row; false after the last. Throws StorageError.
    bool next();

    std::size_t columns() const noexcept;
    std::string_view name(std::size_t column) const;

    /// The position of a named column. Throws `Error` 500 `core.storage.column` where there is none.
    std::size_t column(std::string_view name) const;

    /// The cell as the database holds it; its text is valid until the next `next()`.
    const Cell& cell(std::size_t column) const;
    /// All cells of the row, in order.
    std::span<const Cell> cells() const;
    bool isNull(std::size_t column) const { return cell(column).isNull(); }

    /// The cell converted to the type asked for: a whole number written as text or real counts as an integer.
    /// Throws `Error` 500 `core.storage.type` for null and for what does not convert without loss.
    std::int64_t integer(std::size_t column) const;
    double real(std::size_t column) const;
    bool flag(std::size_t column) const { return integer(column) != 0; }

    /// Text or blob bytes; numbers in digits, null as empty. Valid until the next `next()`.
    std::string_view text(std::size_t column) const;

    /// Nothing for null.
    std::optional<std::int64_t> maybeInteger(std::size_t column) const;
    std::optional<std::string_view> maybeText(std::size_t column) const;

private:
    friend class Tx;
    explicit Rows(std::unique_ptr<Cursor> cursor) noexcept;
    std::unique_ptr<Cursor> cursor_;
};

} // namespace dalate::storage
