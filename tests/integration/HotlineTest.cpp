// SPDX-License-Identifier: Apache-2.0
// The hotline sample, which is declarations alone, walked over HTTP on the host's own pages of cases: from
// the caller's form to the call back, with everything that must be refused on the way.
#include "base/Json.h"
#include "support/Beneath.h"
#include "support/CountyFixture.h"
#include "support/FormData.h"
#include "support/Page.h"

#include <cppunit/extensions/HelperMacros.h>

#include <fstream>

using namespace dalate;
using namespace dalate::testing;

namespace {

namespace fs = std::filesystem;

const std::string list = "/cases/hotline/call";

/// A folder of plugins with the hotline alone, whose term is as long as the test wants.
fs::path hotlineWith(const fs::path& folder, const std::string& term) {
    const fs::path to = folder / "plugins";
    fs::create_directories(to);
    fs::copy(fs::path(DALATE_BINARY_DIR) / "plugins/hotline", to / "hotline", fs::copy_options::recursive);
    const fs::path rules = to / "hotline/rules/terms.json";
    std::ifstream in(rules);
    std::string text((std::istreambuf_iterator<char>(in)), {});
    const std::size_t at = text.find("5 workdays");
    CPPUNIT_ASSERT(at != std::string::npos);
    text.replace(at, std::string("5 workdays").size(), term);
    std::ofstream(rules) << text;
    return to;
}

class HotlineTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(HotlineTest);
    CPPUNIT_TEST(aCallIsAnsweredAndCalledBack);
    CPPUNIT_TEST(whatIsWrongInTheFormIsSaidAndNothingIsOpened);
    CPPUNIT_TEST(aMoveThatIsNotDeclaredIsRefused);
    CPPUNIT_TEST(theSecondClerkSeesWhatTheFirstDid);
    CPPUNIT_TEST(theCallerWithdraws);
    CPPUNIT_TEST(othersFindNoCase);
    CPPUNIT_TEST(commentsAndFilesAreTheCasesReaders);
    CPPUNIT_TEST(theSupervisorIsToldOfWhatIsOverdue);
    CPPUNIT_TEST(switchedOffNoPageOfItExists);
    CPPUNIT_TEST(aDraftOutlivesTheSession);
    CPPUNIT_TEST(aFormSentTwiceIsOneCall);
    CPPUNIT_TEST(aLongHistoryIsReadPageByPage);
    CPPUNIT_TEST(whatIsChangedBeneathIsFound);
    CPPUNIT_TEST(theListGoesOnBehindItsKey);
    CPPUNIT_TEST_SUITE_END();

    static constexpr const char* bureau = "旗接诉即办中心(演示)";

    static inline std::unique_ptr<TemporaryFolder> folder_;
    static inline std::unique_ptr<Daemon> daemon_;
    std::unique_ptr<Client> citizen_, desk_, handler_;

    /// Files a call and gives its path.
    std::string file(const std::string& title) {
        citizen_->get(list + "/open");
        const Answer sent = citizen_->post(list + "/open", {{"title", title},
                                                            {"what", "村口第三盏路灯不亮"},
                                                            {"place", "第一示范村"},
                                                            {"phone", "13912345678"}});
        CPPUNIT_ASSERT_EQUAL_MESSAGE(mainOf(sent.body), 303, sent.status);
        const std::string done = sent.header("location");
        CPPUNIT_ASSERT(done.ends_with("/done"));
        return done.substr(0, done.size() - 5);
    }
    std::string versionOn(Client& client, const std::string& path) {
        const Answer page = client.get(path);
        return between(page.body, "name=\"_version\" value=\"", "\"");
    }
    Answer move(Client& client, const std::string& path, const std::string& step, Form fields = {}) {
        const std::string at = path + "/move/" + step;
        std::string version = versionOn(client, at);
        if (version.empty()) version = versionOn(client, path);
        fields.emplace_back("_version", version);
        return client.post(at, std::move(fields));
    }
    void mustMove(Client& client, const std::string& path, const std::string& step, Form fields = {}) {
        const Answer answer = move(client, path, step, std::move(fields));
        CPPUNIT_ASSERT_EQUAL_MESSAGE(step + mainOf(answer.body), 303, answer.status);
        CPPUNIT_ASSERT_EQUAL(path + "?done=moved", answer.header("location"));
    }

public:
    void setUp() override {
        if (!daemon_) {
            folder_ = std::make_unique<TemporaryFolder>();
            Daemon::Options options = Daemon::built();
            options.plugins = hotlineWith(folder_->path(), "3 s");
            daemon_ = std::make_unique<Daemon>(options, folder_->path() / "data");
        }
        citizen_ = signedIn(*daemon_, "citizen");
        desk_ = signedIn(*daemon_, "hotline_desk");
        handler_ = signedIn(*daemon_, "hotline_handler");
    }

