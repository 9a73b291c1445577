// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "trace/Node.h"

#include <dalate/db.hpp>

#include <optional>
#include <string>
#include <vector>

namespace dalate::traceability {

/// A farmer's record as her list shows it.
struct RecordRow {
    std::int64_t id = 0;
    std::int64_t person = 0, organisation = 0;
    std::string kind;
    Node node = 0; ///< the lot that it is about
    std::int64_t event = 0;
    Time happenedAt = 0, recordedAt = 0;
    std::string summary;
    Time voidedAt = 0;
};

/// Farmers' own records. Reads see what the caller's scope reaches and nothing else.
class RecordStore {
public:
    explicit RecordStore(Tx& tx) noexcept : tx_(tx) {}

    void add(const RecordRow& row);
    /// Newest first.
    std::vector<RecordRow> latest(std::size_t limit);
    std::optional<RecordRow> find(std::int64_t id);
    /// False where it was voided before, or is not the caller's.
    bool setVoided(std::int64_t id, Time now);

private:
    Tx& tx_;
};

} // namespace dalate::traceability
