// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "identity/Principal.h"
#include "services/Registry.h"
#include "services/lists/List.h"
#include "storage/PluginAccess.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace dalate::storage {
class Tx;
}

namespace dalate::services {
struct Declared;
namespace cases {
class Engine;
}
} // namespace dalate::services

namespace dalate::services::lists {

/// Who does something with rows, and how far she sees. Borrowed for the call.
struct Doer {
    std::shared_ptr<const Declared> declared;
    const identity::Principal& principal;
    storage::Scope scope;
    std::string_view language;
    std::string_view requestId;
    std::string_view ip;
    /// Scheme and authority as people see them.
    std::string_view baseUrl;
};

/// What is done with one row of a list or one row of an import: a move of the case engine, or a method of the
/// plugin itself. Each runs in the caller's write transaction, which runs for the core; what it throws undoes
/// it with that. Safe from any thread.
class Acts {
public:
    Acts(cases::Engine& engine, Registry& registry) noexcept : engine_(engine), registry_(registry) {}

    /// `version`: of the case as the doer saw it; 0 for an act that moves none. Throws as
    /// `cases::Engine::move` and what the method throws; 409 `core.list.no_case` where the row has none or it
    /// is another machine's.
    void onRow(storage::Tx& tx, AfterCommit& after, const Doer& doer, const BulkAct& act, std::int64_t key,
               std::int64_t caseId, std::int64_t version) const;

    /// Brings one row of an import in; the key of what it became. Throws as `cases::Engine::open` and the
    /// method.
    std::string bringIn(storage::Tx& tx, AfterCommit& after, const Doer& doer, const ImportRule& rule,
                        ValueView answers, std::int64_t batch, std::int64_t line) const;
    /// Takes it back. Throws as `onRow`.
    void takeBack(storage::Tx& tx, AfterCommit& after, const Doer& doer, const ImportRule& rule,
                  std::string_view result) const;

    cases::Engine& engine() const noexcept { return engine_; }

private:
    void move(storage::Tx& tx, AfterCommit& after, const Doer& doer, std::string_view machine,
              std::string_view transition, std::int64_t caseId, std::int64_t version) const;
    Value ask(storage::Tx& tx, AfterCommit& after, const Doer& doer, const std::string& service,
              const std::string& method, ValueView in) const;

    cases::Engine& engine_;
    Registry& registry_;
};

} // namespace dalate::services::lists
