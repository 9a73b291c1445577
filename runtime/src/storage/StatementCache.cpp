// SPDX-License-Identifier: Apache-2.0
#include "storage/StatementCache.h"

#include <limits>
#include <utility>

namespace dalate::storage {

StatementCache::Use::Use(Entry& entry) noexcept : statement_(entry.statement.get()), entry_(&entry) {
    entry.inUse = true;
}

StatementCache::Use::Use(std::unique_ptr<Statement> own) noexcept
    : statement_(own.get()), own_(std::move(own)) {}

StatementCache::Use::Use(Use&& other) noexcept
    : statement_(std::exchange(other.statement_, nullptr)), entry_(std::exchange(other.entry_, nullptr)),
      own_(std::move(other.own_)) {}

StatementCache::Use::~Use() {
    if (!statement_) return;
    statement_->reset();
    if (entry_) entry_->inUse = false;
}

StatementCache::Use StatementCache::take(std::string_view sql, const PluginAccess* access) {
    const Key key{access ? access->rules->serial() : 0, access ? access->scope.kind : Scope::Kind::none, sql};
    return find(key, access, [&] { return readStatement(sql, access); });
}

StatementCache::Use StatementCache::control(std::string_view sql) {
    const Key key{std::numeric_limits<std::uint64_t>::max(), Scope::Kind::none, sql};
    return find(key, nullptr, [&] {
        StatementText text;
        text.sql = sql;
        text.kind = StatementText::Kind::other;
        return text;
    });
}

template <class Read>
StatementCache::Use StatementCache::find(const Key& key, const PluginAccess* access, Read&& read) {
    const auto found = index_.find(key);
    if (found != index_.end() && !found->second->inUse) {
        entries_.splice(entries_.begin(), entries_, found->second);
        return Use(*found->second);
    }
    auto statement = std::make_unique<Statement>(connection_, key.sql, read(), access);
    prepared_.store(prepared_.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
    if (found != index_.end()) return Use(std::move(statement));
    makeRoom();
    entries_.push_front({std::string(key.sql), key, std::move(statement)});
    Entry& entry = entries_.front();
    entry.key.sql = entry.sql;
    index_.emplace(entry.key, entries_.begin());
    return Use(entry);
}

void StatementCache::makeRoom() {
    for (auto last = entries_.end(); entries_.size() >= most_ && last != entries_.begin();) {
        --last;
        if (last->inUse) continue;
        index_.erase(last->key);
        last = entries_.erase(last);
    }
}

} // namespace dalate::storage
