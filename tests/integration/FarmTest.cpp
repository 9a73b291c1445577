// SPDX-License-Identifier: Apache-2.0
// A farmer's four forms, end to end: what she answers becomes an EPCIS event that systems query and buyers
// see; wrong answers store nothing and keep what was typed; only she can make her record void; the label
// leads to the lot.
#include "base/Clock.h"
#include "base/Json.h"
#include "support/Capture.h"
#include "support/CountyFixture.h"
#include "support/Epcis.h"
#include "support/Page.h"

#include <atomic>
#include <set>
#include <thread>

#include <cppunit/extensions/HelperMacros.h>

namespace {

using namespace dalate;
using namespace dalate::testing;

const std::string cooperativeName = "第一示范村合作社";
const std::string gtin = "0" + withCheckDigit("695123459910");
const std::string plot = placeUri(withCheckDigit("695123459001"));
const std::string buyer = partyUri(withCheckDigit("695123459100"));
const std::string crop = gtin + "|" + plot;
const std::vector<std::string> kinds = {"harvest", "pesticide", "packing", "dispatch"};

std::string formOf(const std::string& kind) {
    return "/traceability/records/new/" + kind;
}

/// What a form asks: the names of its fields that a person sees, in their order.
std::vector<std::string> questions(const std::string& page) {
    std::vector<std::string> names;
    for (std::size_t at = page.find("id=\"f-"); at != std::string::npos; at = page.find("id=\"f-", at + 1)) {
        const std::string id = between(page, "id=\"", "\"", at);
        if (id.size() > 6 && (id.ends_with("-about") || id.ends_with("-unit"))) continue;
        names.push_back(between(page, "name=\"", "\"", at));
    }
    return names;
}

std::string scanPath(const std::string& lot) {
    return lot.substr(std::string("https://id.gs1.org").size());
}

class FarmTest : public CountyFixture {
    CPPUNIT_TEST_SUITE(FarmTest);
    CPPUNIT_TEST(eachFormAsksAtMostFiveThings);
    CPPUNIT_TEST(recordsBecomeEventsThatBuyersSee);
    CPPUNIT_TEST(wrongAnswersStoreNothingAndAreKept);
    CPPUNIT_TEST(othersDoNotEnter);
    CPPUNIT_TEST(aVoidRecordIsDeclaredWrongAndStays);
    CPPUNIT_TEST(theLabelLeadsToTheLot);
    CPPUNIT_TEST(aFormSentTwiceIsOneRecord);
    CPPUNIT_TEST(withoutMasterDataTheFormsSaySo);
    CPPUNIT_TEST_SUITE_END();

    std::unique_ptr<Client> farmer_;

    void registerAll() {
        registerProduct(*cooperative_, gtin, "试验白菜");
        registerParty(*cooperative_, plot, "试验一号地");
        registerParty(*cooperative_, partyUri(withCheckDigit("695123459101")), cooperativeName);
        registerParty(*systemOf(*daemon_, "traceability.county"), buyer, "试验收货人");
    }

    /// Opens the form as a person does and sends it.
    Answer submit(Client& client, const std::string& kind, Form fields) {
        const Answer form = client.get(formOf(kind));
        CPPUNIT_ASSERT_EQUAL_MESSAGE(kind, 200, form.status);
        fields.emplace_back("form", between(form.body, "name=\"form\" value=\"", "\""));
        return client.post(formOf(kind), fields);
    }

    void saved(const std::string& kind, const Form& fields) {
        const Answer answer = submit(*farmer_, kind, fields);
        CPPUNIT_ASSERT_EQUAL_MESSAGE(kind + ": " + mainOf(answer.body), 303, answer.status);
        CPPUNIT_ASSERT(contains(farmer_->follow(answer).body, "It is recorded."));
    }

