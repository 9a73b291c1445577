// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/CommandLine.h"
#include "app/Config.h"

namespace dalate::app {

/// `serve`: builds every floor of the house, answers until SIGTERM or SIGINT, lets what is under way end and gives
/// 0. Sockets handed over by the service manager are used in place of `listen.public`.
int serve(const CommandLine& line, const Config& config);

/// `demo`: `serve` with the demo county prepared and one-click sign-in on loopback.
int demo(const CommandLine& line, const Config& config);

} // namespace dalate::app
