// SPDX-License-Identifier: Apache-2.0
// A static constructor that leaves a file: who has one was loaded.
#pragma once

#include <cstdlib>
#include <fcntl.h>
#include <string>
#include <unistd.h>

namespace {

const bool witnessed = [] {
    if (const char* folder = std::getenv("ZOO_WITNESS")) {
        const int file = open((std::string(folder) + "/" ZOO_ID).c_str(), O_CREAT | O_WRONLY, 0600);
        if (file >= 0) close(file);
    }
    return true;
}();

} // namespace
