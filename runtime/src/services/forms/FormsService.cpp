// SPDX-License-Identifier: Apache-2.0
#include "services/forms/FormsService.h"

#include "services/Arguments.h"
#include "services/Declared.h"
#include "services/Registry.h"
#include "services/forms/CheckAnswers.h"
#include "services/forms/Drafts.h"
#include "services/forms/FormModel.h"
#include "services/forms/OwnFiles.h"
#include "services/forms/Prefill.h"
#include "storage/Tx.h"

namespace dalate::services::forms {
namespace {

using Templates = std::function<std::shared_ptr<const portal::TemplateStore>()>;

using Need = Argument::Need;
using Type = Argument::Type;
constexpr std::size_t longestSubject = 200;
constexpr Argument ofForm{"form", Type::text, Need::required}, atTime{"at", Type::number},
    ofSubject{"subject", Type::text, Need::optional, longestSubject};

[[noreturn]] void refuse(std::string_view key) {
    throw Error(400, "core.form.asked", Value::map([&](MapWriter& m) { m.set("key", key); }));
}

/// One call about one form of the calling plugin.
struct Asked {
    const CoreParts& parts;
    ServiceContext& context;
    ValueView in;
    const Form& form;
    FormTime time;

    static Asked of(const CoreParts& parts, ServiceContext& context, ValueView in) {
        const std::string_view name = in["form"].text();
        const Form* form = context.declared ? context.declared->form(name) : nullptr;
        if (!form)
            throw Error(404, "core.form.unknown", Value::map([&](MapWriter& m) { m.set("form", name); }));
        const Micros now = parts.clock();
        Micros at = now;
        if (in.has("at")) {
            const auto given = in["at"].integer();
            if (!given || *given < 0) refuse("at");
            at = *given;
        }
        return {parts, context, in, *form, {at, context.declared->rules.get(), now}};
    }

