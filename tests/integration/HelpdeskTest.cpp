// SPDX-License-Identifier: Apache-2.0
// The helpdesk sample walked over HTTP: its machine on the host's pages, its guards and side effects, its
// lists with the table of assets that is brought, its interface, and what its listener counts, also where the
// daemon is killed in between.
#include "base/Json.h"
#include "support/CountyFixture.h"
#include "support/FormData.h"
#include "support/Page.h"

#include <cppunit/extensions/HelperMacros.h>

#include <fstream>
#include <functional>

#include <unistd.h>

using namespace dalate;
using namespace dalate::testing;

namespace {

namespace fs = std::filesystem;

const std::string list = "/cases/helpdesk/ticket";
const std::string desk = "/lists/helpdesk/desk";
const std::string assets = "/lists/helpdesk/assets";
const std::string counts = "/lists/helpdesk/tally";
const std::string assetForm = "/helpdesk/assets/new";
constexpr const char* password = "a long pass phrase 7";

void replaceIn(const fs::path& file, const std::string& before, const std::string& after) {
    std::ifstream in(file);
    std::string text((std::istreambuf_iterator<char>(in)), {});
    const std::size_t at = text.find(before);
    CPPUNIT_ASSERT_MESSAGE(before, at != std::string::npos);
    std::ofstream(file) << text.replace(at, before.size(), after);
}

/// A folder of plugins with the helpdesk alone; `change` may edit its files.
fs::path helpdeskIn(const fs::path& folder, const std::function<void(const fs::path&)>& change = {}) {
    const fs::path to = folder / "plugins";
    fs::create_directories(to);
    fs::copy(fs::path(DALATE_BINARY_DIR) / "plugins/helpdesk", to / "helpdesk", fs::copy_options::recursive);
    if (change) change(to / "helpdesk");
    return to;
}

std::string trimmed(const std::string& text) {
    const std::size_t first = text.find_first_not_of(" \n");
    return first == std::string::npos ? "" : text.substr(first, text.find_last_not_of(" \n") - first + 1);
}

bool comes(const std::function<bool()>& what) {
    for (int waits = 0; waits < 150; ++waits) {
        if (what()) return true;
        ::usleep(100000);
    }
    return false;
}

/// A county with a helpdesk, and the ways its people go.
class Desk {
public:
    explicit Desk(const std::function<void(const fs::path&)>& change = {}) {
        options_.plugins = helpdeskIn(folder_.path(), change);
        start();
    }

    void start() {
        daemon_.reset();
        daemon_ = std::make_unique<Daemon>(options_, folder_.path() / "data");
        signIn();
    }
    void signIn() {
        asker = signedIn(*daemon_, "regulator");
        agent = signedIn(*daemon_, "helpdesk_agent");
        lead = signedIn(*daemon_, "helpdesk_lead");
    }
    Daemon& daemon() { return *daemon_; }
    fs::path data() const { return folder_.path() / "data"; }

    std::unique_ptr<Client> asker, agent, lead;

