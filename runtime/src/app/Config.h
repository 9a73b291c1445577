// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <Poco/Util/LayeredConfiguration.h>

namespace dalate::app {

/// One setting of the daemon: its key, its default and what it means. The whole list is `Config::keys()`; a key
/// that is not in it is an error wherever it comes from.
struct ConfigKey {
    std::string_view name;
    std::string_view fallback;
    std::string_view meaning;
};

/// The daemon's settings, from three layers: flags before environment (`DALATE_LISTEN_PUBLIC` is `listen.public`)
/// before `dalate.properties`. Immutable once made; read from any thread.
class Config {
public:
    /// `flags`: key to value as given on the command line. `file` may be empty: then `<data.dir>/dalate.properties`
    /// is read when it exists. Throws `Error` 400 `core.config.unknown_key` (key, place) and
    /// `core.config.bad_value` (key, value, expected).
    Config(const std::map<std::string, std::string>& flags, const std::filesystem::path& file,
           std::span<const char* const> environment);

    static std::span<const ConfigKey> keys();

    std::string text(std::string_view key) const;
    std::int64_t number(std::string_view key) const;
    bool flag(std::string_view key) const;
    std::filesystem::path path(std::string_view key) const;
    /// Values between commas, blanks trimmed, empties dropped.
    std::vector<std::string> list(std::string_view key) const;

private:
    void checkValues() const;
    Poco::AutoPtr<Poco::Util::LayeredConfiguration> layers_;
};

} // namespace dalate::app
