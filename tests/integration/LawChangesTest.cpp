// SPDX-License-Identifier: Apache-2.0
// The law changes, and a running daemon follows without a build and without a restart: on the county's own
// pages a fee, a term, a limit, a form's text and a role get values that begin tomorrow, and a day becomes a
// holiday. Then the clock of the machine goes to tomorrow. The case opened today goes on under what held when
// it was opened, the one opened tomorrow under the new; what is measured in working days is reckoned by the
// county's calendar as it then is.
#include "support/Daemon.h"
#include "support/Page.h"
#include "support/Visitors.h"

#include "base/Clock.h"
#include "services/rules/CivilDay.h"
#include "services/rules/CountyCalendar.h"
#include "services/rules/Term.h"

#include <cppunit/extensions/HelperMacros.h>

#include <cstdlib>
#include <fstream>
#include <regex>
#include <thread>

using namespace dalate;
using namespace dalate::testing;
using services::rules::CivilDay;
using services::rules::Term;

namespace {

namespace fs = std::filesystem;

constexpr const char* bureau = "旗接诉即办中心(演示)";
const std::string list = "/cases/hotline/call";
constexpr Micros hour = Micros{3600} * 1'000'000;

constexpr const char* ruleFile = R"({"rules": [
    {"name": "answer_term", "type": "term", "source": "s", "text_read": "no", "values": [{"from": "2024-01-01", "value": "20 workdays"}]},
    {"name": "fee", "type": "money", "source": "s", "text_read": "no", "values": [{"from": "2024-01-01", "value": 1000}]},
    {"name": "most_words", "type": "integer", "source": "s", "text_read": "no", "values": [{"from": "2024-01-01", "value": 10}]},
    {"name": "result_help", "type": "text", "source": "s", "text_read": "no",
     "values": [{"from": "2024-01-01", "value": {"zh-CN": "最多十个字", "en": "Ten characters at most"}}]},
    {"name": "closers", "type": "roles", "source": "s", "text_read": "no", "values": [{"from": "2024-01-01", "value": ["hotline_desk"]}]}
]})";

/// The step's form: a limit, a fee and a text that the county may change.
constexpr const char* handledFile =
    R"({"form": "handled", "title": "hotline.handle", "way": "one", "fields": [
    {"name": "result", "type": "area", "label": "hotline.result", "help": "hotline.result_help", "max": {"rule": "most_words"}},
    {"name": "paid", "type": "money", "label": "hotline.content", "min": {"rule": "fee"}, "max": {"rule": "fee"}}]})";

void rewrite(const fs::path& file, const std::string& from, const std::string& to) {
    std::ifstream in(file);
    std::string text((std::istreambuf_iterator<char>(in)), {});
    in.close();
    const std::size_t at = text.find(from);
    CPPUNIT_ASSERT_MESSAGE(from, at != std::string::npos);
    std::ofstream(file) << text.replace(at, from.size(), to);
}

/// The machine's clock, as a process started under it sees it.
class Clock {
public:
    explicit Clock(const fs::path& file) : file_(file) {
        go(0);
        ::setenv("SHIFTED_CLOCK_FILE", file_.c_str(), 1);
        ::setenv("LD_PRELOAD", SHIFTED_CLOCK, 1);
#ifdef __SANITIZE_ADDRESS__
        ::setenv("ASAN_OPTIONS", "verify_asan_link_order=0", 1);
#endif
    }
    /// Those started from here on have the true clock again.
    void release() {
        ::unsetenv("LD_PRELOAD");
    }
    void go(Micros ahead) {
        ahead_ = ahead;
        std::fstream out(file_, std::ios::binary | std::ios::in | std::ios::out);
        if (!out) out.open(file_, std::ios::binary | std::ios::out);
        out.write(reinterpret_cast<const char*>(&ahead), sizeof ahead);
    }
    Micros time() const {
        return now() + ahead_;
    }

private:
    fs::path file_;
    Micros ahead_ = 0;
};

class LawChangesTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(LawChangesTest);
    CPPUNIT_TEST(sixChangesWhileTheDaemonRuns);
    CPPUNIT_TEST_SUITE_END();

    TemporaryFolder folder_;
    std::unique_ptr<Clock> clock_;
    std::unique_ptr<Daemon> daemon_;
    std::unique_ptr<Client> citizen_, desk_, handler_, supervisor_;

    void people() {
        citizen_ = signedIn(*daemon_, "citizen");
        desk_ = signedIn(*daemon_, "hotline_desk");
        handler_ = signedIn(*daemon_, "hotline_handler");
        supervisor_ = signedIn(*daemon_, "hotline_supervisor");
    }
    /// A call, filed and assigned.
    std::string assigned(const std::string& title) {
        citizen_->get(list + "/open");
        const Answer sent = citizen_->post(
            list + "/open",
            {{"title", title}, {"what", "路灯不亮"}, {"place", "第一示范村"}, {"phone", "13912345678"}});
        CPPUNIT_ASSERT_EQUAL_MESSAGE(mainOf(sent.body), 303, sent.status);
        const std::string path = sent.header("location").substr(0, sent.header("location").size() - 5);
        CPPUNIT_ASSERT_EQUAL(303, move(*desk_, path, "accept").status);
        CPPUNIT_ASSERT_EQUAL(303, move(*desk_, path, "assign").status);
        return path;
    }
    Answer move(Client& client, const std::string& path, const std::string& step, Form fields = {}) {
        const std::string mark = "name=\"_version\" value=\"", at = path + "/move/" + step;
        std::string version = between(client.get(at).body, mark, "\"");
        if (version.empty()) version = between(client.get(path).body, mark, "\"");
        if (version.empty()) version = between(desk_->get(at).body, mark, "\"");
        fields.emplace_back("_version", version);
        return client.post(at, std::move(fields));
    }
    Answer handle(const std::string& path, const std::string& result, const std::string& paid) {
        return move(*handler_, path, "handle", {{"result", result}, {"paid", paid}});
    }
    /// The day by which the page says that the call is to be answered.
    std::string dueDay(const std::string& path) {
        const std::string page = desk_->get(path).body;
        const std::size_t at = page.find("To be answered by");
        CPPUNIT_ASSERT_MESSAGE(mainOf(page), at != std::string::npos);
        std::smatch day;
        const std::string rest = page.substr(at, 400);
        CPPUNIT_ASSERT_MESSAGE(rest, std::regex_search(rest, day, std::regex("[0-9]{4}-[0-9]{2}-[0-9]{2}")));
        return day.str();
    }
    /// The same once the calendar's change has come through to it: the daemon reckons behind the answer.
    std::string dueDaySoon(const std::string& path, const std::string& expected) {
        std::string found = dueDay(path);
        for (int tries = 0; tries < 100 && found != expected; ++tries) {
            std::this_thread::sleep_for(std::chrono::milliseconds(100));
            found = dueDay(path);
        }
        return found;
    }
    static void change(Client& boss, const std::string& rule, const std::string& from,
                       const std::string& value, const std::string& more = {}) {
        const std::string path = "/admin/rules/hotline/" + rule;
        CPPUNIT_ASSERT_EQUAL_MESSAGE(rule, 200, boss.get(path).status);
        Form fields{{"from", from}, {"value", value}, {"source", "旗政办发〔2026〕1号"}, {"read", "yes"}};
        if (rule == "answer_term") fields.emplace_back("unit", more);
        if (rule == "result_help") fields.emplace_back("value_en", more);
        const Answer sent = boss.post(path, std::move(fields));
        CPPUNIT_ASSERT_EQUAL_MESSAGE(rule + mainOf(sent.body), 303, sent.status);
    }

