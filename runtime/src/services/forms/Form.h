// SPDX-License-Identifier: Apache-2.0
//
// A form as its file declares it: fields in their order, each with a type, and the groups they are shown in.
// Reading (FormReader), judging what was sent (Answers), asking (Visibility, FormModel) and showing
// (CheckAnswers) all start from this one structure, so a page, an import and an interface can never disagree
// about what a good answer is.
#pragma once

#include "services/forms/CodeList.h"
#include "services/rules/Rule.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dalate::services::forms {

/// What an answer is, and how it is held in a `Value` of answers.
enum class FieldType {
    text,    ///< one line
    area,    ///< several lines
    integer, ///< integer
    decimal, ///< number by its digits: 12.5
    money,   ///< integer, fen (分)
    date,    ///< text 2026-11-23
    choice,  ///< text: the value of one option, all in sight
    select,  ///< the same, from a list that opens
    checks,  ///< list of texts: values of options, in the options' order
    yesno,   ///< boolean
    phone,   ///< text: 13912345678, 0477-3123456, 4008001234, +441632960961
    email,   ///< text
    idcard,  ///< text, 18 characters (GB 11643-1999)
    file     ///< text: a file's id, or the token of an upload of the same request
};

/// `text`, `area`, … as in the file.
std::string_view name(FieldType type) noexcept;
std::optional<FieldType> fieldTypeOf(std::string_view name) noexcept;
/// Whether the answer is one or several of given options.
bool isChosen(FieldType type) noexcept;

/// One possible answer of a field that lists its options itself.
struct Option {
    std::string value;
    /// Text ids.
    std::string label;
    std::string help;
};

/// A bound on an answer, in the unit that follows from the type: characters of text and area, whole numbers,
/// millionths of decimal, fen of money, days since 1970-01-01 of date, chosen options of checks.
struct Limit {
    enum class Kind { fixed, rule, today };
    Kind kind = Kind::fixed;
    std::int64_t value = 0;
    /// Of Kind::rule: a rule of type integer, or money for a field of that type.
    std::string rule;
};

/// A field is asked only where an earlier one has one of these answers (联动).
struct When {
    std::string field;
    /// Values of options; `yes` and `no` of a yesno.
    std::vector<std::string> is;
};

/// Where a field's first answer comes from.
struct Prefill {
    enum class Kind { none, personName, personOrganisation, service };
    Kind kind = Kind::none;
    /// `people/1` and `address`.
    std::string service;
    std::string method;
};

struct Field {
    std::string name;
    FieldType type = FieldType::text;
    /// Text ids.
    std::string label;
    std::string help;
    std::string unit;
    bool optional = false;
    /// About a person: masked where answers are only looked at.
    bool personal = false;
    std::optional<Limit> min;
    std::optional<Limit> max;
    /// Digits behind the point of a decimal, at most.
    int decimals = 2;
    /// Exactly one of `options`, `codes` and `optionsRule` for a chosen type; none for the others.
    std::vector<Option> options;
    std::shared_ptr<const CodeList> codes;
    /// A rule of type list: each of its texts is value and label.
    std::string optionsRule;
    /// The field whose answer narrows the code list; empty: none.
    std::string codesOf;
    std::string autocomplete;
    std::optional<When> when;
    Prefill prefill;
};

struct Group {
    /// Text ids; empty: none.
    std::string title;
    std::string help;
    /// Positions in `Form::fields`, each field in one group.
    std::vector<std::size_t> fields;
};

/// A form (表单). Immutable once read; safe from any thread.
struct Form {
    enum class Way {
        one,     ///< a single page, sent at once
        grouped, ///< a single page under headings, then the answers are checked
        oneThing ///< one question a page, then the answers are checked
    };

    std::string name;
    /// Text id.
    std::string title;
    Way way = Way::one;
    std::vector<Field> fields;
    /// At least one.
    std::vector<Group> groups;

    /// A rule that the form names and the type it must have, with the place that names it.
    struct RuleUse {
        std::string rule;
        std::vector<rules::RuleType> types;
        std::string where;
    };
    std::vector<RuleUse> ruleUses;

    /// By name; null where there is none.
    const Field* field(std::string_view fieldName) const noexcept;
    bool hasFiles() const noexcept;
};

} // namespace dalate::services::forms
