// SPDX-License-Identifier: Apache-2.0
#include "services/forms/Prefill.h"

#include "base/Log.h"

#include <string>

namespace dalate::services::forms {
namespace {

/// Asks the sources of one form.
class Sources {
public:
    Sources(const Form& form, const FormTime& time, const Registry& registry, ServiceContext& context)
        : form_(form), time_(time), registry_(registry), context_(context) {}

    void write(MapWriter& out, const Field& field) {
        switch (field.prefill.kind) {
        case Prefill::Kind::none:
            return;
        case Prefill::Kind::personName:
            return put(out, field, Value::of(context_.principal.name), "core.form.source.account");
        case Prefill::Kind::personOrganisation:
            return put(out, field, Value::of(context_.principal.organisationName),
                       "core.form.source.account");
        case Prefill::Kind::service:
            return ofService(out, field);
        }
    }

private:
    void ofService(MapWriter& out, const Field& field) {
        const Value answer = ask(field);
        const std::string_view source = answer["source"].text();
        put(out, field, answer["value"], source.empty() ? std::string_view(field.prefill.service) : source);
    }

    Value ask(const Field& field) {
        try {
            const auto method = registry_.find(field.prefill.service, field.prefill.method);
            return method->answer(context_, Value::map([&](MapWriter& m) {
                                      m.set("form", form_.name).set("field", field.name);
                                  }));
        } catch (const std::exception& error) {
            log::warning("core.form.prefill", Value::map([&](MapWriter& m) {
                             m.set("service", field.prefill.service + "." + field.prefill.method);
                             m.set("field", field.name).set("reason", error.what());
                         }));
            return {};
        }
    }

    /// What would be refused from a person is not put before her either.
    void put(MapWriter& out, const Field& field, ValueView value, std::string_view source) {
        if (value.isNull() || (value.isText() && value.text().empty())) return;
        Form alone;
        alone.fields.push_back(field);
        alone.fields.back().when.reset();
        alone.fields.back().codesOf.clear();
        const Judged judged =
            validate(alone, Value::map([&](MapWriter& m) { m.set(field.name, value); }), Sent::json, time_);
        if (!judged || judged.answers[field.name].isNull()) return;
        out.map(field.name,
                [&](MapWriter& m) { m.set("value", judged.answers[field.name]).set("source", source); });
    }

    const Form& form_;
    const FormTime& time_;
    const Registry& registry_;
    ServiceContext& context_;
};

} // namespace

Value prefill(const Form& form, const FormTime& time, const Registry& registry, ServiceContext& context) {
    Sources sources(form, time, registry, context);
    return Value::map([&](MapWriter& m) {
        if (!context.principal.isPerson()) return;
        for (const Field& field : form.fields)
            sources.write(m, field);
    });
}

} // namespace dalate::services::forms
