// SPDX-License-Identifier: Apache-2.0
//
// What lies below Tx: a connection with its cache of prepared statements. Callers pass it from Pool::Lease to
// Tx and ask nothing else of it.
#pragma once

#include <memory>

namespace dalate::storage {

class Pool;

class Session {
public:
    ~Session();
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;

    /// Whether a transaction is open on it.
    bool inTransaction() const noexcept;

    struct Impl;
    /// For storage/ alone.
    Impl& impl() noexcept { return *impl_; }

private:
    friend class Pool;
    explicit Session(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

} // namespace dalate::storage
