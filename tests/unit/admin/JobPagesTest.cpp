// SPDX-License-Identifier: Apache-2.0
#include "unit/gateway/PortalFixture.h"

#include "admin/JobPages.h"
#include "identity/Audit.h"
#include "services/jobs/DeadJobs.h"

#include <cppunit/extensions/HelperMacros.h>

using namespace dalate;
using dalate::test::Answer;
using dalate::test::Portal;
using services::jobs::DeadJobs;
using services::jobs::Job;

namespace {

bool holds(const Answer& answer, const std::string& text) {
    return answer.body.find(text) != std::string::npos;
}

std::string pathOf(std::int64_t id) {
    return "/jobs/" + std::to_string(id);
}

/// The portal with these pages; tong has put jobs in the queue, li has not, zhao is the operator. The jobs
/// are taken and ended by the tests themselves.
struct JobPortal : Portal {
    int wakes = 0;
    admin::Messages messages{std::filesystem::path(DALATE_SOURCE_DIR) / "runtime/data/messages.json"};
    admin::JobPages pages{database().pool(), lifecycle.current(), messages,
                          gateway.pages(),   [this] { ++wakes; }, 480};
    identity::Principal tong;

    JobPortal() {
        pages.addTo(gateway);
        tong.kind = identity::Principal::Kind::person;
        tong.user = create("tong", {"citizen"});
        create("li", {"agent"});
        create("zhao", {"operator"});
        load().start();
    }
    std::int64_t enqueue() {
        return database().write(
            [&](storage::Tx& tx) { return host.jobs().enqueue(tx, "hello", "import", {}, tong, "r1"); });
    }
    Job take() { return host.jobs().take("hello").value(); }
    /// A job that has failed for good.
    std::int64_t dead(Error error = Error(500, "hello.broken")) {
        const std::int64_t id = enqueue();
        host.jobs().finish(take(), error);
        return id;
    }
    Answer act(const std::string& target, const std::string& session) {
        return post(target, session, "csrf=" + get("/admin/jobs", session).csrf());
    }
    std::string state(std::int64_t id) {
        return database().read([&](storage::Tx& tx) {
            auto rows = tx.query("SELECT state FROM job WHERE id = :id", {{"id", id}});
            return rows.next() ? std::string(rows.text(0)) : std::string("none");
        });
    }
};

} // namespace

class JobPagesTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(JobPagesTest);
    CPPUNIT_TEST(aPersonSeesHersAndNoOther);
    CPPUNIT_TEST(thePageShowsHowFarItIs);
    CPPUNIT_TEST(aResultLeadsOnWithinTheSiteAlone);
    CPPUNIT_TEST(aFailureIsToldInWords);
    CPPUNIT_TEST(theOperatorTriesAgainOrLetsItBe);
    CPPUNIT_TEST(nobodyElseTouchesTheDeadLetters);
    CPPUNIT_TEST(longListsGoOn);
    CPPUNIT_TEST_SUITE_END();

    std::unique_ptr<JobPortal> p;

