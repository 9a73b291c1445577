// SPDX-License-Identifier: Apache-2.0
#include "log/CaptureJob.h"

#include "epcis/Schema.h"

#include <algorithm>

namespace dalate::traceability {

namespace {

constexpr std::size_t pieceSize = 500;

// A report of a thousand lines is read by nobody; the counts stay exact.
constexpr std::size_t mostErrors = 1000;

CaptureError conflict(const epcis::Document& document, std::size_t index, std::string_view id) {
    return {static_cast<std::int64_t>(index), document.eventPath(index), "traceability.capture.conflict", 409,
            std::string(id)};
}

} // namespace

std::vector<CaptureError> errorsOf(const std::vector<epcis::Problem>& problems) {
    std::vector<CaptureError> errors;
    for (const epcis::Problem& p : problems)
        errors.push_back({static_cast<std::int64_t>(p.event), p.path, p.code, 400, p.value});
    return errors;
}

std::vector<CaptureError> errorsOfDocument(const std::vector<epcis::Problem>& problems) {
    std::vector<CaptureError> errors = errorsOf(problems);
    for (CaptureError& e : errors) e.index = -1;
    return errors;
}

void CaptureJob::run(std::int64_t id) {
    std::string text;
    {
        Tx tx = job_.begin(TxMode::read);
        CaptureStore captures(tx);
        const auto found = captures.find(id);
        if (!found || found->isOver()) return;
        capture_ = *found;
        text = captures.document(id);
    }
    std::optional<epcis::Document> document;
    std::vector<epcis::Problem> problems;
    try {
        document = epcis::readDocument(job_.jsonParse(text), problems);
    } catch (const Error& error) {
        return finish({{-1, "$", error.id(), error.status(), {}}});
    }
    if (!document) return finish(errorsOfDocument(problems));
    capture_.total = static_cast<std::int64_t>(document->events.size());
    capture_.behaviour == ErrorBehaviour::proceed ? decidePieces(*document) : decideAll(*document);
}

bool CaptureJob::isGood(const epcis::Document& document, std::size_t index, std::vector<CaptureError>& errors) {
    std::vector<epcis::Problem> problems;
    if (epcis::check(document, index, vocabulary_, job_.now(), problems)) return true;
    for (CaptureError& e : errorsOf(problems))
        if (errors.size() < mostErrors) errors.push_back(std::move(e));
    return false;
}

void CaptureJob::decideAll(const epcis::Document& document) {
    std::vector<CaptureError> errors;
    std::int64_t failed = 0;
    for (std::size_t i = 0; i < document.events.size(); ++i)
        if (!isGood(document, i, errors)) ++failed;
    if (failed > 0) {
        capture_.failed = failed;
        return finish(errors);
    }

    const Time now = job_.now();
    std::vector<ReadyEvent> ready;
    ready.reserve(document.events.size());
    for (std::size_t i = 0; i < document.events.size(); ++i) {
        ready.push_back(makeReady(job_, document, i, now));
        if (i % pieceSize == 0) job_.progress(static_cast<std::int64_t>(i), capture_.total);
    }
    {
        Tx tx = job_.begin(TxMode::write);
        Recorder recorder(job_, tx, now);
        for (std::size_t i = 0; i < ready.size(); ++i) {
            switch (recorder.record(ready[i], captor())) {
            case Recorder::Outcome::stored: ++capture_.stored; break;
            case Recorder::Outcome::duplicate: ++capture_.duplicate; break;
            case Recorder::Outcome::conflict:
                ++capture_.failed;
                if (errors.size() < mostErrors) errors.push_back(conflict(document, i, ready[i].id));
            }
        }
        if (capture_.failed == 0) {
            capture_.position = capture_.total;
            capture_.finishedAt = job_.now();
            CaptureStore(tx).update(capture_);
            job_.progress(tx, capture_.total, capture_.total);
            tx.commit();
            return;
        }
    }
    capture_.stored = capture_.duplicate = 0;
    finish(errors);
}

void CaptureJob::decidePieces(const epcis::Document& document) {
    while (capture_.position < capture_.total) {
        const auto first = static_cast<std::size_t>(capture_.position);
        const std::size_t end = std::min(document.events.size(), first + pieceSize);
        const Time now = job_.now();
        std::vector<CaptureError> errors;
        std::vector<std::pair<std::size_t, ReadyEvent>> ready;
        for (std::size_t i = first; i < end; ++i) {
            if (isGood(document, i, errors))
                ready.emplace_back(i, makeReady(job_, document, i, now));
            else
                ++capture_.failed;
        }
        Tx tx = job_.begin(TxMode::write);
        Recorder recorder(job_, tx, now);
        for (const auto& [index, event] : ready) {
            switch (recorder.record(event, captor())) {
            case Recorder::Outcome::stored: ++capture_.stored; break;
            case Recorder::Outcome::duplicate: ++capture_.duplicate; break;
            case Recorder::Outcome::conflict:
                ++capture_.failed;
                errors.push_back(conflict(document, index, event.id));
            }
        }
        capture_.position = static_cast<std::int64_t>(end);
        CaptureStore captures(tx);
        captures.addErrors(capture_.id, errors);
        captures.update(capture_);
        job_.progress(tx, capture_.position, capture_.total);
        tx.commit();
    }
    finish({});
}

void CaptureJob::finish(const std::vector<CaptureError>& errors) {
    capture_.finishedAt = job_.now();
    Tx tx = job_.begin(TxMode::write);
    CaptureStore captures(tx);
    captures.addErrors(capture_.id, errors);
    captures.update(capture_);
    // Refused where another thread has taken the job over meanwhile: the end and its errors are written once.
    job_.progress(tx, capture_.total, capture_.total);
    tx.commit();
}

} // namespace dalate::traceability
