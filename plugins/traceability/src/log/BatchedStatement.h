// SPDX-License-Identifier: Apache-2.0
//
// A query about many numbers at once.
//
//     head  :n0, :n1, … , :n63  tail        e.g. "… WHERE src IN (" and ") AND kind < 4"
//
// The text is written out once for each of a few lengths, so each is prepared once a worker however many
// numbers are asked for. A list that does not fill its text is filled up with 0, which names nothing. Knows
// no database: it runs on any transaction with `query(text, std::vector<Param>)`, the plugin's or the
// runtime's.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace dalate::traceability {

/// Immutable once made, so it may be shared by threads; meant to be a static.
class BatchedStatement {
public:
    /// Both are literals; `head` ends with the list's opening parenthesis, `tail` begins with the closing
    /// one.
    BatchedStatement(std::string_view head, std::string_view tail);

    /// Asks for all of `numbers` (none is 0) and calls `row(rows)` for every row. `Param` is made of a name
    /// and a number. Throws what the transaction throws.
    template <class Param, class Tx, class F>
    void each(Tx& tx, const std::vector<std::int64_t>& numbers, F&& row) const {
        std::vector<Param> params;
        params.reserve(longest);
        for (std::size_t done = 0; done < numbers.size();) {
            const std::size_t left = numbers.size() - done;
            const std::size_t length = *std::find_if(lengths.begin(), lengths.end() - 1,
                                                     [left](std::size_t n) { return n >= left; });
            params.clear();
            for (std::size_t i = 0; i < length; ++i)
                params.push_back(Param{names()[i], i < left ? numbers[done + i] : std::int64_t{0}});
            auto rows = tx.query(text(length), params);
            while (rows.next())
                row(rows);
            done += std::min(left, length);
        }
    }

private:
    static constexpr std::size_t longest = 64;
    // A search's frontier is one node at first and thousands later.
    static constexpr std::array<std::size_t, 3> lengths{1, 8, longest};

    static const std::array<std::string, longest>& names();
    const std::string& text(std::size_t length) const noexcept;

    std::array<std::string, lengths.size()> texts_;
};

} // namespace dalate::traceability