    static Form ticket(const std::string& subject, const std::string& category = "network") {
        return {{"category", category}, {"subject", subject},   {"what", "从今天上午开始"},
                {"urgent", "no"},       {"office", "旗农牧局"}, {"phone", "0477-3123456"}};
    }
    /// Files a ticket and gives its path.
    std::string file(Client& client, Form fields) {
        client.get(list + "/open");
        const Answer sent = client.post(list + "/open", std::move(fields));
        CPPUNIT_ASSERT_EQUAL_MESSAGE(mainOf(sent.body), 303, sent.status);
        const std::string done = sent.header("location");
        CPPUNIT_ASSERT_MESSAGE(done, done.ends_with("/done"));
        return done.substr(0, done.size() - 5);
    }
    /// Files a ticket of the asker's that the agent has taken.
    std::string taken(const std::string& subject, const std::string& category = "network") {
        const std::string path = file(*asker, ticket(subject, category));
        mustMove(*agent, path, "take");
        return path;
    }
    Answer move(Client& client, const std::string& path, const std::string& step, Form fields = {}) {
        const std::string at = path + "/move/" + step;
        std::string version = between(client.get(at).body, "name=\"_version\" value=\"", "\"");
        if (version.empty()) version = between(client.get(path).body, "name=\"_version\" value=\"", "\"");
        fields.emplace_back("_version", version);
        return client.post(at, std::move(fields));
    }
    void mustMove(Client& client, const std::string& path, const std::string& step, Form fields = {}) {
        const Answer answer = move(client, path, step, std::move(fields));
        CPPUNIT_ASSERT_EQUAL_MESSAGE(step + mainOf(answer.body), 303, answer.status);
    }
    /// The step is refused with this status and these words.
    void mustNot(Client& client, const std::string& path, const std::string& step, int status,
                 const std::string& words, Form fields = {}) {
        const Answer answer = move(client, path, step, std::move(fields));
        CPPUNIT_ASSERT_EQUAL_MESSAGE(step + mainOf(answer.body), status, answer.status);
        CPPUNIT_ASSERT_MESSAGE(mainOf(answer.body), contains(answer.body, words));
    }
    /// The step is there but not this person's, on its page and when it is sent. `other` may do `way` now, so
    /// her page knows the version.
    void mayNot(Client& client, const std::string& path, const std::string& step, Client& other,
                const std::string& way) {
        CPPUNIT_ASSERT_EQUAL(403, client.get(path + "/move/" + step).status);
        const std::string version =
            between(other.get(path + "/move/" + way).body, "name=\"_version\" value=\"", "\"");
        CPPUNIT_ASSERT(!version.empty());
        const std::string page = client.get(path).body;
        CPPUNIT_ASSERT(!contains(page, "/move/" + step + "\""));
        Form fields = closing();
        if (step != "close") fields.clear();
        fields.emplace_back("_version", version);
        CPPUNIT_ASSERT_EQUAL(403, client.post(path + "/move/" + step, std::move(fields)).status);
    }
    void reply(const std::string& path) { mustMove(*agent, path, "reply", {{"answer", "已更换网线"}}); }
    static Form closing(const std::string& minutes = "25") {
        return {{"cause", "line"}, {"minutes", minutes}};
    }