    /// Records a harvest today; the new lot.
    std::string harvested(const std::string& kilograms) {
        std::set<std::string> before;
        const Value earlier = queryEvents(*cooperative_, "eventType=TransformationEvent");
        for (const ValueView event : earlier.view())
            before.insert(itemsOf(event["outputQuantityList"]).at(0)["epcClass"].asText());
        saved("harvest", {{"crop", crop}, {"weight", kilograms}, {"day", today()}});
        const Value later = queryEvents(*cooperative_, "eventType=TransformationEvent");
        for (const ValueView event : later.view())
            if (const std::string lot = itemsOf(event["outputQuantityList"]).at(0)["epcClass"].asText();
                !before.contains(lot))
                return lot;
        throw std::runtime_error("no lot came of the harvest");
    }

    std::size_t stored() { return queryEvents(*cooperative_).view().size(); }
    static std::string today() { return countyTime(now()).substr(0, 10); }
    static std::string daysAgo(int days) { return countyTime(now() - days * day).substr(0, 10); }

    /// Addresses of the buttons that make a record void.
    std::vector<std::string> voidable(Client& client) {
        const std::string page = client.get("/traceability/records").body;
        std::vector<std::string> all;
        const std::string start = "action=\"/traceability/records/void/";
        for (std::size_t at = page.find(start); at != std::string::npos; at = page.find(start, at + 1))
            all.push_back(between(page, "action=\"", "\"", at));
        return all;
    }

    void addAccount(const std::string& login, const std::string& organisation) {
        addFarmer(folder_.path() / "data", login, organisation, "correct-horse-battery");
    }

public:
    void setUp() override {
        CountyFixture::setUp();
        farmer_ = signedIn(*daemon_, "farmer");
    }
    void tearDown() override {
        farmer_.reset();
        CountyFixture::tearDown();
    }

    void eachFormAsksAtMostFiveThings() {
        registerAll();
        harvested("10");
        for (const std::string& kind : kinds) {
            const std::string page = farmer_->get(formOf(kind)).body;
            const std::vector<std::string> asked = questions(page);
            CPPUNIT_ASSERT_MESSAGE(kind, asked.size() >= 3 && asked.size() <= 5);
            CPPUNIT_ASSERT_EQUAL_MESSAGE(kind, asked.size(), countOf(page, "<label class=\"question\""));
            CPPUNIT_ASSERT_EQUAL_MESSAGE(kind, today(), between(page, "name=\"day\" value=\"", "\""));
        }
        CPPUNIT_ASSERT_EQUAL(404, farmer_->get(formOf("sowing")).status);
    }

    void recordsBecomeEventsThatBuyersSee() {
        registerAll();
        saved("pesticide", {{"crop", crop},
                            {"pesticide", "试验药剂"},
                            {"dose", "30 ml/亩"},
                            {"interval", "7"},
                            {"day", daysAgo(9)}});
        const std::string lot = harvested("120.5");
        saved("packing", {{"lot", lot}, {"weight", "60.25"}, {"boxes", "12"}, {"day", today()}});
        const std::vector<std::string> lots = choices(farmer_->get(formOf("dispatch")).body, "lot");
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, lots.size());
        const std::string packed = lots[0] == lot ? lots[1] : lots[0];
        saved("dispatch", {{"lot", packed},
                           {"weight", "60.25"},
                           {"receiver", buyer},
                           {"vehicle", "蒙K·试0001"},
                           {"day", today()}});

