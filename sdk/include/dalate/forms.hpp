// SPDX-License-Identifier: Apache-2.0
//
// Forms: what `forms/<name>.json` declares, used from a plugin's own code. A case's pages need none of this:
// the host shows, judges and keeps its forms. Callers: traceability (certificates),
// samples/helpdesk (assets, tickets that machines send).
//
//     const forms::Form form(request, "lot");
//     const forms::Judged judged = form.posted(request.formFields());
//     if (!judged) return Response::page("lot", Value(form.model(path, judged, request.formFields())), 422);
//     store.add(tx, judged.answers()["weight"]...);
//
// The page itself is `{{>components/questions}}` in a form that posts; its model is what `model` gives.
#pragma once

#include <dalate/call.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace dalate::forms {

/// What came of judging. A look at the call's arena.
class Judged {
public:
    explicit Judged(ValueView record) noexcept : record_(record) {}
    /// Whether nothing is wrong.
    explicit operator bool() const noexcept { return record_["good"].truth(); }
    /// A map of the good answers by field: text, integer (money in fen), number, boolean or list of texts, by
    /// the field's type.
    ValueView answers() const noexcept { return record_["answers"]; }
    /// A list of {field, path, id, text, values, href}: `path` is the JSON path ("$.weight"), `text` is in
    /// the caller's language.
    ValueView problems() const noexcept { return record_["problems"]; }
    /// Throws 422 `core.form.invalid` (details: problems) unless all is good: for an interface that speaks
    /// JSON.
    const Judged& demand() const {
        if (*this) return *this;
        throw Error(422, "core.form.invalid",
                    Value::map([&](MapWriter& m) { m.set("problems", problems()); }));
    }

private:
    ValueView record_;
};

/// Something that only the plugin can find wrong with a field: `id` is a text of its `i18n/` that may name
/// {label} and what `values` holds.
struct Problem {
    std::string_view field, id;
    ValueView values = {};
};

/// A draft of the caller's. A look at the call's arena.
struct Draft {
    /// As it was posted: a map of lists of texts.
    ValueView raw;
    std::int64_t version = 0;
    /// Microseconds.
    std::int64_t savedAt = 0;
};

/// One of the plugin's forms, by its name. Borrows the call. Each method is one call of the host and throws
/// 404 `core.form.unknown` where the plugin declares no such form.
class Form {
public:
    Form(const Call& call, std::string_view name) : call_(call), name_(name) {}
    /// Judged and worded by the rules of that moment, microseconds: for a case the one whose rules it keeps.
    Form at(std::int64_t time) const {
        Form dated(*this);
        dated.time_ = time;
        return dated;
    }

    /// Judges what a page posted: `Request::formFields()` without fields of the page's own, whose names begin
    /// with `_`. Service form: forms/1.validate {form, values, sent, at?} -> {good, answers, problems}.
    Judged posted(ValueView fields) const { return judge(fields, "posted"); }
    /// Judges a JSON object, as an interface takes it.
    Judged json(ValueView object) const { return judge(object, "json"); }

    /// The model for a page of the plugin's own, empty or with answers that are there already; what the
    /// record holds is filled in with its source. `action` is where the page posts to. Service form:
    /// forms/1.model {form, action, answers?, raw?, problems?, prefill?, at?} -> map.
    ValueView model(std::string_view action, ValueView answers = {}) const {
        return ask("model", [&](MapWriter& m) {
            m.set("action", action).set("prefill", true);
            if (!answers.isNull()) m.set("answers", answers);
        });
    }
    /// The model for a page that comes back: everything as it was typed, with the problems.
    ValueView model(std::string_view action, const Judged& judged, ValueView fields) const {
        return ask("model", [&](MapWriter& m) {
            m.set("action", action).set("answers", judged.answers()).set("raw", fields);
            m.set("problems", judged.problems());
        });
    }
    /// The same where the form found all good and the plugin did not.
    ValueView model(std::string_view action, const Judged& judged, ValueView fields,
                    const Problem& own) const {
        return ask("model", [&](MapWriter& m) {
            m.set("action", action).set("answers", judged.answers()).set("raw", fields);
            m.list("problems", [&](ListWriter& problems) {
                for (const ValueView each : judged.problems())
                    problems.add(each);
                problems.map([&](MapWriter& p) {
                    p.set("field", own.field).set("id", own.id).set("values", own.values);
                });
            });
        });
    }

    /// Rows for components/summary-list, with what is personal masked (139****1234).
    /// Service form: forms/1.details {form, answers, personal: "shown"|"masked", at?} -> {rows}.
    ValueView details(ValueView answers) const { return rows(answers, "masked"); }
    /// The same in full: only before whom the plugin's permissions let see it.
    ValueView detailsInFull(ValueView answers) const { return rows(answers, "shown"); }

    /// The caller's draft; nothing where there is none. Throws 403 `core.form.no_draft` for a visitor.
    /// Service form: forms/1.draft {form, subject?} -> {raw, version, savedAt} | null.
    std::optional<Draft> draft(std::string_view subject = {}) const {
        const ValueView found = ask("draft", [&](MapWriter& m) { m.set("subject", subject); });
        if (!found.isMap()) return std::nullopt;
        return Draft{found["raw"], found["version"].integer().value_or(0),
                     found["savedAt"].integer().value_or(0)};
    }
    /// Keeps what was typed so far; gives the new version. `version` is the one the page was opened with;
    /// throws 409 `core.form.draft_newer` where another device has saved since. Service form: forms/1.keep
    /// {form, subject?, raw, version} -> {version}.
    std::int64_t keep(ValueView fields, std::int64_t version, std::string_view subject = {}) const {
        return ask("keep",
                   [&](MapWriter& m) {
                       m.set("subject", subject).set("raw", fields).set("version", version);
                   })["version"]
            .integer()
            .value_or(0);
    }
    /// Throws the draft away in the caller's transaction: with what is accepted, or not at all.
    /// Service form: forms/1.drop {form, subject?} -> {dropped}.
    void drop(Tx& tx, std::string_view subject = {}) const {
        call_.service(tx, "forms/1", "drop",
                      Value::map([&](MapWriter& m) { m.set("form", name_).set("subject", subject); }));
    }

private:
    template <class Fill>
    ValueView ask(std::string_view method, Fill&& fill) const {
        return call_.service("forms/1", method, Value::map([&](MapWriter& m) {
                                 m.set("form", name_);
                                 if (time_) m.set("at", *time_);
                                 fill(m);
                             }));
    }
    Judged judge(ValueView values, std::string_view sent) const {
        return Judged(ask("validate", [&](MapWriter& m) { m.set("values", values).set("sent", sent); }));
    }
    ValueView rows(ValueView answers, std::string_view personal) const {
        return ask("details",
                   [&](MapWriter& m) { m.set("answers", answers).set("personal", personal); })["rows"];
    }

    const Call& call_;
    std::string name_;
    std::optional<std::int64_t> time_;
};

} // namespace dalate::forms