    void aCallIsAnsweredAndCalledBack() {
        const std::string path = file("路灯不亮");
        const Answer done = citizen_->get(path + "/done");
        CPPUNIT_ASSERT_EQUAL(200, done.status);
        const std::string number = between(done.body, "class=\"number\">", "<");
        CPPUNIT_ASSERT_MESSAGE(number, number.starts_with("RX20") && number.size() == 15);
        CPPUNIT_ASSERT(contains(desk_->get(list).body, number));
        CPPUNIT_ASSERT(contains(desk_->get("/todo").body, path));
        // The clerk who has it in hand may call; whoever only looks reads no number.
        CPPUNIT_ASSERT(contains(desk_->get(path).body, "13912345678"));
        CPPUNIT_ASSERT(!contains(handler_->get(path).body, "13912345678"));
        CPPUNIT_ASSERT(!contains(desk_->get(path + "/print").body, "13912345678"));
        mustMove(*desk_, path, "accept");
        mustMove(*desk_, path, "assign");
        CPPUNIT_ASSERT(contains(handler_->get("/todo").body, path));
        const Answer empty = move(*handler_, path, "handle", {{"result", ""}});
        CPPUNIT_ASSERT_EQUAL(422, empty.status);
        CPPUNIT_ASSERT(contains(empty.body, "href=\"#f-result\""));
        mustMove(*handler_, path, "handle", {{"result", "已换灯"}});
        CPPUNIT_ASSERT_EQUAL(422, move(*desk_, path, "redo").status);
        mustMove(*desk_, path, "redo", {{"_reason", "还是不亮"}});
        mustMove(*handler_, path, "handle", {{"result", "已换线路"}});
        mustMove(*desk_, path, "call_back", {{"content", "yes"}});
        const std::string page = citizen_->get(path).body;
        CPPUNIT_ASSERT(contains(page, "Closed") && contains(page, "已换线路") && contains(page, "<svg"));
        CPPUNIT_ASSERT(!contains(page, "/move/"));
        const std::string history = citizen_->get(path + "/history").body;
        CPPUNIT_ASSERT(contains(history, "还是不亮") && contains(history, "whole and unchanged"));
        CPPUNIT_ASSERT(!contains(desk_->get(list + "?state=filed").body, number));
        CPPUNIT_ASSERT(contains(desk_->get(list + "?state=closed&words=" + number).body, number));
        CPPUNIT_ASSERT(!contains(desk_->get(list + "?words=" + number + "&after=1-1").body, number + "<"));
    }

    void whatIsWrongInTheFormIsSaidAndNothingIsOpened() {
        citizen_->get(list + "/open");
        const Answer wrong =
            citizen_->post(list + "/open", {{"title", "不通水"}, {"what", ""}, {"phone", "12"}});
        CPPUNIT_ASSERT_EQUAL(422, wrong.status);
        CPPUNIT_ASSERT(contains(wrong.body, "href=\"#f-what\"") && contains(wrong.body, "href=\"#f-phone\""));
        CPPUNIT_ASSERT(contains(wrong.body, "value=\"不通水\""));
        CPPUNIT_ASSERT_EQUAL(
            422, citizen_
                     ->post(list + "/open",
                            {{"title", "a"}, {"what", "b"}, {"phone", "13912345678"}, {"state", "closed"}})
                     .status);
        CPPUNIT_ASSERT(!contains(citizen_->get(list).body, "不通水"));
    }

