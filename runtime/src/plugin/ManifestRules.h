// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "plugin/Manifest.h"

namespace dalate::plugin {

/// The rules between keys that a schema cannot say; `document` fits the schema and `manifest` is made from
/// it. Ids: `core.manifest.reserved`, `.api`, `.prefix`, `.twice`, `.no_permission`, `.no_route`,
/// `.public_write`, `.anyone_token`,
/// `.body`, `.menu_route`, `.setting`, `.isolation`, `.alias`, `.self_requirement`,
/// `core.plugin.route_conflict`.
Problems checkRules(const Manifest& manifest, ValueView document);

} // namespace dalate::plugin
