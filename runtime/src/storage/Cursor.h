// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "storage/SessionImpl.h"

#include <string>
#include <vector>

namespace dalate::storage {

/// What Rows reads from: a statement in use and the cells of its present row.
class Cursor {
public:
    /// `row`: the statement stands on its first row already.
    Cursor(Session::Impl& session, StatementCache::Use use, bool row)
        : session_(session), use_(std::move(use)), more_(row), first_(row) {
        ++session_.cursors;
    }
    ~Cursor() { --session_.cursors; }
    Cursor(const Cursor&) = delete;
    Cursor& operator=(const Cursor&) = delete;

    bool next() {
        if (!more_) return false;
        if (!std::exchange(first_, false)) more_ = use_->fetch();
        if (more_)
            use_->reader().read(cells_);
        else
            cells_.clear();
        return more_;
    }

    RowReader& reader() { return use_->reader(); }
    const std::vector<Cell>& cells() const { return cells_; }

    /// A place for the text of a column that is none.
    std::string& scratch(std::size_t column) {
        if (scratch_.size() <= column) scratch_.resize(cells_.size());
        return scratch_[column];
    }

private:
    Session::Impl& session_;
    StatementCache::Use use_;
    bool more_;
    bool first_;
    std::vector<Cell> cells_;
    std::vector<std::string> scratch_;
};

} // namespace dalate::storage
