// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

namespace dalate::testing {

/// Gives a plugin of the tests to the demo county's first organisation, so that people see it: in the
/// database of a daemon that runs on `data`. Throws when the database does not take it.
void nameOwner(const std::filesystem::path& data, const std::string& plugin);

} // namespace dalate::testing
