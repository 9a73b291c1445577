// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/Visitor.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace dalate::gateway {

// What every page of the core reads of its visit, and the way it leaves after an act. Callers: desk, admin.

/// A path parameter; empty for none.
std::string pathParameter(const Visit& visit, std::string_view name);
/// The same as a number; throws 404 `core.request.unknown` for none.
std::int64_t pathNumber(const Visit& visit, std::string_view name);
/// The first value of a field that was sent, without space around it; empty for none.
std::string sent(const Visit& visit, std::string_view name);

/// After an act: 303 to a path of this site, with a word about it for the page that comes.
void goTo(Visit& visit, const std::string& path, std::string_view done = {});

} // namespace dalate::gateway
