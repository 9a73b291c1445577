// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "services/Registry.h"

namespace dalate::services {

/// print/1: `qr {text, title} -> {svg}`; `title`, the code's name for those who do not see it, is `text` when
/// absent.
void offerPrint(Registry& registry);

/// audit/1: `record {action, object, details} -> null`: an act of the caller, in the caller's transaction.
/// `action` begins with the plugin's id and a dot.
void offerAudit(Registry& registry);

} // namespace dalate::services
