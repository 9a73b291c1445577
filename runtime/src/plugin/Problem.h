// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/Result.h"

#include <string>
#include <vector>

namespace dalate::plugin {

/// One thing that is wrong with a plugin. The message catalogue has its text, cause and remedy by `id`.
struct Problem {
    std::string id;
    /// Where: a JSON path in plugin.json (`$.routes[2].path`) or a file of the plugin; empty for the whole.
    std::string where;
    /// Values for the text, a map.
    Value details;

    Problem(std::string messageId, std::string place, Value values = {})
        : id(std::move(messageId)), where(std::move(place)), details(std::move(values)) {}
    /// A thrown error as a problem.
    explicit Problem(const Error& error, std::string place = {})
        : id(error.id()), where(std::move(place)), details(error.details()) {}
};

using Problems = std::vector<Problem>;

/// Several problems thrown at once; its id is the first one's. Never thrown with none.
class Faulty : public Error {
public:
    explicit Faulty(Problems problems)
        : Error(422, problems.front().id, Value(problems.front().details)), problems_(std::move(problems)) {}

    const Problems& problems() const noexcept { return problems_; }

private:
    Problems problems_;
};

/// A list of {id, where, details}, as stored and logged.
Value toValue(const Problems& problems);
Problems problemsFrom(ValueView list);

} // namespace dalate::plugin