public:
    void setUp() override { p = std::make_unique<JobPortal>(); }
    void tearDown() override { p.reset(); }

    void aPersonSeesHersAndNoOther() {
        const std::string path = pathOf(p->enqueue());
        CPPUNIT_ASSERT_EQUAL(200, p->get(path, p->signIn("tong")).status);
        CPPUNIT_ASSERT_EQUAL(200, p->get(path, p->signIn("zhao")).status);
        CPPUNIT_ASSERT_EQUAL(404, p->get(path, p->signIn("li")).status);
        CPPUNIT_ASSERT_EQUAL(303, p->get(path).status);
        const std::string tong = p->signIn("tong");
        for (const char* odd : {"/jobs/1", "/jobs/x", "/jobs/-1", "/jobs/9999999999999999999999", "/jobs/"})
            CPPUNIT_ASSERT_EQUAL_MESSAGE(odd, 404, p->get(odd, tong).status);
    }

    void thePageShowsHowFarItIs() {
        const std::string tong = p->signIn("tong");
        const std::int64_t id = p->enqueue();
        Answer page = p->get(pathOf(id), tong);
        CPPUNIT_ASSERT(holds(page, "排队中") && holds(page, "hello.import"));
        CPPUNIT_ASSERT(holds(page, "data-live=\"job/" + std::to_string(id) + "\""));
        CPPUNIT_ASSERT_MESSAGE("nobody knows how long it is", !holds(page, "<progress"));
        const Job job = p->take();
        p->database().write([&](storage::Tx& tx) {
            p->host.jobs().progress(tx, p->host.jobs().running(job), {2, 8});
        });
        page = p->get(pathOf(id), tong);
        CPPUNIT_ASSERT(holds(page, "正在处理") && holds(page, "value=\"25\"") &&
                       holds(page, "href=\"" + pathOf(id)));
        p->host.jobs().finish(job, Value());
        page = p->get(pathOf(id), tong);
        CPPUNIT_ASSERT(holds(page, "已完成") && holds(page, "value=\"100\""));
        CPPUNIT_ASSERT_MESSAGE("what is over is followed no more", !holds(page, "data-live=\"job/"));
    }

    void aResultLeadsOnWithinTheSiteAlone() {
        const std::string tong = p->signIn("tong");
        const auto after = [&](const char* href) {
            const std::int64_t id = p->enqueue();
            p->host.jobs().finish(p->take(), Value::map([&](MapWriter& m) { m.set("href", href); }));
            return p->get(pathOf(id), tong);
        };
        CPPUNIT_ASSERT(holds(after("/hello/?done=7"), "href=\"/hello/?done=7\""));
        for (const char* outside :
             {"//evil.example/", "https://evil.example/", "javascript:alert(1)", "/\\evil", "x"})
            CPPUNIT_ASSERT_MESSAGE(outside, !holds(after(outside), "查看结果"));
    }

    void aFailureIsToldInWords() {
        const std::string tong = p->signIn("tong");
        const auto page = [&](Error error) { return p->get(pathOf(p->dead(std::move(error))), tong); };
        CPPUNIT_ASSERT(holds(page(Error(500, "core.job.exception")), "任务出错"));
        const Answer refused = page(Error(422, "hello.title"));
        CPPUNIT_ASSERT(holds(refused, "未能完成"));
        CPPUNIT_ASSERT_MESSAGE("what the plugin says of it, in its words", !holds(refused, "hello.title"));
        // Tried again by itself: the page says why, and is followed.
        const std::int64_t id = p->enqueue();
        p->host.jobs().finish(p->take(), Error(503, "core.job.exception"));
        const Answer again = p->get(pathOf(id), tong);
        CPPUNIT_ASSERT(holds(again, "将自动重试") && holds(again, "排队中") &&
                       holds(again, "data-live=\"job/"));
    }

    void theOperatorTriesAgainOrLetsItBe() {
        const std::string zhao = p->signIn("zhao");
        CPPUNIT_ASSERT(holds(p->get("/admin/jobs", zhao), "没有失败任务"));
        const std::int64_t first = p->dead(), second = p->dead();
        // A refusal is an answer, and nobody's work.
        p->dead(Error(422, "hello.no"));
        const std::string one = "/admin/jobs/" + std::to_string(first),
                          two = "/admin/jobs/" + std::to_string(second);
        const Answer list = p->get("/admin/jobs", zhao);
        CPPUNIT_ASSERT(holds(list, one + "/replay") && holds(list, two + "/drop") &&
                       holds(list, "hello.broken"));
        CPPUNIT_ASSERT(!holds(list, "hello.no<"));
        CPPUNIT_ASSERT_EQUAL(403, p->post(one + "/replay", zhao, "csrf=guessed").status);
        CPPUNIT_ASSERT_EQUAL(std::string("failed"), p->state(first));

        const Answer replayed = p->act(one + "/replay", zhao);
        CPPUNIT_ASSERT_EQUAL(303, replayed.status);
        CPPUNIT_ASSERT_EQUAL(std::string("queued"), p->state(first));
        CPPUNIT_ASSERT_EQUAL(1, p->wakes);
        CPPUNIT_ASSERT(holds(p->get(replayed.field("Location"), zhao), "任务已重新排队"));
        CPPUNIT_ASSERT_EQUAL(303, p->act(two + "/drop", zhao).status);
        CPPUNIT_ASSERT_EQUAL(std::string("failed"), p->state(second));
        CPPUNIT_ASSERT(holds(p->get("/admin/jobs", zhao), "没有失败任务"));
        // Each once; the second press finds nothing and leaves no trace.
        for (const std::string& again : {one + "/replay", two + "/drop", two + "/replay"})
            CPPUNIT_ASSERT_EQUAL_MESSAGE(again, 404, p->act(again, zhao).status);
        for (const std::int64_t id : {first, second})
            CPPUNIT_ASSERT_EQUAL(std::size_t{1}, p->database().read([&](storage::Tx& tx) {
                return identity::Audit::latest(tx, "job/" + std::to_string(id), 9).size();
            }));
        CPPUNIT_ASSERT_EQUAL(1, p->wakes);
    }

    void nobodyElseTouchesTheDeadLetters() {
        const std::int64_t id = p->dead();
        const std::string replay = "/admin/jobs/" + std::to_string(id) + "/replay";
        for (const char* login : {"tong", "li", "wang"}) {
            const std::string session = p->signIn(login);
            CPPUNIT_ASSERT_EQUAL_MESSAGE(login, 404, p->get("/admin/jobs", session).status);
            const std::string csrf = p->get("/", session).csrf();
            CPPUNIT_ASSERT_EQUAL_MESSAGE(login, 404, p->post(replay, session, "csrf=" + csrf).status);
        }
        CPPUNIT_ASSERT_EQUAL(303, p->get("/admin/jobs").status);
        CPPUNIT_ASSERT_EQUAL(std::string("failed"), p->state(id));
    }

    void longListsGoOn() {
        std::int64_t last = 0;
        for (int i = 0; i < 51; ++i)
            last = p->dead();
        const std::string zhao = p->signIn("zhao");
        const std::string mine = "/admin/jobs/" + std::to_string(last) + "/replay";
        const Answer first = p->get("/admin/jobs", zhao);
        CPPUNIT_ASSERT(!holds(first, mine) && holds(first, "rel=\"next\""));
        const std::string mark = "/admin/jobs?after=";
        const std::size_t at = first.body.find(mark);
        const std::string next = first.body.substr(at, first.body.find('"', at) - at);
        const Answer second = p->get(next, zhao);
        CPPUNIT_ASSERT(holds(second, mine) && !holds(second, "rel=\"next\""));
        CPPUNIT_ASSERT_EQUAL(200, p->get("/admin/jobs?after=nonsense", zhao).status);
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(JobPagesTest);
