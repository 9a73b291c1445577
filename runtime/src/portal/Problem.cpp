// SPDX-License-Identifier: Apache-2.0
#include "portal/Problem.h"

#include <utility>

namespace dalate::portal {

namespace {

std::string summary(const Problems& problems) {
    std::string all;
    for (const Problem& problem : problems)
        all += (all.empty() ? "" : "\n") + problem.text();
    return all;
}

} // namespace

std::string Problem::text() const {
    std::string s = file;
    if (line > 0) s += ":" + std::to_string(line);
    s += ": " + what;
    if (!remedy.empty()) s += "; " + remedy;
    return s;
}

PortalError::PortalError(Problems problems)
    : std::runtime_error(summary(problems)), problems_(std::move(problems)) {}

} // namespace dalate::portal