public:
    void setUp() override {
        const fs::path plugins = folder_.path() / "plugins", hotline = plugins / "hotline";
        fs::create_directories(plugins);
        fs::copy(fs::path(DALATE_BINARY_DIR) / "plugins/hotline", hotline, fs::copy_options::recursive);
        std::ofstream(hotline / "rules/terms.json") << ruleFile;
        std::ofstream(hotline / "forms/handled.json") << handledFile;
        rewrite(
            hotline / "cases/call.json",
            R"("name": "call_back", "label": "hotline.call_back", "from": ["handled"], "to": "closed", "by": ["role:hotline_desk"])",
            R"("name": "call_back", "label": "hotline.call_back", "from": ["handled"], "to": "closed", "by": ["rule:closers"])");
        for (const char* file : {"i18n/zh-CN.json", "i18n/en.json"})
            rewrite(hotline / file, "{", "{\"hotline.result_help\": \"-\",");
        clock_ = std::make_unique<Clock>(folder_.path() / "clock");
        Daemon::Options options = Daemon::built();
        options.plugins = plugins;
        daemon_ = std::make_unique<Daemon>(options, folder_.path() / "data");
        clock_->release();
        people();
        addPerson(folder_.path() / "data", "hotline.boss", bureau, "bureau_admin", "a long pass phrase 7");
        addPerson(folder_.path() / "data", "days.keeper", bureau, "calendar_keeper", "a long pass phrase 8");
    }

    void sixChangesWhileTheDaemonRuns() {
        const services::rules::CountyCalendar standing(
            services::rules::HolidayFile::read(fs::path(DALATE_SOURCE_DIR) / "runtime/data/holidays.json"));
        const auto dueAfter = [&](Micros opened, std::int64_t workdays) {
            return dayTextOf(standing.get().due(opened, Term(workdays, Term::Unit::workdays)).at);
        };
        const Micros openedOlder = clock_->time();
        const std::string older = assigned("旧法");
        const std::string dueOlder = dueDay(older);
        CPPUNIT_ASSERT_EQUAL(dueAfter(openedOlder, 20), dueOlder);

        const CivilDay tomorrow = services::rules::civilDayOf(clock_->time()) + std::chrono::days(1);
        const std::string from = services::rules::dayText(tomorrow);
        Client boss(daemon_->url());
        boss.signIn("hotline.boss", "a long pass phrase 7");
        change(boss, "fee", from, "25.50");
        change(boss, "answer_term", from, "3", "workdays");
        change(boss, "most_words", from, "5");
        change(boss, "result_help", from, "最多五个字", "Five characters at most");
        change(boss, "closers", from, "hotline_supervisor");
        // Nothing has changed before its day, also for what is opened after the county has decided.
        const std::string meanwhile = assigned("旧法未了");
        CPPUNIT_ASSERT_EQUAL(dueOlder, dueDay(meanwhile));
        CPPUNIT_ASSERT_EQUAL(303, handle(meanwhile, "一二三四五六七八", "10.00").status);

        clock_->go(services::rules::startOf(tomorrow) + 10 * hour - now());
        people();
        const Micros openedNewer = clock_->time();
        const std::string newer = assigned("新法");

        // 1. The term.
        CPPUNIT_ASSERT_EQUAL(dueOlder, dueDay(older));
        CPPUNIT_ASSERT_EQUAL(dueAfter(openedNewer, 3), dueDay(newer));
        // 2. The form's text, in the language of whoever reads.
        const auto help = [&](const std::string& path, const char* language) {
            handler_->always("Accept-Language", language);
            const std::string page = handler_->get(path + "/move/handle").body;
            handler_->always("Accept-Language", "en");
            return page;
        };
        CPPUNIT_ASSERT(contains(help(older, "en"), "Ten characters at most"));
        CPPUNIT_ASSERT(contains(help(newer, "en"), "Five characters at most"));
        CPPUNIT_ASSERT(contains(help(older, "zh-CN"), "最多十个字"));
        CPPUNIT_ASSERT(contains(help(newer, "zh-CN"), "最多五个字"));
        // 3. The limit, 4. the fee: each case refuses what the other takes.
        CPPUNIT_ASSERT_EQUAL(422, handle(newer, "一二三四五六七八", "25.50").status);
        CPPUNIT_ASSERT_EQUAL(422, handle(newer, "一二三", "10.00").status);
        CPPUNIT_ASSERT_EQUAL(422, handle(older, "一二三四五六七八", "25.50").status);
        // 6. A holiday moves what still runs, and leaves each its own term.
        CivilDay rest = tomorrow + std::chrono::days(1);
        while (!standing.get().isWorkday(rest).value_or(!services::rules::isWeekend(rest)))
            rest += std::chrono::days(1);
        Client keeper(daemon_->url());
        keeper.signIn("days.keeper", "a long pass phrase 8");
        keeper.get("/admin/holidays/new");
        const Answer settled = keeper.post("/admin/holidays/new", {{"day", services::rules::dayText(rest)},
                                                                   {"kind", "holiday"},
                                                                   {"label", "旗庆"},
                                                                   {"reason", "旗政办发〔2026〕2号"}});
        CPPUNIT_ASSERT_EQUAL_MESSAGE(mainOf(settled.body), 303, settled.status);
        const std::string laterOlder = dueAfter(openedOlder, 21), laterNewer = dueAfter(openedNewer, 4);
        CPPUNIT_ASSERT_EQUAL(laterOlder, dueDaySoon(older, laterOlder));
        CPPUNIT_ASSERT_EQUAL(laterNewer, dueDaySoon(newer, laterNewer));
        CPPUNIT_ASSERT_EQUAL(303, handle(older, "一二三四五六七八", "10.00").status);
        CPPUNIT_ASSERT_EQUAL(303, handle(newer, "一二三", "25.50").status);
        // 5. The role.
        const Form content{{"content", "yes"}};
        CPPUNIT_ASSERT_EQUAL(403, supervisor_->get(older + "/move/call_back").status);
        CPPUNIT_ASSERT_EQUAL(403, desk_->get(newer + "/move/call_back").status);
        CPPUNIT_ASSERT_EQUAL(303, move(*supervisor_, newer, "call_back", content).status);
        CPPUNIT_ASSERT_EQUAL(303, move(*desk_, older, "call_back", content).status);
        // The same process all along, and nothing of the plugin loaded again.
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, countOf(daemon_->log(), "core.start.ready"));
        CPPUNIT_ASSERT_EQUAL(0, daemon_->stop());
    }

private:
    static std::string dayTextOf(Micros time) {
        return services::rules::dayText(services::rules::civilDayOf(time));
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(LawChangesTest);

} // namespace
