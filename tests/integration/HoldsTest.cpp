// SPDX-License-Identifier: Apache-2.0
// Complaints, holds and papers of lots over HTTP, on the host's own pages: a buyer complains without signing in; two people
// hold a lot and two release it; the code's page and every holder learn of both, once; a document is shown to whom it is for.
#include "base/Json.h"
#include "simulator/Stories.h"
#include "support/Capture.h"
#include "support/CountyFixture.h"
#include "support/Epcis.h"
#include "support/FormData.h"
#include "support/Page.h"

#include <unistd.h>

#include <cppunit/extensions/HelperMacros.h>
#include <sqlite3.h>

using namespace dalate;
using namespace dalate::testing;

namespace {

const std::string carp = "09521234500018", melon = "09521234500025", mutton = "09521234500049";
const std::string carpLot = "/01/" + carp + "/10/CARP-1";
const std::string complaints = "/cases/traceability/complaint", holds = "/cases/traceability/hold";
const std::string law = "《中华人民共和国农产品质量安全法》";

class HoldsTest : public CountyFixture {
    CPPUNIT_TEST_SUITE(HoldsTest);
    CPPUNIT_TEST(aBuyerComplainsFromTheScanPage);
    CPPUNIT_TEST(aComplaintIsAnsweredAndTheComplainantReadsIt);
    CPPUNIT_TEST(badComplaintsAreRefusedAndKept);
    CPPUNIT_TEST(twoPeopleHoldALotAndEverybodyLearnsOfIt);
    CPPUNIT_TEST(whatWasMadeOfAHeldLotSaysSo);
    CPPUNIT_TEST(whoHadTheBoxBeforeIsNotTold);
    CPPUNIT_TEST(badHoldsAreRefused);
    CPPUNIT_TEST(othersFindNoHold);
    CPPUNIT_TEST(aFailedTestProposesAHold);
    CPPUNIT_TEST(aDocumentIsReadByWhomItIsFor);
    CPPUNIT_TEST(badPapersAreRefused);
    CPPUNIT_TEST_SUITE_END();

    static constexpr const char* password = "a long pass phrase 7";
    std::unique_ptr<Client> inspector_, lead_;

    std::unique_ptr<Client> somebody(const std::string& login, const std::string& organisation, const std::string& role) {
        addPerson(folder_.path() / "data", login, organisation, role, password);
        auto client = std::make_unique<Client>(daemon_->url());
        client->always("Accept-Language", "en");
        client->signIn(login, password);
        return client;
    }
    std::int64_t count(const std::string& sql) {
        sqlite3* database = nullptr;
        sqlite3_stmt* statement = nullptr;
        const std::string file = (folder_.path() / "data/dalate.db").string();
        CPPUNIT_ASSERT_EQUAL(SQLITE_OK, sqlite3_open_v2(file.c_str(), &database, SQLITE_OPEN_READONLY, nullptr));
        CPPUNIT_ASSERT_EQUAL_MESSAGE(sql, SQLITE_OK, sqlite3_prepare_v2(database, sql.c_str(), -1, &statement, nullptr));
        CPPUNIT_ASSERT_EQUAL(SQLITE_ROW, sqlite3_step(statement));
        const std::int64_t found = sqlite3_column_int64(statement, 0);
        sqlite3_finalize(statement);
        sqlite3_close(database);
        return found;
    }

