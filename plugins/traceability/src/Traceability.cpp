// SPDX-License-Identifier: Apache-2.0
#include "api/CaptureApi.h"
#include "api/CatalogueApi.h"
#include "api/EventApi.h"
#include "api/RecordApi.h"
#include "complaint/ComplaintMoves.h"
#include "hold/HolderJob.h"
#include "hold/HoldMoves.h"
#include "pages/ListPages.h"
#include "pages/PaperPages.h"
#include "pages/RecordPages.h"
#include "pages/ScanPage.h"
#include "pages/TracePage.h"
#include "record/HarvestSheet.h"

#include <dalate/plugin.hpp>

#include <memory>

namespace dalate::traceability {

/// Where food came from and where it went (农产品质量安全追溯): captures EPCIS 2.0 events, traces lots both ways and
/// shows a buyer what is known of the lot in her hand.
class Traceability : public Plugin {
public:
    using Plugin::Plugin;

    void bind(Binder& binder) override {
        binder.route("capture", &CaptureApi::capture);
        binder.route("capture_state", &CaptureApi::state);
        binder.route("capture_list", &CaptureApi::list);
        binder.route("event_add", [this](Request& r) { return CaptureApi::add(r, *vocabulary_); });
        binder.route("events", [this](Request& r) { return EventApi::query(r, *vocabulary_); });
        binder.route("event", &EventApi::event);
        for (const char* scan : {"scan_lot", "scan_item", "scan_piece", "scan_product"}) binder.route(scan, &ScanPage::show);
        binder.route("find", &ScanPage::find);
        binder.route("products_put", &CatalogueApi::putProduct);
        binder.route("parties_put", &CatalogueApi::putParty);
        binder.route("papers_add", &CatalogueApi::addPaper);
        binder.route("records_json", &RecordApi::list);
        binder.route("records", &RecordPages::list);
        binder.route("record_form", &RecordPages::form);
        binder.route("record_add", [this](Request& r) { return RecordPages::add(r, *vocabulary_); });
        binder.route("record_void", [this](Request& r) { return RecordPages::takeBack(r, *vocabulary_); });
        binder.route("label", &RecordPages::label);
        binder.route("home", &ListPages::home);
        binder.route("lots", &ListPages::lots);
        binder.route("findings", &ListPages::findings);
        binder.route("trace", &TracePage::lot);
        binder.route("trace_any", &TracePage::any);
        binder.service("traceability/1.events_this_year", &ListPages::eventsThisYear);
        binder.route("papers", &PaperPages::list);
        binder.route("paper_form", &PaperPages::form);
        binder.route("paper_keep", &PaperPages::keep);
        binder.service("traceability/1.file_readable", &PaperPages::mayRead);
        binder.guard("lot_is_free", &HoldMoves::demandFreeLot);
        binder.effect("propose_hold", &HoldMoves::propose);
        binder.effect("hold_lot", &HoldMoves::hold);
        binder.effect("drop_proposal", &HoldMoves::drop);
        binder.effect("release_lot", &HoldMoves::release);
        binder.effect("note_complaint", &ComplaintMoves::note);
        binder.job("tell_holders", &HolderJob::run);
        binder.service("traceability/1.harvest_in", [this](ServiceCall& c) { return HarvestSheet::bringIn(c, *vocabulary_); });
        binder.service("traceability/1.record_back", [this](ServiceCall& c) { return HarvestSheet::takeBack(c, *vocabulary_); });
        binder.job("capture", [this](JobContext& job) { return CaptureApi::run(job, *vocabulary_); });
    }

    void start(Call& call) override {
        vocabulary_ =
            std::make_unique<const epcis::Vocabulary>(call.jsonParse(host().dataFile("core-business-vocabulary.json")));
    }

private:
    // Read once, before the first request; never written again.
    std::unique_ptr<const epcis::Vocabulary> vocabulary_;
};

} // namespace dalate::traceability

DALATE_PLUGIN(dalate::traceability::Traceability)
