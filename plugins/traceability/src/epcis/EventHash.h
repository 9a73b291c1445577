// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "epcis/Context.h"

#include <dalate/value.hpp>

#include <functional>
#include <string>
#include <string_view>

namespace dalate::traceability::epcis {

/// The 32 bytes of SHA-256 over its argument. The plugin passes the host's digest, so the rules need no
/// library.
using Sha256 = std::function<std::string(std::string_view)>;

/// The pre-hash string of the CBV 2.0 event hash id: the fields of the event in their fixed order as
/// `name=value`, lists sorted, values in canonical form, extension fields behind, without any separator.
/// recordTime, eventID, errorDeclaration and comments are left out, so an error declaration has the id of the
/// event that it voids. The event must have passed `check`.
std::string preHash(ValueView event, const Context& context);

/// The event hash id: `ni:///sha-256;<64 hex digits>?ver=CBV2.0` (RFC 6920). The id of an event that was sent
/// without one.
std::string eventHashId(ValueView event, const Context& context, const Sha256& sha256);

} // namespace dalate::traceability::epcis
