// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/Clock.h"
#include "base/Result.h"

#include <dalate/value.hpp>

#include <string_view>

namespace dalate::storage {
class Tx;
}

namespace dalate::services {
struct Declared;
}

namespace dalate::services::cases {

struct Who;

/// Judges answers by a declared form: the form service, or a test's stand-in.
class AnswerCheck {
public:
    virtual ~AnswerCheck() = default;

    /// The answers in the form's own types, a map by field. Throws `Error` 422 `core.case.answers` (details:
    /// fields, a list of {field, id, values}). A file is good where `who` may use it, as `tx` says.
    virtual Value check(storage::Tx& tx, const Who& who, const Declared& declared, std::string_view form,
                        ValueView posted, Micros rulesAt) = 0;
};

} // namespace dalate::services::cases
