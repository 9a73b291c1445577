// SPDX-License-Identifier: Apache-2.0
#include "pages/ScanPage.h"

#include "gs1/DigitalLink.h"
#include "gs1/Percent.h"
#include "log/EventLinksOf.h"
#include "log/LinkRows.h"
#include "pages/StoryModel.h"

#include <algorithm>

namespace dalate::traceability {

namespace {

Response notACode(const Request& request, int status, std::string_view kind, std::string_view code) {
    const Wording wording(request);
    const std::string base = std::string("traceability.scan.").append(kind);
    return Response::page("traceability/scan-fault", Value::map([&](MapWriter& m) {
                              m.set("heading", wording.text(base + ".title"));
                              m.set("body", wording.text(base + ".body", Value::map([&](MapWriter& v) {
                                                             v.set("code", code);
                                                         })));
                              m.set("advice", wording.text(base + ".advice"));
                              m.set("code", code);
                              // A label that nobody recorded may be a false one.
                              if (kind == "unknown") m.set("complaint_href", complaintHref({}, code));
                          }),
                          status);
}

/// The address as it is printed, from the path's parameters.
std::string printedCode(const Request& request) {
    std::string code = "/01/" + gs1::encodeValue(request.param("gtin"));
    if (!request.param("lot").empty()) code += "/10/" + gs1::encodeValue(request.param("lot"));
    if (!request.param("serial").empty()) code += "/21/" + gs1::encodeValue(request.param("serial"));
    return code;
}

/// What the page is about: the item if one is named and known, else its lot.
struct Subject {
    std::optional<Node> node;
    std::string lot;          ///< empty where none is known
    bool serialUnknown = false;
};

Subject subjectOf(const gs1::DigitalLink& link, Identifiers& identifiers, EdgeSource& edges) {
    Subject subject;
    subject.lot = link.qualifier("10");
    const std::string_view serial = link.qualifier("21");
    if (!serial.empty()) {
        subject.node = identifiers.find(link.canonical());
        if (subject.node && subject.lot.empty()) {
            std::vector<Edge> above;
            edges.reaching({*subject.node}, Links::genealogy, above);
            for (const Edge& e : above) {
                if (e.kind != LinkKind::member) continue;
                const auto lot = gs1::parseDigitalLink(identifiers.uri(e.from));
                if (const auto* known = std::get_if<gs1::DigitalLink>(&lot)) subject.lot = known->qualifier("10");
            }
        }
        subject.serialUnknown = !subject.node;
    }
    if (!subject.node && !subject.lot.empty()) subject.node = identifiers.find(lotUri(link.key, subject.lot));
    return subject;
}

} // namespace

Response ScanPage::show(Request& request) {
    const std::string code = printedCode(request);
    const auto parsed = gs1::parseDigitalLink(code);
    if (const auto* fault = std::get_if<gs1::LinkFault>(&parsed)) {
        if (fault->kind == gs1::LinkFault::Kind::checkDigit) return notACode(request, 422, "digit", code);
        return notACode(request, 400, "malformed", code);
    }
    const auto& link = std::get<gs1::DigitalLink>(parsed);
    const Wording wording(request);

    std::optional<Value> model;
    {
        Tx tx = request.begin(TxMode::read);
        Identifiers identifiers(tx);
        LinkRows edges(tx, request.host());
        CatalogueStore catalogue(tx);
        Labels labels(tx, wording);
        const auto product = catalogue.product(link.key);
        const Subject subject = subjectOf(link, identifiers, edges);
        const bool productOnly = link.qualifiers.empty() && product;
        if (subject.node || productOnly) {
            StoryPage page;
            page.gtin = link.key;
            page.lot = subject.lot;
            page.serial = link.qualifier("21");
            page.code = code;
            page.product = product;
            if (subject.node) {
                page.story = tell(request, tx, identifiers, edges, *subject.node);
                page.doubts = doubtsOf(page.story, tx);
                page.uri = identifiers.uri(*subject.node);
                const auto lot = subject.lot.empty() ? std::nullopt : identifiers.find(lotUri(link.key, subject.lot));
                page.lotNode = lot.value_or(0);
                page.papers = catalogue.papers(lot.value_or(*subject.node), product ? product->organisation : 0);
                page.holds = holdsOf(page.lotNode, page.story, tx);
            }
            // Known from a document of someone else, or from a paper alone, is not yet a lot that anyone recorded.
            const bool hasPaper = std::any_of(page.papers.begin(), page.papers.end(), [](const Paper& p) { return p.node != 0; });
            if (productOnly || !page.story.events.empty() || hasPaper || page.story.withdrawn > 0)
                model = storyModel(page, subject.serialUnknown, tx, wording, labels);
        }
    }
    if (!model) return notACode(request, 404, "unknown", code);
    return Response::page("traceability/scan", std::move(*model));
}

Response ScanPage::find(Request& request) {
    std::string code(request.query("code").value_or(""));
    code.erase(0, std::min(code.find_first_not_of(" \t"), code.size()));
    while (!code.empty() && (code.back() == ' ' || code.back() == '\t')) code.pop_back();
    if (code.empty()) return Response::redirect(std::string(request.pluginPath()) + "/");
    if (code.front() != '/' && code.find("://") == std::string::npos) code = "/" + code;
    const auto parsed = gs1::parseDigitalLink(code);
    if (const auto* fault = std::get_if<gs1::LinkFault>(&parsed)) {
        if (fault->kind == gs1::LinkFault::Kind::checkDigit) return notACode(request, 422, "digit", code);
        return notACode(request, 400, "malformed", code);
    }
    const auto& link = std::get<gs1::DigitalLink>(parsed);
    if (link.ai != "01") return notACode(request, 400, "malformed", code);
    return Response::redirect(link.format(""));
}

} // namespace dalate::traceability