    static Form complaintOf(const std::string& lot) {
        return {{"product", "Yellow River carp"}, {"lot", lot},        {"about", "spoiled"},
                {"what", "It smells."},           {"shop", "Market 1"}, {"phone", "13912345678"}};
    }
    static Form holdOf(const std::string& lot) {
        return {{"product", "carp"}, {"lot", lot},           {"measure", "suspend"}, {"ground", "inspection"},
                {"reason", "no ice"}, {"basis", law},         {"_do", "send"}};
    }
    static Form with(Form form, const std::string& name, const std::string& value) {
        for (auto& field : form)
            if (field.first == name) field.second = value;
        return form;
    }
    Answer open(Client& client, const std::string& list, Form form) {
        client.get(list + "/open");
        return client.post(list + "/open", std::move(form));
    }
    /// Opens a case as somebody signed in and gives its path.
    std::string mustOpen(Client& client, const std::string& list, Form form) {
        const Answer answer = open(client, list, std::move(form));
        CPPUNIT_ASSERT_EQUAL_MESSAGE(mainOf(answer.body), 303, answer.status);
        const std::string done = answer.header("location");
        return done.substr(0, done.rfind('/'));
    }
    Answer move(Client& client, const std::string& path, const std::string& step, Form fields = {}) {
        // Also who sees no such step tries it with the right version.
        client.get(path);
        fields.emplace_back("_version", std::to_string(count("SELECT version FROM case_record WHERE id = " + path.substr(path.rfind('/') + 1))));
        return client.post(path + "/move/" + step, std::move(fields));
    }
    void mustMove(Client& client, const std::string& path, const std::string& step, Form fields = {}) {
        const Answer answer = move(client, path, step, std::move(fields));
        CPPUNIT_ASSERT_EQUAL_MESSAGE(step + ": " + mainOf(answer.body), 303, answer.status);
    }
    /// The inbox once it speaks of `words`, at most ten seconds later.
    std::string inboxWith(Client& client, const std::string& words) {
        std::string inbox;
        for (int waits = 0; waits < 100 && !contains(inbox, words); ++waits) {
            if (waits > 0) ::usleep(100000);
            inbox = unescaped(mainOf(client.get("/inbox").body));
        }
        CPPUNIT_ASSERT_MESSAGE(inbox, contains(inbox, words));
        return inbox;
    }
    std::string scan(const std::string& path) {
        const Answer answer = visitor()->get(path);
        CPPUNIT_ASSERT_EQUAL(200, answer.status);
        return unescaped(mainOf(answer.body));
    }

public:
    void setUp() override {
        CountyFixture::setUp();
        simulator::tellStories(*cooperative_, std::filesystem::path(DALATE_SOURCE_DIR) / "plugins/traceability/demo", now());
        inspector_ = signedIn(*daemon_, "regulator");
        lead_ = signedIn(*daemon_, "quality_lead");
    }
    void tearDown() override {
        inspector_.reset();
        lead_.reset();
        CountyFixture::tearDown();
    }

    void aBuyerComplainsFromTheScanPage() {
        const auto buyer = visitor();
        const Answer page = buyer->get(carpLot);
        CPPUNIT_ASSERT_EQUAL(std::string(), page.header("set-cookie"));
        const std::string link = unescaped(between(page.body, "href=\"" + complaints + "/open?", "\""));
        CPPUNIT_ASSERT_MESSAGE(page.body, !link.empty());
        const Answer form = buyer->get(complaints + "/open?" + link);
        CPPUNIT_ASSERT_EQUAL(200, form.status);
        CPPUNIT_ASSERT(contains(form.body, "value=\"" + carpLot + "\""));
        CPPUNIT_ASSERT(contains(form.body, "value=\"Yellow River carp (demo)\""));
        FormData body;
        for (const auto& [name, value] : complaintOf(carpLot)) body.field(name, value);
        body.field("csrf", buyer->csrf()).field("_do", "next").file("photo", "fish.png", "image/png", pngFile(40, 30));
        const Answer sent = buyer->send("POST", complaints + "/open", FormData::type(), body.body());
        CPPUNIT_ASSERT_EQUAL_MESSAGE(mainOf(sent.body), 200, sent.status);
        const std::string number = between(sent.body, "class=\"number\">", "<");
        CPPUNIT_ASSERT_MESSAGE(number, number.starts_with("TS20"));
        // The bureau has it, with the photo and the number to call; the trace page of the lot knows of it.
        CPPUNIT_ASSERT(contains(inboxWith(*inspector_, "A new complaint"), number));
        const std::string todo = mainOf(inspector_->get("/todo").body);
        const std::string path = complaints + "/" + between(todo, "href=\"" + complaints + "/", "\"");
        const std::string seen = inspector_->get(path).body;
        CPPUNIT_ASSERT_MESSAGE(mainOf(seen), contains(seen, "13912345678") && contains(seen, "It smells."));
        const std::string photo = "/files/" + between(seen, "href=\"/files/", "\"");
        CPPUNIT_ASSERT_EQUAL(200, inspector_->get(photo).status);
        CPPUNIT_ASSERT_EQUAL(404, signedIn(*daemon_, "farmer")->get(photo).status);
        CPPUNIT_ASSERT_EQUAL(303, buyer->get(photo).status);
        CPPUNIT_ASSERT(contains(inspector_->get("/traceability/lots/" + carp + "/CARP-1").body, number));
        // Who masks it is the colleague who only supervises.
        CPPUNIT_ASSERT(!contains(lead_->get(path).body, "13912345678"));
        CPPUNIT_ASSERT_EQUAL(404, signedIn(*daemon_, "cooperative")->get(path).status);
    }

