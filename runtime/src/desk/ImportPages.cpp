// SPDX-License-Identifier: Apache-2.0
#include "desk/ImportPages.h"

#include "gateway/Headers.h"
#include "services/files/FileName.h"
#include "services/files/FileStore.h"
#include "services/lists/CsvWriter.h"
#include "storage/Session.h"
#include "storage/Tx.h"

#include <cerrno>
#include <unistd.h>

namespace dalate::desk {

using namespace services;
using gateway::Visit;
using lists::Batch;
using lists::Imports;

namespace {

std::string bytesOf(const files::Blobs::Opened& opened) {
    std::string bytes(opened.size, '\0');
    for (std::size_t at = 0; at < bytes.size();) {
        const ssize_t got =
            ::pread(opened.file.get(), bytes.data() + at, bytes.size() - at, static_cast<off_t>(at));
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) throw Error(500, "core.file.lost");
        at += static_cast<std::size_t>(got);
    }
    return bytes;
}

/// What is wrong with the file, to whoever brought it.
std::string problemOf(const ListVisit& page, const Error& error) {
    const ValueView fault = error.details()["fault"];
    if (fault.text().empty()) return page.text(error.id(), error.details());
    return page.text("core.import.fault." + std::string(fault.text()), error.details());
}

/// Only whoever may import finds the pages.
void demandImport(const ListVisit& page) {
    if (!page.list().import || !page.may(page.list().import->permission))
        throw Error(404, "core.request.unknown");
}

const forms::Form& formOf(const ListVisit& page) {
    return *page.declared().form(page.list().import->form);
}

void writeBatch(MapWriter& m, const ListVisit& page, const Batch& batch) {
    m.set("file", batch.fileName).set("brought", page.time(batch.createdAt));
    m.set("href", page.path() + "/import/" + std::to_string(batch.id));
    m.map("status", [&](MapWriter& s) {
        s.set("kind", batch.state == "done"   ? "good"
                      : batch.isUnderWay()    ? "busy"
                      : batch.state == "read" ? "warn"
                                              : "off");
        s.set("text", page.text("core.import.state." + batch.state));
    });
}

/// {line, texts: [{text}]} of the rows in a state.
void writeRows(MapWriter& m, const ListVisit& page, std::string_view key,
               const std::vector<lists::ImportRow>& rows) {
    m.list(key, [&](ListWriter& list) {
        for (const lists::ImportRow& row : rows)
            list.map([&](MapWriter& one) {
                one.set("line", page.text("core.import.row",
                                          Value::map([&](MapWriter& v) { v.set("line", row.line); })));
                one.list("texts", [&](ListWriter& texts) {
                    for (const ValueView fault : row.faults.view())
                        texts.map([&](MapWriter& text) {
                            text.set("text", fault.has("id") ? page.text(fault["id"].text(), fault["values"])
                                                             : std::string(fault["text"].text()));
                        });
                });
            });
    });
}

void writeNumbers(MapWriter& m, const ListVisit& page, const Batch& batch) {
    const std::pair<const char*, std::int64_t> all[] = {{"good", batch.good},     {"faulty", batch.faulty},
                                                        {"done", batch.done},     {"failed", batch.failed},
                                                        {"undone", batch.undone}, {"kept", batch.kept}};
    m.list("numbers", [&](ListWriter& list) {
        for (const auto& [state, number] : all)
            if (number > 0)
                list.map([&, &name = state, &count = number](MapWriter& row) {
                    row.set("label", page.text(std::string("core.import.rows.") + name));
                    row.set("text", std::to_string(count));
                });
    });
}

/// The first good rows as they will be brought in: what is personal is masked, since a screen is seen by
/// others.
void writePreview(MapWriter& m, const ListVisit& page, const Batch& batch,
                  const std::vector<lists::ImportRow>& rows) {
    const forms::FormWords words = page.formWords(batch.rulesAt);
    const forms::Form& form = formOf(page);
    m.list("columns", [&](ListWriter& columns) {
        columns.map([&](MapWriter& column) { column.set("label", page.text("core.import.line")); });
        for (const forms::Field& field : form.fields)
            columns.map([&](MapWriter& column) { column.set("label", words.text(field.label)); });
    });
    m.list("preview", [&](ListWriter& list) {
        for (const lists::ImportRow& row : rows)
            list.map([&](MapWriter& one) {
                one.list("cells", [&](ListWriter& cells) {
                    cells.map([&](MapWriter& cell) {
                        cell.set("label", page.text("core.import.line"))
                            .set("text", std::to_string(row.line));
                        cell.set("first", true);
                    });
                    for (const forms::Field& field : form.fields)
                        cells.map([&](MapWriter& cell) {
                            const ValueView answer = row.answers[field.name];
                            std::string shown = answer.isNull() ? std::string() : words.answer(field, answer);
                            if (field.personal && !shown.empty()) shown = forms::masked(field, shown);
                            cell.set("label", words.text(field.label)).set("text", shown);
                        });
                });
            });
    });
}

void writeButtons(MapWriter& m, const ListVisit& page, const Batch& batch) {
    const bool canUndo = !page.list().import->undo.empty();
    m.list("buttons", [&](ListWriter& list) {
        const auto button = [&](const char* value, const char* kind) {
            list.map([&](MapWriter& one) {
                one.set("value", value).set("kind", kind);
                one.set("label", page.text(std::string("core.import.act.") + value,
                                           Value::map([&](MapWriter& v) { v.set("count", batch.good); })));
            });
        };
        if (batch.state == "read" && batch.good > 0) button("begin", "primary");
        if (batch.isUnderWay()) button("go_on", "primary");
        if (canUndo && batch.done > 0 && (batch.state == "done" || batch.state == "running"))
            button("ask_undo", "danger");
    });
}

/// Before an import is taken back: what would go, and the way out.
void writeQuestion(MapWriter& m, const ListVisit& page, const Batch& batch) {
    m.set("question",
          page.text("core.import.undo_q", Value::map([&](MapWriter& v) { v.set("count", batch.done); })));
    m.list("buttons", [&](ListWriter& list) {
        list.map([&](MapWriter& one) {
            one.set("value", "undo")
                .set("kind", "danger")
                .set("label", page.text("core.import.act.ask_undo"));
        });
    });
}

} // namespace