    void registerAsset(const std::string& tag) {
        lead->get(assetForm);
        const Answer sent = lead->post(assetForm, asset(tag));
        CPPUNIT_ASSERT_EQUAL_MESSAGE(mainOf(sent.body), 303, sent.status);
    }
    /// Brings a table of assets; the path of its batch.
    std::string bring(const std::string& table) {
        lead->get(assets + "/import");
        FormData form;
        form.field("csrf", lead->csrf()).file("table", "设备.csv", "text/csv", table);
        const Answer sent = lead->send("POST", assets + "/import", FormData::type(), form.body());
        CPPUNIT_ASSERT_EQUAL_MESSAGE(mainOf(sent.body), 303, sent.status);
        return sent.header("location");
    }
    std::string pressed(const std::string& batch, const std::string& what) {
        lead->get(batch);
        CPPUNIT_ASSERT_EQUAL(303, lead->post(batch, {{"_do", what}}).status);
        return unescaped(mainOf(lead->get(batch).body));
    }
    /// Does an act on the rows that `query` shows, with all that the question asks for; the report.
    std::string actOn(Client& client, const std::string& rows, const std::string& act) {
        const auto values = [](const std::string& page) {
            Form fields;
            for (std::size_t at = page.find("name=\"row\""); at != std::string::npos;
                 at = page.find("name=\"row\"", at + 1))
                fields.emplace_back("row", between(page, "value=\"", "\"", at));
            return fields;
        };
        const std::string path = rows.substr(0, rows.find('?')) + "/bulk";
        Form fields = values(client.get(rows).body);
        fields.emplace_back("act", act);
        fields = values(client.post(path, std::move(fields)).body);
        fields.emplace_back("act", act);
        fields.emplace_back("confirmed", "yes");
        return unescaped(mainOf(client.post(path, std::move(fields)).body));
    }
    static Form asset(const std::string& tag) {
        return {{"tag", tag},
                {"kind", "notebook"},
                {"model", "示范本"},
                {"price", "4999.00"},
                {"bought", "2026-03-05"}};
    }
    /// What the list of assets says of one, cell by cell; empty where it is not there.
    std::vector<std::string> rowOf(const std::string& tag) {
        for (auto row : tableIn(mainOf(agent->get(assets + "?tag=" + tag).body)))
            for (std::size_t i = 0; i < 2 && i < row.size(); ++i)
                if (trimmed(row[i]) == tag) return {row.begin() + static_cast<std::ptrdiff_t>(i), row.end()};
        return {};
    }
    /// Its state, in English.
    std::string stateOf(const std::string& tag) {
        const std::vector<std::string> row = rowOf(tag);
        return row.size() > 3 ? trimmed(row[3]) : std::string();
    }
    /// {closed, minutes} of a category in its latest month; empty where there is none.
    std::vector<std::string> tally(const std::string& category) {
        for (const auto& row : tableIn(mainOf(agent->get(counts + "?category=" + category).body)))
            if (row.size() == 4 && row[0].starts_with("20")) return {row[2], row[3]};
        return {};
    }

private:
    TemporaryFolder folder_;
    Daemon::Options options_ = Daemon::built();
    std::unique_ptr<Daemon> daemon_;
};

class HelpdeskTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(HelpdeskTest);
    CPPUNIT_TEST(aTicketIsAnsweredClosedAndCounted);
    CPPUNIT_TEST(whatIsNotSolvedNeedsAnotherAnswer);
    CPPUNIT_TEST(whoFiledItDoesNotCloseIt);
    CPPUNIT_TEST(aSpareIsLentToOneAndComesBack);
    CPPUNIT_TEST(whoAsksForASpareDoesNotApproveIt);
    CPPUNIT_TEST(nobodyHasMoreSparesThanTheRuleLets);
    CPPUNIT_TEST(papersOfAnAssetAreTheDesks);
    CPPUNIT_TEST(aTableOfAssetsIsRegisteredAndTakenBack);
    CPPUNIT_TEST(severalTicketsAreTakenAtOnceUrgentOnesFirst);
    CPPUNIT_TEST(severalSparesComeBackAtOnce);
    CPPUNIT_TEST(aPhotoComesWithTheTicket);
    CPPUNIT_TEST(machinesAreJudgedByTheSameForm);
    CPPUNIT_TEST(onlyStaffAskAndOnlyTheDeskSeesTheDesk);
    CPPUNIT_TEST_SUITE_END();

    static inline std::unique_ptr<Desk> desk_;

public:
    void setUp() override {
        if (!desk_)
            desk_ = std::make_unique<Desk>();
        else
            desk_->signIn();
    }

    void aTicketIsAnsweredClosedAndCounted() {
        Desk& d = *desk_;
        const std::string path = d.file(*d.asker, Desk::ticket("打印机卡纸", "printer"));
        CPPUNIT_ASSERT(contains(d.agent->get("/inbox").body, "打印机卡纸"));
        CPPUNIT_ASSERT(contains(d.agent->get(desk).body, path));
        d.mustMove(*d.agent, path, "take");
        d.mustNot(*d.agent, path, "close", 409, "There is no answer yet", Desk::closing());
        d.mustNot(*d.agent, path, "reply", 422, "href=\"#f-answer\"", {{"answer", ""}});
        d.reply(path);
        CPPUNIT_ASSERT(contains(d.asker->get("/inbox").body, "Your ticket is answered"));
        d.mustNot(*d.agent, path, "close", 422, "href=\"#f-minutes\"", Desk::closing("481"));
        d.mustMove(*d.agent, path, "close", Desk::closing());
        CPPUNIT_ASSERT(contains(d.asker->get(path).body, "Closed"));
        CPPUNIT_ASSERT(!contains(d.agent->get(desk).body, path));
        const std::vector<std::string> counted{"1", "25"};
        CPPUNIT_ASSERT(comes([&] { return d.tally("printer") == counted; }));
        CPPUNIT_ASSERT(contains(d.asker->get(path + "/history").body, "whole and unchanged"));
    }

