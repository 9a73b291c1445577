// SPDX-License-Identifier: Apache-2.0
#include "services/cases/CaseModel.h"

#include "base/Json.h"
#include "services/Declared.h"
#include "services/cases/Deadlines.h"
#include "services/cases/Notes.h"
#include "services/cases/Relations.h"
#include "storage/Tx.h"

namespace dalate::services::cases {

namespace {

std::string_view name(Transition::Tone tone) {
    return tone == Transition::Tone::primary ? "primary" : tone == Transition::Tone::danger ? "danger" : "plain";
}

std::string_view name(Transition::Reason reason) {
    return reason == Transition::Reason::required   ? "required"
           : reason == Transition::Reason::optional ? "optional"
                                                    : "none";
}

std::string labelOf(const Machine* machine, std::string_view state) {
    const State* found = machine ? machine->state(state) : nullptr;
    return found ? found->label : std::string();
}

Value parsed(const std::string& text) {
    auto value = json::parse(text);
    return value ? std::move(value).take() : Value();
}

void write(MapWriter& m, const Machine* machine, const Entry& e) {
    const Transition* t = machine ? machine->transition(e.transition) : nullptr;
    m.set("entry", e.entry).set("at", e.at).set("act", e.act).set("transition", e.transition);
    m.set("label", t ? t->label : std::string());
    m.set("from", e.from).set("fromLabel", labelOf(machine, e.from));
    m.set("to", e.to).set("toLabel", labelOf(machine, e.to)).set("version", e.version);
    m.set("who", e.actorName).set("kind", e.actorKind).set("role", e.actorRole);
    m.set("organisation", e.organisationName).set("onBehalf", e.onBehalfName).set("reason", e.reason);
    m.set("answers", parsed(e.answers)).set("details", parsed(e.details)).set("hash", e.hash);
}

void write(MapWriter& m, const Machine* machine, const Deadlines::Row& row) {
    const Deadline* d = machine ? machine->deadline(row.name) : nullptr;
    const auto rungs = d ? static_cast<std::int64_t>(d->ladder.size()) : std::int64_t{0};
    m.set("name", row.name).set("label", d ? d->label : std::string()).set("startsAt", row.startsAt);
    m.set("term", row.term.text()).set("endsAt", row.baseAt).set("provisional", row.provisional);
    m.set("rung", row.rung).set("rungs", rungs).set("dueAt", row.dueAt).set("firedAt", row.firedAt);
    m.set("endedAt", row.endedAt).set("running", row.endedAt == 0);
    m.set("late", row.endedAt != 0 ? row.endedAt > row.baseAt : row.firedAt >= row.baseAt && row.firedAt != 0);
}

} // namespace

Value movesModel(const Engine::Moves& moves) {
    return Value::map([&](MapWriter& m) {
        m.list("moves", [&](ListWriter& list) {
            for (const Engine::Allowed& one : moves.all)
                list.map([&](MapWriter& item) {
                    const Transition& t = *one.transition;
                    item.set("transition", t.name).set("label", t.label).set("to", one.to->name);
                    item.set("toLabel", one.to->label);
                    item.set("tone", name(t.tone)).set("reason", name(t.reason)).set("form", t.form);
                    item.set("by", one.by).set("onBehalf", one.onBehalfName);
                });
        });
    });
}

Value trailModel(Engine& engine, storage::Tx& tx, const Who& who, std::int64_t id, const TrailPart& part) {
    const Case c = engine.find(tx, who, id);
    const auto declared = who.declared && who.declared->plugin == c.plugin
                              ? who.declared
                              : engine.parts().declarations.find(c.plugin);
    const Machine* machine = declared ? declared->machine(c.machine) : nullptr;
    const bool inside = engine.readsInternal(tx, who, c);
    const auto reader = inside ? Notes::For::inside : Notes::For::everybody;
    const auto entries = part.movesAlone ? History::moves(tx, id) : History::of(tx, id, part.behind, part.entries);
    const auto verdict = part.chain ? History::verify(tx, c) : History::Verdict();
    const auto comments = Notes::comments(tx, id, reader, part.comments);
    const std::int64_t commentCount = Notes::commentCount(tx, id, reader);
    const auto attachments = Notes::attachments(tx, id);
    const auto deadlines = Deadlines::of(tx, id);
    const auto relations = Relations::list(tx, id);
    return Value::map([&](MapWriter& m) {
        m.set("case", c.toValue()).set("title", machine ? machine->title : std::string());
        const State* state = machine ? machine->state(c.state) : nullptr;
        m.set("stateLabel", state ? state->label : std::string());
        m.set("stateKind", state ? cases::name(state->kind) : std::string_view());
        m.list("entries", [&](ListWriter& list) {
            for (const Entry& e : entries) {
                const bool internal = e.act == "comment" && parsed(e.details)["internal"].truth();
                if (!internal || inside) list.map([&](MapWriter& one) { write(one, machine, e); });
            }
        });
        m.list("comments", [&](ListWriter& list) {
            for (const Notes::Comment& one : comments)
                list.map([&](MapWriter& item) {
                    item.set("comment", std::to_string(one.id)).set("at", one.at).set("who", one.name);
                    item.set("organisation", one.organisationName).set("internal", one.internal);
                    item.set("text", one.text);
                });
        });
        m.list("attachments", [&](ListWriter& list) {
            for (const Notes::Attachment& one : attachments)
                list.map([&](MapWriter& item) {
                    item.set("file", std::to_string(one.file)).set("at", one.at).set("name", one.name);
                });
        });
        m.list("deadlines", [&](ListWriter& list) {
            for (const Deadlines::Row& row : deadlines)
                list.map([&](MapWriter& item) { write(item, machine, row); });
        });
        m.list("relations", [&](ListWriter& list) {
            for (const Relations::Person& one : relations)
                list.map([&](MapWriter& item) {
                    item.set("relation", one.relation).set("account", std::to_string(one.account));
                    item.set("since", one.since);
                });
        });
        m.set("commentCount", commentCount);
        if (!part.chain) return;
        m.map("chain", [&](MapWriter& chain) {
            chain.set("whole", verdict.whole()).set("entries", verdict.entries).set("head", c.head);
            chain.set("brokenAt", verdict.brokenAt).set("fault", verdict.fault);
        });
    });
}

} // namespace dalate::services::cases