    void aMoveThatIsNotDeclaredIsRefused() {
        const std::string path = file("井盖丢失");
        CPPUNIT_ASSERT_EQUAL(404, desk_->get(path + "/move/close").status);
        CPPUNIT_ASSERT_EQUAL(409, desk_->get(path + "/move/call_back").status);
        CPPUNIT_ASSERT_EQUAL(403, citizen_->get(path + "/move/accept").status);
        desk_->get(path);
        CPPUNIT_ASSERT_EQUAL(404, desk_->post(path + "/move/close", {{"_version", "1"}}).status);
        desk_->get(path);
        CPPUNIT_ASSERT_EQUAL(
            409, desk_->post(path + "/move/call_back", {{"_version", "1"}, {"content", "yes"}}).status);
        citizen_->get(path);
        CPPUNIT_ASSERT_EQUAL(403, citizen_->post(path + "/move/accept", {{"_version", "1"}}).status);
        desk_->get(path);
        const Answer unseen = desk_->post(path + "/move/accept", {});
        CPPUNIT_ASSERT_EQUAL(409, unseen.status);
        CPPUNIT_ASSERT(contains(desk_->get(path).body, "/move/accept"));
    }

    void theSecondClerkSeesWhatTheFirstDid() {
        const std::string path = file("道路积水");
        mustMove(*desk_, path, "accept");
        mustMove(*desk_, path, "assign");
        const auto second = signedIn(*daemon_, "hotline_handler");
        const std::string seen = versionOn(*second, path + "/move/handle");
        mustMove(*handler_, path, "handle", {{"result", "已疏通"}});
        const Answer late = second->post(path + "/move/handle", {{"_version", seen}, {"result", "已抽水"}});
        CPPUNIT_ASSERT_EQUAL(409, late.status);
        CPPUNIT_ASSERT(contains(late.body, "已疏通") && contains(late.body, "Report the result"));
        CPPUNIT_ASSERT(contains(late.body, "id=\"changes\""));
        CPPUNIT_ASSERT(!contains(late.body, "name=\"_version\""));
        // Sent back, the step is open again: the late page keeps what was typed and knows the new version.
        mustMove(*desk_, path, "redo", {{"_reason", "又积水"}});
        second->get(path);
        const Answer again = second->post(path + "/move/handle", {{"_version", seen}, {"result", "已抽水"}});
        CPPUNIT_ASSERT_EQUAL(409, again.status);
        CPPUNIT_ASSERT(contains(again.body, "已抽水</textarea>"));
        const std::string fresh = between(again.body, "name=\"_version\" value=\"", "\"");
        CPPUNIT_ASSERT_EQUAL(
            303, second->post(path + "/move/handle", {{"_version", fresh}, {"result", "已抽水"}}).status);
    }

    void theCallerWithdraws() {
        const std::string path = file("噪音");
        CPPUNIT_ASSERT(contains(citizen_->get(path).body, "/move/withdraw"));
        CPPUNIT_ASSERT(!contains(desk_->get(path).body, "/move/withdraw"));
        mustMove(*citizen_, path, "withdraw", {{"_reason", "已经不吵了"}});
        CPPUNIT_ASSERT(contains(citizen_->get(path).body, "Withdrawn"));
        CPPUNIT_ASSERT_EQUAL(409, desk_->get(path + "/move/accept").status);
        CPPUNIT_ASSERT(!contains(desk_->get("/todo").body, path));
    }

