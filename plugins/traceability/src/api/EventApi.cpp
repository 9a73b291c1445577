// SPDX-License-Identifier: Apache-2.0
#include "api/EventApi.h"

#include "api/ProblemJson.h"
#include "epcis/Answer.h"
#include "gs1/Percent.h"
#include "log/EventStore.h"
#include "log/QueryStore.h"

namespace dalate::traceability {

namespace {

std::optional<std::int64_t> ownEventsOnly(const Request& request) {
    if (request.can("traceability.event.read_all")) return std::nullopt;
    return request.principal().organisation();
}

std::string nextPage(const Request& request, const epcis::Parameters& parameters, const std::string& token) {
    std::string link = "<" + std::string(request.pluginPath()) + "/epcis/events?";
    for (const auto& [name, value] : parameters)
        if (name != "nextPageToken") link += gs1::encodeValue(name) + "=" + gs1::encodeValue(value) + "&";
    return link + "nextPageToken=" + gs1::encodeValue(token) + ">; rel=\"next\"";
}

} // namespace

Response EventApi::query(Request& request, const epcis::Vocabulary& vocabulary) {
    epcis::Parameters parameters;
    for (const ValueView field : request.queries())
        for (const ValueView value : field) parameters.emplace_back(field.key(), value.asText());
    auto parsed = epcis::parseQuery(parameters, vocabulary);
    if (const auto* problems = std::get_if<std::vector<epcis::ParameterProblem>>(&parsed)) {
        std::vector<CaptureError> errors;
        for (const epcis::ParameterProblem& p : *problems)
            errors.push_back({-1, p.parameter, p.code, p.status, p.value});
        return refusal(request, errors);
    }
    const auto& query = std::get<epcis::Query>(parsed);

    QueryPage page;
    {
        Tx tx = request.begin(TxMode::read);
        Identifiers identifiers(tx);
        page = answer(tx, identifiers, query, ownEventsOnly(request));
    }
    const std::vector<std::string_view> events(page.events.begin(), page.events.end());
    Response response = Response::bytes("application/json", epcis::answerDocument(events, request.now()));
    response.header("GS1-EPCIS-Version", "2.0.0").header("GS1-CBV-Version", "2.0.0");
    if (page.next) response.header("Link", nextPage(request, parameters, query.nextPageToken(*page.next)));
    return response;
}

Response EventApi::event(Request& request) {
    std::optional<std::string> body;
    {
        Tx tx = request.begin(TxMode::read);
        Identifiers identifiers(tx);
        body = EventStore(tx, identifiers).bodyOf(request.param("event"), ownEventsOnly(request));
    }
    if (!body) throw Error(404, "core.not_found");
    return Response::bytes("application/json", std::move(*body)).header("GS1-EPCIS-Version", "2.0.0");
}

} // namespace dalate::traceability