    void whatIsNotSolvedNeedsAnotherAnswer() {
        Desk& d = *desk_;
        const std::string path = d.taken("网络时断时续");
        d.reply(path);
        d.mustMove(*d.asker, path, "more", {{"_reason", "下午又断了"}});
        d.mustNot(*d.agent, path, "close", 409, "There is no answer yet", Desk::closing());
        d.reply(path);
        d.mustMove(*d.asker, path, "settle");
        d.mustMove(*d.asker, path, "reopen", {{"_reason", "第二天又断"}});
        d.mustNot(*d.lead, path, "close", 409, "There is no answer yet", Desk::closing());
        d.mustMove(*d.asker, path, "withdraw");
    }

    void whoFiledItDoesNotCloseIt() {
        Desk& d = *desk_;
        const std::string path = d.file(*d.agent, Desk::ticket("机房空调报警"));
        d.mustMove(*d.agent, path, "take");
        d.reply(path);
        d.mayNot(*d.agent, path, "close", *d.lead, "close");
        d.mustMove(*d.lead, path, "close", Desk::closing());
    }

    void aSpareIsLentToOneAndComesBack() {
        Desk& d = *desk_;
        d.registerAsset("PC-001");
        CPPUNIT_ASSERT_EQUAL(std::string("Free"), d.stateOf("PC-001"));
        d.lead->get(assetForm);
        const Answer twice = d.lead->post(assetForm, Desk::asset("PC-001"));
        CPPUNIT_ASSERT_EQUAL(422, twice.status);
        CPPUNIT_ASSERT(contains(twice.body, "href=\"#f-tag\"") &&
                       countOf(twice.body, "This tag is registered already") == 2);
        const std::string path = d.taken("电脑不能开机", "computer");
        d.mustNot(*d.agent, path, "ask_spare", 422, "no spare with the tag PC-404", {{"spare", "PC-404"}});
        d.mustMove(*d.agent, path, "ask_spare", {{"spare", "PC-001"}});
        CPPUNIT_ASSERT_EQUAL(std::string("To be approved"), d.stateOf("PC-001"));
        const std::string late = d.file(*d.agent, Desk::ticket("电脑蓝屏", "computer"));
        d.mustMove(*d.agent, late, "take");
        d.mustNot(*d.agent, late, "ask_spare", 409, "The spare PC-001 is taken", {{"spare", "PC-001"}});
        d.mayNot(*d.agent, path, "approve", *d.lead, "approve");
        d.mustMove(*d.lead, path, "approve");
        CPPUNIT_ASSERT_EQUAL(std::string("Lent"), d.stateOf("PC-001"));
        CPPUNIT_ASSERT(contains(d.asker->get("/inbox").body, "Your spare device is ready"));
        CPPUNIT_ASSERT_EQUAL(std::string("旗农牧局"), trimmed(d.rowOf("PC-001").at(4)));
        const std::string asset =
            between(d.agent->get(assets + "?tag=PC-001").body, "href=\"/helpdesk/assets/", "\"");
        CPPUNIT_ASSERT(contains(d.agent->get("/helpdesk/assets/" + asset).body, "href=\"" + path + "\""));
        d.reply(path);
        d.mustNot(*d.agent, path, "close", 409, "The spare PC-001 is still out", Desk::closing());
        d.mustNot(*d.asker, path, "withdraw", 409, "The spare PC-001 is still out");
        d.mustMove(*d.agent, path, "take_back");
        d.mustNot(*d.agent, path, "take_back", 409, "This ticket has no spare");
        CPPUNIT_ASSERT_EQUAL(std::string("Free"), d.stateOf("PC-001"));
        d.mustMove(*d.agent, path, "close", Desk::closing());
    }

