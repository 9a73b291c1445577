// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "trace/Node.h"

#include <dalate/db.hpp>

#include <optional>
#include <string>
#include <vector>

namespace dalate::traceability {

/// What is to happen to the good events of a document with a bad one (GS1-Capture-Error-Behaviour).
enum class ErrorBehaviour { rollback, proceed };

std::string_view toText(ErrorBehaviour behaviour) noexcept;

/// One thing that a capture reports. `index` is the event's place in the document, negative for the document itself.
struct CaptureError {
    std::int64_t index = -1;
    std::string path;
    std::string code; ///< a message id
    int status = 400;
    std::string detail; ///< what was found, for the text
};

/// A document on its way into the log.
struct Capture {
    std::int64_t id = 0;
    std::string job;
    ErrorBehaviour behaviour = ErrorBehaviour::rollback;
    std::int64_t organisation = 0;
    std::int64_t user = 0;
    Time createdAt = 0;
    Time finishedAt = 0; ///< 0 while it is under way
    std::int64_t position = 0, total = 0;
    std::int64_t stored = 0, duplicate = 0, failed = 0;

    bool isOver() const noexcept { return finishedAt != 0; }
};

/// Captures and what went wrong with them. In the caller's transaction.
class CaptureStore {
public:
    explicit CaptureStore(Tx& tx) noexcept : tx_(tx) {}

    void add(const Capture& capture, std::string_view document);
    void setJob(std::int64_t id, std::string_view job);
    std::optional<Capture> find(std::int64_t id);
    /// The text as it was sent; empty once the capture is over.
    std::string document(std::int64_t id);

    /// Writes position, counts and end; the document goes with the end.
    void update(const Capture& capture);
    void addErrors(std::int64_t id, const std::vector<CaptureError>& errors);
    /// At most `limit`, in the order of the document.
    std::vector<CaptureError> errors(std::int64_t id, std::size_t limit);
    /// The newest of an organisation before `before` (0: any).
    std::vector<Capture> latest(std::int64_t organisation, std::int64_t before, std::size_t limit);

private:
    Tx& tx_;
};

} // namespace dalate::traceability
