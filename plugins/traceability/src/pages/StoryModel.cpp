// SPDX-License-Identifier: Apache-2.0
#include "pages/StoryModel.h"

#include "gs1/Percent.h"

#include <algorithm>
#include <tuple>

namespace dalate::traceability {

namespace {

void fact(ListWriter& facts, std::string_view label, std::string_view text) {
    if (!text.empty()) facts.map([&](MapWriter& m) { m.set("label", label).set("text", text); });
}

std::string temperatures(const TemperatureRecord& record, const Wording& wording) {
    if (record.empty()) return {};
    if (record.lowest() == record.highest()) return record.lowest() + " ℃";
    return wording.text("traceability.scan.range", Value::map([&](MapWriter& m) {
                            m.set("low", record.lowest()).set("high", record.highest());
                        }));
}

/// The plugin's own extension fields of a farmer's record.
std::string extension(const epcis::Event& event, std::string_view name) {
    for (const ValueView member : event.extensions())
        if (event.context.expand(member.key()).iri() == "urn:dalate:traceability:" + std::string(name))
            return member.asText();
    return {};
}

void writeStep(MapWriter& m, const StoryEvent& told, const StoryPage& page, const Wording& wording, Labels& labels) {
    const epcis::Event& event = told.event;
    const std::string pesticide = extension(event, "pesticide");
    std::string title = pesticide.empty() ? wording.step(told.row.step) : wording.text("traceability.step.pesticide");
    if (title.empty()) title = wording.text("traceability.step.event");
    const bool recalled = lastWord(told.row.disposition) == "recalled";
    m.set("kind", recalled ? "bad" : "done").set("title", title);
    m.set("time", wording.time(told.row.eventTime)).set("iso", Wording::iso(told.row.eventTime));
    const std::string place = labels.place(told.row.place.empty() ? told.row.readPoint : told.row.place);
    if (!place.empty()) m.set("place", place);
    if (recalled) m.set("text", wording.text("traceability.scan.recalled_step"));
    m.list("facts", [&](ListWriter& facts) {
        fact(facts, wording.text("traceability.fact.amount"), wording.amount(amountIn(event, page.uri)));
        fact(facts, wording.text("traceability.fact.receiver"), labels.place(told.row.receiver));
        fact(facts, wording.text("traceability.fact.temperature"), temperatures(told.temperature, wording));
        fact(facts, wording.text("traceability.fact.pesticide"), pesticide);
        fact(facts, wording.text("traceability.fact.dose"), extension(event, "dose"));
        if (const std::string days = extension(event, "safeIntervalDays"); !days.empty())
            fact(facts, wording.text("traceability.fact.safe_interval"),
                 wording.text("traceability.fact.days", Value::map([&](MapWriter& v) { v.set("days", days); })));
        if (event.inputQuantities.size() + event.inputEpcs.size() > 1) {
            std::string sources;
            std::size_t named = 0;
            for (const epcis::Quantity& q : event.inputQuantities) {
                if (named++ == 6) break;
                if (!sources.empty()) sources += wording.text("traceability.fact.comma");
                sources += labels.ofUri(q.epcClass).text;
                if (const std::string amount = wording.amount(q.amount.empty() ? Amount{} : parseAmount(q.amount, q.uom));
                    !amount.empty())
                    sources += " " + amount;
            }
            fact(facts, wording.text("traceability.fact.mixed_from"), sources);
        }
    });
}

void writeGap(MapWriter& m, const TemperatureRecord::Gap& gap, const Wording& wording) {
    m.set("kind", "missing").set("title", wording.text("traceability.scan.gap_title"));
    m.set("time", wording.time(gap.from)).set("iso", Wording::iso(gap.from));
    m.set("text", wording.text("traceability.scan.gap", Value::map([&](MapWriter& v) { v.set("minutes", gap.minutes); })));
}

void writeSteps(ListWriter& steps, const StoryPage& page, const Wording& wording, Labels& labels) {
    const auto gaps = page.story.temperature.gaps();
    auto gap = gaps.begin();
    for (const StoryEvent& told : page.story.events) {
        for (; gap != gaps.end() && gap->from < told.row.eventTime; ++gap)
            steps.map([&](MapWriter& m) { writeGap(m, *gap, wording); });
        steps.map([&](MapWriter& m) { writeStep(m, told, page, wording, labels); });
    }
    for (; gap != gaps.end(); ++gap) steps.map([&](MapWriter& m) { writeGap(m, *gap, wording); });
}

void writePapers(ListWriter& rows, const StoryPage& page, bool tests, const Wording& wording) {
    for (const Paper& paper : page.papers) {
        if (paper.isTest != tests) continue;
        rows.map([&](MapWriter& m) {
            m.set("title", paper.title).set("number", paper.number).set("issuer", paper.issuer);
            m.set("day", wording.day(paper.issuedAt)).set("note", paper.note);
            if (paper.document != 0 && paper.isPublic) {
                m.set("document_href", "/files/" + std::to_string(paper.document));
                m.set("document", wording.document(paper.documentType, paper.documentSize));
            }
            if (paper.result == "none") return;
            const bool pass = paper.result == "pass";
            m.map("status", [&](MapWriter& s) {
                s.set("kind", pass ? "good" : "bad");
                s.set("text", wording.text(pass ? "traceability.paper.pass" : "traceability.paper.fail"));
            });
        });
    }
}

/// What may not be sold stands first; that the lot itself was once held and released is said too.
void writeHolds(MapWriter& m, const StoryPage& page, const Wording& wording, Labels& labels) {
    const auto values = [&](const LotHold& hold) {
        return Value::map([&](MapWriter& v) {
            v.set("since", wording.time(hold.heldAt)).set("number", hold.number).set("basis", hold.basis);
            v.set("measure", wording.text("traceability.hold.measure_" + hold.measure));
            v.set("ground", wording.text("traceability.hold.ground_" + hold.ground));
            v.set("until", wording.day(hold.dueAt)).set("released", wording.time(hold.releasedAt));
            if (hold.node != page.lotNode) v.set("lot", labels.of(hold.node).text);
        });
    };
    m.list("holds", [&](ListWriter& list) {
        for (const LotHold& hold : page.holds) {
            if (!hold.isInForce()) continue;
            const char* which = hold.node == page.lotNode ? "traceability.scan.held" : "traceability.scan.held_source";
            list.map([&](MapWriter& one) {
                one.set("title", wording.text(std::string(which) + ".title", values(hold)));
                one.set("text", wording.text(std::string(which) + ".text", values(hold)));
            });
        }
    });
    const auto last = std::find_if(page.holds.begin(), page.holds.end(), [&](const LotHold& hold) {
        return hold.node == page.lotNode && !hold.isInForce();
    });
    if (last != page.holds.end()) m.set("was_held", wording.text("traceability.scan.was_held", values(*last)));
}

} // namespace

std::vector<LotHold> holdsOf(Node lot, const Story& story, Tx& tx) {
    std::vector<Node> lots;
    if (lot != 0) lots.push_back(lot);
    for (const auto& [node, window] : story.windows)
        if (kindOf(node) == NodeKind::lot && node != lot) lots.push_back(node);
    return HoldStore(tx).everInForce(lots);
}

std::string complaintHref(std::string_view product, std::string_view code) {
    return "/cases/traceability/complaint/open?product=" + gs1::encodeValue(product) + "&lot=" + gs1::encodeValue(code);
}

std::vector<std::string> missingFrom(const StoryPage& page) {
    const Story& story = page.story;
    std::vector<std::string> missing;
    const auto none = [&](bool isTest) {
        return std::none_of(page.papers.begin(), page.papers.end(), [&](const Paper& p) { return p.isTest == isTest && p.node != 0; });
    };
    if (!story.did({"commissioning", "creating_class_instance", "collecting", "killing"})) missing.push_back("made");
    if (none(false)) missing.push_back("certificate");
    if (none(true) && !story.did({"inspecting"})) missing.push_back("test");
    const bool moved = story.did({"shipping", "loading", "departing", "transporting"});
    if (!moved) missing.push_back("transport");
    const bool chilled = page.product && (page.product->category == "fish" || page.product->category == "meat" ||
                                          page.product->category == "milk");
    if (moved && chilled && story.temperature.empty()) missing.push_back("temperature");
    if (!story.did({"receiving", "arriving", "stocking", "retail_selling", "accepting"})) missing.push_back("arrival");
    return missing;
}

std::vector<ListedFinding> doubtsOf(const Story& story, Tx& tx) {
    constexpr std::size_t most = 12;
    std::vector<Node> subjects;
    for (const auto& [node, window] : story.windows) subjects.push_back(node);
    // A sensor's clock is a doubt about the event itself.
    for (const StoryEvent& told : story.events) subjects.push_back(told.row.id);
    std::vector<ListedFinding> doubts = findingsOf(tx, subjects);
    doubts.erase(std::remove_if(doubts.begin(), doubts.end(),
                                [&](const ListedFinding& each) {
                                    const auto window = story.windows.find(each.finding.subject);
                                    return window != story.windows.end() && !window->second.holds(each.finding.at);
                                }),
                 doubts.end());
    std::sort(doubts.begin(), doubts.end(), [](const ListedFinding& a, const ListedFinding& b) {
        return std::tie(a.finding.at, a.id) < std::tie(b.finding.at, b.id);
    });
    if (doubts.size() > most) doubts.resize(most);
    return doubts;
}

Value storyModel(const StoryPage& page, bool serialUnknown, Tx& tx, const Wording& wording, Labels& labels) {
    return Value::map([&](MapWriter& m) {
        m.set("product", page.product ? page.product->name.in(wording.language())
                                      : wording.text("traceability.scan.unnamed_product"));
        m.list("facts", [&](ListWriter& facts) {
            fact(facts, wording.text("traceability.fact.grower"), page.product ? page.product->organisationName : "");
            fact(facts, wording.text("traceability.fact.lot"), page.lot);
            fact(facts, wording.text("traceability.fact.serial"), page.serial);
            fact(facts, "GTIN", page.gtin);
        });
        if (page.story.recalled) m.set("recalled", true);
        writeHolds(m, page, wording, labels);
        m.set("complaint_href", complaintHref(page.product ? page.product->name.in(wording.language()) : std::string(),
                                              page.code));
        if (serialUnknown) m.set("serial_unknown", true);
        if (!page.story.complete) m.set("cut", true);
        if (page.lot.empty() && page.serial.empty()) m.set("product_only", true);
        if (page.story.withdrawn > 0)
            m.set("withdrawn", wording.text("traceability.scan.withdrawn", Value::map([&](MapWriter& v) {
                                                v.set("count", page.story.withdrawn);
                                            })));
        m.list("certificates", [&](ListWriter& rows) { writePapers(rows, page, false, wording); });
        m.list("tests", [&](ListWriter& rows) { writePapers(rows, page, true, wording); });
        m.list("doubts", [&](ListWriter& rows) { writeFindings(rows, page.doubts, tx, wording, labels); });
        m.list("steps", [&](ListWriter& steps) { writeSteps(steps, page, wording, labels); });
        if (page.lot.empty() && page.serial.empty()) return;
        m.list("missing", [&](ListWriter& list) {
            for (const std::string& what : missingFrom(page))
                list.map([&](MapWriter& one) { one.set("text", wording.text("traceability.missing." + what)); });
            std::int64_t minutes = 0;
            for (const auto& gap : page.story.temperature.gaps()) minutes += gap.minutes;
            if (minutes > 0)
                list.map([&](MapWriter& one) {
                    one.set("text", wording.text("traceability.missing.gap", Value::map([&](MapWriter& v) {
                                                     v.set("minutes", minutes);
                                                 })));
                });
        });
    });
}

} // namespace dalate::traceability
