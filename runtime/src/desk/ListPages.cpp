// SPDX-License-Identifier: Apache-2.0
#include "desk/ListPages.h"

#include "base/Utf8.h"
#include "gateway/FormFields.h"
#include "gateway/Headers.h"
#include "host/PluginHost.h"
#include "services/cases/CaseList.h"
#include "services/cases/Todo.h"
#include "storage/Session.h"
#include "storage/Tx.h"

#include <charconv>
#include <optional>

namespace dalate::desk {

using namespace services;
using cases::CaseList;
using gateway::Visit;

namespace {

constexpr std::int64_t mostTodo = 200;

std::string asked(const Visit& visit, std::string_view name) {
    const std::string* value = gateway::firstOf(visit.query, name);
    return value ? *value : std::string();
}

/// `<changed at>-<id>`; anything else is the first page.
std::optional<CaseList::Key> keyIn(const std::string& text) {
    CaseList::Key key;
    const char* end = text.data() + text.size();
    const auto first = std::from_chars(text.data(), end, key.changedAt);
    if (first.ec != std::errc() || first.ptr == end || *first.ptr != '-') return std::nullopt;
    const auto second = std::from_chars(first.ptr + 1, end, key.id);
    if (second.ec != std::errc() || second.ptr != end) return std::nullopt;
    return key;
}

void writeCell(ListWriter& cells, const std::string& label, std::string_view text,
               std::string_view href = {}) {
    cells.map([&](MapWriter& cell) {
        cell.set("label", label).set("text", text);
        if (!href.empty()) cell.set("href", href).set("first", true);
    });
}

void writeColumns(MapWriter& m, const std::vector<std::string>& labels) {
    m.list("columns", [&](ListWriter& list) {
        for (const std::string& label : labels)
            list.map([&](MapWriter& column) { column.set("label", label); });
    });
}

} // namespace

void ListPages::addTo(gateway::Gateway& gateway) {
    gateway.add({"GET", "/cases/{plugin}/{machine}", "", [this](Visit& visit) { list(visit); }});
    gateway.add({"GET", "/todo", "", [this](Visit& visit) { todo(visit); }});
}

void ListPages::list(Visit& visit) const {
    CaseVisit page(parts_, visit);
    if (page.sendsToSignIn()) return;
    const cases::Machine& machine = page.machine();
    const std::string state = asked(visit, "state"), words(clipped(asked(visit, "words"), 100));
    const auto after = keyIn(asked(visit, "after"));
    CaseList::Filter filter;
    filter.plugin = page.declared().plugin;
    filter.machine = machine.name;
    filter.state = state;
    filter.words = words;
    auto lease = parts_.pool.lease();
    storage::Tx tx(*lease, storage::Tx::Mode::read);
    const auto who = page.who();
    CaseList::Page found =
        CaseList::read(tx, CaseList::reachOf(who, page.declared(), machine.name), filter, after, perPage);
    // The reach knows today's rules; a case keeps those of its own day, and only what may be opened is shown.
    std::erase_if(found.cases, [&](const cases::Case& one) { return !parts_.engine.mayRead(tx, who, one); });
    const std::string number = page.text("core.cases.number"), about = page.text("core.cases.about"),
                      where = page.text("core.cases.state"), changed = page.text("core.cases.changed_at");
    const std::string query =
        "?state=" + gateway::encodePercent(state) + "&words=" + gateway::encodePercent(words);
    const Value model = Value::map([&](MapWriter& m) {
        m.set("heading", page.text(machine.title)).set("action", page.listPath());
        if (page.mayOpen(tx)) m.set("open_href", page.listPath() + "/open");
        m.list("filters", [&](ListWriter& list) {
            list.map([&](MapWriter& field) {
                field.set("id", "f-state").set("name", "state").set("label", where).set("select", true);
                field.list("options", [&](ListWriter& options) {
                    options.map([&](MapWriter& all) {
                        all.set("value", "").set("label", page.text("core.cases.any_state"));
                    });
                    for (const cases::State& one : machine.states)
                        options.map([&](MapWriter& option) {
                            option.set("value", one.name).set("label", page.text(one.label));
                            option.set("selected", one.name == state);
                        });
                });
            });
            list.map([&](MapWriter& field) {
                field.set("id", "f-words").set("name", "words").set("label", page.text("core.cases.words"));
                field.set("search", true).set("max", "100").set("value", words);
            });
        });
        writeColumns(m, {number, about, where, changed});
        m.list("rows", [&](ListWriter& list) {
            for (const cases::Case& one : found.cases)
                list.map([&](MapWriter& row) {
                    row.list("cells", [&](ListWriter& cells) {
                        writeCell(cells, number, one.number, page.casePath(one.id));
                        writeCell(cells, about, one.title);
                        const cases::State* at = machine.state(one.state);
                        cells.map([&](MapWriter& cell) {
                            cell.set("label", where);
                            writeState(cell, "status", at, at ? page.text(at->label) : one.state);
                        });
                        writeCell(cells, changed, page.time(one.changedAt));
                    });
                });
        });
        if (after) m.set("first_href", page.listPath() + query);
        if (found.next)
            m.set("next_href", page.listPath() + query + "&after=" + std::to_string(found.next->changedAt) +
                                   "-" + std::to_string(found.next->id));
    });
    tx.rollback(); // nothing is held over a render
    gateway::PageOrder order;
    order.name = "pages/case-list";
    order.model = model;
    order.title = page.text(machine.title);
    page.send(order);
}

void ListPages::todo(Visit& visit) const {
    const gateway::Visitor& who = visit.who;
    if (who.principal.isAnonymous()) return sendToSignIn(visit);
    const auto templates = parts_.host.templates();
    const auto text = [&](std::string_view id) {
        return id.empty() ? std::string() : templates->texts().tr(who.language, id);
    };
    const std::string number = text("core.cases.number"), about = text("core.cases.about"),
                      where = text("core.cases.state"), due = text("core.cases.due"),
                      changed = text("core.cases.changed_at");
    auto lease = parts_.pool.lease();
    storage::Tx tx(*lease, storage::Tx::Mode::read);
    const auto waiting = cases::Todo::of(tx, who.principal, {}, mostTodo);
    CaseList::Filter filter;
    filter.applicant = who.principal.user;
    CaseList::Reach own;
    own.account = who.principal.user;
    const auto mine = CaseList::read(tx, own, filter, std::nullopt, 100);
    const Micros moment = now();
    const auto writeRow = [&](ListWriter& list, const std::string& plugin, const std::string& machineName,
                              std::int64_t id, const std::string& no, const std::string& title,
                              const std::string& state, const std::string& timeLabel, Micros at, bool late) {
        const auto declared = who.active.contains(plugin) ? parts_.host.declarations().find(plugin) : nullptr;
        const cases::Machine* machine = declared ? declared->machine(machineName) : nullptr;
        if (!machine) return;
        list.map([&](MapWriter& row) {
            row.list("cells", [&](ListWriter& cells) {
                writeCell(cells, number, no,
                          "/cases/" + plugin + "/" + machineName + "/" + std::to_string(id));
                writeCell(cells, about, title.empty() ? text(machine->title) : title);
                const cases::State* standing = machine->state(state);
                cells.map([&](MapWriter& cell) {
                    cell.set("label", where);
                    writeState(cell, "status", standing, standing ? text(standing->label) : state);
                });
                cells.map([&](MapWriter& cell) {
                    cell.set("label", timeLabel)
                        .set("text", at ? toLocalMinute(at, parts_.utcOffset) : std::string("—"));
                    if (late)
                        cell.map("status", [&](MapWriter& s) {
                            s.set("kind", "bad").set("text", text("core.cases.late"));
                        });
                });
            });
        });
    };
    const Value model = Value::map([&](MapWriter& m) {
        writeColumns(m, {number, about, where, due});
        m.list("waiting", [&](ListWriter& list) {
            for (const cases::Todo::Item& one : waiting)
                writeRow(list, one.plugin, one.machine, one.caseId, one.number, one.title, one.state, due,
                         one.dueAt, one.dueAt != 0 && one.dueAt < moment);
        });
        m.list("mine_columns", [&](ListWriter& list) {
            for (const std::string& label : {number, about, where, changed})
                list.map([&](MapWriter& column) { column.set("label", label); });
        });
        m.list("mine", [&](ListWriter& list) {
            for (const cases::Case& one : mine.cases)
                writeRow(list, one.plugin, one.machine, one.id, one.number, one.title, one.state, changed,
                         one.changedAt, false);
        });
    });
    gateway::setSecurityHeaders(visit.response, who);
    tx.rollback(); // nothing is held over a render
    gateway::PageOrder order;
    order.name = "pages/todo";
    order.model = model;
    parts_.pages.send(visit.response, who, order);
}

} // namespace dalate::desk