void ImportPages::addTo(gateway::Gateway& gateway) {
    const std::string path = "/lists/{plugin}/{list}/import";
    gateway.add({"GET", path, "", [this](Visit& visit) { show(visit); }});
    gateway.add({"POST", path, "", [this](Visit& visit) { read(visit); },
                 parts_.desk.files.maxBytes() + besideFiles, true});
    gateway.add({"GET", path + "/pattern", "", [this](Visit& visit) { pattern(visit); }});
    gateway.add({"GET", path + "/{batch}", "", [this](Visit& visit) { batch(visit); }});
    gateway.add({"POST", path + "/{batch}", "", [this](Visit& visit) { act(visit); }});
}

void ImportPages::show(Visit& visit) const {
    ListVisit page(parts_, visit);
    if (page.sendsToSignIn()) return;
    demandImport(page);
    sendForm(page, {});
}

void ImportPages::sendForm(ListVisit& page, const std::string& problem) const {
    const forms::FormWords words = page.formWords(now());
    const Value model = Value::map([&](MapWriter& m) {
        if (!problem.empty()) {
            m.set("problem", problem);
            m.list("problems", [&](ListWriter& list) {
                list.map([&](MapWriter& one) { one.set("text", problem).set("href", "#f-table"); });
            });
        }
        m.set("heading", page.text(page.list().title)).set("list_href", page.path());
        m.set("action", page.path() + "/import").set("pattern_href", page.path() + "/import/pattern");
        m.list("headings", [&](ListWriter& list) {
            for (const std::string& heading : lists::SheetForm::headings(formOf(page), words))
                list.map([&](MapWriter& one) { one.set("text", heading); });
        });
        auto lease = parts_.desk.pool.lease();
        storage::Tx tx(*lease, storage::Tx::Mode::read);
        m.list("batches", [&](ListWriter& list) {
            for (const Batch& one : parts_.imports.recent(tx, page.doer(), page.list()))
                list.map([&](MapWriter& row) { writeBatch(row, page, one); });
        });
    });
    gateway::PageOrder order;
    order.name = "pages/import";
    order.model = model;
    order.status = problem.empty() ? 200 : 422;
    const std::string title = page.text("core.import.title");
    order.title = problem.empty() ? title : page.text("core.form.error_prefix") + title;
    order.holdsForm = true;
    page.send(order);
}

