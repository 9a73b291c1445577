// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "plugin/HostPort.h"
#include "plugin/Manifest.h"
#include "services/Declared.h"

#include <filesystem>
#include <memory>
#include <string_view>
#include <vector>

namespace dalate::services::rules {
class CountyRules;
}

namespace dalate::host {

/// What a plugin's folder declares in files, judged as a whole.
struct OpenedDeclarations {
    std::shared_ptr<const services::Declared> declared;
    /// Guards and side effects that the cases name, each once with the place that names it first.
    std::vector<plugin::Need> needs;
};

/// Reads the files that plugin.json names under `cases`, `forms`, `lists` and `rules`: each by the reader of
/// its service, then what one file says of another. Used on the reconciler's thread.
class DeclarationReader {
public:
    /// `schemas` holds case.schema.json, form.schema.json, list.schema.json and rules.schema.json; read when
    /// the first file of the kind is met. `county` outlives every rule book that is read; null: none.
    DeclarationReader(std::filesystem::path schemas, const services::rules::CountyRules* county)
        : schemas_(std::move(schemas)), county_(county) {}

    /// Throws `plugin::Faulty` with every problem, its place as "cases/ticket.json:12 $.transitions[3].to";
    /// `Error` 500 `core.manifest.schema` where a schema is faulty.
    OpenedDeclarations read(const plugin::Manifest& manifest, const std::filesystem::path& folder) const;

private:
    std::filesystem::path schemas_;
    const services::rules::CountyRules* county_;
};

} // namespace dalate::host
