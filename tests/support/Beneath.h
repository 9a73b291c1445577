// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

namespace dalate::testing {

/// Runs statements on the database of a daemon that runs on `data`, as somebody with the database's own tools would.
/// Throws when the database does not take them.
void beneath(const std::filesystem::path& data, const std::string& sql);

} // namespace dalate::testing