        const Value events = queryEvents(*cooperative_);
        CPPUNIT_ASSERT_EQUAL(std::size_t{4}, events.view().size());
        const std::vector<ValueView> in = itemsOf(events);
        const ValueView spray = in[0], harvest = in[1], packing = in[2], dispatch = in[3];
        CPPUNIT_ASSERT_EQUAL(std::string("试验药剂"), spray["dalate:pesticide"].asText());
        CPPUNIT_ASSERT_EQUAL(std::string("7"), spray["dalate:safeIntervalDays"].asText());
        CPPUNIT_ASSERT_EQUAL(plot, spray["readPoint"]["id"].asText());
        CPPUNIT_ASSERT_EQUAL(daysAgo(9) + "T12:00:00.000+08:00", spray["eventTime"].asText());
        // What was sprayed is what was harvested from.
        CPPUNIT_ASSERT_EQUAL(itemsOf(spray["quantityList"]).at(0)["epcClass"].asText(),
                             itemsOf(harvest["inputQuantityList"]).at(0)["epcClass"].asText());
        CPPUNIT_ASSERT_EQUAL(std::string("TransformationEvent"), harvest["type"].asText());
        CPPUNIT_ASSERT_EQUAL(std::string("commissioning"), harvest["bizStep"].asText());
        CPPUNIT_ASSERT_EQUAL(std::string("120.5"),
                             itemsOf(harvest["outputQuantityList"]).at(0)["quantity"].asText());
        CPPUNIT_ASSERT_EQUAL(lot, itemsOf(packing["inputQuantityList"]).at(0)["epcClass"].asText());
        CPPUNIT_ASSERT_EQUAL(packed, itemsOf(packing["outputQuantityList"]).at(0)["epcClass"].asText());
        CPPUNIT_ASSERT_EQUAL(std::string("12"), packing["dalate:boxes"].asText());
        CPPUNIT_ASSERT_EQUAL(std::string("shipping"), dispatch["bizStep"].asText());
        CPPUNIT_ASSERT_EQUAL(buyer, itemsOf(dispatch["destinationList"]).at(0)["destination"].asText());
        CPPUNIT_ASSERT_EQUAL(partyUri(withCheckDigit("695123459101")),
                             itemsOf(dispatch["sourceList"]).at(0)["source"].asText());
        CPPUNIT_ASSERT_EQUAL(std::string("蒙K·试0001"), dispatch["dalate:vehicle"].asText());

        Client buyersPhone(daemon_->url());
        buyersPhone.always("Accept-Language", "en");
        const Answer page = buyersPhone.get(scanPath(packed));
        CPPUNIT_ASSERT_EQUAL(200, page.status);
        const std::string seen = unescaped(mainOf(page.body));
        for (const char* part : {"试验白菜", "试验一号地", "Pesticide used", "试验药剂", "30 ml/亩", "7 days",
                                 "Harvested or made", "Packed", "60.25 kg", "Shipped", "试验收货人"})
            CPPUNIT_ASSERT_MESSAGE(std::string(part) + " in " + seen, contains(seen, part));
        const std::vector<std::string> order = {"Pesticide used", "Harvested or made", ">Packed", "Shipped"};
        for (std::size_t i = 1; i < order.size(); ++i)
            CPPUNIT_ASSERT_MESSAGE(order[i], seen.find(order[i - 1]) < seen.find(order[i]));
    }

