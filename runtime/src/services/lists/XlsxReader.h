// SPDX-License-Identifier: Apache-2.0
//
// The little of a workbook (ECMA-376) that a table to be imported has: the first sheet's cells as a person
// sees them, without looks. Five parts are read, each inflated and parsed piece by piece, none ever whole in
// memory:
//
//     xl/workbook.xml             the first sheet's relation, and whether days count from 1904
//     xl/_rels/workbook.xml.rels  the part of that sheet
//     xl/sharedStrings.xml        texts by number
//     xl/styles.xml               which looks of a number mean a day
//     the sheet's part            its cells
//
// Our own reader, because Debian has no library for it under a licence that we may link, and because a file
// from outside is read by as little code as there can be. No part may have a document type, so there are no
// entities to expand.
#pragma once

#include "services/lists/Sheet.h"

namespace dalate::services::lists {

/// Reads the first sheet. Numbers that look like days become 2026-11-23, truth becomes yes or no, of a
/// formula counts the value that was last computed. Throws `Error` 422 `core.import.unreadable` (details:
/// fault: `archive`, `xml`, `sheet`, `formula_error`), 413 `core.import.size`.
Sheet readXlsx(std::string_view bytes, const SheetLimits& limits = {});

} // namespace dalate::services::lists
