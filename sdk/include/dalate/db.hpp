// SPDX-License-Identifier: Apache-2.0
//
// Transactions, statements and rows.
//
//     Tx tx = request.begin(TxMode::write);
//     tx.exec("INSERT INTO hello_guest (id, name) VALUES (:id, :name)", {{"id", id}, {"name", name}});
//     Rows rows = tx.query("SELECT id, name FROM hello_guest WHERE id > :after", {{"after", after}});
//     while (rows.next()) use(rows.integer(0), rows.text(1));
//     tx.commit();
//
// A transaction that is not committed is rolled back when it leaves its scope. A call has one transaction
// open at a time. The host prepares each statement once per worker and knows it by its text: write statements
// as constants.
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <dalate/host.hpp>

namespace dalate {

enum class TxMode { read = DALATE_TX_READ, write = DALATE_TX_WRITE };

namespace detail {

/// The failure that the host has set on the call, as an Error to throw.
inline Error failure(const dalate_host_v1& table, dalate_call* call, dalate_status status) {
    dalate_str id{};
    dalate_value details{};
    if (table.call_text(call, DALATE_FIELD_FAILURE, {}, &id) != DALATE_OK || id.n == 0)
        return Error(status, "core.call.failed");
    if (table.call_value(call, DALATE_PART_FAILURE, &details) != DALATE_OK) details = {};
    return Error(status, std::string(view(id)), details.n == 0 ? Value() : Value(view(details)));
}

} // namespace detail

/// Bytes for a parameter, where a plain string would be text.
struct Blob {
    std::string_view bytes;
};

/// A named value of a statement. Borrows its text: written inside the braces of `query` or `exec` anything
/// goes, in a vector the texts must outlive it.
class Param {
public:
    template <class T>
    Param(std::string_view name, const T& value) noexcept : param_{detail::str(name), cell(value)} {}

private:
    static dalate_cell cell(std::nullptr_t) noexcept { return {DALATE_CELL_NULL, 0, 0, 0, {}}; }
    static dalate_cell cell(std::string_view text) noexcept {
        // An empty text is no NULL: it needs a pointer all the same.
        return {DALATE_CELL_TEXT, 0, 0, 0, detail::str(text.data() ? text : std::string_view(""))};
    }
    static dalate_cell cell(const std::string& text) noexcept { return cell(std::string_view(text)); }
    static dalate_cell cell(const char* text) noexcept { return cell(std::string_view(text)); }
    static dalate_cell cell(Blob blob) noexcept {
        return {DALATE_CELL_BLOB, 0, 0, 0,
                detail::str(blob.bytes.data() ? blob.bytes : std::string_view(""))};
    }
    template <class T, std::enable_if_t<std::is_arithmetic_v<T>, int> = 0>
    static dalate_cell cell(T number) noexcept {
        if constexpr (std::is_integral_v<T>)
            return {DALATE_CELL_INTEGER, 0, static_cast<std::int64_t>(number), 0, {}};
        else
            return {DALATE_CELL_REAL, 0, 0, static_cast<double>(number), {}};
    }
    template <class T>
    static dalate_cell cell(const std::optional<T>& maybe) noexcept {
        return maybe ? cell(*maybe) : cell(nullptr);
    }

    // The first and only member: an array of Param is read by the host as an array of dalate_param.
    dalate_param param_;
};

static_assert(sizeof(Param) == sizeof(dalate_param) && std::is_standard_layout_v<Param>,
              "Param is a dalate_param");

/// The answer to a query, row after row. Move-only; freed with its scope or with the transaction. Columns
/// count from 0; asking beyond the last column throws 500 `core.db.column`.
class Rows {
public:
    Rows(const dalate_host_v1& table, dalate_call* call, dalate_rows* rows) noexcept
        : table_(&table), call_(call), rows_(rows) {}
    Rows(Rows&& other) noexcept
        : table_(other.table_), call_(other.call_), rows_(std::exchange(other.rows_, nullptr)),
          cells_(other.cells_), count_(other.count_), stride_(other.stride_) {}
    Rows(const Rows&) = delete;
    Rows& operator=(const Rows&) = delete;
    Rows& operator=(Rows&&) = delete;
    ~Rows() {
        if (rows_) table_->rows_free(rows_);
    }

    /// Steps to the next row; false after the last one. Texts of the row before are gone.
    bool next() {
        if (!rows_) return false;
        const dalate_status status = table_->rows_next(rows_, &cells_, &count_, &stride_);
        if (status == DALATE_OK) return true;
        count_ = 0;
        if (status != 404) throw detail::failure(*table_, call_, status);
        table_->rows_free(std::exchange(rows_, nullptr));
        return false;
    }

