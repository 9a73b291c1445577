// SPDX-License-Identifier: Apache-2.0
#include "app/Commands.h"
#include "app/Database.h"
#include "app/Files.h"
#include "base/Result.h"
#include "services/files/Verify.h"

#include <iostream>

namespace dalate::app {

int files(const CommandLine& line, const Config& config) {
    line.allow({});
    if (line.word(0, "verify") != "verify")
        throw Error(400, "core.command.unknown_word", Value::map([&](MapWriter& m) {
                        m.set("command", line.command).set("word", line.words[0]);
                    }));
    const auto pool = openDatabase(config, 1);
    services::files::Blobs blobs(fileOptions(config).folder);
    const auto found =
        services::files::verifyFiles(blobs, *pool, [](std::string_view fault, std::string_view sha256) {
            std::cout << fault << "\t" << sha256 << "\n";
        });
    std::cout << "whole " << found.whole << ", missing " << found.missing << ", altered " << found.altered
              << ", orphaned " << found.orphaned << "\n";
    return found.sound() ? 0 : 1;
}

} // namespace dalate::app
