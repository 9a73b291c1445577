// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/Config.h"

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace dalate::app {

/// `dalate COMMAND [WORD…] [--option VALUE] [--switch]`, taken apart. Options that name a setting (`--data`,
/// `--port`, `--share`, `--plugins`, `--set key=value`) are gathered in `settings` under their keys.
struct CommandLine {
    std::string command;
    std::vector<std::string> words;
    std::map<std::string, std::string> options;
    std::map<std::string, std::string> settings;
    std::filesystem::path configFile;

    /// Throws `Error` 400 `core.command.*` naming the argument that is wrong.
    static CommandLine parse(int argc, const char* const* argv);

    bool has(std::string_view option) const { return options.count(std::string(option)) != 0; }
    /// The option's value; throws `core.command.missing` when it was not given.
    const std::string& option(std::string_view name) const;
    /// The word at `index`; throws `core.command.missing` naming it `what`.
    const std::string& word(std::size_t index, std::string_view what) const;
    /// Throws `core.command.unknown_option` for an option that the command does not take.
    void allow(std::initializer_list<std::string_view> known) const;
};

} // namespace dalate::app