    void wrongAnswersStoreNothingAndAreKept() {
        registerAll();
        const std::string lot = harvested("10");
        const std::size_t before = stored();
        const Form harvest = {{"crop", crop}, {"weight", "12"}, {"day", today()}};
        const Form spray = {
            {"crop", crop}, {"pesticide", "药"}, {"dose", "1"}, {"interval", "7"}, {"day", today()}};
        const Form packing = {{"lot", lot}, {"weight", "3"}, {"boxes", "2"}, {"day", today()}};
        const Form dispatch = {
            {"lot", lot}, {"weight", "3"}, {"receiver", buyer}, {"vehicle", ""}, {"day", today()}};
        struct Wrong {
            std::string kind;
            Form good;
            std::string field, value;
        };
        const std::vector<Wrong> all = {
            {"harvest", harvest, "weight", "0"},
            {"harvest", harvest, "weight", "-3"},
            {"harvest", harvest, "weight", "1e3"},
            {"harvest", harvest, "weight", "\"><script>alert(1)</script>"},
            {"harvest", harvest, "weight", "1.2345"},
            {"harvest", harvest, "crop", ""},
            {"harvest", harvest, "crop", gtin + "|" + placeUri(withCheckDigit("695123459999"))},
            {"harvest", harvest, "day", countyTime(now() + 2 * day).substr(0, 10)},
            {"harvest", harvest, "day", daysAgo(500)},
            {"harvest", harvest, "day", "2026-02-30"},
            {"harvest", harvest, "day", ""},
            {"pesticide", spray, "pesticide", ""},
            {"pesticide", spray, "pesticide", std::string(500, 'x')},
            {"pesticide", spray, "dose", "  "},
            {"pesticide", spray, "interval", "-1"},
            {"pesticide", spray, "interval", "seven"},
            {"packing", packing, "lot", lotUri(gtin, "NOBODYS")},
            {"packing", packing, "boxes", "2.5"},
            {"packing", packing, "weight", "９"},
            {"dispatch", dispatch, "receiver", "https://id.gs1.org/417/0000000000000"},
            {"dispatch", dispatch, "vehicle", std::string(41, 'v')},
        };
        for (const Wrong& wrong : all) {
            Form fields = wrong.good;
            for (auto& [name, value] : fields)
                if (name == wrong.field) value = wrong.value;
            const Answer answer = submit(*farmer_, wrong.kind, fields);
            const std::string said = wrong.kind + "." + wrong.field + "=" + wrong.value.substr(0, 40);
            CPPUNIT_ASSERT_EQUAL_MESSAGE(said, 422, answer.status);
            CPPUNIT_ASSERT_MESSAGE(said, contains(answer.body, "class=\"summary-wrong\""));
            CPPUNIT_ASSERT_EQUAL_MESSAGE(
                said, "#f-" + wrong.field,
                between(answer.body, "<li><a href=\"", "\"", answer.body.find("summary-wrong")));
            CPPUNIT_ASSERT_EQUAL_MESSAGE(said, std::size_t{1},
                                         countOf(answer.body, "class=\"field field-wrong\""));
            CPPUNIT_ASSERT_MESSAGE(said, !contains(answer.body, "<script>alert"));
            // What was right is still there, and so is what was typed wrong where it was typed.
            for (const auto& [name, value] : fields) {
                if (name == "crop" || name == "lot" || name == "receiver") {
                    const std::string select =
                        between(answer.body, "<select id=\"f-" + name + "\"", "</select>");
                    if (name != wrong.field)
                        CPPUNIT_ASSERT_EQUAL_MESSAGE(
                            said, value,
                            unescaped(between(
                                select.substr(0, select.find(" selected"))
                                    .substr(select.substr(0, select.find(" selected")).rfind("<option")),
                                "value=\"", "\"")));
                    continue;
                }
                if (value != "  ")
                    CPPUNIT_ASSERT_EQUAL_MESSAGE(
                        said, value, unescaped(between(answer.body, "name=\"" + name + "\" value=\"", "\"")));
            }
        }
        // Several at once are all named; nothing of it is stored or listed.
        const Answer empty = submit(*farmer_, "dispatch", {});
        CPPUNIT_ASSERT_EQUAL(422, empty.status);
        CPPUNIT_ASSERT_EQUAL(std::size_t{4}, countOf(empty.body, "class=\"field field-wrong\""));
        CPPUNIT_ASSERT_EQUAL(before, stored());
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, voidable(*farmer_).size());
    }

    void othersDoNotEnter() {
        registerAll();
        const std::string lot = harvested("10");
        const std::size_t before = stored();
        const std::string button = voidable(*farmer_).front();
        const std::string label =
            "/traceability/lots/" + gtin + "/" + lot.substr(lot.rfind('/') + 1) + "/label";
        const Form harvest = {{"crop", crop}, {"weight", "12"}, {"day", today()}};

        for (const char* role : {"citizen", "bureau_admin", "operator"}) {
            const auto other = signedIn(*daemon_, role);
            for (const std::string& path : {std::string("/traceability/records"), formOf("harvest"), label})
                CPPUNIT_ASSERT_EQUAL_MESSAGE(role + path, 404, other->get(path).status);
            other->get("/");
            CPPUNIT_ASSERT_EQUAL_MESSAGE(role, 404, other->post(formOf("harvest"), harvest).status);
            CPPUNIT_ASSERT_EQUAL_MESSAGE(role, 404, other->post(button, {}).status);
        }

        // A farmer of another cooperative has her own list, and nothing of this one's in it.
        addAccount("stranger", "示范农产品流通联合社");
        Client stranger(daemon_->url());
        stranger.always("Accept-Language", "en");
        stranger.signIn("stranger", "correct-horse-battery");
        const Answer list = stranger.get("/traceability/records");
        CPPUNIT_ASSERT_EQUAL(200, list.status);
        CPPUNIT_ASSERT(!contains(list.body, "试验白菜"));
        CPPUNIT_ASSERT_EQUAL(422, stranger.post(formOf("harvest"), harvest).status);
        CPPUNIT_ASSERT_EQUAL(422, stranger
                                      .post(formOf("packing"),
                                            {{"lot", lot}, {"weight", "1"}, {"boxes", "1"}, {"day", today()}})
                                      .status);
        CPPUNIT_ASSERT_EQUAL(404, stranger.post(button, {}).status);
        CPPUNIT_ASSERT_EQUAL(404, stranger.get(label).status);

        // Nor may her neighbour of the same cooperative make her record void.
        addAccount("neighbour", cooperativeName);
        Client neighbour(daemon_->url());
        neighbour.signIn("neighbour", "correct-horse-battery");
        neighbour.get("/traceability/records");
        CPPUNIT_ASSERT_EQUAL(404, neighbour.post(button, {}).status);

        Client visitor(daemon_->url());
        visitor.get("/sign-in");
        CPPUNIT_ASSERT_EQUAL(303, visitor.get("/traceability/records").status);
        CPPUNIT_ASSERT_EQUAL(303, visitor.post(formOf("harvest"), harvest).status);
        CPPUNIT_ASSERT_EQUAL(
            403, farmer_->send("POST", button, "application/x-www-form-urlencoded", "csrf=guessed").status);
        CPPUNIT_ASSERT_EQUAL(before, stored());
    }

    void aVoidRecordIsDeclaredWrongAndStays() {
        registerAll();
        const std::string wrong = harvested("1205"), right = harvested("120.5");
        CPPUNIT_ASSERT(wrong != right);
        // Newest first: the wrong one is the second.
        const std::vector<std::string> buttons = voidable(*farmer_);
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, buttons.size());
        const Answer done = farmer_->post(buttons[1], {});
        CPPUNIT_ASSERT_EQUAL(303, done.status);
        CPPUNIT_ASSERT(contains(farmer_->follow(done).body, "The record is void"));

        const auto declarations = [&] {
            std::size_t events = 0, count = 0;
            std::string id;
            const Value about = queryEvents(*cooperative_, "MATCH_outputEPCClass=" + formEncoded(wrong));
            for (const ValueView event : about.view()) {
                CPPUNIT_ASSERT(id.empty() || id == event["eventID"].asText());
                id = event["eventID"].asText();
                ++events;
                if (!event.has("errorDeclaration")) continue;
                ++count;
                CPPUNIT_ASSERT_EQUAL(std::string("incorrect_data"),
                                     event["errorDeclaration"]["reason"].asText());
            }
            CPPUNIT_ASSERT_EQUAL(std::size_t{2}, events);
            return count;
        };
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, declarations());

        Client phone(daemon_->url());
        phone.always("Accept-Language", "en");
        const std::string seen = mainOf(phone.get(scanPath(wrong)).body);
        CPPUNIT_ASSERT_MESSAGE(seen, contains(seen, "1 record(s) were declared wrong"));
        CPPUNIT_ASSERT_MESSAGE(seen, !contains(seen, "1205"));
        CPPUNIT_ASSERT(contains(mainOf(phone.get(scanPath(right)).body), "120.5 kg"));

        // Once void, always void: neither the button nor a second sending of it says so again.
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, voidable(*farmer_).size());
        CPPUNIT_ASSERT_EQUAL(303, farmer_->post(buttons[1], {}).status);
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, declarations());
        // What was never harvested cannot be packed, sent or labelled, and its number is not given again.
        for (const char* kind : {"packing", "dispatch"})
            CPPUNIT_ASSERT_MESSAGE(kind, choices(farmer_->get(formOf(kind)).body, "lot") ==
                                             std::vector<std::string>{right});
        CPPUNIT_ASSERT_EQUAL(
            404,
            farmer_->get("/traceability/lots/" + gtin + wrong.substr(wrong.rfind('/')) + "/label").status);
        const std::string third = harvested("1");
        CPPUNIT_ASSERT(third != wrong && third != right);
        // Her act is in the audit.
        CPPUNIT_ASSERT(
            contains(signedIn(*daemon_, "auditor")->get("/audit").body, "traceability.record.void"));
    }

    void theLabelLeadsToTheLot() {
        registerAll();
        const std::string lot = harvested("10");
        const std::string records = farmer_->get("/traceability/records").body;
        const std::string number = lot.substr(lot.rfind('/') + 1);
        const std::string label = "/traceability/lots/" + gtin + "/" + number + "/label";
        CPPUNIT_ASSERT(contains(records, "href=\"" + label + "\""));
        const Answer page = farmer_->get(label);
        CPPUNIT_ASSERT_EQUAL(200, page.status);
        const std::string main = mainOf(page.body);
        CPPUNIT_ASSERT(contains(main, "<svg"));
        CPPUNIT_ASSERT(contains(unescaped(main), daemon_->url() + "/01/" + gtin + "/10/" + number));
        CPPUNIT_ASSERT(contains(main, "试验白菜"));
        CPPUNIT_ASSERT_EQUAL(404, farmer_->get("/traceability/lots/" + gtin + "/NEVER/label").status);
        CPPUNIT_ASSERT_EQUAL(404, farmer_->get("/traceability/lots/12/" + number + "/label").status);
        // Whoever scans it arrives.
        CPPUNIT_ASSERT_EQUAL(200, Client(daemon_->url()).get("/01/" + gtin + "/10/" + number).status);
    }

    void aFormSentTwiceIsOneRecord() {
        registerAll();
        const Answer form = farmer_->get(formOf("harvest"));
        const std::string number = between(form.body, "name=\"form\" value=\"", "\"");
        CPPUNIT_ASSERT(!number.empty());
        const auto send = [&](const std::string& kilograms) {
            return farmer_->post(formOf("harvest"),
                                 {{"form", number}, {"crop", crop}, {"weight", kilograms}, {"day", today()}});
        };
        // A double click: the requests run at the same time.
        const std::string fields = "csrf=" + formEncoded(farmer_->csrf()) + "&form=" + number +
                                   "&crop=" + formEncoded(crop) + "&weight=10&day=" + today();
        std::atomic<int> accepted = 0;
        std::vector<std::thread> clicks;
        for (int i = 0; i < 4; ++i)
            clicks.emplace_back([&, cookies = farmer_->cookies()] {
                Client click(daemon_->url());
                click.always("Cookie", cookies);
                if (click.send("POST", formOf("harvest"), "application/x-www-form-urlencoded", fields)
                        .status == 303)
                    ++accepted;
            });
        for (std::thread& click : clicks)
            click.join();
        CPPUNIT_ASSERT_EQUAL(4, accepted.load());
        // And once more later, from a page that was loaded anew.
        CPPUNIT_ASSERT(contains(farmer_->follow(send("10")).body, "It is recorded."));
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, stored());
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, voidable(*farmer_).size());
        // With another answer it is another record, and so is the same answer in a new form.
        CPPUNIT_ASSERT_EQUAL(303, send("11").status);
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, stored());
        saved("harvest", {{"crop", crop}, {"weight", "10"}, {"day", today()}});
        CPPUNIT_ASSERT_EQUAL(std::size_t{3}, stored());
        // A form's number is nobody else's: hers does not swallow her neighbour's record.
        addAccount("neighbour", cooperativeName);
        Client neighbour(daemon_->url());
        neighbour.signIn("neighbour", "correct-horse-battery");
        neighbour.get(formOf("harvest"));
        CPPUNIT_ASSERT_EQUAL(303,
                             neighbour
                                 .post(formOf("harvest"),
                                       {{"form", number}, {"crop", crop}, {"weight", "10"}, {"day", today()}})
                                 .status);
        CPPUNIT_ASSERT_EQUAL(std::size_t{4}, stored());
    }

    void withoutMasterDataTheFormsSaySo() {
        for (const std::string& kind : kinds) {
            const std::string page = farmer_->get(formOf(kind)).body;
            CPPUNIT_ASSERT_MESSAGE(kind, contains(page, "This cannot be filled in yet"));
            CPPUNIT_ASSERT_EQUAL_MESSAGE(kind, std::size_t{0}, countOf(page, "id=\"f-"));
        }
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(FarmTest);

} // namespace