    void othersFindNoCase() {
        const std::string path = file("占道经营");
        const auto farmer = signedIn(*daemon_, "farmer");
        for (const char* end : {"", "/history", "/print", "/done", "/move/accept", "/move/withdraw"})
            CPPUNIT_ASSERT_EQUAL_MESSAGE(end, 404, farmer->get(path + end).status);
        farmer->get(list);
        CPPUNIT_ASSERT_EQUAL(404, farmer->post(path + "/move/accept", {{"_version", "1"}}).status);
        farmer->get(list);
        CPPUNIT_ASSERT_EQUAL(404, farmer->post(path + "/comment", {{"text", "x"}}).status);
        CPPUNIT_ASSERT(!contains(farmer->get(list).body, "占道经营"));
        CPPUNIT_ASSERT(!contains(farmer->get("/todo").body, "占道经营"));
        Client nobody(daemon_->url());
        for (const std::string& page : {path, list, list + "/open", std::string("/todo")})
            CPPUNIT_ASSERT_EQUAL_MESSAGE(page, 303, nobody.get(page).status);
        for (const char* none :
             {"/cases/hotline/none", "/cases/none/call", "/cases/hotline/call/1", "/cases/hotline/call/x",
              "/cases/1", "/cases/hotline/call/99999999999999999999"})
            CPPUNIT_ASSERT_EQUAL_MESSAGE(none, 404, citizen_->get(none).status);
        const std::string id = path.substr(path.rfind('/'));
        CPPUNIT_ASSERT_EQUAL(path, citizen_->get("/cases" + id).header("location"));
        CPPUNIT_ASSERT_EQUAL(404, farmer->get("/cases" + id).status);
    }

    void commentsAndFilesAreTheCasesReaders() {
        const std::string path = file("垃圾未清");
        desk_->get(path);
        CPPUNIT_ASSERT_EQUAL(
            303, desk_->post(path + "/comment", {{"text", "内部意见"}, {"internal", "yes"}}).status);
        desk_->get(path);
        CPPUNIT_ASSERT_EQUAL(303, desk_->post(path + "/comment", {{"text", "请补充照片"}}).status);
        citizen_->get(path);
        CPPUNIT_ASSERT_EQUAL(422, citizen_->post(path + "/comment", {{"text", " "}}).status);
        const std::string page = citizen_->get(path).body;
        CPPUNIT_ASSERT(contains(page, "请补充照片") && !contains(page, "内部意见"));
        CPPUNIT_ASSERT(contains(desk_->get(path).body, "内部意见"));
        citizen_->get(path);
        const std::string body = FormData()
                                     .field("csrf", citizen_->csrf())
                                     .file("file", "照片.png", "image/png", pngFile(40, 30))
                                     .body();
        const Answer sent = citizen_->send("POST", path + "/attach", FormData::type(), body);
        CPPUNIT_ASSERT_EQUAL(303, sent.status);
        const std::string href = "/files/" + between(citizen_->get(path).body, "href=\"/files/", "\"");
        CPPUNIT_ASSERT_EQUAL(200, desk_->get(href).status);
        CPPUNIT_ASSERT_EQUAL(404, signedIn(*daemon_, "farmer")->get(href).status);
    }

    void theSupervisorIsToldOfWhatIsOverdue() {
        const std::string path = file("供暖不热");
        const auto supervisor = signedIn(*daemon_, "hotline_supervisor");
        std::string inbox;
        for (int waits = 0; waits < 100 && !contains(inbox, "供暖不热"); ++waits) {
            ::usleep(100000);
            inbox = supervisor->get("/inbox").body;
        }
        CPPUNIT_ASSERT_MESSAGE(mainOf(inbox), contains(inbox, "供暖不热"));
        CPPUNIT_ASSERT(contains(supervisor->get(path).body, "Overdue since"));
        CPPUNIT_ASSERT(!contains(supervisor->get(path).body, "13912345678"));
    }

