// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "services/CoreParts.h"
#include "services/files/FileStore.h"

namespace dalate::services::files {

/// files/1: `keep {upload, object, visibility} -> {file}` in the caller's transaction, for an upload of the
/// calling request; `info {file} -> {file, name, type, size, object, visibility, owner, created, href,
/// thumb}`; `list {object} -> {files: [as info]}`; `remove {file} -> null`. A plugin sees and touches its own
/// files only. Callers: traceability (certificates), samples/helpdesk (papers of an asset).
///
/// For `Visibility::object` the plugin's own service `<plugin>/1.file_readable {object, file} -> {readable}`
/// is asked, with the reader as principal; without that service nobody but the owner reads. `store` outlives
/// the registry.
void offerFiles(const CoreParts& parts, FileStore& store);

/// What a file looks like to a plugin or a page: the record of `info`.
void writeFile(MapWriter& m, const File& file);

} // namespace dalate::services::files
