// SPDX-License-Identifier: Apache-2.0
#include "unit/gateway/PortalFixture.h"

#include "admin/InboxPages.h"
#include "plugin/Manifest.h"
#include "services/notices/Notices.h"
#include "services/notices/Outgoing.h"

#include <cppunit/extensions/HelperMacros.h>

using namespace dalate;
using dalate::test::Answer;
using dalate::test::Portal;
using services::notices::Audience;
using services::notices::Inbox;

namespace {

/// The portal with the inbox; tong and li are people to whom notices go. Their words are the core's own, so
/// that no plugin is needed.
struct InboxPortal : Portal {
    admin::InboxPages pages{database().pool(), host, gateway.pages(), {"mail", "sms"}, 480};
    services::notices::Notices notices{[] { return now(); }};
    std::int64_t tong = 0, li = 0;

    InboxPortal() {
        pages.addTo(gateway);
        tong = create("tong", {"citizen"});
        li = create("li", {"agent"});
        load().start();
    }

    std::int64_t tell(std::int64_t person, std::string_view key, std::string_view href = {},
                      const char* subject = "core.inbox.unread") {
        const plugin::NoticeRule kind{"k", subject, "core.inbox.none.text", false};
        const Value values = Value::map([&](MapWriter& m) { m.set("count", key).set("href", href); });
        database().write([&](storage::Tx& tx) {
            notices.send(tx, {"hello", {Audience::Kind::account, person, {}, 0, 0}, kind, values, key});
        });
        return database().read([&](storage::Tx& tx) { return Inbox::list(tx, person, {}, 0, 1).at(0).id; });
    }
    Answer act(const std::string& target, const std::string& session, const std::string& form = {}) {
        return post(target, session,
                    form + (form.empty() ? "" : "&") + "csrf=" + get("/inbox", session).csrf());
    }
    std::int64_t unread(std::int64_t person) {
        return database().read([&](storage::Tx& tx) { return Inbox::unread(tx, person); });
    }
};

bool holds(const Answer& answer, const std::string& text) {
    return answer.body.find(text) != std::string::npos;
}

} // namespace

class InboxPagesTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(InboxPagesTest);
    CPPUNIT_TEST(aPersonReadsHersAndNoOther);
    CPPUNIT_TEST(openingMarksAsReadAndGoesThere);
    CPPUNIT_TEST(allUpToThePageAreMarked);
    CPPUNIT_TEST(withoutItsPluginTheListStands);
    CPPUNIT_TEST(theHeaderCountsWhatIsUnread);
    CPPUNIT_TEST(longListsGoOn);
    CPPUNIT_TEST(addressesAreSetByTheirPerson);
    CPPUNIT_TEST_SUITE_END();

    std::unique_ptr<InboxPortal> p;