    void aComplaintIsAnsweredAndTheComplainantReadsIt() {
        const auto citizen = signedIn(*daemon_, "citizen");
        const std::string path = mustOpen(*citizen, complaints, complaintOf(carpLot));
        CPPUNIT_ASSERT_EQUAL(404, move(*inspector_, path, "no_such_step").status);
        CPPUNIT_ASSERT_EQUAL(409, move(*inspector_, path, "answer").status);
        mustMove(*inspector_, path, "accept");
        inboxWith(*citizen, "accepted");
        mustMove(*inspector_, path, "investigate");
        CPPUNIT_ASSERT_EQUAL(422, move(*inspector_, path, "answer", {{"finding", "maybe"}, {"answer", ""}}).status);
        mustMove(*inspector_, path, "answer", {{"finding", "founded"}, {"answer", "The shop's cooler had failed."}});
        inboxWith(*citizen, "was answered");
        CPPUNIT_ASSERT(contains(citizen->get(path).body, "The shop's cooler had failed.") ||
                       contains(unescaped(citizen->get(path).body), "The shop's cooler had failed."));
        CPPUNIT_ASSERT_EQUAL(422, move(*citizen, path, "ask_again").status);
        mustMove(*citizen, path, "ask_again", {{"_reason", "And the other shop?"}});
        mustMove(*inspector_, path, "answer", {{"finding", "partly"}, {"answer", "The other one was cold."}});
        CPPUNIT_ASSERT(!contains(inspector_->get(path).body, "/move/close"));
        CPPUNIT_ASSERT_EQUAL(403, inspector_->get(path + "/move/close").status);
        mustMove(*citizen, path, "close");
        CPPUNIT_ASSERT(contains(citizen->get(path).body, "Closed"));
    }

