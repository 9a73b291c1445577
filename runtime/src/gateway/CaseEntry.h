// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "identity/Principal.h"
#include "plugin/Manifest.h"

#include <string>

namespace dalate::services::cases {
struct Machine;
}

namespace dalate::gateway {

/// The desk's page to which a menu entry about a case machine leads: `/cases/<plugin>/<machine>`, with
/// `/open` for the form that opens a case.
std::string casePath(const std::string& plugin, const plugin::MenuItem& item);

/// Whether the menu shows such an entry to somebody: the list to whoever may open a case or works
/// on them; the form to whom the
/// machine lets open a case, and before she has signed in where that is any person. A courtesy: the page
/// decides anew.
bool offersCaseEntry(const services::cases::Machine& machine, plugin::MenuItem::Page page,
                     const identity::Principal& who);

} // namespace dalate::gateway
