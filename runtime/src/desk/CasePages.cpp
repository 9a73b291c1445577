// SPDX-License-Identifier: Apache-2.0
#include "desk/CasePages.h"

#include "desk/CaseTrail.h"
#include "host/PluginHost.h"
#include "portal/QrCode.h"
#include "services/cases/Drawing.h"
#include "services/files/FileStore.h"
#include "storage/Session.h"
#include "storage/Tx.h"

namespace dalate::desk {

using namespace services;
using cases::Transition;
using gateway::Visit;

namespace {

/// Personal answers are for the applicant and for whoever has the case in hand (最小必要): a supervisor or a
/// colleague who only looks sees them masked.
forms::Personal personalFor(const gateway::Visitor& who, const cases::Case& subject,
                            const cases::Engine::Moves& moves) {
    const std::int64_t user = who.principal.user;
    const bool hers = user != 0 && (user == subject.applicant || user == subject.assignee);
    return hers || !moves.all.empty() ? forms::Personal::shown : forms::Personal::masked;
}

/// A step that asks for nothing and harms nothing is one press of a button; every other has its page.
bool atOnce(const Transition& step) noexcept {
    return step.form.empty() && step.reason == Transition::Reason::none &&
           step.tone != Transition::Tone::danger;
}

std::string_view tone(const Transition& step) noexcept {
    return step.tone == Transition::Tone::primary  ? "primary"
           : step.tone == Transition::Tone::danger ? "danger"
                                                   : "plain";
}

void writeMoves(MapWriter& m, CaseVisit& page, const cases::Case& subject,
                const cases::Engine::Moves& moves) {
    const auto write = [&](std::string_view key, bool direct) {
        m.list(key, [&](ListWriter& list) {
            for (const cases::Engine::Allowed& one : moves.all) {
                const Transition& step = *one.transition;
                if (atOnce(step) != direct) continue;
                list.map([&](MapWriter& item) {
                    item.set("href", page.casePath(subject.id) + "/move/" + step.name);
                    item.set("label", page.text(step.label))
                        .set("kind", tone(step))
                        .set("version", subject.version);
                });
            }
        });
    };
    write("presses", true);
    write("links", false);
    m.set("any_move", !moves.all.empty());
    m.list("behalf", [&](ListWriter& list) {
        for (const cases::Engine::Allowed& one : moves.all)
            if (!one.onBehalfName.empty()) {
                list.add(page.text("core.cases.acting",
                                   Value::map([&](MapWriter& v) { v.set("giver", one.onBehalfName); })));
                break;
            }
    });
}

void writeDrawing(MapWriter& m, CaseVisit& page, const cases::Case& subject,
                  const std::vector<std::string>& past) {
    const cases::Drawing drawn =
        cases::draw(page.machine(), subject.state, past, page.text("core.cases.drawing"),
                    [&](std::string_view id) { return page.text(id); });
    m.set("html_svg", drawn.svg);
    m.list("places", [&](ListWriter& list) {
        for (const ValueView state : drawn.words["states"])
            list.map([&](MapWriter& one) {
                one.set("label", state["label"])
                    .set("here", state["here"].truth())
                    .set("past", state["past"].truth());
                one.list("ways", [&](ListWriter& ways) {
                    for (const ValueView move : state["moves"])
                        ways.map(
                            [&](MapWriter& way) { way.set("label", move["label"]).set("to", move["to"]); });
                });
            });
    });
}

std::string headingOf(const CaseVisit& page, const cases::Case& subject) {
    return subject.title.empty() ? page.text(page.machine().title) + " " + subject.number : subject.title;
}

void writeHead(MapWriter& m, const CaseVisit& page, const cases::Case& subject) {
    const std::string path = page.casePath(subject.id);
    m.set("heading", headingOf(page, subject)).set("number", subject.number);
    m.set("machine", page.text(page.machine().title));
    m.set("list_href", page.listPath()).set("case_href", path);
    m.set("history_href", path + "/history").set("print_href", path + "/print");
}

} // namespace

void CasePages::addTo(gateway::Gateway& gateway) {
    const std::string one = "/cases/{plugin}/{machine}/{id}";
    gateway.add({"GET", "/cases/{id}", "", [this](Visit& visit) { lead(visit); }});
    gateway.add({"GET", one, "", [this](Visit& visit) { show(visit); }});
    gateway.add({"GET", one + "/history", "", [this](Visit& visit) { history(visit); }});
    gateway.add({"GET", one + "/print", "", [this](Visit& visit) { print(visit); }});
    // Nobody's files are looked at before she is known.
    const std::string known(gateway::CorePage::anybodySignedIn);
    gateway.add({"POST", one + "/comment", known, [this](Visit& visit) { comment(visit); }});
    gateway.add({"POST", one + "/attach", known, [this](Visit& visit) { attach(visit); },
                 parts_.files.maxBytes() + besideFiles, true});
}

void CasePages::lead(Visit& visit) const {
    if (visit.who.principal.isAnonymous()) return sendToSignIn(visit);
    cases::Case subject;
    {
        auto lease = parts_.pool.lease();
        storage::Tx tx(*lease, storage::Tx::Mode::read);
        AfterCommit after;
        const cases::Who who{&visit.who.principal, after,  visit.who.language, visit.who.requestId,
                             visit.who.clientIp,   nullptr};
        try {
            subject = parts_.engine.find(tx, who, pathNumber(visit, "id"));
        } catch (const Error& error) {
            // A plugin that is away is no news to somebody who only follows a link.
            if (error.status() == 503) throw Error(404, "core.request.unknown");
            throw;
        }
    }
    visit.params = {{"plugin", subject.plugin}, {"machine", subject.machine}};
    CaseVisit page(parts_, visit);
    page.goTo(page.casePath(subject.id));
}

void CasePages::show(Visit& visit) const {
    CaseVisit page(parts_, visit);
    if (page.sendsToSignIn()) return;
    auto lease = parts_.pool.lease();
    storage::Tx tx(*lease, storage::Tx::Mode::read);
    const cases::Case subject = page.find(tx);
    const auto who = page.who();
    const cases::Engine::Moves moves = parts_.engine.allowed(tx, who, subject);
    const CaseTrail trail(page, tx, subject);
    const Value model = Value::map([&](MapWriter& m) {
        writeHead(m, page, subject);
        trail.writeFacts(m);
        writeMoves(m, page, subject, moves);
        trail.writeAnswers(m, personalFor(visit.who, subject, moves));
        writeDrawing(m, page, subject, trail.past());
        trail.writeSteps(m, CaseTrail::Which::moves);
        trail.writeComments(m);
        trail.writeAttachments(m);
        m.set("comment_action", page.casePath(subject.id) + "/comment");
        m.set("attach_action", page.casePath(subject.id) + "/attach");
        m.set("staff", visit.who.principal.isStaff());
    });
    tx.rollback(); // nothing is held over a render
    gateway::PageOrder order;
    order.name = "pages/case";
    order.model = model;
    order.title = subject.number;
    page.sayDone(order);
    page.send(order);
}

void CasePages::history(Visit& visit) const {
    CaseVisit page(parts_, visit);
    if (page.sendsToSignIn()) return;
    auto lease = parts_.pool.lease();
    storage::Tx tx(*lease, storage::Tx::Mode::read);
    const cases::Case subject = page.find(tx);
    const CaseTrail trail(page, tx, subject);
    const Value model = Value::map([&](MapWriter& m) {
        writeHead(m, page, subject);
        trail.writeSteps(m, CaseTrail::Which::all);
        trail.writeRecord(m);
    });
    tx.rollback(); // nothing is held over a render
    gateway::PageOrder order;
    order.name = "pages/case-history";
    order.model = model;
    order.title = page.text("core.cases.history") + " " + subject.number;
    page.send(order);
}

void CasePages::print(Visit& visit) const {
    CaseVisit page(parts_, visit);
    if (page.sendsToSignIn()) return;
    auto lease = parts_.pool.lease();
    storage::Tx tx(*lease, storage::Tx::Mode::read);
    const cases::Case subject = page.find(tx);
    const CaseTrail trail(page, tx, subject);
    const Value model = Value::map([&](MapWriter& m) {
        writeHead(m, page, subject);
        trail.writeFacts(m);
        // Paper is passed on: only the applicant's own copy says who she is in full.
        trail.writeAnswers(m, subject.applicant == visit.who.principal.user ? forms::Personal::shown
                                                                            : forms::Personal::masked);
        trail.writeRecord(m);
        m.set("html_qr",
              portal::qrSvg(visit.who.origin + page.casePath(subject.id), page.text("core.cases.code")));
        m.set("printed", page.text("core.cases.printed", Value::map([&](MapWriter& v) {
                                       v.set("time", page.time(now())).set("who", visit.who.principal.name);
                                   })));
    });
    tx.rollback(); // nothing is held over a render
    gateway::PageOrder order;
    order.name = "pages/case-print";
    order.model = model;
    order.title = subject.number;
    page.send(order);
}

void CasePages::comment(Visit& visit) const {
    CaseVisit page(parts_, visit);
    if (page.sendsToSignIn()) return;
    auto lease = parts_.pool.lease();
    storage::Tx tx(*lease, storage::Tx::Mode::write);
    const cases::Case subject = page.find(tx);
    const auto who = page.who();
    const bool internal = visit.who.principal.isStaff() && !sent(visit, "internal").empty();
    parts_.engine.comment(tx, who, subject.id, sent(visit, "text"), internal);
    tx.commit();
    page.committed();
    page.goTo(page.casePath(subject.id), "commented");
}

void CasePages::attach(Visit& visit) const {
    CaseVisit page(parts_, visit);
    if (page.sendsToSignIn()) return;
    auto lease = parts_.pool.lease();
    storage::Tx tx(*lease, storage::Tx::Mode::write);
    const cases::Case subject = page.find(tx);
    if (visit.uploads.empty()) throw Error(422, "core.cases.no_file");
    const auto who = page.who();
    const std::string object = "case/" + std::to_string(subject.id);
    for (const files::Upload& upload : visit.uploads) {
        const std::int64_t file = parts_.files.keep(
            tx, upload, {subject.plugin, object, files::Visibility::caseReaders, visit.who.principal});
        parts_.engine.attach(tx, who, subject.id, file, upload.name);
    }
    tx.commit();
    page.committed();
    page.goTo(page.casePath(subject.id), "attached");
}

} // namespace dalate::desk
