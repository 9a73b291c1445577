// SPDX-License-Identifier: Apache-2.0
#include "services/forms/Answers.h"

#include "services/forms/FieldCheck.h"
#include "services/forms/TextShape.h"
#include "services/forms/Visibility.h"

#include <algorithm>
#include <utility>

namespace dalate::services::forms {
namespace {

/// One form being judged, field by field in its order: what a field depends on stands before it.
class Judgement {
public:
    Judgement(const Form& form, ValueView sent, Sent how, const FormTime& time, const MayUseFile& mayUseFile)
        : form_(form), sent_(sent), how_(how), time_(time), mayUseFile_(mayUseFile) {}

    Judged run() {
        for (const Field& field : form_.fields)
            judge(field);
        strangers();
        return {answers(), std::move(faults_)};
    }

private:
    Value answers() const {
        return Value::map([&](MapWriter& m) {
            for (const auto& [field, answer] : answers_)
                m.set(field->name, answer);
        });
    }

    bool isFaulty(std::string_view field) const {
        return std::any_of(faults_.begin(), faults_.end(), [&](const Fault& f) { return f.field == field; });
    }

    void judge(const Field& field) {
        const ValueView sent = sent_[field.name];
        Value before;
        if (field.when || !field.codesOf.empty()) before = answers();
        if (field.when && !isAsked(form_, field, before)) {
            // Whether it would be asked is not known while what it hangs on is faulty.
            if (how_ == Sent::json && !sent.isNull() && !isFaulty(field.when->field))
                faults_.push_back({field.name, "$." + field.name, "core.form.not_asked", {}});
            return;
        }
        FieldCheck check(field, before, time_, mayUseFile_);
        auto answer = check.judge(sent, how_);
        if (!answer)
            faults_.push_back(std::move(check.fault));
        else if (!answer->view().isNull())
            answers_.emplace_back(&field, std::move(*answer));
    }

    void strangers() {
        if (!sent_.isNull() && !sent_.isMap()) {
            faults_.push_back({{}, "$", "core.form.json_type", Value::map([](MapWriter& m) {
                                   m.set("expected", "object");
                               })});
            return;
        }
        for (const ValueView member : sent_) {
            const std::string_view key = member.key();
            if (form_.field(key) || (how_ == Sent::posted && key.starts_with('_'))) continue;
            // A name that no form can have may be anything: it is cut before it is told back.
            const std::string name(firstCharacters(key, 40));
            faults_.push_back({name, "$['" + name + "']", "core.form.unknown_field",
                               Value::map([&](MapWriter& m) { m.set("field", name); })});
        }
    }

    const Form& form_;
    ValueView sent_;
    Sent how_;
    const FormTime& time_;
    const MayUseFile& mayUseFile_;
    std::vector<std::pair<const Field*, Value>> answers_;
    Faults faults_;
};

} // namespace

Judged validate(const Form& form, ValueView sent, Sent how, const FormTime& time,
                const MayUseFile& mayUseFile) {
    return Judgement(form, sent, how, time, mayUseFile).run();
}

Error refusal(const Faults& faults) {
    return Error(
        422, "core.form.invalid", Value::map([&](MapWriter& m) {
            m.list("problems", [&](ListWriter& l) {
                for (const Fault& fault : faults)
                    l.map([&](MapWriter& row) {
                        row.set("field", fault.field).set("path", fault.path).set("id", fault.messageId);
                        row.set("values", fault.values);
                    });
            });
        }));
}

} // namespace dalate::services::forms