    void badComplaintsAreRefusedAndKept() {
        const auto buyer = visitor();
        const std::int64_t before = count("SELECT COUNT(*) FROM case_record");
        for (const auto& [field, wrong] : Form{{"product", ""}, {"about", "everything"}, {"what", ""}, {"phone", "12"},
                                               {"lot", std::string(201, '1')}, {"what", std::string(1001, 'x')}}) {
            const Answer answer = open(*buyer, complaints, with(complaintOf(carpLot), field, wrong));
            CPPUNIT_ASSERT_EQUAL_MESSAGE(field, 422, answer.status);
            CPPUNIT_ASSERT_MESSAGE(field, contains(answer.body, "href=\"#f-" + field + "\""));
            CPPUNIT_ASSERT_MESSAGE(field, field == "what" || contains(answer.body, "It smells."));
        }
        Form strange = complaintOf(carpLot);
        strange.emplace_back("state", "closed");
        CPPUNIT_ASSERT_EQUAL(422, open(*buyer, complaints, strange).status);
        FormData body;
        for (const auto& [name, value] : complaintOf(carpLot)) body.field(name, value);
        buyer->get(complaints + "/open");
        body.field("csrf", buyer->csrf()).file("photo", "fish.png", "image/png", "<script>alert(1)</script>");
        CPPUNIT_ASSERT_EQUAL(422, buyer->send("POST", complaints + "/open", FormData::type(), body.body()).status);
        CPPUNIT_ASSERT_EQUAL(before, count("SELECT COUNT(*) FROM case_record"));
        // A link fills in what it may, as text, and nothing about a person.
        const std::string linked =
            buyer->get(complaints + "/open?product=%3Cscript%3E&phone=13912345678&about=nothing&none=x").body;
        CPPUNIT_ASSERT(contains(linked, "value=\"&lt;script&gt;\"") && !contains(linked, "value=\"13912345678\""));
        // A code that nobody recorded, or that is misprinted, may be what is complained of.
        for (const char* code : {"", "/01/09521234500011/10/CARP-1", "/01/09521234500018/10/NEVER", "no code at all"})
            CPPUNIT_ASSERT_EQUAL_MESSAGE(code, 200, open(*buyer, complaints, with(complaintOf(carpLot), "lot", code)).status);
    }

    void twoPeopleHoldALotAndEverybodyLearnsOfIt() {
        const auto holder = signedIn(*daemon_, "cooperative");
        const std::int64_t events = count("SELECT COUNT(*) FROM traceability_event");
        const std::string trace = inspector_->get("/traceability/lots/" + carp + "/CARP-1").body;
        const std::string link = unescaped(between(trace, "href=\"" + holds + "/open", "\""));
        CPPUNIT_ASSERT_MESSAGE(mainOf(trace), contains(inspector_->get(holds + "/open" + link).body, "value=\"" + carpLot + "\""));
        const std::string path = mustOpen(*inspector_, holds, holdOf(carpLot));
        CPPUNIT_ASSERT(!contains(scan(carpLot), "on hold"));
        // Nobody alone: not who proposed it, nor the second as long as she has not confirmed.
        CPPUNIT_ASSERT_EQUAL(403, move(*inspector_, path, "confirm").status);
        inboxWith(*lead_, "A hold waits for you");
        mustMove(*lead_, path, "confirm");
        const std::string held = scan(carpLot);
        CPPUNIT_ASSERT_MESSAGE(held, contains(held, "This lot is on hold: Sales suspended") && contains(held, "Since 20") &&
                                         contains(held, "do not eat or sell it") && !contains(held, "no ice"));
        const std::string inbox = inboxWith(*holder, "A lot that your organisation has is on hold");
        CPPUNIT_ASSERT_EQUAL(std::size_t(1), countOf(inbox, "<strong>A lot that your organisation has is on hold"));
        CPPUNIT_ASSERT_EQUAL(std::int64_t(1), count("SELECT COUNT(*) FROM event WHERE name = 'traceability.lot_held/1'"));
        for (int waits = 0; waits < 50 && count("SELECT COUNT(*) FROM traceability_lot_hold WHERE traced = 1") == 0; ++waits)
            ::usleep(100000);
        const std::string told = unescaped(mainOf(inspector_->get("/traceability/lots/" + carp + "/CARP-1").body));
        CPPUNIT_ASSERT_MESSAGE(told, contains(told, "This lot may not be sold since") && contains(told, "organisations that have it were told"));
        CPPUNIT_ASSERT(!contains(told, "Propose a hold"));

        CPPUNIT_ASSERT_EQUAL(422, move(*inspector_, path, "propose_release", {{"outcome", "passed"}}).status);
        mustMove(*inspector_, path, "propose_release", {{"outcome", "passed"}, {"outcome_text", "tested again"}});
        CPPUNIT_ASSERT_EQUAL(403, move(*inspector_, path, "release").status);
        CPPUNIT_ASSERT_EQUAL(422, move(*lead_, path, "keep").status);
        mustMove(*lead_, path, "keep", {{"_reason", "show me the paper"}});
        // Who proposes the release does not grant it.
        mustMove(*lead_, path, "propose_release", {{"outcome", "passed"}, {"outcome_text", "seen"}});
        CPPUNIT_ASSERT_EQUAL(403, move(*lead_, path, "release").status);
        const auto second = somebody("lead.two", "旗农牧局(演示)", "quality_lead");
        mustMove(*second, path, "release");
        const std::string free = scan(carpLot);
        CPPUNIT_ASSERT_MESSAGE(free, !contains(free, "This lot is on hold") && contains(free, "was released on"));
        CPPUNIT_ASSERT_EQUAL(std::size_t(1), countOf(inboxWith(*holder, "A lot was released"), "<strong>A lot was released"));
        CPPUNIT_ASSERT_EQUAL(std::int64_t(1), count("SELECT COUNT(*) FROM event WHERE name = 'traceability.lot_released/1'"));
        CPPUNIT_ASSERT_EQUAL(events, count("SELECT COUNT(*) FROM traceability_event"));
        CPPUNIT_ASSERT_EQUAL(404, visitor()->get("/01/" + carp + "/10/NEVER").status);
    }

