// SPDX-License-Identifier: Apache-2.0
#include "desk/CasePages.h"

#include "desk/CaseTrail.h"
#include "gateway/FormFields.h"
#include "host/PluginHost.h"
#include "portal/QrCode.h"
#include "services/cases/Drawing.h"
#include "services/files/FileStore.h"
#include "storage/Session.h"
#include "storage/Tx.h"

#include <algorithm>
#include <charconv>

namespace dalate::desk {

using namespace services;
using cases::Transition;
using gateway::Visit;

namespace {

/// As many comments stand on the page of a case before one asks for all, and entries on one of its history.
constexpr std::int64_t shownComments = 30, shownEntries = 100;

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
    m.set("id", std::to_string(subject.id)).set("version", subject.version);
    m.set("heading", headingOf(page, subject)).set("number", subject.number);
    m.set("machine", page.text(page.machine().title));
    m.set("list_href", page.listPath()).set("case_href", path);
    m.set("history_href", path + "/history").set("print_href", path + "/print");
}

/// Reads one case, has its page written, and renders it when nothing is held any more. `write` gets (m, tx, subject).
template <class Write>
void sendCase(const DeskParts& parts, CaseVisit& page, gateway::PageOrder order, std::string_view titleId,
              Write&& write) {
    if (page.sendsToSignIn()) return;
    Value model;
    {
        auto lease = parts.pool.lease();
        storage::Tx tx(*lease, storage::Tx::Mode::read);
        const cases::Case subject = page.find(tx);
        order.title = (titleId.empty() ? std::string() : page.text(titleId) + " ") + subject.number;
        model = Value::map([&](MapWriter& m) {
            writeHead(m, page, subject);
            write(m, tx, subject);
        });
    }
    order.model = model;
    page.send(order);
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
    const bool everyComment = gateway::firstOf(visit.query, "comments") != nullptr;
    gateway::PageOrder order;
    order.name = "pages/case";
    page.sayDone(order);
    sendCase(parts_, page, std::move(order), {}, [&](MapWriter& m, storage::Tx& tx, const cases::Case& subject) {
        const auto who = page.who();
        cases::TrailPart part;
        part.movesAlone = true;
        part.chain = false;
        part.comments = everyComment ? cases::Notes::every : shownComments;
        const CaseTrail trail(page, tx, subject, part);
        trail.writeFacts(m);
        writeMoves(m, page, subject, parts_.engine.allowed(tx, who, subject));
        trail.writeAnswers(m, parts_.engine.readsPersonal(tx, who, subject) ? forms::Personal::shown
                                                                            : forms::Personal::masked);
        writeDrawing(m, page, subject, trail.past());
        trail.writeSteps(m);
        trail.writeComments(m);
        m.set("comments_href", page.casePath(subject.id) + "?comments=all#comments");
        trail.writeAttachments(m);
        m.set("may_add", parts_.engine.mayAdd(tx, who, subject));
        m.set("comment_action", page.casePath(subject.id) + "/comment");
        m.set("attach_action", page.casePath(subject.id) + "/attach");
        m.set("staff", parts_.engine.readsInternal(tx, who, subject));
    });
}

void CasePages::history(Visit& visit) const {
    CaseVisit page(parts_, visit);
    const std::string* after = gateway::firstOf(visit.query, "after");
    cases::TrailPart part;
    part.comments = 0;
    part.entries = shownEntries;
    if (after) std::from_chars(after->data(), after->data() + after->size(), part.behind);
    part.behind = std::max<std::int64_t>(part.behind, 0);
    gateway::PageOrder order;
    order.name = "pages/case-history";
    sendCase(parts_, page, std::move(order), "core.cases.history",
             [&](MapWriter& m, storage::Tx& tx, const cases::Case& subject) {
                 const CaseTrail trail(page, tx, subject, part);
                 trail.writeSteps(m);
                 trail.writeRecord(m);
                 const std::string path = page.casePath(subject.id) + "/history";
                 m.set("first", part.behind + 1);
                 if (part.behind > 0) m.set("first_href", path);
                 if (const std::int64_t last = part.behind + shownEntries; last < subject.entries)
                     m.set("next_href", path + "?after=" + std::to_string(last));
             });
}

void CasePages::print(Visit& visit) const {
    CaseVisit page(parts_, visit);
    gateway::PageOrder order;
    order.name = "pages/case-print";
    sendCase(parts_, page, std::move(order), {}, [&](MapWriter& m, storage::Tx& tx, const cases::Case& subject) {
        cases::TrailPart part;
        part.comments = 0;
        const CaseTrail trail(page, tx, subject, part);
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
}

void CasePages::comment(Visit& visit) const {
    CaseVisit page(parts_, visit);
    if (page.sendsToSignIn()) return;
    auto lease = parts_.pool.lease();
    storage::Tx tx(*lease, storage::Tx::Mode::write);
    const cases::Case subject = page.find(tx);
    const auto who = page.who();
    parts_.engine.comment(tx, who, subject.id, sent(visit, "text"), !sent(visit, "internal").empty());
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
