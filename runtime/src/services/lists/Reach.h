// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "identity/Permissions.h"
#include "services/lists/List.h"
#include "storage/PluginAccess.h"

#include <optional>

namespace dalate::services::lists {

/// How far somebody sees into a list; nothing: to her the list does not exist. Of a list with a permission as
/// far as that permission reaches, of any other what is her own. Machine tokens read no lists.
std::optional<storage::Scope> reachOf(const List& list, const identity::Principal& who,
                                      const identity::Permissions& permissions);

} // namespace dalate::services::lists