    void whoAsksForASpareDoesNotApproveIt() {
        Desk& d = *desk_;
        d.registerAsset("PC-002");
        const std::string path = d.taken("显示器不亮", "computer");
        d.mustMove(*d.lead, path, "ask_spare", {{"spare", "PC-002"}});
        d.mayNot(*d.lead, path, "approve", *d.lead, "refuse_spare");
        CPPUNIT_ASSERT_EQUAL(422, d.move(*d.lead, path, "refuse_spare").status);
        d.mustMove(*d.lead, path, "refuse_spare", {{"_reason", "当天能修好"}});
        CPPUNIT_ASSERT_EQUAL(std::string("Free"), d.stateOf("PC-002"));
        d.mustMove(*d.asker, path, "withdraw");
    }

    void nobodyHasMoreSparesThanTheRuleLets() {
        Desk& d = *desk_;
        d.registerAsset("PC-003");
        d.registerAsset("PC-004");
        const std::string first = d.taken("电脑中毒", "computer");
        const std::string second = d.taken("电脑进水", "computer");
        d.mustMove(*d.agent, first, "ask_spare", {{"spare", "PC-003"}});
        d.mustNot(*d.agent, second, "ask_spare", 409, "may have 1 at most", {{"spare", "PC-004"}});
        CPPUNIT_ASSERT_EQUAL(std::string("Free"), d.stateOf("PC-004"));
        d.mustMove(*d.lead, first, "refuse_spare", {{"_reason", "改为当天修"}});
        d.mustMove(*d.agent, second, "ask_spare", {{"spare", "PC-004"}});
        d.mustMove(*d.lead, second, "refuse_spare", {{"_reason", "改为当天修"}});
    }

    void papersOfAnAssetAreTheDesks() {
        Desk& d = *desk_;
        d.lead->get(assetForm);
        FormData form;
        form.field("csrf", d.lead->csrf());
        for (const auto& [name, value] : Desk::asset("PC-005"))
            form.field(name, value);
        form.file("_paper", "发票.pdf", "application/pdf", pdfFile());
        const Answer sent = d.lead->send("POST", assetForm, FormData::type(), form.body());
        CPPUNIT_ASSERT_EQUAL_MESSAGE(mainOf(sent.body), 303, sent.status);
        const std::string path = sent.header("location");
        const std::string page = d.agent->get(path).body;
        const std::string href = "/files/" + between(page, "href=\"/files/", "\"");
        CPPUNIT_ASSERT(contains(page, "发票.pdf"));
        CPPUNIT_ASSERT_EQUAL(200, d.agent->get(href).status);
        CPPUNIT_ASSERT_EQUAL(404, d.asker->get(href).status);
        CPPUNIT_ASSERT_EQUAL(404, d.asker->get(path).status);
        CPPUNIT_ASSERT_EQUAL(404, d.agent->get("/helpdesk/assets/1").status);
        // What is retired goes with its papers; an agent may not.
        CPPUNIT_ASSERT(!contains(d.agent->get(assets + "?tag=PC-005").body, "value=\"retire\""));
        const std::string gone = d.actOn(*d.lead, assets + "?tag=PC-005", "retire");
        CPPUNIT_ASSERT_MESSAGE(gone, contains(gone, "1 of 1 done."));
        CPPUNIT_ASSERT_EQUAL(404, d.agent->get(path).status);
        CPPUNIT_ASSERT_EQUAL(404, d.agent->get(href).status);
    }

