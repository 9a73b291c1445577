// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stdexcept>
#include <string>
#include <vector>

namespace dalate::portal {

/// One fault found in a template, a text file or an asset while it was loaded. All faults of a plugin are
/// gathered before it is refused, so that its author mends them in one go.
struct Problem {
    /// As written on disk, e.g. `traceability/templates/list.mustache`.
    std::string file;
    /// Counted from 1; 0 when the fault is the file's as a whole.
    int line = 0;
    /// What is wrong, naming the tag or text concerned.
    std::string what;
    /// What its author does about it.
    std::string remedy;

    /// `file:line: what; remedy`, for logs and for the operator's page.
    std::string text() const;
};

using Problems = std::vector<Problem>;

/// Thrown when the core's own templates, texts or assets are faulty: the daemon cannot serve without them.
class PortalError : public std::runtime_error {
public:
    explicit PortalError(Problems problems);
    const Problems& problems() const noexcept { return problems_; }

private:
    Problems problems_;
};

} // namespace dalate::portal
