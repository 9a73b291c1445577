// SPDX-License-Identifier: Apache-2.0
#include "log/CaptureStore.h"

namespace dalate::traceability {

namespace {

Capture captureOf(const Rows& rows) {
    Capture c;
    c.id = rows.integer(0);
    c.job = rows.text(1);
    c.behaviour = rows.text(2) == "proceed" ? ErrorBehaviour::proceed : ErrorBehaviour::rollback;
    c.organisation = rows.integer(3);
    c.user = rows.integer(4);
    c.createdAt = rows.integer(5);
    c.finishedAt = rows.integer(6);
    c.position = rows.integer(7);
    c.total = rows.integer(8);
    c.stored = rows.integer(9);
    c.duplicate = rows.integer(10);
    c.failed = rows.integer(11);
    return c;
}

} // namespace

std::string_view toText(ErrorBehaviour behaviour) noexcept {
    return behaviour == ErrorBehaviour::proceed ? "proceed" : "rollback";
}

void CaptureStore::add(const Capture& c, std::string_view document) {
    tx_.exec("INSERT INTO traceability_capture (id, job, behaviour, organisation, captured_by, created_at, document) "
             "VALUES (:id, '', :behaviour, :organisation, :user, :created_at, :document)",
             {{"id", c.id}, {"behaviour", toText(c.behaviour)}, {"organisation", c.organisation}, {"user", c.user},
              {"created_at", c.createdAt}, {"document", document}});
}

void CaptureStore::setJob(std::int64_t id, std::string_view job) {
    tx_.exec("UPDATE traceability_capture SET job = :job WHERE id = :id", {{"id", id}, {"job", job}});
}

std::optional<Capture> CaptureStore::find(std::int64_t id) {
    Rows rows = tx_.query("SELECT id, job, behaviour, organisation, captured_by, created_at, finished_at, position, "
                          "total, stored, duplicate, failed FROM traceability_capture WHERE id = :id",
                          {{"id", id}});
    if (!rows.next()) return std::nullopt;
    return captureOf(rows);
}

std::string CaptureStore::document(std::int64_t id) {
    Rows rows = tx_.query("SELECT document FROM traceability_capture WHERE id = :id", {{"id", id}});
    return rows.next() ? std::string(rows.text(0)) : std::string();
}

void CaptureStore::update(const Capture& c) {
    tx_.exec("UPDATE traceability_capture SET finished_at = :finished_at, position = :position, total = :total, "
             "stored = :stored, duplicate = :duplicate, failed = :failed, "
             "document = CASE WHEN :finished_at = 0 THEN document ELSE NULL END WHERE id = :id",
             {{"id", c.id}, {"finished_at", c.finishedAt}, {"position", c.position}, {"total", c.total},
              {"stored", c.stored}, {"duplicate", c.duplicate}, {"failed", c.failed}});
}

void CaptureStore::addErrors(std::int64_t id, const std::vector<CaptureError>& errors) {
    if (errors.empty()) return;
    std::int64_t number = 0;
    {
        Rows rows = tx_.query("SELECT MAX(number) FROM traceability_capture_error WHERE capture = :id", {{"id", id}});
        if (rows.next()) number = rows.integer(0);
    }
    for (const CaptureError& e : errors)
        tx_.exec("INSERT INTO traceability_capture_error (capture, number, event_index, path, code, status, detail) "
                 "VALUES (:id, :number, :event_index, :path, :code, :status, :detail)",
                 {{"id", id}, {"number", ++number}, {"event_index", e.index}, {"path", e.path}, {"code", e.code},
                  {"status", e.status}, {"detail", e.detail}});
}

std::vector<CaptureError> CaptureStore::errors(std::int64_t id, std::size_t limit) {
    Rows rows = tx_.query("SELECT event_index, path, code, status, detail FROM traceability_capture_error "
                          "WHERE capture = :id ORDER BY number LIMIT :most",
                          {{"id", id}, {"most", limit}});
    std::vector<CaptureError> found;
    while (rows.next())
        found.push_back({rows.integer(0), std::string(rows.text(1)), std::string(rows.text(2)),
                         static_cast<int>(rows.integer(3)), std::string(rows.text(4))});
    return found;
}

std::vector<Capture> CaptureStore::latest(std::int64_t organisation, std::int64_t before, std::size_t limit) {
    Rows rows = tx_.query("SELECT id, job, behaviour, organisation, captured_by, created_at, finished_at, position, "
                          "total, stored, duplicate, failed FROM traceability_capture "
                          "WHERE organisation = :organisation AND (:before = 0 OR id < :before) "
                          "ORDER BY id DESC LIMIT :most",
                          {{"organisation", organisation}, {"before", before}, {"most", limit}});
    std::vector<Capture> found;
    while (rows.next()) found.push_back(captureOf(rows));
    return found;
}

} // namespace dalate::traceability
