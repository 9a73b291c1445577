// SPDX-License-Identifier: Apache-2.0
//
// An import is a batch with its rows (migrations/0012_lists.sql). The file is judged whole when it comes, and
// nothing but the judgement is kept; then each good row is brought in by a transaction of its own that
// changes the row's state together with what it does:
//
//     read --begin--> running --(rows: good -> done | failed)--> done --undo--> undoing --(done -> undone |
//     kept)--> undone
//
// A process that dies in the middle leaves rows that are good, and rows that are done, and none in between:
// going on takes up with the next good one. A row is never brought in twice, whoever presses the button how
// often. Callers: the host's pages of imports (desk), for lists of traceability (harvests), samples/hotline
// (calls) and samples/helpdesk (assets).
#pragma once

#include "base/Clock.h"
#include "services/lists/Acts.h"
#include "services/lists/SheetForm.h"

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dalate::storage {
class Pool;
}

namespace dalate::services::lists {

struct Batch {
    std::int64_t id = 0;
    std::string plugin, list, form;
    std::int64_t account = 0;
    std::int64_t organisation = 0;
    std::string fileName;
    std::string sha256;
    /// The rules that its rows were judged by.
    Micros rulesAt = 0;
    /// `read`, `running`, `done`, `undoing`, `undone`, `dropped`.
    std::string state;
    Micros createdAt = 0;
    /// Rows by state.
    std::int64_t good = 0, faulty = 0, done = 0, failed = 0, undone = 0, kept = 0;

    bool isUnderWay() const noexcept { return state == "running" || state == "undoing"; }
};

/// One row of a batch's report.
struct ImportRow {
    std::int64_t line = 0;
    std::string state;
    /// Of a row that is still good.
    Value answers;
    /// A list of {field, text}; `text` in the words of whoever brought the file.
    Value faults;
    std::string result;
};

/// Imports of all lists. Safe from any thread.
class Imports {
public:
    struct Parts {
        storage::Pool& pool;
        const Acts& acts;
        std::function<Micros()> clock;
    };
    explicit Imports(Parts parts) : parts_(std::move(parts)) {}

    /// Judges a table and keeps what came of it in `tx`; the batch's id. Batches of more than a week that
    /// nobody began are emptied on the way. Throws `Error` 422 `core.import.empty` for a table without rows,
    /// and as `SheetForm`.
    std::int64_t read(storage::Tx& tx, const Doer& doer, const List& list, const forms::FormWords& words,
                      const Sheet& sheet, std::string_view fileName, std::string_view sha256) const;

    /// A batch of the list that the doer or a colleague in her organisation brought; throws 404
    /// `core.import.unknown`.
    Batch find(storage::Tx& tx, const Doer& doer, const List& list, std::int64_t id) const;
    /// The newest ones, and one of the same file that was not taken back.
    std::vector<Batch> recent(storage::Tx& tx, const Doer& doer, const List& list) const;
    std::optional<Batch> sameFile(storage::Tx& tx, const Batch& batch) const;
    /// Rows of one state behind a line.
    static std::vector<ImportRow> rows(storage::Tx& tx, std::int64_t batch, std::string_view state,
                                       std::int64_t behind, std::int64_t limit);

    /// Lets a batch begin, or be taken back. Throws 409 `core.import.state` (details: state) where it is past
    /// that, and for a list whose imports cannot be taken back. No error where it has begun already.
    void begin(storage::Tx& tx, const Batch& batch) const;
    void beginUndo(storage::Tx& tx, const List& list, const Batch& batch) const;

    /// Works on a batch that is under way, a transaction a row, for at most `budget`; whether it is finished.
    /// What a row is refused for becomes part of the report; throws `Error` of status 500 and above, after
    /// which the row is as before. No transaction may be open on this thread.
    bool goOn(const Doer& doer, const List& list, std::int64_t batch, std::chrono::milliseconds budget) const;

private:
    /// Without the numbers of its rows, which cost a look at each.
    static Batch look(storage::Tx& tx, const Doer& doer, const List& list, std::int64_t id);
    enum class Step { took, nothingLeft };
    Step one(const Doer& doer, const List& list, std::int64_t batch) const;

    Parts parts_;
};

} // namespace dalate::services::lists
