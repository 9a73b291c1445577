// SPDX-License-Identifier: Apache-2.0
#include "app/CommandLine.h"

#include "base/Result.h"

#include <algorithm>
#include <array>

namespace dalate::app {

namespace {

constexpr std::array<std::string_view, 4> switches{"status", "dry-run", "help", "json"};

[[noreturn]] void fail(std::string_view id, std::string_view argument) {
    throw Error(400, std::string(id), Value::map([&](MapWriter& m) { m.set("argument", argument); }));
}

/// Stores a setting's option under its configuration key; false when it is no such option.
bool takeSetting(CommandLine& line, std::string_view name, const std::string& value) {
    if (name == "data") return line.settings.insert_or_assign("data.dir", value), true;
    if (name == "share") return line.settings.insert_or_assign("share.dir", value), true;
    if (name == "plugins") return line.settings.insert_or_assign("plugins.dir", value), true;
    if (name == "port") return line.settings.insert_or_assign("listen.public", "127.0.0.1:" + value), true;
    if (name == "set") {
        const std::size_t equals = value.find('=');
        if (equals == std::string::npos) fail("core.command.bad_set", value);
        line.settings.insert_or_assign(value.substr(0, equals), value.substr(equals + 1));
        return true;
    }
    if (name == "config") return line.configFile = value, true;
    return false;
}

} // namespace

CommandLine CommandLine::parse(int argc, const char* const* argv) {
    CommandLine line;
    for (int i = 1; i < argc; ++i) {
        const std::string_view argument = argv[i];
        if (!argument.starts_with("--")) {
            if (line.command.empty())
                line.command = argument;
            else
                line.words.emplace_back(argument);
            continue;
        }
        const std::string_view name = argument.substr(2);
        if (std::find(switches.begin(), switches.end(), name) != switches.end()) {
            line.options.emplace(name, "");
            continue;
        }
        if (i + 1 == argc) fail("core.command.no_value", argument);
        const std::string value = argv[++i];
        if (!takeSetting(line, name, value)) line.options.insert_or_assign(std::string(name), value);
    }
    return line;
}

const std::string& CommandLine::option(std::string_view name) const {
    const auto found = options.find(std::string(name));
    if (found == options.end()) fail("core.command.missing", "--" + std::string(name));
    return found->second;
}

const std::string& CommandLine::word(std::size_t index, std::string_view what) const {
    if (index >= words.size()) fail("core.command.missing", what);
    return words[index];
}

void CommandLine::allow(std::initializer_list<std::string_view> known) const {
    for (const auto& [name, value] : options)
        if (name != "help" && std::find(known.begin(), known.end(), name) == known.end())
            fail("core.command.unknown_option", "--" + name);
}

} // namespace dalate::app