public:
    void setUp() override { p = std::make_unique<InboxPortal>(); }
    void tearDown() override { p.reset(); }

    void aPersonReadsHersAndNoOther() {
        const std::string tong = p->signIn("tong"), li = p->signIn("li");
        CPPUNIT_ASSERT(holds(p->get("/inbox", tong), "还没有消息"));
        const std::int64_t id = p->tell(p->tong, "HD-7");
        CPPUNIT_ASSERT(holds(p->get("/inbox", tong), "HD-7 条未读"));
        CPPUNIT_ASSERT(!holds(p->get("/inbox", li), "HD-7"));
        CPPUNIT_ASSERT_EQUAL(404, p->act("/inbox/" + std::to_string(id) + "/open", li).status);
        CPPUNIT_ASSERT_EQUAL(404, p->act("/inbox/1/open", tong).status);
        CPPUNIT_ASSERT_EQUAL(404, p->act("/inbox/x/open", tong).status);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, p->unread(p->tong));
        CPPUNIT_ASSERT_EQUAL(303, p->get("/inbox").status);
    }

    void openingMarksAsReadAndGoesThere() {
        const std::string tong = p->signIn("tong");
        const std::string path =
            "/inbox/" + std::to_string(p->tell(p->tong, "a", "/cases/7?tab=trail")) + "/open";
        CPPUNIT_ASSERT_EQUAL(403, p->post(path, tong, "csrf=guessed").status);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, p->unread(p->tong));
        const Answer opened = p->act(path, tong);
        CPPUNIT_ASSERT_EQUAL(303, opened.status);
        CPPUNIT_ASSERT_EQUAL(std::string("/cases/7?tab=trail"), opened.field("Location"));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, p->unread(p->tong));
        CPPUNIT_ASSERT(holds(p->get("/inbox", tong), "href=\"/cases/7?tab=trail\""));
        const std::int64_t plain = p->tell(p->tong, "b");
        CPPUNIT_ASSERT_EQUAL(std::string("/inbox"),
                             p->act("/inbox/" + std::to_string(plain) + "/open", tong).field("Location"));
    }

    void allUpToThePageAreMarked() {
        const std::string tong = p->signIn("tong");
        p->tell(p->tong, "a");
        const std::int64_t newest = p->tell(p->tong, "b");
        p->tell(p->tong, "c");
        CPPUNIT_ASSERT_EQUAL(303, p->act("/inbox/read", tong, "newest=" + std::to_string(newest)).status);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, p->unread(p->tong));
        p->act("/inbox/read", tong, "newest=all");
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, p->unread(p->tong));
        CPPUNIT_ASSERT(holds(p->get("/inbox?done=read", tong), "已全部标为已读"));
    }

    void withoutItsPluginTheListStands() {
        const std::string tong = p->signIn("tong");
        p->tell(p->tong, "a", "", "gone.subject");
        const Answer page = p->get("/inbox", tong);
        CPPUNIT_ASSERT_EQUAL(200, page.status);
        CPPUNIT_ASSERT(holds(page, "这项服务暂未开通"));
        CPPUNIT_ASSERT(!holds(page, "gone.subject"));
    }

    void theHeaderCountsWhatIsUnread() {
        const std::string tong = p->signIn("tong");
        const std::string tag = "<strong class=\"tag tag-busy\" data-live-shown=\"count\"";
        CPPUNIT_ASSERT(holds(p->get("/", tong), tag + " hidden>"));
        p->tell(p->tong, "a");
        p->tell(p->tong, "b");
        CPPUNIT_ASSERT(holds(p->get("/", tong),
                             tag + "><span data-live-text=\"count\">2</span><span class=\"unseen\"> 条未读"));
        CPPUNIT_ASSERT(!holds(p->get("/"), "/inbox") && !holds(p->get("/"), "data-live"));
    }

    void longListsGoOn() {
        const std::string tong = p->signIn("tong");
        for (int i = 100; i < 131; ++i)
            p->tell(p->tong, "n" + std::to_string(i));
        const Answer first = p->get("/inbox", tong);
        CPPUNIT_ASSERT(holds(first, "n130 ") && !holds(first, "n100 "));
        const std::size_t at = first.body.find("/inbox?before=");
        CPPUNIT_ASSERT(at != std::string::npos);
        const Answer second = p->get(first.body.substr(at, first.body.find('"', at) - at), tong);
        CPPUNIT_ASSERT(holds(second, "n100 ") && !holds(second, "n101 ") && !holds(second, "before="));
        CPPUNIT_ASSERT(holds(p->get("/inbox?before=x", tong), "n130 "));
    }

    void addressesAreSetByTheirPerson() {
        using services::notices::Addresses;
        const std::string tong = p->signIn("tong");
        const auto mail = [&](std::int64_t who) {
            return p->database().read([&](storage::Tx& tx) { return Addresses::of(tx, who, "mail"); });
        };
        CPPUNIT_ASSERT(holds(p->get("/inbox", tong), "href=\"/inbox/addresses\""));
        const auto send = [&](const std::string& form) {
            return p->post("/inbox/addresses", tong,
                           form + "&csrf=" + p->get("/inbox/addresses", tong).csrf());
        };
        const Answer wrong = send("mail=tong&sms=13800000000");
        CPPUNIT_ASSERT_EQUAL(422, wrong.status);
        CPPUNIT_ASSERT(holds(wrong, "请填写完整的邮箱") && holds(wrong, "13800000000"));
        CPPUNIT_ASSERT_EQUAL(std::string(), mail(p->tong));
        CPPUNIT_ASSERT_EQUAL(303, send("mail=tong%40mail.example&sms=").status);
        CPPUNIT_ASSERT_EQUAL(std::string("tong@mail.example"), mail(p->tong));
        CPPUNIT_ASSERT_EQUAL(std::string(), mail(p->li));
        CPPUNIT_ASSERT(holds(p->get("/inbox/addresses", tong), "tong@mail.example"));
        CPPUNIT_ASSERT_EQUAL(303, send("mail=&sms=").status);
        CPPUNIT_ASSERT_EQUAL(std::string(), mail(p->tong));
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(InboxPagesTest);
