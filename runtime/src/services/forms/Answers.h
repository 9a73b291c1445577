// SPDX-License-Identifier: Apache-2.0
//
// What somebody sent becomes answers: a map by field, in the form's order, of the fields that are asked and
// answered, each in the form that its type says (Form.h). The same judgement stands behind a page, an
// interface and an import; what differs is only how raw values look: a page sends texts, JSON has types.
// Answers judged again as JSON come out as they went in.
#pragma once

#include "services/forms/Form.h"
#include "services/rules/RuleBook.h"

#include <dalate/value.hpp>

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace dalate::services::forms {

/// How what was sent is to be read.
enum class Sent {
    posted, ///< a map of lists of texts, as a page's form posts it; names that begin with `_` are the page's
            ///< own
    json    ///< a map of values of the types in Form.h
};

/// The moment at which a form is judged or shown, and by which rules.
struct FormTime {
    /// Which rules and codes hold: now, or of a case the moment whose rules it keeps.
    Micros at = 0;
    /// The plugin's rules; null where it declares none.
    const rules::RuleBook* rules = nullptr;
    /// The wall clock, for today's date; 0: `at`.
    Micros now = 0;

    Micros clock() const noexcept { return now != 0 ? now : at; }
};

/// One thing wrong with one field.
struct Fault {
    std::string field;
    /// JSON path: `$.phone`, `$.topics[2]`.
    std::string path;
    /// Text id for people; takes {label} and what `values` holds.
    std::string messageId;
    /// A map.
    Value values;
};
using Faults = std::vector<Fault>;

struct Judged {
    /// The good answers, also where others are faulty.
    Value answers;
    /// In the form's order, unknown fields last.
    Faults faults;

    explicit operator bool() const noexcept { return faults.empty(); }
};

/// Whether whoever sends the form may use this file (an id or an upload's token).
using MayUseFile = std::function<bool(std::string_view file)>;

/// Judges everything that was sent. Refused: a field that the form does not have, several values where there
/// is one, text that is not UTF-8 or holds control or bidirectional-override characters, and what the types
/// and limits say. What stands in a field that is not asked is left away when posted (without script a page
/// shows it anyhow) and refused as JSON. No `mayUseFile`: a file's id or token is judged by its form only.
/// Thread-safe, touches no database. Throws `Error` 500 of `rules::RulesAt` where a limit's rule cannot be
/// had.
Judged validate(const Form& form, ValueView sent, Sent how, const FormTime& time,
                const MayUseFile& mayUseFile = {});

/// 422 `core.form.invalid` (details: problems, a list of {field, path, id, values}).
Error refusal(const Faults& faults);

} // namespace dalate::services::forms
