// SPDX-License-Identifier: Apache-2.0
#include "services/forms/CaseAnswers.h"

#include "services/Declared.h"
#include "services/cases/Case.h"
#include "services/forms/Answers.h"
#include "services/forms/OwnFiles.h"

namespace dalate::services::forms {

Value CaseAnswers::check(storage::Tx& tx, const cases::Who& who, const Declared& declared,
                         std::string_view form, ValueView posted, Micros rulesAt) {
    const Form* found = declared.form(form);
    if (!found) throw Error(404, "core.form.unknown", Value::map([&](MapWriter& m) { m.set("form", form); }));
    Judged judged = validate(*found, posted, Sent::json, {rulesAt, declared.rules.get(), now()},
                             ownFiles(tx, {declared.plugin, who.principal, who.requestId, nullptr}));
    if (judged) return std::move(judged.answers);
    throw Error(422, "core.case.answers", Value::map([&](MapWriter& m) {
                    m.list("fields", [&](ListWriter& l) {
                        for (const Fault& fault : judged.faults)
                            l.map([&](MapWriter& row) {
                                row.set("field", fault.field).set("path", fault.path);
                                row.set("id", fault.messageId).set("values", fault.values);
                            });
                    });
                }));
}

} // namespace dalate::services::forms