    void whatWasMadeOfAHeldLotSaysSo() {
        const std::string gtin = "0" + withCheckDigit("695123459920");
        registerProduct(*cooperative_, gtin, "Smoked carp", "fish");
        capture(*cooperative_, epcisDocument({EpcisEvent("TransformationEvent", now() - hour)
                                                  .step("commissioning")
                                                  .kilograms("inputQuantityList", {{lotUri(carp, "CARP-1"), "5"}})
                                                  .kilograms("outputQuantityList", {{lotUri(gtin, "SMOKED"), "4"}})
                                                  .text()}));
        const std::string path = mustOpen(*inspector_, holds, holdOf(carpLot));
        mustMove(*lead_, path, "confirm");
        const std::string made = scan("/01/" + gtin + "/10/SMOKED");
        CPPUNIT_ASSERT_MESSAGE(made, contains(made, "What this was made from is on hold"));
        CPPUNIT_ASSERT(!contains(scan("/01/" + melon + "/10/MELON-1"), "on hold"));
    }

    void whoHadTheBoxBeforeIsNotTold() {
        const auto federation = systemOf(*daemon_, "traceability.county");
        const std::string gtin = "0" + withCheckDigit("695123459920"), other = "0" + withCheckDigit("695123459937");
        const std::string box = unitUri(withCheckDigit("09521234000077777")), theirs = placeUri(withCheckDigit("952123499001")),
                          ours = placeUri(withCheckDigit("952123499002"));
        registerProduct(*cooperative_, gtin, "Pears", "fruit");
        registerProduct(*federation, other, "Plums", "fruit");
        registerParty(*federation, theirs, "Their store");
        registerParty(*cooperative_, ours, "Our store");
        const auto packed = [&](Micros when, const std::string& place, const std::string& lot, const char* action) {
            return EpcisEvent("AggregationEvent", when).action(action).at(place).set("parentID", box)
                .kilograms("childQuantityList", {{lot, "4"}}).text();
        };
        const auto made = [&](const std::string& lot, const std::string& place, Micros when) {
            return EpcisEvent("ObjectEvent", when).action("ADD").step("commissioning").at(place)
                .kilograms("quantityList", {{lot, "40"}}).text();
        };
        const auto moved = [&](Micros when, const std::string& place) {
            return EpcisEvent("ObjectEvent", when).action("OBSERVE").step("receiving").at(place).list("epcList", {box}).text();
        };
        capture(*federation, epcisDocument({made(lotUri(other, "B"), theirs, now() - 40 * day),
                                            packed(now() - 39 * day, theirs, lotUri(other, "B"), "ADD"),
                                            moved(now() - 38 * day, theirs),
                                            packed(now() - 37 * day, theirs, lotUri(other, "B"), "DELETE")}));
        capture(*cooperative_, epcisDocument({made(lotUri(gtin, "A"), ours, now() - 4 * day),
                                              packed(now() - 3 * day, ours, lotUri(gtin, "A"), "ADD")}));
        const auto holdersOf = [&](const std::string& lot) {
            const std::string path = mustOpen(*inspector_, holds, holdOf("/01/" + gtin + "/10/" + lot));
            mustMove(*lead_, path, "confirm");
            const std::string id = path.substr(path.rfind('/') + 1);
            for (int waits = 0; waits < 100 && count("SELECT traced FROM traceability_lot_hold WHERE kase = " + id) == 0; ++waits)
                ::usleep(100000);
            mustMove(*inspector_, path, "propose_release", {{"outcome", "passed"}, {"outcome_text", "x"}});
            mustMove(*lead_, path, "release");
            return count("SELECT COUNT(*) FROM traceability_hold_holder WHERE kase = " + id);
        };
        CPPUNIT_ASSERT_EQUAL(std::int64_t(1), holdersOf("A"));
        // The box, with the lot still in it, comes to them: now they have it.
        capture(*federation, epcisDocument({moved(now() - day, theirs)}));
        CPPUNIT_ASSERT_EQUAL(std::int64_t(2), holdersOf("A"));
    }

