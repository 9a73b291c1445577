// SPDX-License-Identifier: Apache-2.0
#include "desk/CaseTrail.h"

#include "identity/Accounts.h"
#include "identity/Organisations.h"

#include <algorithm>

namespace dalate::desk {

using namespace services;
using cases::Machine;

namespace {

void writeFact(ListWriter& list, std::string_view label, std::string_view text) {
    if (!text.empty()) list.map([&](MapWriter& row) { row.set("label", label).set("text", text); });
}

} // namespace

CaseTrail::CaseTrail(CaseVisit& page, storage::Tx& tx, const cases::Case& subject, const cases::TrailPart& part)
    : page_(page), case_(subject),
      trail_(cases::trailModel(page.parts().engine, tx, page.who(), subject.id, part)) {
    if (const auto account = identity::Accounts::find(tx, subject.assignee)) assignee_ = account->name;
    if (const auto body = identity::Organisations::find(tx, subject.organisation)) handledBy_ = body->name;
}

std::string CaseTrail::what(ValueView entry) const {
    const std::string_view act = entry["act"].text();
    if (act == "move" && !entry["label"].text().empty()) return page_.text(entry["label"].text());
    return page_.text("core.cases.act." + std::string(act));
}

std::string CaseTrail::whoDid(ValueView entry) const {
    if (entry["kind"].text() == "system") return page_.text("core.cases.system");
    const std::string name = entry["who"].asText();
    if (name.empty()) return page_.text("core.cases.visitor");
    if (entry["onBehalf"].text().empty()) return name;
    return page_.text("core.cases.on_behalf",
                      Value::map([&](MapWriter& m) { m.set("who", name).set("giver", entry["onBehalf"]); }));
}

void CaseTrail::writeSteps(MapWriter& m) const {
    // The step that the case is at is the last move, wherever the page of the history ends.
    const auto isNow = [&](ValueView entry) {
        const std::string_view act = entry["act"].text();
        return case_.closedAt == 0 && (act == "open" || act == "move") &&
               entry["version"].integer().value_or(0) == case_.version;
    };
    m.list("steps", [&](ListWriter& list) {
        for (const ValueView entry : trail_["entries"]) {
            const bool now = isNow(entry);
            const Micros at = entry["at"].integer().value_or(0);
            list.map([&](MapWriter& step) {
                step.set("kind", now ? "now" : "done").set("title", what(entry));
                step.set("time", page_.time(at)).set("iso", toRfc3339(at));
                step.set("place", entry["organisation"]).set("text", entry["reason"]);
                step.list("facts", [&](ListWriter& facts) {
                    writeFact(facts, page_.text("core.cases.who"), whoDid(entry));
                    writeFact(facts, page_.text("core.cases.now"), page_.text(entry["toLabel"].text()));
                });
            });
        }
    });
}

void CaseTrail::writeAnswers(MapWriter& m, forms::Personal personal) const {
    const Machine& machine = page_.machine();
    const forms::FormWords words = page_.words(case_.rulesAt);
    m.list("groups", [&](ListWriter& list) {
        for (const ValueView entry : trail_["entries"]) {
            const bool opened = entry["act"].text() == "open";
            const cases::Transition* way = machine.transition(entry["transition"].text());
            const std::string& name = opened || !way ? machine.form : way->form;
            const forms::Form* form = name.empty() ? nullptr : page_.declared().form(name);
            if (!form || (!opened && entry["act"].text() != "move")) continue;
            const Value rows = forms::detailRows(*form, entry["answers"], words, personal);
            list.map(
                [&](MapWriter& group) { group.set("title", words.text(form->title)).set("rows", rows); });
        }
    });
}

void CaseTrail::writeFacts(MapWriter& m) const {
    m.list("facts", [&](ListWriter& list) {
        writeFact(list, page_.text("core.cases.number"), case_.number);
        list.map([&](MapWriter& row) {
            row.set("label", page_.text("core.cases.state"));
            writeState(row, "status", page_.machine().state(case_.state),
                       page_.text(trail_["stateLabel"].text()));
        });
        writeFact(list, page_.text("core.cases.opened_at"), page_.time(case_.openedAt));
        writeFact(list, page_.text("core.cases.handled_by"), handledBy_);
        writeFact(list, page_.text("core.cases.assignee"), assignee_);
        for (const ValueView deadline : trail_["deadlines"]) {
            if (!deadline["running"].truth()) continue;
            const Micros ends = deadline["endsAt"].integer().value_or(0);
            const std::string id = deadline["label"].asText();
            list.map([&](MapWriter& row) {
                row.set("label", page_.text(id.empty() ? "core.cases.deadline" : id));
                if (ends > now())
                    row.set("text", page_.time(ends));
                else
                    row.map("status", [&](MapWriter& late) {
                        late.set("kind", "bad")
                            .set("text", page_.text("core.cases.overdue", Value::map([&](MapWriter& v) {
                                                        v.set("time", page_.time(ends));
                                                    })));
                    });
            });
        }
        writeFact(list, page_.text("core.cases.closed_at"), page_.time(case_.closedAt));
    });
}

void CaseTrail::writeComments(MapWriter& m) const {
    const std::int64_t count = trail_["commentCount"].integer().value_or(0);
    if (count > static_cast<std::int64_t>(trail_["comments"].size())) m.set("comment_count", count);
    m.list("comments", [&](ListWriter& list) {
        for (const ValueView comment : trail_["comments"])
            list.map([&](MapWriter& one) {
                const Micros at = comment["at"].integer().value_or(0);
                one.set("who", comment["who"]).set("organisation", comment["organisation"]);
                one.set("time", page_.time(at)).set("iso", toRfc3339(at));
                one.set("internal", comment["internal"].truth()).set("text", comment["text"]);
            });
    });
}

void CaseTrail::writeAttachments(MapWriter& m) const {
    m.list("attachments", [&](ListWriter& list) {
        for (const ValueView file : trail_["attachments"])
            list.map([&](MapWriter& one) {
                one.set("name", file["name"]).set("href", "/files/" + file["file"].asText());
                one.set("time", page_.time(file["at"].integer().value_or(0)));
            });
    });
}

void CaseTrail::writeRecord(MapWriter& m) const {
    m.list("entries", [&](ListWriter& list) {
        for (const ValueView entry : trail_["entries"])
            list.map([&](MapWriter& one) {
                one.set("number", entry["entry"]).set("time", page_.time(entry["at"].integer().value_or(0)));
                one.set("what", what(entry)).set("to", page_.text(entry["toLabel"].text()));
                one.set("who", whoDid(entry)).set("organisation", entry["organisation"]);
                one.set("text", entry["reason"]).set("hash", entry["hash"].text().substr(0, 16));
            });
    });
    m.map("chain", [&](MapWriter& chain) {
        const bool whole = trail_["chain"]["whole"].truth();
        chain.set("kind", whole ? "good" : "bad");
        chain.set("text", page_.text(whole ? "core.cases.chain_whole" : "core.cases.chain_broken"));
        chain.set("head", case_.head);
    });
}

std::vector<std::string> CaseTrail::past() const {
    std::vector<std::string> states;
    for (const ValueView entry : trail_["entries"])
        if (const std::string to = entry["to"].asText();
            !to.empty() && to != case_.state && std::find(states.begin(), states.end(), to) == states.end())
            states.push_back(to);
    return states;
}

} // namespace dalate::desk
