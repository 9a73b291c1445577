// SPDX-License-Identifier: Apache-2.0
#include "pages/TracePage.h"

#include "gs1/DigitalLink.h"
#include "gs1/Identifier.h"
#include "gs1/Percent.h"
#include "log/EventLinksOf.h"
#include "pages/FindingModel.h"
#include "pages/LotCases.h"
#include "pages/PageNumber.h"
#include "pages/TraceSide.h"
#include "trace/TraceDrawing.h"

#include <algorithm>
#include <array>

namespace dalate::traceability {

namespace {

constexpr std::size_t itemsPerPage = 100;
constexpr std::size_t placesPerPage = 50;
constexpr std::size_t mostNamed = 8;     // places in one row of the table; the list of places has them all
constexpr std::size_t mostSubjects = 50; // whose findings are shown

/// The lists of the page that have pages of their own: their query parameters, which are also where a link
/// leads to.
constexpr std::array<std::string_view, 4> lists{"sources", "source_places", "holders", "holder_places"};
struct ListNames {
    std::string_view items, places;
};
ListNames listsOf(Direction direction) {
    return direction == Direction::backward ? ListNames{lists[0], lists[1]} : ListNames{lists[2], lists[3]};
}

/// A lot's page of this kind, so that an inspector walks on from lot to lot; anything else keeps its own
/// address.
std::string onward(const std::string& pluginPath, const std::string& href) {
    const auto parsed = gs1::parseDigitalLink(href);
    const auto* link = std::get_if<gs1::DigitalLink>(&parsed);
    if (!link || link->ai != "01" || link->qualifier("10").empty() || !link->qualifier("21").empty())
        return href;
    return pluginPath + "/lots/" + link->key + "/" + gs1::encodeValue(link->qualifier("10"));
}

/// Writes the page's model; in the transaction that its sides were read in.
class Model {
public:
    Model(const Request& request, const Wording& wording, Labels& labels)
        : request_(request), wording_(wording), labels_(labels), pluginPath_(request.pluginPath()) {}

    void write(MapWriter& m, TraceSide& side) const {
        const std::string base =
            side.forward() ? "traceability.trace.forward" : "traceability.trace.backward";
        const SideWords words{wording_.text(base + ".share"), wording_.text(base + ".amount"),
                              wording_.text(base + ".ending")};
        m.set("title", wording_.text(base + ".title"))
            .set("share_title", words.share)
            .set("amount_title", words.amount);
        const Value counts = Value::map([&](MapWriter& v) {
            v.set("items", side.found()).set("ends", side.endings()).set("holders", side.places().size());
        });
        m.set("summary",
              side.found() == 0 ? wording_.text(base + ".none") : wording_.text(base + ".summary", counts));
        if (!side.complete()) m.set("stopped", true);
        if (!side.trace().cycles.empty()) m.set("cycle", true);

        const ListNames names = listsOf(side.trace().direction);
        const PageNumber page = PageNumber::of(request_, names.items, side.size(), itemsPerPage);
        m.set("id", names.items);
        m.list("items", [&](ListWriter& rows) {
            for (const TracedNode* n : side.items(page.first, page.count))
                rows.map([&](MapWriter& row) { writeItem(row, side, *n, words); });
        });
        if (!page.alone())
            m.map("pager", [&](MapWriter& p) { writePager(p, names.items, page, base + ".title"); });
        if (side.found() > 0) m.map("drawing", [&](MapWriter& d) { writeDrawing(d, side, base + ".title"); });
        if (side.found() > 0 || side.places().size() > mostNamed)
            m.map("places", [&](MapWriter& p) { writePlaces(p, side, names.places, base + ".places"); });
    }

private:
    /// What a row says of its direction; a template sees a row's own words alone.
    struct SideWords {
        std::string share, amount, ending;
    };

    void writeItem(MapWriter& m, TraceSide& side, const TracedNode& n, const SideWords& words) const {
        const Labels::Label label = labels_.ofUri(side.uri(n.node));
        const std::vector<Sighting> sightings = side.sightingsOf(n.node);
        m.set("name", label.text).set("depth", n.depth).set("share", Wording::percent(n.share));
        m.set("amount", wording_.amount(n.amount)).set("holder", placesIn(side, sightings));
        m.set("share_label", words.share).set("amount_label", words.amount);
        if (!sightings.empty()) m.set("since", wording_.day(sightings.front().last));
        if (n.carriedOnly)
            m.set("carried", true);
        else if (n.ending && n.depth > 0)
            m.set("ending", words.ending);
        if (!label.href.empty()) m.set("href", onward(pluginPath_, label.href));
    }

    /// The names of an item's places, each once: a shop's place and its party are called the same.
    std::string placesIn(TraceSide& side, const std::vector<Sighting>& sightings) const {
        std::vector<std::string> names;
        for (const Sighting& s : sightings) {
            std::string name = labels_.place(side.uri(s.place));
            if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(std::move(name));
        }
        std::string text;
        for (std::size_t i = 0; i < names.size() && i < mostNamed; ++i)
            text += (i ? wording_.text("traceability.fact.comma") : "") + names[i];
        if (names.size() <= mostNamed) return text;
        return wording_.text("traceability.trace.holder_more", Value::map([&](MapWriter& m) {
                                 m.set("names", text).set("count", names.size() - mostNamed);
                             }));
    }