    void badHoldsAreRefused() {
        const std::int64_t before = count("SELECT COUNT(*) FROM case_record");
        for (const char* lot : {"CARP-1", "/01/09521234500011/10/CARP-1", "/01/09521234500018", "/01/09521234500018/10/NEVER",
                                "https://id.gs1.org/00/095212345100000130"})
            CPPUNIT_ASSERT_EQUAL_MESSAGE(lot, 422, open(*inspector_, holds, holdOf(lot)).status);
        for (const auto& [field, wrong] : Form{{"lot", ""}, {"measure", "burn"}, {"ground", ""}, {"reason", ""}, {"basis", "my law"}})
            CPPUNIT_ASSERT_EQUAL_MESSAGE(field, 422, open(*inspector_, holds, with(holdOf(carpLot), field, wrong)).status);
        CPPUNIT_ASSERT_EQUAL(before, count("SELECT COUNT(*) FROM case_record"));
        const std::string first = mustOpen(*inspector_, holds, holdOf(carpLot));
        CPPUNIT_ASSERT_EQUAL(409, open(*inspector_, holds, holdOf("(01)" + carp + "(10)CARP-1")).status);
        CPPUNIT_ASSERT_EQUAL(422, move(*lead_, first, "reject").status);
        mustMove(*lead_, first, "reject", {{"_reason", "not enough"}});
        CPPUNIT_ASSERT_EQUAL(409, move(*lead_, first, "confirm").status);
        CPPUNIT_ASSERT(!contains(scan(carpLot), "on hold"));
        const std::string second = mustOpen(*inspector_, holds, holdOf(carpLot));
        mustMove(*lead_, second, "confirm");
        CPPUNIT_ASSERT_EQUAL(409, open(*inspector_, holds, holdOf(carpLot)).status);
    }

    void othersFindNoHold() {
        const std::string path = mustOpen(*inspector_, holds, holdOf(carpLot));
        CPPUNIT_ASSERT(contains(lead_->get("/").body, "\"" + holds + "\""));
        const auto stranger = somebody("inspector.else", "第一示范镇", "regulator");
        for (const std::string& who : {std::string("citizen"), std::string("farmer"), std::string("cooperative")}) {
            const auto client = signedIn(*daemon_, who);
            for (const char* end : {"", "/history", "/print", "/move/confirm"})
                CPPUNIT_ASSERT_EQUAL_MESSAGE(who + end, 404, client->get(path + end).status);
            CPPUNIT_ASSERT_EQUAL_MESSAGE(who, 404, client->get(holds + "/open").status);
            const std::string home = client->get("/").body;
            CPPUNIT_ASSERT_MESSAGE(who, !contains(home, "\"" + holds + "\"") && contains(home, "\"" + complaints + "\""));
        }
        CPPUNIT_ASSERT_EQUAL(404, stranger->get(path).status);
        CPPUNIT_ASSERT_EQUAL(404, move(*stranger, path, "confirm").status);
        CPPUNIT_ASSERT_EQUAL(303, visitor()->get(path).status);
        CPPUNIT_ASSERT_EQUAL(303, visitor()->get(holds + "/open").status);
    }

