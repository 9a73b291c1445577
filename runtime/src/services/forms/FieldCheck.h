// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "services/forms/Answers.h"

#include <optional>
#include <string>
#include <string_view>

namespace dalate::services::forms {

/// Judges what was sent for one field. `answers` are the good answers of the fields before it. Used once.
class FieldCheck {
public:
    FieldCheck(const Field& field, ValueView answers, const FormTime& time, const MayUseFile& mayUseFile)
        : field_(field), answers_(answers), time_(time), mayUseFile_(mayUseFile) {}

    /// The answer; null where nothing was answered; nothing where it is faulty. `sent` may be a null view.
    std::optional<Value> judge(ValueView sent, Sent how);
    /// After a judgement of nothing.
    Fault fault;

private:
    std::optional<Value> posted(ValueView texts);
    std::optional<Value> json(ValueView value);
    std::optional<Value> ofText(std::string_view typed);
    std::optional<Value> line(std::string text);
    std::optional<Value> whole(std::int64_t number);
    std::optional<Value> decimal(std::string_view digits);
    std::optional<Value> money(std::int64_t fen);
    std::optional<Value> yuan(std::string_view typed);
    std::optional<Value> date(std::string_view typed);
    std::optional<Value> one(std::string_view value);
    std::optional<Value> several(ValueView values);
    std::optional<Value> idcard(std::string_view typed);
    std::optional<Value> file(std::string_view id);
    std::optional<Value> missing();

    std::optional<std::int64_t> bound(const std::optional<Limit>& limit) const;
    /// A bound as the person reads it.
    std::string shown(std::int64_t bound) const;
    /// Whether `number` lies within the limits; else the fault is set.
    bool within(std::int64_t number, std::optional<std::int64_t> least, std::optional<std::int64_t> most,
                std::string_view tooLittle, std::string_view tooMuch);
    std::int64_t today() const;

    std::nullopt_t refuse(std::string_view id, Value values = {});
    std::nullopt_t refuse(std::string_view id, std::string_view key, std::string_view value);

    const Field& field_;
    ValueView answers_;
    const FormTime& time_;
    const MayUseFile& mayUseFile_;
};

} // namespace dalate::services::forms
