// SPDX-License-Identifier: Apache-2.0
#include "services/forms/FormFlow.h"

#include "services/forms/CheckAnswers.h"
#include "services/forms/FormModel.h"
#include "services/forms/Visibility.h"
#include "storage/Tx.h"

#include <charconv>

namespace dalate::services::forms {
namespace {

constexpr int countyMinutes = 480;

std::string_view first(ValueView texts) {
    if (texts.isText()) return texts.text();
    for (const ValueView text : texts)
        return text.text();
    return {};
}

/// The form's own fields of what was posted; strangers stay, so that they are refused, the page's own go.
void copyFields(MapWriter& m, ValueView posted) {
    for (const ValueView member : posted)
        if (!member.key().starts_with('_')) m.set(member.key(), member);
}

/// One step of one person.
class Step {
public:
    Step(storage::Tx& tx, const Filling& filling)
        : tx_(tx), f_(filling),
          words_(filling.texts, filling.language, filling.time), key_{filling.who.user, filling.plugin,
                                                                      filling.form.name, filling.subject} {
        if (keepsDrafts()) draft_ = Drafts::find(tx, key_, filling.time.clock());
    }

    FormPage get(std::string_view at) {
        raw_ = underLink(draft_ ? ValueView(draft_->raw) : ValueView());
        judged_ = judge(draft_ ? Value(raw_) : underLink(answersAsRaw()));
        if (at == "check" && form().way != Form::Way::one && judged_) return checkPage();
        if (form().way != Form::Way::oneThing) return questions({}, nullptr);
        const Field* wanted = form().field(at);
        if (!wanted || !isAsked(form(), *wanted, judged_.answers)) wanted = firstAsked();
        return questions(wanted->name, nullptr);
    }

    Outcome post(ValueView posted) {
        posted_ = posted;
        const std::string_view act = first(posted["_do"]);
        at_ = first(posted["_at"]);
        if (form().way != Form::Way::oneThing || !form().field(at_)) at_ = {};
        raw_ = merged(posted);
        if (act == "discard") return discard();
        if (act == "keep" || act == "save") return save(act == "keep");
        judged_ = judge(raw_);
        if (act.starts_with("at:")) return moveTo(act.substr(3));
        if (act.empty() || act == "next") return next();
        if (act == "send") return send();
        throw Error(400, "core.form.step", Value::map([&](MapWriter& m) { m.set("step", act); }));
    }

private:
    const Form& form() const { return f_.form; }
    bool keepsDrafts() const { return f_.who.isPerson() && f_.who.user != 0; }
    Judged judge(ValueView raw) const { return validate(form(), raw, Sent::posted, f_.time, f_.mayUseFile); }

    /// A page posts its own fields; those of the other pages are in the draft, or came along hidden. A field
    /// of this page that was not posted has been left empty: a browser does not send a box that is not
    /// ticked.
    Value merged(ValueView posted) const {
        return Value::map([&](MapWriter& m) {
            copyFields(m, posted);
            if (!draft_ || form().way != Form::Way::oneThing) {
                // The page that checks the answers posts none.
                if (draft_ && first(posted["_do"]) == "send" && first(posted["_at"]) == "check")
                    copyMissing(m, posted, {});
                return;
            }
            copyMissing(m, posted, at_);
        });
    }
    void copyMissing(MapWriter& m, ValueView posted, std::string_view except) const {
        for (const ValueView kept : draft_->raw.view())
            if (!posted.has(kept.key()) && kept.key() != except) m.set(kept.key(), kept);
    }

    /// What a draft keeps: a stranger among the fields would be refused for ever.
    Value known() const {
        return Value::map([&](MapWriter& m) {
            for (const ValueView member : raw_.view())
                if (form().field(member.key())) m.set(member.key(), member);
        });
    }

    /// What the record holds, as if it had been typed: so that what hangs on it is asked.
    Value answersAsRaw() const {
        return Value::map([&](MapWriter& m) {
            for (const ValueView given : f_.prefilled) {
                const Field* field = form().field(given.key());
                if (field && given["value"].isList())
                    m.set(given.key(), given["value"]);
                else if (field)
                    m.list(given.key(), [&](ListWriter& l) { l.add(inputText(*field, given["value"])); });
            }
        });
    }

    Value withoutFiles(ValueView given) const {
        return Value::map([&](MapWriter& m) {
            for (const ValueView member : given) {
                const Field* field = form().field(member.key());
                if (!field || field->type != FieldType::file) m.set(member.key(), member);
            }
        });
    }

