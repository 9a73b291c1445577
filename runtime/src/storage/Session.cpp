// SPDX-License-Identifier: Apache-2.0
#include "storage/SessionImpl.h"

#include <utility>

namespace dalate::storage {

Session::Session(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Session::~Session() = default;

bool Session::inTransaction() const noexcept {
    return impl_->open;
}

void Session::Impl::rollback() noexcept {
    rollbacks.add();
    try {
        // The database may have rolled back on its own, as on a full disk.
        if (connection->inTransaction()) control("ROLLBACK");
    } catch (const std::exception&) {
        broken = true;
    }
    leaveTransaction();
}

void Session::Impl::leaveTransaction() noexcept {
    open = false;
    if (std::exchange(holdsGate, false)) gate.leave();
}

} // namespace dalate::storage
