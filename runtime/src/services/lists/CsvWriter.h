// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace dalate::services::lists {

/// Where an export goes, piece by piece: an answer's spool.
using Sink = std::function<void(std::string_view)>;

/// Rows as text/csv (RFC 4180): UTF-8 with a byte order mark, by which spreadsheets know it, lines ended by
/// CR LF. A text cell that a spreadsheet would take for a formula gets an apostrophe before it; CsvReader
/// takes it away again. Holds at most a few kilobytes. One thread.
class CsvWriter {
public:
    explicit CsvWriter(Sink sink) : sink_(std::move(sink)) { buffer_ = "\xEF\xBB\xBF"; }

    void text(std::string_view cell);
    /// Figures that are ours: a minus begins a number and no formula.
    void number(std::string_view digits);
    void endRow();
    /// After the last row.
    void finish();

private:
    void separate();

    Sink sink_;
    std::string buffer_;
    bool begun_ = false;
};

/// Whether a spreadsheet could take the text for a formula: after any blanks it begins with = + - @, one of
/// their full-width forms, or a tab or line end stands before it.
bool looksLikeFormula(std::string_view text) noexcept;

} // namespace dalate::services::lists
