// SPDX-License-Identifier: Apache-2.0
#include "desk/MovePages.h"

#include "desk/CaseFiles.h"
#include "services/files/FileStore.h"
#include "services/forms/FormModel.h"
#include "storage/Session.h"
#include "storage/Tx.h"

#include <algorithm>
#include <charconv>

namespace dalate::desk {

using namespace services;
using cases::Transition;
using gateway::Visit;

namespace {

const Transition& stepOf(CaseVisit& page) {
    const Transition* step = page.machine().transition(pathParameter(page.visit(), "transition"));
    if (!step) throw Error(404, "core.request.unknown");
    return *step;
}

bool isAllowed(CaseVisit& page, storage::Tx& tx, const cases::Case& subject, const Transition& step) {
    const auto who = page.who();
    const auto moves = page.parts().engine.allowed(tx, who, subject);
    return std::any_of(moves.all.begin(), moves.all.end(),
                       [&](const auto& one) { return one.transition->name == step.name; });
}

Error refusal(const cases::Case& subject, const Transition& step, bool leads) {
    return Error(leads ? 403 : 409, leads ? "core.case.not_yours" : "core.case.no_such_move",
                 Value::map([&](MapWriter& m) {
                     m.set("number", subject.number).set("state", subject.state).set("transition", step.name);
                 }));
}

std::string_view tone(const Transition& step) noexcept {
    return step.tone == Transition::Tone::danger ? "danger" : "primary";
}

/// The field of that name in any form of the machine; null: in none.
const forms::Field* fieldOf(CaseVisit& page, std::string_view name) {
    const auto in = [&](const std::string& form) -> const forms::Field* {
        const forms::Form* found = form.empty() ? nullptr : page.declared().form(form);
        return found ? found->field(name) : nullptr;
    };
    if (const forms::Field* field = in(page.machine().form)) return field;
    for (const Transition& step : page.machine().transitions)
        if (const forms::Field* field = in(step.form)) return field;
    return nullptr;
}

} // namespace

void MovePages::addTo(gateway::Gateway& gateway) {
    const std::string path = "/cases/{plugin}/{machine}/{id}/move/{transition}";
    gateway.add({"GET", path, "", [this](Visit& visit) { show(visit); }});
    gateway.add({"POST", path, std::string(gateway::CorePage::anybodySignedIn),
                 [this](Visit& visit) { take(visit); }, parts_.files.maxBytes() + besideFiles, true,
                 [this](Visit& visit) { return fileFields(visit); }});
}

std::vector<std::string> MovePages::fileFields(Visit& visit) const {
    CaseVisit page(parts_, visit);
    auto lease = parts_.pool.lease();
    storage::Tx tx(*lease, storage::Tx::Mode::read);
    const cases::Case subject = page.find(tx);
    const Transition& step = stepOf(page);
    if (step.form.empty() || !isAllowed(page, tx, subject, step)) return {};
    return CaseFiles::fieldsOf(page.declared().form(step.form));
}

void MovePages::show(Visit& visit) const {
    CaseVisit page(parts_, visit);
    if (page.sendsToSignIn()) return;
    auto lease = parts_.pool.lease();
    storage::Tx tx(*lease, storage::Tx::Mode::read);
    const cases::Case subject = page.find(tx);
    const Transition& step = stepOf(page);
    if (!isAllowed(page, tx, subject, step))
        throw refusal(subject, step, page.machine().transition(subject.state, step.name) != nullptr);
    tx.rollback(); // nothing is held over a render
    send(page, subject, step, {});
}

void MovePages::take(Visit& visit) const {
    CaseVisit page(parts_, visit);
    if (page.sendsToSignIn()) return;
    auto lease = parts_.pool.lease();
    storage::Tx tx(*lease, storage::Tx::Mode::write);
    const cases::Case subject = page.find(tx);
    const Transition& step = stepOf(page);
    const forms::Form* form = step.form.empty() ? nullptr : page.declared().form(step.form);
    CaseFiles files(page, "case/" + std::to_string(subject.id) + "/" + step.name);
    const Value posted = files.posted(tx, form);
    std::int64_t version = 0;
    const std::string seen = sent(visit, "_version");
    std::from_chars(seen.data(), seen.data() + seen.size(), version);

    Showing showing;
    showing.raw = posted;
    showing.reason = sent(visit, "_reason");
    forms::Judged judged;
    judged.answers = Value::map();
    if (form)
        judged = forms::validate(*form, posted, forms::Sent::posted, page.formTime(subject.rulesAt),
                                 files.mayUse(tx));
    // Who is late learns that first, and only then what is wrong with her answers.
    if (!judged && version == subject.version && isAllowed(page, tx, subject, step)) {
        showing.faults = &judged.faults;
        showing.status = 422;
        files.keepNamed(tx, form, posted);
        tx.commit();
        return send(page, subject, step, showing);
    }
    try {
        const auto who = page.who();
        parts_.engine.move(tx, who, subject.id, {step.name, version, judged.answers, showing.reason});
        files.give(tx, form, judged.answers, subject.id);
        tx.commit();
    } catch (const Error& error) {
        const std::string_view id = error.id();
        const bool late = id == "core.case.version";
        const bool said = !late && (error.status() == 422 || error.status() == 409) &&
                          id != "core.case.no_such_move" &&
                          page.texts().find(visit.who.language, id) != nullptr;
        if (!late && !said) throw;
        if (late) {
            showing.difference = error.details();
            showing.open = isAllowed(page, tx, subject, step);
        } else if (id.starts_with("core.case.reason")) {
            showing.wrongReason = page.text(id, error.details());
        } else {
            showing.refusal = page.text(id, error.details());
        }
        showing.status = error.status();
        const Value left = files.withoutFresh(posted);
        showing.raw = left;
        tx.rollback();
        return send(page, subject, step, showing);
    }
    page.committed();
    page.goTo(page.casePath(subject.id), "moved");
}

void MovePages::writeDifference(MapWriter& m, CaseVisit& page, const cases::Case& subject,
                                ValueView difference) const {
    const forms::FormWords words = page.words(subject.rulesAt);
    m.list("changes", [&](ListWriter& list) {
        for (const ValueView change : difference["changes"])
            list.map([&](MapWriter& one) {
                const std::string label = change["label"].asText();
                const Micros at = change["at"].integer().value_or(0);
                one.set("kind", "done")
                    .set("title", label.empty() ? page.text("core.cases.act.move") : page.text(label));
                one.set("time", page.time(at)).set("iso", toRfc3339(at)).set("place", change["organisation"]);
                one.set("text", change["reason"]);
                one.list("facts", [&](ListWriter& facts) {
                    facts.map([&](MapWriter& fact) {
                        const std::string name = change["who"].asText();
                        fact.set("label", page.text("core.cases.who"));
                        fact.set("text", name.empty() ? page.text("core.cases.system") : name);
                    });
                });
            });
    });
    m.list("fields", [&](ListWriter& list) {
        for (const ValueView changed : difference["fields"]) {
            const forms::Field* field = fieldOf(page, changed["field"].text());
            if (!field) continue;
            // What the engine has masked is shown as it comes.
            const bool masked = changed["masked"].truth();
            const auto shown = [&](ValueView answer) {
                return masked ? answer.asText() : words.answer(*field, answer);
            };
            list.map([&](MapWriter& one) {
                one.set("label", words.text(field->label));
                one.set("before", shown(changed["before"])).set("after", shown(changed["after"]));
            });
        }
    });
}

void MovePages::send(CaseVisit& page, const cases::Case& subject, const Transition& step,
                     const Showing& showing) const {
    const forms::Form* form = step.form.empty() ? nullptr : page.declared().form(step.form);
    const forms::FormWords words = page.words(subject.rulesAt);
    Value fields;
    if (form) {
        forms::Showing asked;
        asked.raw = showing.raw;
        asked.faults = showing.faults;
        // A step is asked on one page, whatever way its form declares: its clerk does it twenty times a day.
        fields = forms::formModel(*form, asked, words);
    }
    const std::string label = page.text(step.label);
    const bool late = !showing.difference.isNull();
    const Value model = Value::map([&](MapWriter& m) {
        m.set("heading", label).set("number", subject.number).set("about", subject.title);
        m.set("case_href", page.casePath(subject.id))
            .set("action", page.casePath(subject.id) + "/move/" + step.name);
        m.set("version", subject.version).set("kind", tone(step)).set("open", showing.open);
        m.set("danger", step.tone == Transition::Tone::danger);
        m.set("state", page.text(page.machine().states[step.to].label));
        if (form) m.set("multipart", form->hasFiles()).set("groups", fields["groups"]);
        m.list("problems", [&](ListWriter& list) {
            for (const ValueView problem : fields["problems"])
                list.add(problem);
            if (!showing.refusal.empty())
                list.map([&](MapWriter& one) { one.set("text", showing.refusal).set("href", "#send"); });
            if (!showing.wrongReason.empty())
                list.map([&](MapWriter& one) {
                    one.set("text", showing.wrongReason).set("href", "#step-reason");
                });
        });
        if (step.reason != Transition::Reason::none)
            m.list("reason", [&](ListWriter& list) {
                list.map([&](MapWriter& field) {
                    field.set("id", "step-reason")
                        .set("name", "_reason")
                        .set("label", page.text("core.cases.reason"));
                    field.set("area", true).set("max", "1000").set("value", showing.reason);
                    field.set("optional", step.reason == Transition::Reason::optional);
                    if (!showing.wrongReason.empty()) field.set("error", showing.wrongReason);
                });
            });
        if (late) {
            m.set("late", true);
            writeDifference(m, page, subject, showing.difference);
        }
    });
    gateway::PageOrder order;
    order.name = "pages/case-move";
    order.model = model;
    order.status = showing.status;
    order.title = (showing.status == 200 ? std::string() : page.text("core.form.error_prefix")) + label;
    page.send(order);
}

} // namespace dalate::desk