    std::size_t columns() const noexcept { return count_; }
    bool isNull(std::size_t column) const { return cell(column).tag == DALATE_CELL_NULL; }
    /// NULL reads as 0; text is read as the whole number it begins with nothing else (else 0).
    std::int64_t integer(std::size_t column) const {
        const dalate_cell& c = cell(column);
        switch (c.tag) {
        case DALATE_CELL_INTEGER:
            return c.i;
        case DALATE_CELL_REAL:
            return static_cast<std::int64_t>(c.r);
        case DALATE_CELL_TEXT:
            return fromText(detail::view(c.s));
        default:
            return 0;
        }
    }
    double real(std::size_t column) const {
        const dalate_cell& c = cell(column);
        return c.tag == DALATE_CELL_REAL ? c.r : static_cast<double>(integer(column));
    }
    /// The bytes of a text or a blob, valid until the next `next()`; empty for NULL and for numbers.
    std::string_view text(std::size_t column) const {
        const dalate_cell& c = cell(column);
        return c.tag == DALATE_CELL_TEXT || c.tag == DALATE_CELL_BLOB ? detail::view(c.s)
                                                                      : std::string_view();
    }
    std::optional<std::int64_t> maybeInteger(std::size_t column) const {
        return isNull(column) ? std::nullopt : std::optional(integer(column));
    }
    std::optional<std::string> maybeText(std::size_t column) const {
        return isNull(column) ? std::nullopt : std::optional(std::string(text(column)));
    }

private:
    static std::int64_t fromText(std::string_view digits) noexcept {
        std::int64_t number = 0;
        const auto [end, fault] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
        return fault == std::errc() && end == digits.data() + digits.size() ? number : 0;
    }
    const dalate_cell& cell(std::size_t column) const {
        if (column >= count_) throw Error(500, "core.db.column");
        return *reinterpret_cast<const dalate_cell*>(reinterpret_cast<const char*>(cells_) +
                                                     column * stride_);
    }

    const dalate_host_v1* table_;
    dalate_call* call_;
    dalate_rows* rows_;
    const dalate_cell* cells_ = nullptr;
    std::size_t count_ = 0;
    std::size_t stride_ = 0;
};

/// One transaction. Move-only, used on the call's thread. Failures are thrown as Error: 409 where a unique
/// index, a foreign key or a check refuses, 503 where the database is busy, 400 where the host refuses the
/// statement.
class Tx {
public:
    Tx(const dalate_host_v1& table, dalate_call* call, TxMode mode) : table_(&table), call_(call) {
        if (const dalate_status status = table.db_begin(call, static_cast<int32_t>(mode), &tx_))
            throw detail::failure(table, call, status);
    }
    Tx(Tx&& other) noexcept
        : table_(other.table_), call_(other.call_), tx_(std::exchange(other.tx_, nullptr)) {}
    Tx(const Tx&) = delete;
    Tx& operator=(const Tx&) = delete;
    Tx& operator=(Tx&&) = delete;
    ~Tx() {
        if (tx_) table_->db_end(tx_, 0);
    }

    /// Makes what was written durable. The transaction is over, also when this throws.
    void commit() {
        if (const dalate_status status = table_->db_end(open(std::exchange(tx_, nullptr)), 1))
            throw detail::failure(*table_, call_, status);
    }

    Rows query(std::string_view sql, std::initializer_list<Param> params = {}) {
        return query(sql, params.begin(), params.size());
    }
    Rows query(std::string_view sql, const std::vector<Param>& params) {
        return query(sql, params.data(), params.size());
    }
    /// Number of rows written.
    std::int64_t exec(std::string_view sql, std::initializer_list<Param> params = {}) {
        return exec(sql, params.begin(), params.size());
    }
    std::int64_t exec(std::string_view sql, const std::vector<Param>& params) {
        return exec(sql, params.data(), params.size());
    }

    dalate_tx* handle() const { return open(tx_); }

private:
    static dalate_tx* open(dalate_tx* tx) {
        if (!tx) throw Error(500, "core.db.tx_over");
        return tx;
    }
    Rows query(std::string_view sql, const Param* params, std::size_t count) {
        dalate_rows* rows = nullptr;
        std::int64_t affected = 0;
        run(sql, params, count, &rows, &affected);
        return Rows(*table_, call_, rows);
    }
    std::int64_t exec(std::string_view sql, const Param* params, std::size_t count) {
        std::int64_t affected = 0;
        run(sql, params, count, nullptr, &affected);
        return affected;
    }
    void run(std::string_view sql, const Param* params, std::size_t count, dalate_rows** rows,
             std::int64_t* affected) {
        if (const dalate_status status =
                table_->db_run(open(tx_), detail::str(sql), reinterpret_cast<const dalate_param*>(params),
                               count, sizeof(dalate_param), rows, affected))
            throw detail::failure(*table_, call_, status);
    }

    const dalate_host_v1* table_;
    dalate_call* call_;
    dalate_tx* tx_ = nullptr;
};

namespace detail {
/// Stands before Rows among the bases, so that the transaction is there first and goes last.
struct OwnTx {
    Tx own;
};
} // namespace detail

/// The answer to one query with the read transaction it was asked in, which lasts as long as it does.
class Read : private detail::OwnTx, public Rows {
public:
    Read(Tx tx, std::string_view sql, std::initializer_list<Param> params)
        : OwnTx{std::move(tx)}, Rows(own.query(sql, params)) {}
};

} // namespace dalate