    void switchedOffNoPageOfItExists() {
        const std::string path = file("公交晚点");
        addPerson(folder_->path() / "data", "hotline.boss", bureau, "bureau_admin", "a long pass phrase 7");
        Client boss(daemon_->url());
        boss.signIn("hotline.boss", "a long pass phrase 7");
        const auto turn = [&](const char* to) {
            boss.get("/bureau/plugins");
            CPPUNIT_ASSERT_EQUAL(303, boss.post(std::string("/bureau/plugins/hotline/") + to, {}).status);
        };
        turn("off");
        Client nobody(daemon_->url());
        for (const std::string& page :
             {list, list + "/open", path, path + "/history", path + "/move/accept"}) {
            CPPUNIT_ASSERT_EQUAL_MESSAGE(page, 404, citizen_->get(page).status);
            CPPUNIT_ASSERT_EQUAL_MESSAGE(page, 404, desk_->get(page).status);
            CPPUNIT_ASSERT_EQUAL_MESSAGE(page, 404, nobody.get(page).status);
        }
        const Answer todo = desk_->get("/todo");
        CPPUNIT_ASSERT_EQUAL(200, todo.status);
        CPPUNIT_ASSERT(!contains(todo.body, "/cases/hotline"));
        turn("on");
        CPPUNIT_ASSERT_EQUAL(200, desk_->get(path).status);
    }

    void aDraftOutlivesTheSession() {
        citizen_->get(list + "/open");
        CPPUNIT_ASSERT_EQUAL(
            303,
            citizen_->post(list + "/open", {{"title", "半截诉求"}, {"what", ""}, {"_do", "save"}}).status);
        const auto later = signedIn(*daemon_, "citizen");
        const std::string page = later->get(list + "/open").body;
        CPPUNIT_ASSERT(contains(page, "value=\"半截诉求\""));
        const Answer kept =
            later->post(list + "/open", {{"title", "一截诉求"},
                                         {"_do", "keep"},
                                         {"_draft", between(page, "name=\"_draft\" value=\"", "\"")}});
        CPPUNIT_ASSERT_EQUAL(204, kept.status);
        CPPUNIT_ASSERT(!kept.header("dalate-draft").empty());
        // Another person's form is empty, and what is sent at last leaves no draft.
        CPPUNIT_ASSERT(!contains(signedIn(*daemon_, "farmer")->get(list + "/open").body, "一截诉求"));
        file("整条诉求");
        CPPUNIT_ASSERT(!contains(citizen_->get(list + "/open").body, "诉求\""));
    }

    void aFormSentTwiceIsOneCall() {
        const std::string form = citizen_->get(list + "/open").body;
        const std::string once = between(form, "name=\"_once\" value=\"", "\"");
        CPPUNIT_ASSERT_EQUAL(std::size_t{32}, once.size());
        const Form fields{{"title", "连按两次"}, {"what", "灯不亮"}, {"phone", "13912345678"}, {"_once", once}};
        // A page that came back because of a mistake keeps its key.
        const Answer wrong = citizen_->post(list + "/open", {{"title", "连按两次"}, {"what", ""}, {"_once", once}});
        CPPUNIT_ASSERT_EQUAL(422, wrong.status);
        CPPUNIT_ASSERT_EQUAL(once, between(wrong.body, "name=\"_once\" value=\"", "\""));
        const Answer first = citizen_->post(list + "/open", fields);
        CPPUNIT_ASSERT_EQUAL(303, first.status);
        citizen_->get(list);
        const Answer second = citizen_->post(list + "/open", fields);
        CPPUNIT_ASSERT_EQUAL(303, second.status);
        CPPUNIT_ASSERT_EQUAL(first.header("location"), second.header("location"));
        const auto listed = [&](Client& client) {
            return countOf(client.get(list + "?words=" + formEncoded("连按两次")).body, "data-first");
        };
        CPPUNIT_ASSERT_EQUAL(std::size_t(1), listed(*citizen_));
        // The key says nothing in another's hands, and a new page has another.
        const auto farmer = signedIn(*daemon_, "farmer");
        const std::string hers = between(farmer->get(list + "/open").body, "name=\"_once\" value=\"", "\"");
        CPPUNIT_ASSERT(hers.size() == 32 && hers != once);
        const Answer other = farmer->post(list + "/open", fields);
        CPPUNIT_ASSERT_EQUAL(303, other.status);
        CPPUNIT_ASSERT(other.header("location") != first.header("location"));
    }