void ImportPages::pattern(Visit& visit) const {
    ListVisit page(parts_, visit);
    if (page.sendsToSignIn()) return;
    demandImport(page);
    lists::CsvWriter csv([&](std::string_view piece) { visit.response.write(piece); });
    for (const std::string& heading : lists::SheetForm::headings(formOf(page), page.formWords(now())))
        csv.text(heading);
    csv.endRow();
    csv.finish();
    gateway::setSecurityHeaders(visit.response, visit.who);
    visit.response.set("Cache-Control", "no-store");
    visit.response.set("Content-Type", "text/csv; charset=utf-8");
    visit.response.set("Content-Disposition", files::attachmentNamed(page.text(page.list().title) + ".csv"));
}

void ImportPages::read(Visit& visit) const {
    ListVisit page(parts_, visit);
    if (page.sendsToSignIn()) return;
    demandImport(page);
    std::int64_t id = 0;
    try {
        id = taken(page);
    } catch (const Error& error) {
        if (error.status() != 422 && error.status() != 413) throw;
        return sendForm(page, problemOf(page, error));
    }
    page.goTo(page.path() + "/import/" + std::to_string(id));
}

std::int64_t ImportPages::taken(ListVisit& page) const {
    const auto& uploads = page.visit().uploads;
    if (uploads.size() != 1) throw Error(422, "core.import.no_file");
    const files::Upload& upload = uploads.front();
    // The bytes are nobody's file: what matters of them is in the rows, and the collector takes them.
    const std::string bytes = bytesOf(parts_.desk.files.blobs().open(upload.sha256));
    const lists::Sheet sheet = lists::readSheet(bytes);
    const forms::FormWords words = page.formWords(now());
    auto lease = parts_.desk.pool.lease();
    storage::Tx tx(*lease, storage::Tx::Mode::write);
    const std::int64_t id =
        parts_.imports.read(tx, page.doer(), page.list(), words, sheet, upload.name, upload.sha256);
    tx.commit();
    return id;
}

void ImportPages::batch(Visit& visit) const {
    ListVisit page(parts_, visit);
    if (page.sendsToSignIn()) return;
    demandImport(page);
    sendBatch(page, pathNumber(visit, "batch"), Asks::nothing);
}

void ImportPages::sendBatch(ListVisit& page, std::int64_t id, Asks asks) const {
    const Value model = Value::map([&](MapWriter& m) {
        auto lease = parts_.desk.pool.lease();
        storage::Tx tx(*lease, storage::Tx::Mode::read);
        const Batch found = parts_.imports.find(tx, page.doer(), page.list(), id);
        m.set("heading", page.text(page.list().title)).set("import_href", page.path() + "/import");
        m.set("action", page.path() + "/import/" + std::to_string(id));
        writeBatch(m, page, found);
        writeNumbers(m, page, found);
        if (asks == Asks::nothing)
            writeButtons(m, page, found);
        else
            writeQuestion(m, page, found);
        if (found.state == "read" && parts_.imports.sameFile(tx, found))
            m.set("again", page.text("core.import.again"));
        writeRows(m, page, "faulty", Imports::rows(tx, id, "faulty", 0, shownRows));
        writeRows(m, page, "failed", Imports::rows(tx, id, "failed", 0, shownRows));
        writeRows(m, page, "kept", Imports::rows(tx, id, "kept", 0, shownRows));
        writePreview(m, page, found, Imports::rows(tx, id, "good", 0, 5));
    });
    gateway::PageOrder order;
    order.name = "pages/import-batch";
    order.model = model;
    order.title = page.text("core.import.title");
    order.holdsForm = true;
    page.send(order);
}

void ImportPages::act(Visit& visit) const {
    ListVisit page(parts_, visit);
    if (page.sendsToSignIn()) return;
    demandImport(page);
    const std::int64_t id = pathNumber(visit, "batch");
    const std::string what = sent(visit, "_do");
    if (what == "ask_undo") return sendBatch(page, id, Asks::undo);
    {
        auto lease = parts_.desk.pool.lease();
        storage::Tx tx(*lease, storage::Tx::Mode::write);
        const Batch found = parts_.imports.find(tx, page.doer(), page.list(), id);
        if (what == "begin")
            parts_.imports.begin(tx, found);
        else if (what == "undo")
            parts_.imports.beginUndo(tx, page.list(), found);
        else if (what != "go_on")
            throw Error(404, "core.request.unknown");
        if (what != "go_on")
            page.record(tx, "list.import." + what, Value::map([&](MapWriter& m) {
                            m.set("batch", std::to_string(id)).set("file", found.fileName);
                        }));
        tx.commit();
    }
    parts_.imports.goOn(page.doer(), page.list(), id, press);
    page.goTo(page.path() + "/import/" + std::to_string(id));
}

} // namespace dalate::desk