    void aFailedTestProposesAHold() {
        // One of the stories has a failed test; its hold is proposed by the system and in force by nobody's word yet.
        const std::string list = lead_->get(holds).body;
        CPPUNIT_ASSERT_MESSAGE(mainOf(list), contains(list, "CF20"));
        const std::string path = holds + "/" + between(mainOf(lead_->get("/todo").body), "href=\"" + holds + "/", "\"");
        CPPUNIT_ASSERT(contains(lead_->get(path).body, mutton));
        CPPUNIT_ASSERT(!contains(scan("/01/" + mutton + "/10/MUTTON-1"), "on hold"));
        const auto paper = [&](const std::string& number, const std::string& result) {
            const std::string body = R"({"gtin":")" + mutton + R"(","lot":"MUTTON-1","kind":"test","title":"T","number":")" + number +
                                     R"(","issuer":"Lab","issued":"2026-01-02T00:00:00Z","result":")" + result + R"("})";
            CPPUNIT_ASSERT_EQUAL(204, cooperative_->send("POST", "/traceability/api/papers", "application/json", body).status);
        };
        const std::int64_t before = count("SELECT COUNT(*) FROM traceability_lot_hold");
        paper("2", "fail");
        paper("3", "pass");
        CPPUNIT_ASSERT_EQUAL(before, count("SELECT COUNT(*) FROM traceability_lot_hold"));
        mustMove(*lead_, path, "confirm");
        CPPUNIT_ASSERT(contains(scan("/01/" + mutton + "/10/MUTTON-1"), "on hold"));
    }

    void aDocumentIsReadByWhomItIsFor() {
        const auto bringer = signedIn(*daemon_, "cooperative");
        const auto bring = [&](const std::string& of, const std::string& open, const std::string& number) {
            bringer->get("/traceability/papers/new?lot=" + formEncoded(carpLot));
            FormData form;
            form.field("csrf", bringer->csrf()).field("of", of).field("title", "Quality test").field("number", number);
            if (of == "lot") form.field("lot", carpLot).field("kind", "test").field("result", "pass");
            form.field("issuer", "Lab").field("issued", "2026-01-02").field("public", open);
            const Answer answer = bringer->send("POST", "/traceability/papers/new", FormData::type(),
                                                form.file("_document", "test.pdf", "application/pdf", pdfFile()).body());
            CPPUNIT_ASSERT_EQUAL_MESSAGE(mainOf(answer.body), 303, answer.status);
            const std::string list = bringer->get("/traceability/papers").body;
            return "/files/" + between(list, "href=\"/files/", "\"", list.find(number));
        };
        const std::string open = bring("lot", "yes", "OPEN-1"), closed = bring("lot", "no", "CLOSED-1"),
                          own = bring("organisation", "yes", "OWN-1");
        CPPUNIT_ASSERT(open != closed);
        const std::string page = scan(carpLot);
        CPPUNIT_ASSERT_MESSAGE(page, contains(page, open) && !contains(page, closed) && contains(page, "CLOSED-1"));
        CPPUNIT_ASSERT_MESSAGE(page, contains(page, own) && contains(page, "OWN-1"));
        CPPUNIT_ASSERT(contains(scan("/01/" + melon + "/10/MELON-1"), "OWN-1"));
        CPPUNIT_ASSERT(contains(scan("/01/" + melon + "/10/MELON-1"), "No certificate"));
        CPPUNIT_ASSERT_EQUAL(404, visitor()->get("/01/" + melon + "/10/NEVER").status);
        const Answer read = visitor()->get(open);
        CPPUNIT_ASSERT_EQUAL(200, read.status);
        CPPUNIT_ASSERT(contains(read.header("content-disposition"), "attachment"));
        CPPUNIT_ASSERT_EQUAL(303, visitor()->get(closed).status);
        CPPUNIT_ASSERT_EQUAL(200, bringer->get(closed).status);
        CPPUNIT_ASSERT_EQUAL(200, inspector_->get(closed).status);
        CPPUNIT_ASSERT_EQUAL(200, signedIn(*daemon_, "farmer")->get(closed).status);
        CPPUNIT_ASSERT_EQUAL(404, signedIn(*daemon_, "citizen")->get(closed).status);
        CPPUNIT_ASSERT_EQUAL(404, somebody("coop.else", "示范农产品流通联合社", "cooperative")->get(closed).status);
        CPPUNIT_ASSERT(contains(inspector_->get("/traceability/lots/" + carp + "/CARP-1").body, closed));
    }

    void badPapersAreRefused() {
        const auto bringer = signedIn(*daemon_, "cooperative");
        const std::int64_t papers = count("SELECT COUNT(*) FROM traceability_paper"), files = count("SELECT COUNT(*) FROM file");
        const auto bring = [&](Client& client, const std::string& lot, const std::string& issued, const std::string& name,
                               const std::string& type, const std::string& bytes) {
            client.get("/traceability/papers/new");
            FormData form;
            form.field("csrf", client.csrf()).field("of", "lot").field("lot", lot).field("kind", "test").field("result", "pass");
            form.field("title", "T").field("number", "1").field("issuer", "Lab").field("issued", issued).field("public", "yes");
            if (!name.empty()) form.file("_document", name, type, bytes);
            return client.send("POST", "/traceability/papers/new", FormData::type(), form.body()).status;
        };
        const std::string pdf = pdfFile();
        CPPUNIT_ASSERT_EQUAL(422, bring(*bringer, carpLot, "2026-01-02", "", "", ""));
        CPPUNIT_ASSERT_EQUAL(422, bring(*bringer, carpLot, "2026-01-02", "t.csv", "text/csv", "a,b\n1,2\n"));
        CPPUNIT_ASSERT_EQUAL(422, bring(*bringer, carpLot, "2026-01-02", "t.pdf", "application/pdf", "no pdf"));
        CPPUNIT_ASSERT_EQUAL(422, bring(*bringer, carpLot, "2099-01-02", "t.pdf", "application/pdf", pdf));
        CPPUNIT_ASSERT_EQUAL(422, bring(*bringer, "CARP-1", "2026-01-02", "t.pdf", "application/pdf", pdf));
        CPPUNIT_ASSERT_EQUAL(422, bring(*bringer, "/01/" + carp + "/10/NEVER", "2026-01-02", "t.pdf", "application/pdf", pdf));
        // Another cooperative's lot is one that is not there.
        const auto other = somebody("coop.else", "示范农产品流通联合社", "cooperative");
        CPPUNIT_ASSERT_EQUAL(422, bring(*other, carpLot, "2026-01-02", "t.pdf", "application/pdf", pdf));
        CPPUNIT_ASSERT_EQUAL(404, signedIn(*daemon_, "farmer")->get("/traceability/papers/new").status);
        CPPUNIT_ASSERT_EQUAL(303, visitor()->get("/traceability/papers").status);
        CPPUNIT_ASSERT_EQUAL(papers, count("SELECT COUNT(*) FROM traceability_paper"));
        CPPUNIT_ASSERT_EQUAL(files, count("SELECT COUNT(*) FROM file"));
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(HoldsTest);

} // namespace
