// SPDX-License-Identifier: Apache-2.0
#include "api/CaptureApi.h"

#include "api/ProblemJson.h"
#include "epcis/Schema.h"
#include "epcis/Time.h"
#include "gs1/Percent.h"
#include "log/CaptureJob.h"

#include <algorithm>

namespace dalate::traceability {

namespace {

constexpr std::size_t mostErrorsShown = 1000;

ErrorBehaviour behaviourOf(const Request& request) {
    const auto header = request.header("GS1-Capture-Error-Behaviour");
    if (!header || header->empty() || *header == "rollback") return ErrorBehaviour::rollback;
    if (*header == "proceed") return ErrorBehaviour::proceed;
    throw Error(400, "traceability.capture.behaviour");
}

std::int64_t numberOf(std::string_view text) {
    return Value::of(text).view().integer().value_or(0);
}

/// Writes GS1's EPCISCaptureJob. `fault` is what ended a job that could not finish.
void writeState(MapWriter& m, const Capture& c, bool broken) {
    const bool running = !c.isOver() && !broken;
    m.set("captureID", std::to_string(c.id)).set("createdAt", epcis::toUtcMillis(c.createdAt));
    if (c.isOver()) m.set("finishedAt", epcis::toUtcMillis(c.finishedAt));
    m.set("captureErrorBehaviour", toText(c.behaviour));
    m.set("running", running).set("total", c.total).set("stored", c.stored).set("duplicate", c.duplicate);
    m.set("failed", c.failed);
}

/// A job that failed for good leaves the capture as it was; what it said stands in for the capture's own end.
std::optional<CaptureError> faultOf(const Call& call, const Capture& capture) {
    if (capture.isOver() || capture.job.empty()) return std::nullopt;
    try {
        const jobs::Status status = jobs::status(call, capture.job);
        if (status.state() != "failed") return std::nullopt;
        const ValueView error = status.error();
        return CaptureError{-1, "$", error["id"].asText(), static_cast<int>(error["status"].integer().value_or(500)), {}};
    } catch (const Error& error) {
        if (error.status() != 404) throw;
        return std::nullopt; // the job's row was tidied away; the capture's own row tells
    }
}

} // namespace

Response CaptureApi::capture(Request& request) {
    Capture capture;
    capture.behaviour = behaviourOf(request);
    std::vector<epcis::Problem> problems;
    if (!epcis::readDocument(request.json(), problems)) return refusal(request, errorsOfDocument(problems));

    capture.id = request.host().newId();
    capture.organisation = request.principal().organisation();
    capture.user = request.principal().user();
    capture.createdAt = request.now();
    const std::string document = request.body();
    Tx tx = request.begin(TxMode::write);
    CaptureStore captures(tx);
    captures.add(capture, document);
    captures.setJob(capture.id, jobs::enqueue(request, tx, "capture", Value::map([&](MapWriter& m) {
                                                  m.set("capture", capture.id);
                                              })));
    tx.commit();
    return Response::empty(202).header("Location", std::string(request.pluginPath()) + "/epcis/capture/" +
                                                       std::to_string(capture.id));
}

Value CaptureApi::run(JobContext& job, const epcis::Vocabulary& vocabulary) {
    CaptureJob(job, vocabulary).run(job.arguments()["capture"].integer().value_or(0));
    return {};
}

Response CaptureApi::state(Request& request) {
    std::optional<Capture> capture;
    std::vector<CaptureError> errors;
    {
        Tx tx = request.begin(TxMode::read);
        CaptureStore captures(tx);
        capture = captures.find(numberOf(request.param("capture")));
        if (!capture || capture->organisation != request.principal().organisation()) throw Error(404, "core.not_found");
        errors = captures.errors(capture->id, mostErrorsShown);
    }
    const auto fault = faultOf(request, *capture);
    if (fault) errors.push_back(*fault);
    return Response::json(Value::map([&](MapWriter& m) {
        writeState(m, *capture, fault.has_value());
        m.set("success", errors.empty() && capture->failed == 0);
        m.list("errors", [&](ListWriter& list) {
            for (const CaptureError& e : errors) list.map([&](MapWriter& one) { writeProblem(one, request, e); });
        });
    }));
}

Response CaptureApi::list(Request& request) {
    const std::int64_t asked = numberOf(request.query("perPage").value_or("30"));
    const auto perPage = static_cast<std::size_t>(std::clamp<std::int64_t>(asked, 1, 100));
    const std::int64_t before = numberOf(request.query("nextPageToken").value_or("0"));
    std::vector<Capture> found;
    {
        Tx tx = request.begin(TxMode::read);
        found = CaptureStore(tx).latest(request.principal().organisation(), before, perPage + 1);
    }
    const bool more = found.size() > perPage;
    if (more) found.pop_back();
    Response response = Response::json(Value::list([&](ListWriter& list) {
        for (const Capture& c : found)
            list.map([&](MapWriter& m) {
                writeState(m, c, false);
                m.set("success", c.failed == 0);
            });
    }));
    if (more)
        response.header("Link", "<" + std::string(request.pluginPath()) + "/epcis/capture?perPage=" +
                                    std::to_string(perPage) + "&nextPageToken=" + std::to_string(found.back().id) +
                                    ">; rel=\"next\"");
    return response;
}

Response CaptureApi::add(Request& request, const epcis::Vocabulary& vocabulary) {
    std::vector<epcis::Problem> problems;
    const auto document = epcis::readDocument(request.json(), problems);
    if (!document) return refusal(request, errorsOfDocument(problems));
    if (document->form != epcis::Document::Form::event) throw Error(400, "traceability.capture.not_one_event");
    const Time now = request.now();
    if (!epcis::check(*document, 0, vocabulary, now, problems)) return refusal(request, errorsOf(problems));

    const ReadyEvent ready = makeReady(request, *document, 0, now);
    Tx tx = request.begin(TxMode::write);
    Recorder recorder(request, tx, now);
    const Captor captor{request.principal().organisation(), request.principal().user(), 0};
    const Recorder::Outcome outcome = recorder.record(ready, captor);
    if (outcome == Recorder::Outcome::conflict)
        return refusal(request, {{0, "$", "traceability.capture.conflict", 409, ready.id}});
    tx.commit();
    const bool duplicate = outcome == Recorder::Outcome::duplicate;
    return Response::json(Value::map([&](MapWriter& m) { m.set("eventID", ready.id).set("duplicate", duplicate); }),
                          duplicate ? 200 : 201)
        .header("Location", std::string(request.pluginPath()) + "/epcis/events/" + gs1::encodeValue(ready.id));
}

} // namespace dalate::traceability