    void writePlaces(MapWriter& m, TraceSide& side, std::string_view list, const std::string& title) const {
        const PageNumber page = PageNumber::of(request_, list, side.places().size(), placesPerPage);
        m.set("title", wording_.text(title)).set("id", list);
        m.list("rows", [&](ListWriter& rows) {
            for (std::size_t i = page.first; i < page.first + page.count; ++i)
                rows.map([&, &sum = side.places()[i]](MapWriter& row) {
                    row.set("name", labels_.place(side.uri(sum.place))).set("items", sum.items);
                    row.set("since", wording_.day(sum.last));
                });
        });
        if (!page.alone()) m.map("pager", [&](MapWriter& p) { writePager(p, list, page, title); });
    }

    void writeDrawing(MapWriter& m, TraceSide& side, const std::string& title) const {
        const Trace& trace = side.trace();
        DrawingWords words;
        words.title = wording_.text(title);
        words.sort = [&](std::vector<const TracedNode*>& items) { side.sort(items); };
        words.further = [&](std::size_t count) {
            return counted("traceability.trace.further", "count", count);
        };
        words.label = [&](const TracedNode& n) {
            const Labels::Label label = labels_.ofUri(side.uri(n.node));
            std::string line = wording_.amount(n.amount);
            if (const std::string share = Wording::percent(n.share); !share.empty() && n.node != trace.start)
                line += (line.empty() ? "" : " · ") + share;
            return DrawnLabel{label.text, line,
                              label.href.empty() ? label.href : onward(pluginPath_, label.href)};
        };
        const Drawing drawing = draw(trace, words);
        m.set("html_svg", drawing.svg).set("label", words.title);
        m.set("caption", drawing.left == 0 ? wording_.text("traceability.trace.caption")
                                           : counted("traceability.trace.caption_cut", "left", drawing.left));
    }

    void writePager(MapWriter& m, std::string_view list, const PageNumber& page,
                    const std::string& title) const {
        m.set("label", wording_.text("traceability.trace.pages", Value::map([&](MapWriter& v) {
                                         v.set("title", wording_.text(title));
                                     })));
        m.set("here",
              wording_.text("traceability.trace.here", Value::map([&](MapWriter& v) {
                                v.set("page", page.number).set("pages", page.pages).set("total", page.total);
                                v.set("first", page.first + 1).set("last", page.first + page.count);
                            })));
        if (page.number > 1) m.set("first", href(list, 1)).set("previous", href(list, page.number - 1));
        if (page.number < page.pages)
            m.set("next", href(list, page.number + 1)).set("last", href(list, page.pages));
    }

    /// This page with another page of one of its lists; the other lists stay where they are.
    std::string href(std::string_view list, std::size_t number) const {
        std::string query;
        const auto add = [&](std::string_view name, std::string_view value) {
            query.append(query.empty() ? "?" : "&").append(name).append("=").append(gs1::encodeValue(value));
        };
        if (const auto id = request_.query("id")) add("id", *id);
        for (const std::string_view each : lists)
            if (each == list)
                add(each, std::to_string(number));
            else if (const auto kept = request_.query(each))
                add(each, *kept);
        return std::string(request_.path()) + query + "#" + std::string(list);
    }

    std::string counted(std::string_view id, std::string_view name, std::size_t count) const {
        return wording_.text(id, Value::map([&](MapWriter& v) { v.set(name, count); }));
    }

    const Request& request_;
    const Wording& wording_;
    Labels& labels_;
    std::string pluginPath_;
};

Response show(Request& request, const std::string& uri) {
    const Wording wording(request);
    // Each direction may take a third of the time; the rest is for the page.
    const std::int64_t part = request.timeLeft() / 3;
    const auto until = [&request, part](std::int64_t parts) {
        return [&request, left = part * parts] { return request.timeLeft() < left; };
    };
    Value model;
    {
        Tx tx = request.begin(TxMode::read);
        Identifiers identifiers(tx);
        const auto node = identifiers.find(uri);
        if (!node) throw Error(404, "core.not_found");
        Labels labels(tx, wording);
        TraceSide back(tx, request.host(), identifiers, *node, Direction::backward, until(2));
        TraceSide on(tx, request.host(), identifiers, *node, Direction::forward, until(1));
        const Labels::Label label = labels.of(*node);
        std::vector<Node> subjects{*node};
        for (const TracedNode& n : back.trace().nodes)
            if (kindOf(n.node) == NodeKind::process && subjects.size() < mostSubjects)
                subjects.push_back(n.node);
        const auto findings = findingsOf(tx, subjects);
        const Model page(request, wording, labels);
        model = Value::map([&](MapWriter& m) {
            m.set("heading", label.text).set("code", uri);
            if (!label.href.empty()) m.set("scan_href", label.href);
            writeLotCases(m, request, tx, *node, label, wording);
            m.list("sides", [&](ListWriter& sides) {
                for (TraceSide* side : {&back, &on})
                    sides.map([&](MapWriter& each) { page.write(each, *side); });
            });
            m.list("findings", [&](ListWriter& list) { writeFindings(list, findings, tx, wording, labels); });
        });
    }
    return Response::page("traceability/trace", std::move(model));
}

} // namespace

Response TracePage::lot(Request& request) {
    return show(request, lotUri(request.param("gtin"), request.param("lot")));
}

Response TracePage::any(Request& request) {
    const auto id = request.query("id");
    if (!id || id->empty()) throw Error(404, "core.not_found");
    return show(request, gs1::canonicalId(*id));
}

} // namespace dalate::traceability
