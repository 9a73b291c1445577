// SPDX-License-Identifier: Apache-2.0
#include "desk/OpenPages.h"

#include "base/Ids.h"
#include "desk/CaseFiles.h"
#include "gateway/FormFields.h"
#include "gateway/Headers.h"
#include "host/PluginHost.h"
#include "portal/QrCode.h"
#include "services/cases/Deadlines.h"
#include "services/files/FileStore.h"
#include "services/forms/CheckAnswers.h"
#include "services/forms/Prefill.h"
#include "storage/Session.h"
#include "storage/Tx.h"

namespace dalate::desk {

using namespace services;
using gateway::Visit;

namespace {

/// Answers whoever may not: true when that is done.
bool turnsAway(CaseVisit& page, storage::Tx& tx) {
    if (page.mayOpen(tx)) return false;
    if (page.sendsToSignIn()) return true;
    throw Error(404, "core.request.unknown");
}

/// Of the draft: two machines may ask the same form.
std::string subjectOf(CaseVisit& page) {
    return "open/" + page.machine().name;
}

/// What a link to the form may fill in, `?lot=…&product=…`: a short answer to a question of the form, none
/// about a person. It is judged like anything typed.
Value linkedAnswers(const Visit& visit, const forms::Form& form) {
    constexpr std::size_t longest = 400;
    return Value::map([&](MapWriter& m) {
        for (const auto& [name, values] : visit.query) {
            const forms::Field* field = name == "at" ? nullptr : form.field(name);
            if (!field || field->personal || field->type == forms::FieldType::file) continue;
            if (values.empty() || values.front().size() > longest) continue;
            m.list(name, [&, &text = values.front()](ListWriter& list) { list.add(text); });
        }
    });
}

forms::Filling fillingOf(CaseVisit& page, const forms::Form& form, const std::string& action,
                         const std::string& back, ValueView prefilled, const CaseFiles& files,
                         storage::Tx& tx) {
    const gateway::Visitor& who = page.visit().who;
    return {form,
            page.declared().plugin,
            files.subject(),
            who.principal,
            page.texts(),
            who.language,
            page.formTime(now()),
            action,
            back,
            prefilled,
            files.mayUse(tx),
            {}};
}

/// The key of this form, the same however often it is sent; each page that is fetched anew begins another.
std::string onceOf(CaseVisit& page) {
    constexpr std::size_t bytes = 16;
    std::string key = sent(page.visit(), "_once");
    const bool whole = key.size() == 2 * bytes && key.find_first_not_of("0123456789abcdef") == key.npos;
    return whole ? key : randomHex(bytes);
}

void sendForm(CaseVisit& page, const forms::FormPage& made) {
    gateway::PageOrder order;
    order.name = made.name;
    const Value model = Value::map([&](MapWriter& m) {
        for (const ValueView member : made.model.view())
            m.set(member.key(), member);
        m.set("once", onceOf(page));
    });
    order.model = model;
    order.status = made.status;
    order.title = (made.status == 422 ? page.text("core.form.error_prefix") : std::string()) + made.title;
    order.holdsForm = true;
    page.send(order);
}

} // namespace

void OpenPages::addTo(gateway::Gateway& gateway) {
    const std::string open = "/cases/{plugin}/{machine}/open";
    gateway.add({"GET", open, "", [this](Visit& visit) { show(visit); }});
    gateway.add({"POST", open, "", [this](Visit& visit) { take(visit); },
                 parts_.files.maxBytes() + besideFiles, true,
                 [this](Visit& visit) { return fileFields(visit); }});
    gateway.add({"GET", "/cases/{plugin}/{machine}/{id}/done", "", [this](Visit& visit) { done(visit); }});
}

std::vector<std::string> OpenPages::fileFields(Visit& visit) const {
    CaseVisit page(parts_, visit);
    auto lease = parts_.pool.lease();
    storage::Tx tx(*lease, storage::Tx::Mode::read);
    if (!page.mayOpen(tx)) return {};
    return CaseFiles::fieldsOf(page.declared().form(page.machine().form));
}

Value OpenPages::prefilled(CaseVisit& page) const {
    const forms::Form* form = page.declared().form(page.machine().form);
    const gateway::Visitor& who = page.visit().who;
    if (!form || !who.principal.isPerson()) return {};
    ServiceContext context{
        page.declared().plugin,
        who.principal,
        storage::Scope{storage::Scope::Kind::self, who.principal.user, who.principal.organisation},
        {},
        who.language,
        who.requestId,
        who.origin,
        std::nullopt};
    return forms::prefill(*form, page.formTime(now()), parts_.host.services(), context);
}

void OpenPages::show(Visit& visit) const {
    CaseVisit page(parts_, visit);
    const Value filled = prefilled(page);
    auto lease = parts_.pool.lease();
    storage::Tx tx(*lease, storage::Tx::Mode::read);
    if (turnsAway(page, tx)) return;
    const std::string back = visit.who.principal.isPerson() ? page.listPath() : "/";
    const std::string action = page.listPath() + "/open";
    const forms::Form* form = page.declared().form(page.machine().form);
    if (!form) {
        forms::FormPage plain;
        plain.name = "pages/form";
        plain.title = page.text(page.machine().title);
        plain.model = Value::map([&](MapWriter& m) {
            m.set("title", plain.title).set("action", action).set("back_href", back);
            m.set("send_label", page.text("core.form.send"));
        });
        return sendForm(page, plain);
    }
    const std::string* at = gateway::firstOf(visit.query, "at");
    const CaseFiles files(page, subjectOf(page));
    auto filling = fillingOf(page, *form, action, back, filled, files, tx);
    const Value linked = linkedAnswers(visit, *form);
    filling.linked = linked;
    const forms::FormPage asked = forms::page(tx, filling, at ? std::string_view(*at) : std::string_view());
    tx.rollback(); // nothing is held over a render
    sendForm(page, asked);
}

void OpenPages::take(Visit& visit) const {
    CaseVisit page(parts_, visit);
    auto lease = parts_.pool.lease();
    storage::Tx tx(*lease, storage::Tx::Mode::write);
    if (turnsAway(page, tx)) return;
    // Pressed twice, or sent again by a browser that lost the answer: the case is there.
    if (const auto before = parts_.engine.opened(tx, page.who(), page.declared().plugin, page.machine().name,
                                                 sent(visit, "_once")))
        return confirm(page, tx, *before);
    CaseFiles files(page, subjectOf(page));
    const forms::Form* form = page.declared().form(page.machine().form);
    if (!form) return accept(page, tx, Value::map(), files);
    const std::string back = visit.who.principal.isPerson() ? page.listPath() : "/";
    const std::string action = page.listPath() + "/open";
    const Value sentFields = files.posted(tx, form);
    const auto filling = fillingOf(page, *form, action, back, {}, files, tx);
    const forms::Outcome outcome = forms::submit(tx, filling, sentFields);
    if (outcome.kind == forms::Outcome::Kind::accepted) return accept(page, tx, outcome.answers, files);
    // A visitor has no draft: what is not finished is with her browser alone, and leaves nothing here.
    if (visit.who.principal.isPerson()) {
        files.keepNamed(tx, form,
                        outcome.kind == forms::Outcome::Kind::show ? sentFields.view() : ValueView());
        tx.commit();
    } else {
        tx.rollback();
    }
    switch (outcome.kind) {
    case forms::Outcome::Kind::accepted:
        return;
    case forms::Outcome::Kind::show:
        return sendForm(page, outcome.page);
    case forms::Outcome::Kind::go:
        return page.goTo(outcome.href);
    case forms::Outcome::Kind::saved:
        gateway::setSecurityHeaders(visit.response, visit.who);
        visit.response.status(204);
        visit.response.set("Dalate-Draft", std::to_string(outcome.version));
        return;
    }
}

void OpenPages::accept(CaseVisit& page, storage::Tx& tx, ValueView answers, CaseFiles& files) const {
    const std::string once = onceOf(page);
    cases::Engine::NewCase fresh;
    fresh.answers = answers;
    fresh.once = once;
    const auto who = page.who();
    const cases::Case opened =
        parts_.engine.open(tx, who, page.declared().plugin, page.machine().name, fresh);
    files.give(tx, page.declared().form(page.machine().form), answers, opened.id);
    confirm(page, tx, opened);
}

void OpenPages::confirm(CaseVisit& page, storage::Tx& tx, const cases::Case& opened) const {
    if (page.visit().who.principal.isPerson()) {
        tx.commit();
        page.committed();
        return page.goTo(page.casePath(opened.id) + "/done");
    }
    // A visitor cannot come back to the page of the number: it is the answer itself.
    const Value model = confirmation(page, tx, opened);
    tx.commit();
    page.committed();
    gateway::PageOrder order;
    order.name = "pages/form-done";
    order.model = model;
    order.holdsForm = true;
    page.send(order);
}

void OpenPages::done(Visit& visit) const {
    CaseVisit page(parts_, visit);
    if (page.sendsToSignIn()) return;
    auto lease = parts_.pool.lease();
    storage::Tx tx(*lease, storage::Tx::Mode::read);
    const cases::Case subject = page.find(tx);
    if (subject.applicant != visit.who.principal.user) throw Error(404, "core.request.unknown");
    const Value model = confirmation(page, tx, subject);
    tx.rollback(); // nothing is held over a render
    gateway::PageOrder order;
    order.name = "pages/form-done";
    order.model = model;
    page.send(order);
}

Value OpenPages::confirmation(CaseVisit& page, storage::Tx& tx, const cases::Case& subject) const {
    const gateway::Visitor& who = page.visit().who;
    const forms::Form* form = page.declared().form(page.machine().form);
    const Micros due = cases::Deadlines::soonest(tx, subject.id);
    const auto at = [&](Micros time) {
        return Value::map([&](MapWriter& m) { m.set("time", page.time(time)); });
    };
    return Value::map([&](MapWriter& m) {
        m.set("number", subject.number);
        m.set("received", page.text("core.form.done.received", at(subject.openedAt)));
        m.set("next", due ? page.text("core.cases.next_due", at(due)) : page.text("core.cases.next"));
        if (who.principal.isPerson()) {
            const std::string href = page.casePath(subject.id);
            m.set("follow_href", href)
                .set("html_qr", portal::qrSvg(who.origin + href, page.text("core.cases.code")));
        }
        m.set("form", page.text(form ? form->title : page.machine().title));
        if (form)
            m.set("rows", forms::detailRows(*form, subject.answers, page.words(subject.rulesAt),
                                            forms::Personal::shown));
    });
}

} // namespace dalate::desk
