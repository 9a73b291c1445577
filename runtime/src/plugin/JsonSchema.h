// SPDX-License-Identifier: Apache-2.0
//
// The part of JSON Schema (draft 2020-12) that plugin.schema.json uses: $ref into $defs, type, enum,
// required, properties, additionalProperties: false, minProperties, items, minItems, maxItems, uniqueItems,
// pattern, maxLength, minimum, maximum; and x-unsupported. Any other keyword is an error of the schema.
#pragma once

#include "plugin/Problem.h"

namespace dalate::plugin {

/// Throws Error 500 `core.manifest.schema` (details: keyword, where) where the schema uses a keyword or a
/// form that `checkAgainst` would pass over.
void demandKnownSchema(ValueView schema);

/// Every violation with its JSON path; none: the value fits. Ids: `core.manifest.type`, `.missing`,
/// `.unknown_key`,
/// `.unsupported`, `.value`, `.pattern`, `.too_long`, `.range`, `.count`, `.repeated`.
Problems checkAgainst(ValueView schema, ValueView value);

} // namespace dalate::plugin
