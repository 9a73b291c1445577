// SPDX-License-Identifier: Apache-2.0
#include "pages/PaperPages.h"

#include "gs1/LotCode.h"
#include "hold/HoldMoves.h"
#include "story/Wording.h"

#include <dalate/audit.hpp>
#include <dalate/files.hpp>
#include <dalate/forms.hpp>

namespace dalate::traceability {

namespace {

constexpr std::size_t mostListed = 100;
constexpr std::string_view documentField = "_document"; // the page's own: the form knows nothing of it

struct Problem {
    std::string field; ///< of the declared form, or empty for the document
    std::string text;
};

std::string listPath(const Request& request) { return std::string(request.pluginPath()) + "/papers"; }

bool isTaken(std::string_view type) {
    return type == "application/pdf" || type == "image/jpeg" || type == "image/png";
}

/// The declared form's model with the document's question and what the plugin itself found wrong.
Value pageOf(const Request& request, ValueView form, const std::vector<Problem>& own) {
    const Wording wording(request);
    return Value::map([&](MapWriter& m) {
        for (const ValueView member : form)
            if (member.key() != "problems") m.set(member.key(), member);
        m.list("problems", [&](ListWriter& list) {
            for (const ValueView problem : form["problems"]) list.add(problem);
            for (const Problem& problem : own)
                list.map([&](MapWriter& p) {
                    p.set("text", problem.text).set("href", problem.field.empty() ? "#f-document" : "#f-" + problem.field);
                });
        });
        m.map("document", [&](MapWriter& d) {
            d.set("id", "f-document").set("name", documentField).set("file", true);
            d.set("label", wording.text("traceability.paper.document"));
            d.set("hint", wording.text("traceability.paper.document_help"));
            for (const Problem& problem : own)
                if (problem.field.empty()) d.set("error", problem.text);
        });
    });
}

/// What the declared form cannot know: the lot, whose it is, and the document's kind.
std::vector<Problem> problemsOf(const Request& request, const Wording& wording, const forms::Judged& judged,
                                const std::optional<gs1::LotCode>& lot) {
    std::vector<Problem> found;
    const auto uploads = files::uploads(request, documentField);
    if (uploads.size() != 1)
        found.push_back({"", wording.text("traceability.paper.document_missing")});
    else if (!isTaken(uploads.front().type()))
        found.push_back({"", wording.text("traceability.paper.document_type")});
    if (judged.answers()["of"].text() == "lot" && !judged.answers()["lot"].isNull() && !lot)
        found.push_back({"lot", wording.text("traceability.hold.lot_code")});
    return found;
}

} // namespace

Response PaperPages::list(Request& request) {
    const Wording wording(request);
    Value model;
    {
        Tx tx = request.begin(TxMode::read);
        Labels labels(tx, wording);
        const auto papers = CatalogueStore(tx).papersOf(request.principal().organisation(), mostListed);
        model = Value::map([&](MapWriter& m) {
            if (request.query("saved")) m.set("saved", true);
            m.set("new_href", listPath(request) + "/new");
            m.list("papers", [&](ListWriter& list) {
                for (const Paper& paper : papers)
                    list.map([&](MapWriter& p) {
                        const Labels::Label lot = paper.node != 0 ? labels.of(paper.node) : Labels::Label{};
                        p.set("title", paper.title).set("number", paper.number).set("day", wording.day(paper.issuedAt));
                        p.set("about", paper.node != 0 ? lot.text : wording.text("traceability.paper.of_organisation"));
                        if (!lot.href.empty()) p.set("href", lot.href);
                        if (paper.document == 0) return;
                        p.set("document_href", "/files/" + std::to_string(paper.document));
                        p.set("document", wording.document(paper.documentType, paper.documentSize));
                        p.set("who", wording.text(paper.isPublic ? "traceability.paper.open" : "traceability.paper.closed"));
                    });
            });
        });
    }
    return Response::page("traceability/papers", std::move(model));
}

Response PaperPages::form(Request& request) {
    const auto lot = gs1::readLotCode(request.query("lot").value_or(""));
    const Value answers = Value::map([&](MapWriter& m) {
        if (lot) m.set("of", "lot").set("lot", lot->path());
    });
    return Response::page("traceability/paper-form",
                          pageOf(request, forms::Form(request, "paper").model(listPath(request) + "/new", answers), {}));
}

Response PaperPages::keep(Request& request) {
    const Wording wording(request);
    const forms::Form form(request, "paper");
    const Value fields = Value::map([&](MapWriter& m) {
        for (const ValueView field : request.formFields())
            if (field.key().substr(0, 1) != "_") m.set(field.key(), field);
    });
    const forms::Judged judged = form.posted(fields);
    const ValueView answers = judged.answers();
    const auto lot = gs1::readLotCode(answers["lot"].text());
    std::vector<Problem> own = problemsOf(request, wording, judged, lot);
    const auto again = [&] {
        return Response::page("traceability/paper-form",
                              pageOf(request, form.model(listPath(request) + "/new", judged, fields), own), 422);
    };
    if (!judged || !own.empty()) return again();

    Paper paper;
    paper.id = request.host().newId();
    paper.organisation = request.principal().organisation();
    paper.isTest = answers["kind"].text() == "test";
    paper.title = answers["title"].text();
    paper.number = answers["number"].text();
    paper.issuer = answers["issuer"].text();
    paper.issuedAt = startOfDay(answers["issued"].text()).value_or(0);
    paper.result = paper.isTest ? answers["result"].text() : "none";
    paper.isPublic = answers["public"].truth();
    const files::Upload upload = files::uploads(request, documentField).front();
    paper.documentType = upload.type();
    paper.documentSize = upload.size();
    {
        Tx tx = request.begin(TxMode::write);
        CatalogueStore catalogue(tx);
        if (lot) {
            const auto product = catalogue.product(lot->gtin);
            const auto node = Identifiers(tx).find(lot->uri);
            // Another organisation's lot is answered as one that is not there.
            if (!node || (product && product->organisation != paper.organisation))
                own.push_back({"lot", wording.text("traceability.hold.lot_unknown")});
            else
                paper.node = *node;
        }
        if (own.empty()) {
            paper.document = Value::of(files::keep(request, tx, upload.token(), "paper/" + std::to_string(paper.id),
                                                   paper.isPublic ? files::Visibility::open : files::Visibility::object))
                                 .view()
                                 .integer()
                                 .value_or(0);
            catalogue.add(paper);
            if (paper.isTest && paper.result == "fail") HoldMoves::proposeAfter(paper, lot->uri, request, tx);
            audit::record(request, tx, "traceability.paper.keep", std::to_string(paper.id));
            tx.commit();
        }
    }
    if (!own.empty()) return again();
    return Response::redirect(listPath(request) + "?saved=1");
}

Value PaperPages::mayRead(ServiceCall& call) {
    constexpr std::string_view prefix = "paper/";
    const std::string_view object = call.arguments()["object"].text();
    bool readable = false;
    if (object.substr(0, prefix.size()) == prefix && call.principal().isPerson()) {
        Tx tx = call.begin(TxMode::read);
        const auto paper = CatalogueStore(tx).paper(Value::of(object.substr(prefix.size())).view().integer().value_or(0));
        readable = paper && ((paper->organisation != 0 && paper->organisation == call.principal().organisation()) ||
                             call.can("traceability.trace.read"));
    }
    return Value::map([&](MapWriter& m) { m.set("readable", readable); });
}

} // namespace dalate::traceability