    Value underLink(ValueView below) const {
        return Value::map([&](MapWriter& m) {
            for (const ValueView member : below)
                if (!f_.linked.has(member.key())) m.set(member.key(), member);
            for (const ValueView member : f_.linked)
                m.set(member.key(), member);
        });
    }

    const Field* firstAsked() const {
        for (const Field& field : form().fields)
            if (isAsked(form(), field, judged_.answers)) return &field;
        return &form().fields.front();
    }
    /// The asked field after `name`, or null.
    const Field* after(std::string_view name) const {
        bool past = false;
        for (const Field& field : form().fields) {
            if (past && isAsked(form(), field, judged_.answers)) return &field;
            past = past || field.name == name;
        }
        return nullptr;
    }
    const Field* before(std::string_view name) const {
        const Field* found = nullptr;
        for (const Field& field : form().fields) {
            if (field.name == name) return found;
            if (isAsked(form(), field, judged_.answers)) found = &field;
        }
        return nullptr;
    }

    /// The faults of the fields on this page, and of what belongs to no field.
    Faults faultsHere() const {
        Faults here;
        for (const Fault& fault : judged_.faults)
            if (at_.empty() || fault.field == at_ || !form().field(fault.field)) here.push_back(fault);
        return here;
    }

    Outcome next() {
        Faults faults = faultsHere();
        if (!faults.empty()) return refuse(faults);
        if (form().way == Form::Way::one) return accept();
        if (form().way == Form::Way::grouped || first(posted_["_then"]) == "check") return check();
        const Field* following = at_.empty() ? firstAsked() : after(at_);
        return following ? to(following->name) : check();
    }

    /// To the page that shows all answers; where one is still missing, to its question.
    Outcome check() {
        if (judged_) return to("check");
        return refuseFirst();
    }

    Outcome send() {
        if (judged_) return accept();
        return refuseFirst();
    }

    Outcome refuseFirst() {
        Faults faults = judged_.faults;
        if (form().way == Form::Way::oneThing) {
            // The form's own name of it: the fault's is gone with the faults.
            const Field* wrong = form().field(faults.front().field);
            at_ = (wrong ? wrong : firstAsked())->name;
            faults = faultsHere();
        }
        return refuse(faults);
    }

    Outcome refuse(const Faults& faults) {
        Outcome outcome;
        outcome.page =
            questions(at_.empty() && form().way == Form::Way::oneThing ? firstAsked()->name : at_, &faults);
        outcome.page.status = 422;
        return outcome;
    }

    Outcome accept() {
        if (keepsDrafts()) Drafts::remove(tx_, key_);
        Outcome outcome;
        outcome.kind = Outcome::Kind::accepted;
        outcome.answers = std::move(judged_.answers);
        return outcome;
    }

    Outcome moveTo(std::string_view field) {
        if (!form().field(field))
            throw Error(400, "core.form.step", Value::map([&](MapWriter& m) { m.set("step", field); }));
        return to(field);
    }

    /// With a draft the answers are safe and the browser goes on by GET; without one the page is the answer
    /// itself.
    Outcome to(std::string_view place) {
        Outcome outcome;
        if (keepsDrafts()) {
            Drafts::save(tx_, key_, known(), draft_ ? draft_->version : 0, f_.time.clock());
            outcome.kind = Outcome::Kind::go;
            outcome.href = std::string(f_.action) + "?at=" + std::string(place);
            return outcome;
        }
        if (place == "check") {
            outcome.page = checkPage();
            return outcome;
        }
        at_ = form().way == Form::Way::oneThing ? place : std::string_view();
        outcome.page = questions(at_, nullptr);
        return outcome;
    }

    /// By script after a pause, or by the button. The script's save must not undo what another device saved;
    /// the button is the person's own will.
    Outcome save(bool byScript) {
        if (!keepsDrafts()) throw Error(403, "core.form.no_draft");
        Outcome outcome;
        const std::int64_t seen = byScript ? seenOf(posted_) : draft_ ? draft_->version : 0;
        outcome.version = Drafts::save(tx_, key_, known(), seen, f_.time.clock());
        outcome.kind = byScript ? Outcome::Kind::saved : Outcome::Kind::go;
        outcome.href = std::string(f_.action) + (at_.empty() ? "" : "?at=" + std::string(at_));
        return outcome;
    }
    static std::int64_t seenOf(ValueView posted) {
        std::int64_t seen = 0;
        const std::string_view text = first(posted["_draft"]);
        std::from_chars(text.data(), text.data() + text.size(), seen);
        return seen;
    }