    FormWords words(const portal::TemplateStore& store) const {
        return {store.texts(), context.language, time};
    }
    DraftKey draftKey() const {
        if (!context.principal.isPerson()) throw Error(403, "core.form.no_draft");
        return {context.principal.user, context.plugin, form.name, in["subject"].text()};
    }
};

Sent sentOf(ValueView in) {
    const std::string_view sent = in["sent"].text();
    if (sent == "posted") return Sent::posted;
    if (sent == "json") return Sent::json;
    refuse("sent");
}

Value validateFor(const Asked& asked, const Templates& templates) {
    const ServiceContext& context = asked.context;
    const Judged judged = validate(
        asked.form, asked.in["values"], sentOf(asked.in), asked.time,
        ownFiles(*context.tx, {context.plugin, &context.principal, context.requestId, context.uploads}));
    const auto store = templates();
    const FormWords words = asked.words(*store);
    return Value::map([&](MapWriter& m) {
        m.set("good", static_cast<bool>(judged)).set("answers", judged.answers);
        m.list("problems", [&](ListWriter& list) {
            for (const Fault& fault : judged.faults)
                list.map([&](MapWriter& p) {
                    p.set("field", fault.field).set("path", fault.path).set("id", fault.messageId);
                    p.set("values", fault.values).set("text", words.fault(asked.form, fault));
                    if (asked.form.field(fault.field)) p.set("href", "#f-" + fault.field);
                });
        });
    });
}

Faults faultsOf(ValueView problems) {
    Faults faults;
    for (const ValueView each : problems)
        faults.push_back(
            {each["field"].asText(), each["path"].asText(), each["id"].asText(), Value(each["values"])});
    return faults;
}

Value modelFor(const Asked& asked, const Templates& templates) {
    const auto store = templates();
    const Faults faults = faultsOf(asked.in["problems"]);
    Value given;
    if (asked.in["prefill"].truth())
        given = prefill(asked.form, asked.time, asked.parts.registry, asked.context);
    Showing showing;
    showing.answers = asked.in["answers"];
    showing.raw = asked.in["raw"];
    showing.prefilled = given;
    showing.faults = &faults;
    const FormWords words = asked.words(*store);
    const Value model = formModel(asked.form, showing, words);
    return Value::map([&](MapWriter& m) {
        for (const ValueView member : model.view())
            m.set(member.key(), member);
        m.set("action", asked.in["action"].text()).set("send_label", words.text("core.form.send"));
    });
}

Value detailsFor(const Asked& asked, const Templates& templates) {
    const std::string_view personal = asked.in["personal"].text();
    if (personal != "shown" && personal != "masked") refuse("personal");
    const auto store = templates();
    const Value rows = detailRows(asked.form, asked.in["answers"], asked.words(*store),
                                  personal == "shown" ? Personal::shown : Personal::masked);
    return Value::map([&](MapWriter& m) { m.set("rows", rows); });
}

Value draftFor(const Asked& asked) {
    const auto draft = Drafts::find(*asked.context.tx, asked.draftKey(), asked.time.now);
    if (!draft) return {};
    return Value::map([&](MapWriter& m) {
        m.set("raw", draft->raw).set("version", draft->version).set("savedAt", draft->savedAt);
    });
}

/// Only what the form has, and only lists of texts: a draft is read back as if a page had posted it.
Value postedShape(const Form& form, ValueView raw) {
    return Value::map([&](MapWriter& m) {
        for (const ValueView member : raw) {
            if (!form.field(member.key()) || !member.isList()) refuse("raw");
            for (const ValueView text : member)
                if (!text.isText()) refuse("raw");
            m.set(member.key(), member);
        }
    });
}

Value keepFor(const Asked& asked) {
    const std::int64_t version =
        Drafts::save(*asked.context.tx, asked.draftKey(), postedShape(asked.form, asked.in["raw"]),
                     asked.in["version"].integer().value_or(0), asked.time.now);
    return Value::map([&](MapWriter& m) { m.set("version", version); });
}

Value dropFor(const Asked& asked) {
    const bool dropped = Drafts::remove(*asked.context.tx, asked.draftKey());
    return Value::map([&](MapWriter& m) { m.set("dropped", dropped); });
}

} // namespace

void offerForms(const CoreParts& parts, Templates templates) {
    const auto offer = [&](const char* method, Touch touch, std::initializer_list<Argument> takes,
                           auto answer) {
        offerChecked(parts.registry, "forms/1", method, touch, takes,
                     [parts, answer](ServiceContext& context, ValueView in) {
                         return answer(Asked::of(parts, context, in));
                     });
    };
    // Whose a file is that answers a question, the table says.
    offer("validate", Touch::reads, {ofForm, atTime, {"values"}, {"sent", Type::text, Need::required}},
          [templates](const Asked& asked) { return validateFor(asked, templates); });
    // A prefill asks other services, which may read.
    offer("model", Touch::reads,
          {ofForm,
           atTime,
           {"action", Type::text},
           {"answers", Type::map},
           {"raw", Type::map},
           {"problems", Type::list},
           {"prefill", Type::yesno}},
          [templates](const Asked& asked) { return modelFor(asked, templates); });
    offer("details", Touch::nothing,
          {ofForm, atTime, {"answers", Type::map}, {"personal", Type::text, Need::required}},
          [templates](const Asked& asked) { return detailsFor(asked, templates); });
    offer("draft", Touch::reads, {ofForm, atTime, ofSubject},
          [](const Asked& asked) { return draftFor(asked); });
    offer("keep", Touch::writes,
          {ofForm, atTime, ofSubject, {"raw", Type::map, Need::required}, {"version", Type::number}},
          [](const Asked& asked) { return keepFor(asked); });
    offer("drop", Touch::writes, {ofForm, atTime, ofSubject},
          [](const Asked& asked) { return dropFor(asked); });
}

} // namespace dalate::services::forms