    void aLongHistoryIsReadPageByPage() {
        const std::string path = file("反复沟通");
        for (int i = 1; i <= 70; ++i) {
            for (Client* client : {citizen_.get(), desk_.get()}) {
                if (i == 1) client->get(path);
                CPPUNIT_ASSERT_EQUAL(303, client->post(path + "/comment", {{"text", "第 " + std::to_string(i) + " 句"}}).status);
            }
        }
        const std::string page = citizen_->get(path).body;
        CPPUNIT_ASSERT_EQUAL(std::size_t(30), countOf(page, "<article class=\"panel\">"));
        CPPUNIT_ASSERT(contains(page, "第 70 句") && !contains(page, "第 2 句"));
        CPPUNIT_ASSERT(contains(page, path + "?comments=all") && contains(page, "(140)"));
        CPPUNIT_ASSERT_EQUAL(std::size_t(140),
                             countOf(citizen_->get(path + "?comments=all").body, "<article class=\"panel\">"));
        const std::string first = citizen_->get(path + "/history").body;
        CPPUNIT_ASSERT_EQUAL(std::size_t(100), countOf(first, "<li><code>"));
        CPPUNIT_ASSERT(contains(first, "?after=100") && contains(first, "whole and unchanged"));
        const std::string rest = citizen_->get(path + "/history?after=100").body;
        CPPUNIT_ASSERT_EQUAL(std::size_t(41), countOf(rest, "<li><code>"));
        CPPUNIT_ASSERT(!contains(rest, "?after=") && contains(rest, "start=\"101\""));
        CPPUNIT_ASSERT_EQUAL(200, citizen_->get(path + "/history?after=x").status);
        CPPUNIT_ASSERT_EQUAL(200, citizen_->get(path + "/history?after=-5").status);
        CPPUNIT_ASSERT_EQUAL_MESSAGE("paper has all of it", std::size_t(141),
                                     countOf(citizen_->get(path + "/print").body, "<tr><td"));
    }

    void whatIsChangedBeneathIsFound() {
        const std::string path = file("被改过的");
        const std::string closed = file("撤回的");
        mustMove(*citizen_, closed, "withdraw");
        CPPUNIT_ASSERT(!contains(citizen_->get(closed).body, "name=\"text\""));
        CPPUNIT_ASSERT_EQUAL(409, citizen_->post(closed + "/comment", {{"text", "还有话"}}).status);
        const fs::path data = folder_->path() / "data", out = folder_->path() / "verify";
        const auto verify = [&] {
            const auto options = Daemon::built();
            const int status = std::system((options.binary.string() + " cases verify --data " + data.string() + " --share " +
                                            options.share.string() + " > " + out.string() + " 2>&1")
                                               .c_str());
            return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
        };
        CPPUNIT_ASSERT_EQUAL(0, verify());
        const std::string id = path.substr(path.rfind('/') + 1);
        beneath(data, "DROP TRIGGER case_history_refuses_update;"
                      "UPDATE case_history SET actor_name = 'somebody else' WHERE case_id = " + id);
        CPPUNIT_ASSERT_EQUAL(1, verify());
        std::ifstream in(out);
        const std::string said((std::istreambuf_iterator<char>(in)), {});
        CPPUNIT_ASSERT_MESSAGE(said, contains(said, "changed\thotline\t") && contains(said, id + "\tentry 1") &&
                                         contains(said, "broken 1"));
    }

    void theListGoesOnBehindItsKey() {
        const std::string oldest = file("翻页 0");
        for (int i = 1; i <= 50; ++i)
            file("翻页 " + std::to_string(i));
        std::string page = citizen_->get(list + "?words=" + formEncoded("翻页")).body;
        CPPUNIT_ASSERT(!contains(page, oldest + "\""));
        CPPUNIT_ASSERT_EQUAL(std::size_t(50), countOf(page, "data-first"));
        const std::string next = unescaped(between(page, "class=\"button button-plain\" href=\"", "\""));
        CPPUNIT_ASSERT_MESSAGE(next, contains(next, "&after="));
        page = citizen_->get(next).body;
        CPPUNIT_ASSERT_EQUAL(std::size_t(1), countOf(page, "data-first"));
        CPPUNIT_ASSERT(contains(page, oldest + "\""));
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(HotlineTest);

} // namespace
