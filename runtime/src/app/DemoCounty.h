// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/Config.h"
#include "gateway/Parts.h"
#include "storage/Pool.h"

#include <string>
#include <vector>

namespace dalate::app {

/// The demo's own start: organisations, one fictional account a role with a random password, the plugins' owning
/// bureaus and a machine token, made once; what they are stands in `<data>/demo-access.json` (mode 0600). Events
/// come later, through real routes.
class DemoCounty {
public:
    /// Makes the county where it is missing; later calls only bring `url` in the file up to date. Throws what the
    /// stores throw.
    static void prepare(const Config& config, storage::Pool& pool, const std::string& url);

    /// The printed codes of the plugins' `demo/stories.json`, for the home page.
    static std::vector<gateway::DemoLabel> labels(const Config& config);
};

} // namespace dalate::app
