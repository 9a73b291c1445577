// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace dalate::storage {

/// What one column of one row, or one parameter, holds. Text and blobs are borrowed: a parameter's until the
/// call that takes it returns, a row's until the next `Rows::next()`. Text is UTF-8 and may hold NUL.
struct Cell {
    /// In the order of the ABI's DALATE_CELL_ constants.
    enum class Tag : std::int32_t { null = 0, integer = 1, real = 2, text = 3, blob = 4 };

    Tag tag = Tag::null;
    std::int64_t i = 0;
    double r = 0;
    std::string_view s;

    Cell() noexcept = default;
    Cell(std::nullptr_t) noexcept {}
    template <std::integral T>
    Cell(T number) noexcept : tag(Tag::integer), i(static_cast<std::int64_t>(number)) {}
    Cell(double number) noexcept : tag(Tag::real), r(number) {}
    Cell(std::string_view text) noexcept : tag(Tag::text), s(text) {}
    Cell(const std::string& text) noexcept : tag(Tag::text), s(text) {}
    Cell(const char* text) noexcept : tag(Tag::text), s(text) {}
    template <class T>
    Cell(const std::optional<T>& maybe) noexcept {
        if (maybe) *this = Cell(*maybe);
    }

    static Cell blob(std::string_view bytes) noexcept {
        Cell cell(bytes);
        cell.tag = Tag::blob;
        return cell;
    }

    bool isNull() const noexcept { return tag == Tag::null; }
};

/// A named parameter: `{"id", id}` for `:id` in the statement.
struct Param {
    std::string_view name; ///< without the colon
    Cell value;
};

using Params = std::span<const Param>;

} // namespace dalate::storage
