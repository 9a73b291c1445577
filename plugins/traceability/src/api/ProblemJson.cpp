// SPDX-License-Identifier: Apache-2.0
#include "api/ProblemJson.h"

#include <algorithm>

namespace dalate::traceability {

namespace {

std::string_view typeOf(int status) noexcept {
    switch (status) {
    case 409: return "epcisException:ResourceAlreadyExistsException";
    case 413: return "epcisException:CaptureLimitExceededException";
    case 501: return "epcisException:ImplementationException";
    default: return status >= 500 ? "epcisException:ImplementationException" : "epcisException:ValidationException";
    }
}

std::string words(const Call& call, const CaptureError& error) {
    const Value values = Value::map([&](MapWriter& m) { m.set("value", error.detail).set("path", error.path).set("parameter", error.path); });
    try {
        return std::string(call.tr(error.code, values));
    } catch (const Error&) {
        // The host's own faults (JSON) have no text among the plugin's; the code says it too.
        return error.code;
    }
}

} // namespace

void writeProblem(MapWriter& out, const Call& call, const CaptureError& error) {
    out.set("type", typeOf(error.status)).set("title", words(call, error)).set("status", error.status);
    out.set("code", error.code).set("path", error.path);
    if (error.index >= 0) out.set("eventIndex", error.index);
    if (!error.detail.empty()) out.set("value", error.detail);
}

Response refusal(const Call& call, const std::vector<CaptureError>& errors) {
    int status = 400;
    if (!errors.empty()) {
        const auto less = [](const CaptureError& a, const CaptureError& b) { return a.status < b.status; };
        status = std::min_element(errors.begin(), errors.end(), less)->status;
    }
    Value body = Value::map([&](MapWriter& m) {
        if (!errors.empty()) writeProblem(m, call, errors.front());
        m.list("errors", [&](ListWriter& list) {
            for (const CaptureError& e : errors)
                list.map([&](MapWriter& one) { writeProblem(one, call, e); });
        });
    });
    return Response::json(std::move(body), status, "application/problem+json");
}

} // namespace dalate::traceability
