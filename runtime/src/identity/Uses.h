// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/Clock.h"

#include <cstdint>
#include <mutex>
#include <string>
#include <unordered_map>

namespace dalate::storage {
class Tx;
}

namespace dalate::identity {

/// When sessions and tokens were last used, on its way to the database. A request only notes; whoever keeps
/// the house writes all notes in one transaction, so no page waits for the writer. Safe from any thread.
class Uses {
public:
    void noteSession(const std::string& key, Micros time);
    void noteToken(std::int64_t id, Micros time);
    bool empty() const;
    /// Writes the notes of this moment. Those of a transaction that fails are lost: a use is noted again
    /// within `Sessions::touchEvery`.
    void write(storage::Tx& tx);

private:
    mutable std::mutex mutex_;
    std::unordered_map<std::string, Micros> sessions_;
    std::unordered_map<std::int64_t, Micros> tokens_;
};

} // namespace dalate::identity
