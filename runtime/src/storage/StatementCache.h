// SPDX-License-Identifier: Apache-2.0
//
// A session's prepared statements by (rules, kind of scope, text), the least recently used thrown out first.
// A statement that is in use, as when its rows are still being read, is not handed out twice: the second user
// gets one of its own.
#pragma once

#include "storage/Statement.h"

#include <atomic>
#include <functional>
#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

namespace dalate::storage {

class StatementCache {
    struct Entry;

public:
    StatementCache(Connection& connection, std::size_t most) : connection_(connection), most_(most) {}

    /// A statement in use; reset and given back at its end.
    class Use {
    public:
        Use(Use&& other) noexcept;
        Use& operator=(Use&&) = delete;
        ~Use();
        Statement* operator->() const noexcept { return statement_; }

    private:
        friend class StatementCache;
        explicit Use(Entry& entry) noexcept;
        explicit Use(std::unique_ptr<Statement> own) noexcept;
        Statement* statement_;
        Entry* entry_ = nullptr;
        std::unique_ptr<Statement> own_;
    };

    /// Prepares unless it is there. Throws StorageError.
    Use take(std::string_view sql, const PluginAccess* access);
    /// BEGIN, COMMIT and their like, which no author's statement may be.
    Use control(std::string_view sql);

    std::uint64_t prepared() const noexcept { return prepared_.load(std::memory_order_relaxed); }
    std::size_t size() const noexcept { return entries_.size(); }

private:
    struct Key {
        std::uint64_t serial;
        Scope::Kind scope;
        std::string_view sql;
        bool operator==(const Key&) const = default;
    };
    struct KeyHash {
        std::size_t operator()(const Key& key) const noexcept {
            return std::hash<std::string_view>()(key.sql) ^
                   (key.serial * 4 + static_cast<unsigned>(key.scope)) * 0x9e3779b97f4a7c15u;
        }
    };
    struct Entry {
        std::string sql; ///< what the key views
        Key key;
        std::unique_ptr<Statement> statement;
        bool inUse = false;
    };

    template <class Read>
    Use find(const Key& key, const PluginAccess* access, Read&& read);
    void makeRoom();

    Connection& connection_;
    std::size_t most_;
    std::atomic<std::uint64_t> prepared_{0}; ///< written by the session's thread alone
    std::list<Entry> entries_;               ///< last used first
    std::unordered_map<Key, std::list<Entry>::iterator, KeyHash> index_;
};

} // namespace dalate::storage
