// SPDX-License-Identifier: Apache-2.0
#include "identity/Uses.h"

#include "storage/Tx.h"

#include <utility>

namespace dalate::identity {

void Uses::noteSession(const std::string& key, Micros time) {
    const std::lock_guard lock(mutex_);
    sessions_[key] = time;
}

void Uses::noteToken(std::int64_t id, Micros time) {
    const std::lock_guard lock(mutex_);
    tokens_[id] = time;
}

bool Uses::empty() const {
    const std::lock_guard lock(mutex_);
    return sessions_.empty() && tokens_.empty();
}

void Uses::write(storage::Tx& tx) {
    decltype(sessions_) sessions;
    decltype(tokens_) tokens;
    {
        const std::lock_guard lock(mutex_);
        sessions.swap(sessions_);
        tokens.swap(tokens_);
    }
    for (const auto& [key, time] : sessions)
        tx.exec("UPDATE session SET used_at = :time WHERE id_hash = :key", {{"time", time}, {"key", key}});
    for (const auto& [id, time] : tokens)
        tx.exec("UPDATE machine_token SET used_at = :time WHERE id = :id", {{"time", time}, {"id", id}});
}

} // namespace dalate::identity