    void aTableOfAssetsIsRegisteredAndTakenBack() {
        Desk& d = *desk_;
        const std::string table = "Tag,Kind,Model,Price,Bought on\r\n"
                                  "PC-021,Notebook,示范本,4999,2026-03-05\r\n"
                                  "PC-022,screen,示范屏,899.50,2026-03-06\r\n"
                                  "PC-023,rocket,示范箭,1,2026-03-06\r\n"
                                  "PC-021,Notebook,示范本,4999,2026-03-05\r\n";
        const std::string batch = d.bring(table);
        const std::string read = unescaped(mainOf(d.lead->get(batch).body));
        CPPUNIT_ASSERT_MESSAGE(read, contains(read, "Row 4") && contains(read, "Kind"));
        CPPUNIT_ASSERT_EQUAL(std::string(), d.stateOf("PC-021"));
        const std::string done = d.pressed(batch, "begin");
        CPPUNIT_ASSERT_MESSAGE(done, contains(done, "Row 5") && contains(done, "registered already"));
        CPPUNIT_ASSERT_EQUAL(std::string("Free"), d.stateOf("PC-021"));
        CPPUNIT_ASSERT_EQUAL(std::string("Screen"), trimmed(d.rowOf("PC-022").at(1)));
        CPPUNIT_ASSERT_EQUAL(std::string("899.50"), trimmed(d.rowOf("PC-022").at(6)));
        CPPUNIT_ASSERT_EQUAL(std::string(), d.stateOf("PC-023"));
        const std::string csv = d.agent->get(assets + "/csv?kind=screen").body;
        CPPUNIT_ASSERT_MESSAGE(csv, contains(csv, "PC-022") && !contains(csv, "PC-021"));
        CPPUNIT_ASSERT(d.agent->get(assets + "/xlsx").body.starts_with("PK"));
        // One that is lent for a ticket stays when the table is taken back.
        const std::string path = d.taken("电脑报修", "computer");
        d.mustMove(*d.agent, path, "ask_spare", {{"spare", "PC-021"}});
        const std::string back = d.pressed(batch, "undo");
        CPPUNIT_ASSERT_MESSAGE(back, contains(back, "Take it back first"));
        CPPUNIT_ASSERT_EQUAL(std::string("To be approved"), d.stateOf("PC-021"));
        CPPUNIT_ASSERT_EQUAL(std::string(), d.stateOf("PC-022"));
        d.mustMove(*d.lead, path, "refuse_spare", {{"_reason", "当天能修好"}});
        CPPUNIT_ASSERT(d.agent->get(assets + "/import").status >= 403);
    }

    void severalTicketsAreTakenAtOnceUrgentOnesFirst() {
        Desk& d = *desk_;
        d.file(*d.asker, Desk::ticket("批量甲", "printer"));
        Form urgent = Desk::ticket("批量乙", "printer");
        urgent[3].second = "yes";
        d.file(*d.asker, urgent);
        const std::string shown = d.agent->get(desk + "?category=printer&state=filed").body;
        const std::size_t first = shown.find("批量乙"), second = shown.find("批量甲");
        CPPUNIT_ASSERT_MESSAGE(mainOf(shown), first < second && second != std::string::npos);
        CPPUNIT_ASSERT(!contains(d.agent->get(desk + "?turn=first").body, "批量甲"));
        CPPUNIT_ASSERT_EQUAL(400, d.agent->get(desk + "?colour=red").status);
        const std::string done = d.actOn(*d.agent, desk + "?category=printer&state=filed", "take");
        CPPUNIT_ASSERT_MESSAGE(done, contains(done, "2 of 2 done."));
        CPPUNIT_ASSERT(contains(d.agent->get(desk + "?state=working").body, "批量甲"));
    }