    Outcome discard() {
        if (keepsDrafts()) Drafts::remove(tx_, key_);
        Outcome outcome;
        outcome.kind = Outcome::Kind::go;
        outcome.href = std::string(f_.action);
        return outcome;
    }

    FormPage questions(std::string_view at, const Faults* faults) {
        // A visitor's file is not kept until her form is accepted: she chooses it anew.
        const bool forgets = !keepsDrafts() && form().hasFiles();
        const Value raw = forgets ? withoutFiles(raw_) : Value(),
                    answers = forgets ? withoutFiles(judged_.answers) : Value();
        Showing showing;
        showing.answers = forgets ? answers.view() : judged_.answers.view();
        showing.raw = forgets ? raw.view() : raw_.view();
        showing.prefilled = f_.prefilled;
        showing.faults = faults;
        showing.at = at;
        FormPage page;
        page.name = form().way == Form::Way::oneThing ? "pages/form-question" : "pages/form";
        const Value model = formModel(form(), showing, words_);
        page.model = Value::map([&](MapWriter& m) {
            for (const ValueView member : model.view())
                m.set(member.key(), member);
            frame(m, at);
            const bool last = form().way == Form::Way::one;
            m.set("send_label", words_.text(last ? "core.form.send" : "core.form.next"));
            hidden(m, at);
        });
        page.title = words_.text(at.empty() ? form().title : form().field(at)->label);
        return page;
    }

    FormPage checkPage() {
        FormPage page;
        page.name = "pages/check-answers";
        const Value model =
            checkAnswers(form(), judged_.answers, words_, keepsDrafts() ? f_.action : std::string_view());
        page.model = Value::map([&](MapWriter& m) {
            for (const ValueView member : model.view())
                m.set(member.key(), member);
            frame(m, "check");
            hidden(m, "check");
        });
        page.title = words_.text("core.form.check");
        return page;
    }

    /// What every page of the form has around its fields.
    void frame(MapWriter& m, std::string_view at) {
        m.set("action", f_.action).set("at", at).set("back_href", backFrom(at));
        if (form().way == Form::Way::oneThing && first(posted_["_then"]) == "check") m.set("then", "check");
        if (!keepsDrafts()) return;
        m.map("draft", [&](MapWriter& d) {
            d.set("href", f_.action).set("version", draft_ ? draft_->version : 0);
            // Names the person to the script, so that what one leaves on a device is never another's.
            d.set("owner", std::to_string(f_.who.user));
            if (draft_ && posted_.isNull())
                d.set("saved", words_.text("core.form.draft_found", Value::map([&](MapWriter& v) {
                                               v.set("time", toLocalMinute(draft_->savedAt, countyMinutes));
                                           })));
        });
    }

    std::string backFrom(std::string_view at) const {
        const std::string action(f_.action);
        const std::string out = f_.back.empty() ? "/" : std::string(f_.back);
        if (at == "check") {
            if (form().way != Form::Way::oneThing) return action;
            const Field* last = nullptr;
            for (const Field& field : form().fields)
                if (isAsked(form(), field, judged_.answers)) last = &field;
            return action + (last ? "?at=" + last->name : "");
        }
        const Field* earlier = at.empty() ? nullptr : before(at);
        return earlier ? action + "?at=" + earlier->name : out;
    }

    /// A visitor's answers of the other pages travel with the page.
    void hidden(MapWriter& m, std::string_view at) const {
        if (keepsDrafts() || form().way == Form::Way::one) return;
        if (form().way == Form::Way::grouped && at != "check") return;
        m.list("carried", [&](ListWriter& list) {
            for (const ValueView member : raw_.view()) {
                if (member.key() == at || !form().field(member.key())) continue;
                for (const ValueView text : member)
                    list.map([&](MapWriter& c) { c.set("name", member.key()).set("value", text); });
            }
        });
    }

    storage::Tx& tx_;
    const Filling& f_;
    FormWords words_;
    DraftKey key_;
    std::optional<Draft> draft_;
    ValueView posted_;
    std::string_view at_;
    Value raw_;
    Judged judged_;
};

} // namespace

FormPage page(storage::Tx& tx, const Filling& filling, std::string_view at) {
    return Step(tx, filling).get(at);
}

Outcome submit(storage::Tx& tx, const Filling& filling, ValueView posted) {
    return Step(tx, filling).post(posted);
}

} // namespace dalate::services::forms
