// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <dalate/abi.h>

namespace dalate::host {

/// The table that plugins get (abi.h says what each entry does). It lives as long as the process and needs no
/// state of its own: everything hangs on the call's `Call` and the plugin's `Place`.
///
/// No entry lets an exception out. An entry that is given a call, a transaction or rows that are not the
/// topmost call's of the calling thread answers 400, logs `core.host.stale_handle` and touches nothing.
const dalate_host_v1& hostTable() noexcept;

} // namespace dalate::host