    void severalSparesComeBackAtOnce() {
        Desk& d = *desk_;
        d.registerAsset("PC-031");
        d.registerAsset("PC-032");
        const std::string path = d.taken("电脑进灰", "computer");
        d.mustMove(*d.agent, path, "ask_spare", {{"spare", "PC-031"}});
        d.mustMove(*d.lead, path, "approve");
        d.reply(path);
        const std::string back = d.actOn(*d.lead, assets + "?tag=PC-03", "take_back");
        CPPUNIT_ASSERT_MESSAGE(back, contains(back, "1 of 2 done."));
        CPPUNIT_ASSERT_EQUAL(std::string("Free"), d.stateOf("PC-031"));
        d.mustMove(*d.agent, path, "close", Desk::closing());
    }

    void aPhotoComesWithTheTicket() {
        Desk& d = *desk_;
        d.asker->get(list + "/open");
        FormData form;
        form.field("csrf", d.asker->csrf());
        for (const auto& [name, value] : Desk::ticket("屏幕花屏", "computer"))
            form.field(name, value);
        form.file("photo", "屏幕.png", "image/png", pngFile(40, 30));
        const Answer sent = d.asker->send("POST", list + "/open", FormData::type(), form.body());
        CPPUNIT_ASSERT_EQUAL_MESSAGE(mainOf(sent.body), 303, sent.status);
        const std::string done = sent.header("location");
        const std::string page = d.agent->get(done.substr(0, done.size() - 5)).body;
        const std::string href = "/files/" + between(page, "href=\"/files/", "\"");
        CPPUNIT_ASSERT_EQUAL(200, d.agent->get(href).status);
        CPPUNIT_ASSERT_EQUAL(404, signedIn(d.daemon(), "farmer")->get(href).status);
    }

    void machinesAreJudgedByTheSameForm() {
        Desk& d = *desk_;
        const auto monitor = systemOf(d.daemon(), "helpdesk");
        const auto report = [&](const std::string& body) {
            return monitor->send("POST", "/helpdesk/api/tickets", "application/json", body);
        };
        const std::string good =
            R"("category":"network","subject":"核心交换机离线","what":"ping 无应答","office":"机房")";
        const Answer made = report("{" + good + R"(,"urgent":true})");
        CPPUNIT_ASSERT_EQUAL_MESSAGE(made.body, 201, made.status);
        const Value answer = made.json();
        CPPUNIT_ASSERT_EQUAL(list + "/" + answer["case"].asText(), made.header("location"));
        CPPUNIT_ASSERT_EQUAL(std::string("filed"), answer["state"].asText());
        const std::string page = d.agent->get(desk).body;
        CPPUNIT_ASSERT(contains(page, answer["number"].asText()) && contains(page, "Urgent"));
        const std::string path = made.header("location");
        d.mustMove(*d.agent, path, "take");
        d.mustNot(*d.agent, path, "ask_spare", 409, "nobody to lend to", {{"spare", "PC-001"}});
        for (const std::string& bad : {"{" + good + "}", "{" + good + R"(,"urgent":"yes"})",
                                       "{" + good + R"(,"urgent":true,"state":"closed"})",
                                       "{" + good + R"(,"urgent":true,"device":"PC-001"})",
                                       "{" + good + R"(,"urgent":true,"photo":"1"})", std::string("[]")}) {
            const Answer refused = report(bad);
            CPPUNIT_ASSERT_EQUAL_MESSAGE(bad + refused.body, 422, refused.status);
        }
        CPPUNIT_ASSERT_EQUAL(400, report("{\"category\":").status);
        const Answer person =
            d.asker->send("POST", "/helpdesk/api/tickets", "application/json", "{" + good + "}");
        CPPUNIT_ASSERT_MESSAGE(std::to_string(person.status), person.status == 403 || person.status == 404);
    }

