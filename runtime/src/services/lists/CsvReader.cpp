// SPDX-License-Identifier: Apache-2.0
#include "services/lists/CsvReader.h"

#include "base/Result.h"
#include "base/Utf8.h"
#include "services/lists/CsvWriter.h"

#include <algorithm>
#include <array>

namespace dalate::services::lists {

namespace {

[[noreturn]] void unreadable(std::string_view fault, std::int64_t line) {
    throw Error(422, "core.import.unreadable",
                Value::map([&](MapWriter& m) { m.set("fault", fault).set("line", line); }));
}

/// What stands most between the first row's cells; within quotation marks nothing separates.
char separatorOf(std::string_view text) {
    constexpr std::string_view known = ",;\t";
    std::array<std::size_t, known.size()> counts{};
    bool quoted = false;
    for (const char c : text) {
        if (c == '"') quoted = !quoted;
        if (quoted) continue;
        if (c == '\r' || c == '\n') break;
        if (const std::size_t at = known.find(c); at != std::string_view::npos) ++counts[at];
    }
    return known[static_cast<std::size_t>(std::max_element(counts.begin(), counts.end()) - counts.begin())];
}

/// One file being read, byte by byte.
class Reader {
public:
    Reader(std::string_view text, const SheetLimits& limits)
        : text_(text), limits_(limits), separator_(separatorOf(text)) {}

    Sheet read() {
        while (at_ < text_.size())
            row();
        return std::move(sheet_);
    }

private:
    void tooMuch() const { throw Error(413, "core.import.size"); }

    void row() {
        if (sheet_.rows.size() >= limits_.rows) tooMuch();
        SheetRow row;
        row.line = line_;
        for (;;) {
            if (row.cells.size() >= limits_.columns) tooMuch();
            row.cells.push_back(cell());
            if (at_ < text_.size() && text_[at_] == separator_) {
                ++at_;
                continue;
            }
            break;
        }
        if (at_ < text_.size() && text_[at_] == '\r') ++at_;
        if (at_ < text_.size() && text_[at_] == '\n') ++at_;
        ++line_;
        sheet_.rows.push_back(std::move(row));
    }

    std::string cell() {
        std::string out = at_ < text_.size() && text_[at_] == '"' ? quoted() : bare();
        if (out.size() > limits_.cell) tooMuch();
        if (out.starts_with('\'') && looksLikeFormula(std::string_view(out).substr(1))) out.erase(0, 1);
        return out;
    }

    std::string bare() {
        const char ends[] = {separator_, '\r', '\n', '\0'};
        const std::size_t end = std::min(text_.find_first_of(ends, at_), text_.size());
        std::string out(text_.substr(at_, end - at_));
        if (out.find('"') != std::string::npos) unreadable("quote", line_);
        at_ = end;
        return out;
    }

    std::string quoted() {
        const std::int64_t begun = line_;
        std::string out;
        for (++at_;; ++at_) {
            if (at_ >= text_.size()) unreadable("quote", begun);
            const char c = text_[at_];
            if (c == '\n') ++line_;
            if (c != '"') {
                out += c;
                continue;
            }
            if (at_ + 1 < text_.size() && text_[at_ + 1] == '"') {
                out += '"';
                ++at_;
                continue;
            }
            ++at_;
            break;
        }
        const bool ended =
            at_ >= text_.size() || text_[at_] == separator_ || text_[at_] == '\r' || text_[at_] == '\n';
        if (!ended) unreadable("quote", begun);
        return out;
    }

    std::string_view text_;
    const SheetLimits& limits_;
    char separator_;
    std::size_t at_ = 0;
    std::int64_t line_ = 1;
    Sheet sheet_;
};

} // namespace

Sheet readCsv(std::string_view bytes, const SheetLimits& limits) {
    if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
    // Many computers here still write GB 18030; guessing would turn names into others, so the person is told.
    if (findInvalidUtf8(bytes) != std::string_view::npos || bytes.find('\0') != std::string_view::npos)
        unreadable("encoding", 1);
    if (bytes.size() > limits.bytes) throw Error(413, "core.import.size");
    return Reader(bytes, limits).read();
}

} // namespace dalate::services::lists