    void onlyStaffAskAndOnlyTheDeskSeesTheDesk() {
        Desk& d = *desk_;
        const std::string path = d.file(*d.asker, Desk::ticket("密码过期", "account"));
        const auto farmer = signedIn(d.daemon(), "farmer");
        CPPUNIT_ASSERT(farmer->get(list + "/open").status >= 400);
        CPPUNIT_ASSERT_EQUAL(404, farmer->get(path).status);
        for (const std::string& page : {desk, assets, counts}) {
            CPPUNIT_ASSERT_EQUAL(404, farmer->get(page).status);
            CPPUNIT_ASSERT_EQUAL(404, d.asker->get(page).status);
            CPPUNIT_ASSERT_EQUAL(200, d.agent->get(page).status);
        }
        d.agent->get(desk);
        CPPUNIT_ASSERT(d.agent->post(assetForm, Desk::asset("PC-900")).status >= 403);
        d.lead->get(assetForm);
        const Answer wrong =
            d.lead->post(assetForm, {{"tag", "PC-900"}, {"kind", "rocket"}, {"price", "-1"}});
        CPPUNIT_ASSERT_EQUAL(422, wrong.status);
        CPPUNIT_ASSERT(contains(wrong.body, "href=\"#f-kind\"") && contains(wrong.body, "value=\"PC-900\""));
        CPPUNIT_ASSERT_EQUAL(std::string(), d.stateOf("PC-900"));
    }
};

/// What runs by itself: terms, the job, and the event after a crash. A daemon each.
class HelpdeskTermsTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(HelpdeskTermsTest);
    CPPUNIT_TEST(anAnswerWithoutAWordIsSettledByTheSystem);
    CPPUNIT_TEST(aHolderIsRemindedOnce);
    CPPUNIT_TEST(aKillAfterTheCloseCountsItOnce);
    CPPUNIT_TEST_SUITE_END();

public:
    void anAnswerWithoutAWordIsSettledByTheSystem() {
        Desk d(
            [](const fs::path& to) { replaceIn(to / "rules/helpdesk.json", "\"5 workdays\"", "\"2 s\""); });
        const std::string path = d.taken("打印机离线", "printer");
        d.reply(path);
        CPPUNIT_ASSERT(comes([&] { return !contains(d.agent->get(desk).body, path); }));
        CPPUNIT_ASSERT(contains(d.asker->get(path).body, "Closed"));
        const std::vector<std::string> counted{"1", "0"};
        CPPUNIT_ASSERT(comes([&] { return d.tally("printer") == counted; }));
    }

    void aHolderIsRemindedOnce() {
        Desk d([](const fs::path& to) {
            replaceIn(to / "rules/helpdesk.json", "\"10 workdays\"", "\"1 s\"");
            replaceIn(to / "plugin.json", "\"every_s\": 86400", "\"every_s\": 1");
        });
        d.registerAsset("PC-007");
        const std::string path = d.taken("键盘失灵", "computer");
        d.mustMove(*d.agent, path, "ask_spare", {{"spare", "PC-007"}});
        d.mustMove(*d.lead, path, "approve");
        const auto told = [&] { return countOf(d.asker->get("/inbox").body, "The loan of PC-007"); };
        CPPUNIT_ASSERT(comes([&] { return told() > 0; }));
        const std::size_t before = told();
        ::usleep(3000000);
        CPPUNIT_ASSERT_EQUAL(before, told());
    }

    void aKillAfterTheCloseCountsItOnce() {
        Desk d;
        for (int i = 1; i <= 5; ++i) {
            const std::string path = d.taken("打印模糊 " + std::to_string(i), "printer");
            d.reply(path);
            d.mustMove(*d.agent, path, "close", Desk::closing("10"));
            d.daemon().kill();
            d.start();
            const std::vector<std::string> counted{std::to_string(i), std::to_string(10 * i)};
            CPPUNIT_ASSERT(comes([&] { return d.tally("printer") == counted; }));
        }
        ::usleep(2000000);
        CPPUNIT_ASSERT_EQUAL(std::string("5"), d.tally("printer").at(0));
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(HelpdeskTest);
CPPUNIT_TEST_SUITE_REGISTRATION(HelpdeskTermsTest);

} // namespace
