// SPDX-License-Identifier: Apache-2.0
#include "unit/services_notices/NoticesFixture.h"

#include "services/CoreParts.h"
#include "services/PluginCalls.h"
#include "services/Registry.h"
#include "services/notices/CaseNotices.h"
#include "services/notices/NoticesService.h"

#include <memory>

using namespace dalate;
using namespace dalate::services;
using namespace dalate::services::notices;
using dalate::test::NoticesFixture;

namespace {

using Ids = std::vector<std::int64_t>;

class NoPlugin : public PluginCalls {
public:
    bool has(std::string_view, Kind, std::string_view) const override { return false; }
    Value call(storage::Tx&, AfterCommit&, const Ask&) override { return {}; }
};

Value values() {
    return Value::map([](MapWriter& m) {
        m.set("number", "HD-7").set("title", "Printer").set("href", "/cases/7");
        m.map("state", [](MapWriter& state) { state.set("text", "desk.closed"); });
    });
}

} // namespace

class NoticesTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(NoticesTest);
    CPPUNIT_TEST(onePersonIsToldOnceUnderRetry);
    CPPUNIT_TEST(anotherKeyOrPluginIsAnotherNotice);
    CPPUNIT_TEST(whoStandsInTwoAudiencesIsToldOnce);
    CPPUNIT_TEST(rollbackLeavesNothing);
    CPPUNIT_TEST(audiencesAreWhoTheySayAndNobodyBarred);
    CPPUNIT_TEST(aDelegateIsToldWithinTheTerm);
    CPPUNIT_TEST(relationsAreThoseOfOwnCases);
    CPPUNIT_TEST(readersReadTheirLanguage);
    CPPUNIT_TEST(withoutItsPluginANoticeHasNoWords);
    CPPUNIT_TEST(badOrdersAreRefused);
    CPPUNIT_TEST(onlyPathsOfThisSiteAreLinks);
    CPPUNIT_TEST(readingIsOnesOwn);
    CPPUNIT_TEST(listsPageFromTheNewest);
    CPPUNIT_TEST(casesSendThroughTheSink);
    CPPUNIT_TEST(theServiceSendsListsAndReads);
    CPPUNIT_TEST(theServiceRefusesWhatItCannotKeep);
    CPPUNIT_TEST_SUITE_END();

    std::unique_ptr<NoticesFixture> f;

public:
    void setUp() override { f = std::make_unique<NoticesFixture>(); }
    void tearDown() override { f.reset(); }

    void onePersonIsToldOnceUnderRetry() {
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, f->sendNow(f->person(4), "ticket/1/done"));
        for (int retry = 0; retry < 3; ++retry)
            CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, f->sendNow(f->person(4), "ticket/1/done"));
        f->db.write([&](storage::Tx& tx) {
            CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, f->send(tx, f->person(4), "ticket/1/done"));
        });
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, f->of(4).size());
        // The index itself holds it, whoever writes.
        const auto again = [&] {
            f->db.write([](storage::Tx& tx) {
                tx.exec("INSERT INTO notice (id, plugin, once_key, account, name, subject, text, urgent, "
                        "href, details,"
                        " sent_at) SELECT id + 1, plugin, once_key, account, name, subject, text, urgent, "
                        "href, details,"
                        " sent_at FROM notice");
            });
        };
        CPPUNIT_ASSERT_EQUAL(std::string("core.storage.unique"), f->refusal(again));
    }

    void anotherKeyOrPluginIsAnotherNotice() {
        f->sendNow(f->person(4), "ticket/1/done");
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, f->sendNow(f->person(4), "ticket/2/done"));
        const std::int64_t other = f->db.write([&](storage::Tx& tx) {
            return f->notices.send(tx, {"other", f->person(4), f->kind, {}, "ticket/1/done"});
        });
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, other);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{3}, f->unread(4));
    }

    void whoStandsInTwoAudiencesIsToldOnce() {
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, f->sendNow(f->desk("intake", 70), "k"));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{2}, f->sendNow(f->role("agent", 70), "k")); // 2 and the delegate
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, f->of(1).size());
    }

    void rollbackLeavesNothing() {
        {
            auto lease = f->db.pool().lease();
            storage::Tx tx(*lease, storage::Tx::Mode::write);
            CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, f->send(tx, f->person(4), "k"));
        }
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, f->unread(4));
        f->db.write([&](storage::Tx& tx) {
            storage::Tx::Savepoint part(tx);
            f->send(tx, f->person(4), "k");
        });
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, f->unread(4));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, f->sendNow(f->person(4), "k"));
    }

    Ids members(const Audience& to, Micros at = NoticesFixture::noon) {
        return f->db.read([&](storage::Tx& tx) { return membersOf(tx, "desk", to, at); });
    }

    void audiencesAreWhoTheySayAndNobodyBarred() {
        CPPUNIT_ASSERT(members(f->person(4)) == Ids{4});
        CPPUNIT_ASSERT(members(f->person(5)).empty());
        CPPUNIT_ASSERT(members(f->person(99)).empty());
        const Micros later = NoticesFixture::noon + 2 * NoticesFixture::day;
        CPPUNIT_ASSERT((members(f->role("agent", 70), later) == Ids{1, 2}));
        CPPUNIT_ASSERT((members(f->role("agent", 0), later) == Ids{1, 2, 3}));
        CPPUNIT_ASSERT(members(f->role("agent", 99), later).empty());
        CPPUNIT_ASSERT(members(f->role("nobody", 0)).empty());
        CPPUNIT_ASSERT(members(f->desk("intake", 70)) == Ids{1});
        CPPUNIT_ASSERT((members(f->desk("intake", 0)) == Ids{1, 3}));
        CPPUNIT_ASSERT(members(f->desk("other", 70)).empty());
    }

    void aDelegateIsToldWithinTheTerm() {
        using F = NoticesFixture;
        CPPUNIT_ASSERT((members(f->role("agent", 70), F::noon) == Ids{1, 2, 6}));
        CPPUNIT_ASSERT((members(f->role("agent", 70), F::noon - 1) == Ids{1, 2}));
        CPPUNIT_ASSERT((members(f->role("agent", 70), F::noon + F::day) == Ids{1, 2}));
        // What the giver no longer holds she cannot have given.
        f->db.write([](storage::Tx& tx) { tx.exec("DELETE FROM account_role WHERE account = 1"); });
        CPPUNIT_ASSERT(members(f->role("agent", 70), F::noon) == Ids{2});
    }

    void relationsAreThoseOfOwnCases() {
        f->db.write([](storage::Tx& tx) {
            for (const auto& [id, plugin] : {std::pair(31, "desk"), std::pair(32, "other")}) {
                tx.exec("INSERT INTO case_record (id, plugin, machine, number, title, subject, parent, "
                        "state, version,"
                        " applicant, origin, organisation, desk, assignee, answers, rules_at, opened_at, "
                        "changed_at,"
                        " closed_at, entries, head) VALUES (:id, :plugin, 'm', 'n', 't', '', 0, 's', 1, 4, "
                        "0, 70, '', 0,"
                        " '{}', 1, 1, 1, 0, 1, '')",
                        {{"id", id}, {"plugin", plugin}});
                tx.exec("INSERT INTO case_relation (case_id, relation, account, since) VALUES (:id, "
                        "'handler', 2, 1),"
                        " (:id, 'handler', 5, 1), (:id, 'witness', 4, 1)",
                        {{"id", id}});
            }
        });
        CPPUNIT_ASSERT(members(f->relation("handler", 31)) == Ids{2});
        CPPUNIT_ASSERT(members(f->relation("witness", 31)) == Ids{4});
        CPPUNIT_ASSERT(members(f->relation("handler", 32)).empty());
    }

    void readersReadTheirLanguage() {
        f->sendNow(f->person(4), "k", values());
        const Notice notice = f->of(4).at(0);
        const auto texts = f->texts();
        const auto en = wordsOf(notice, texts, "en"), zh = wordsOf(notice, texts, "zh-CN"),
                   mn = wordsOf(notice, texts, "mn-Mong");
        CPPUNIT_ASSERT(en && zh && mn);
        CPPUNIT_ASSERT_EQUAL(std::string("HD-7 is done"), en->subject);
        CPPUNIT_ASSERT_EQUAL(std::string("Printer is now closed"), en->text);
        CPPUNIT_ASSERT_EQUAL(std::string("HD-7 已办结"), zh->subject);
        CPPUNIT_ASSERT_EQUAL(std::string("《Printer》现在：已关闭"), zh->text);
        CPPUNIT_ASSERT_EQUAL(zh->text, mn->text);
        CPPUNIT_ASSERT_EQUAL(std::string("/cases/7"), notice.href);
    }

    void withoutItsPluginANoticeHasNoWords() {
        f->sendNow(f->person(4), "k", values());
        CPPUNIT_ASSERT(!wordsOf(f->of(4).at(0), portal::Translator(), "en"));
    }

    void badOrdersAreRefused() {
        const auto refused = [&](std::string_view key, ValueView with) {
            return f->refusal([&] { f->sendNow(f->person(4), key, with); });
        };
        const auto href = [](std::string_view path) {
            return Value::map([&](MapWriter& m) { m.set("href", path); });
        };
        CPPUNIT_ASSERT_EQUAL(std::string("core.notice.asked"), refused("", {}));
        CPPUNIT_ASSERT_EQUAL(std::string("core.notice.asked"), refused(std::string(longestKey + 1, 'k'), {}));
        CPPUNIT_ASSERT_EQUAL(std::string("core.notice.asked"), refused("k", Value::of("text")));
        CPPUNIT_ASSERT_EQUAL(std::string("core.notice.asked"), refused("k", href("//evil.example")));
        const Value large = Value::map([](MapWriter& m) { m.set("title", std::string(mostDetails, 'x')); });
        CPPUNIT_ASSERT_EQUAL(std::string("core.notice.asked"), refused("k", large));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, f->unread(4));
        CPPUNIT_ASSERT_EQUAL(std::string("nothing"), refused(std::string(longestKey, 'k'), href("")));
    }

    void onlyPathsOfThisSiteAreLinks() {
        for (const char* good : {"/", "/cases/7", "/desk/list?state=open&page=2", "/a//b"})
            CPPUNIT_ASSERT_MESSAGE(good, isOwnPath(good));
        for (const char* bad :
             {"", "cases", "//evil.example", "/\\evil.example", "/\t/evil.example", "https://evil.example",
              "javascript:alert(1)", "/a\r\nSet-Cookie: x=1", "/a b", "/a\\..\\b"})
            CPPUNIT_ASSERT_MESSAGE(bad, !isOwnPath(bad));
        CPPUNIT_ASSERT(!isOwnPath("/" + std::string(longestHref, 'a')));
    }

    void readingIsOnesOwn() {
        f->sendNow(f->person(4), "k");
        const std::int64_t id = f->of(4).at(0).id;
        f->db.write([&](storage::Tx& tx) {
            CPPUNIT_ASSERT(!Inbox::find(tx, 1, id));
            Inbox::markRead(tx, 1, id, 5);
        });
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, f->unread(4));
        f->db.write([&](storage::Tx& tx) { Inbox::markRead(tx, 4, id, 5); });
        f->db.write([&](storage::Tx& tx) { Inbox::markRead(tx, 4, id, 9); });
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, f->unread(4));
        CPPUNIT_ASSERT_EQUAL(Micros{5}, f->of(4).at(0).readAt);
    }

    void listsPageFromTheNewest() {
        for (int i = 0; i < 5; ++i)
            f->sendNow(f->person(4), "k" + std::to_string(i));
        const auto page = [&](std::int64_t before) {
            return f->db.read([&](storage::Tx& tx) { return Inbox::list(tx, 4, {}, before, 2); });
        };
        const auto first = page(0), second = page(first.at(1).id), third = page(second.at(1).id);
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, third.size());
        CPPUNIT_ASSERT(first[0].id > first[1].id && first[1].id > second[0].id && second[1].id > third[0].id);
        // What came after the page was shown stays unread.
        f->db.write([&](storage::Tx& tx) {
            CPPUNIT_ASSERT_EQUAL(std::int64_t{4}, Inbox::markAllRead(tx, 4, first[1].id, 5));
        });
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, f->unread(4));
    }

    static std::shared_ptr<Declared> declared() {
        auto made = std::make_shared<Declared>();
        made->plugin = "desk";
        made->notices.push_back({"done", "desk.done", "desk.done.text", true});
        return made;
    }

    void casesSendThroughTheSink() {
        Declarations declarations;
        CaseNotices sink(declarations, f->notices);
        const Value told = Value::map([](MapWriter& m) {
            m.set("number", "HD-7")
                .set("title", "desk.closed")
                .set("stateLabel", "desk.closed")
                .set("href", "/cases/7");
        });
        AfterCommit after;
        cases::NoticeSink::Notice notice;
        notice.plugin = "desk";
        notice.to = cases::NoticeSink::Notice::To::role;
        notice.name = "agent";
        notice.organisation = 80;
        notice.notice = "done";
        notice.values = told;
        notice.key = "case/7/3/done";
        const auto send = [&] { f->db.write([&](storage::Tx& tx) { sink.send(tx, after, notice); }); };
        CPPUNIT_ASSERT_EQUAL(std::string("core.plugin.away"), f->refusal(send));
        declarations.publish({declared()});
        send();
        send();
        const auto got = f->of(3);
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, got.size());
        CPPUNIT_ASSERT(got[0].urgent);
        CPPUNIT_ASSERT_EQUAL(std::string("desk.closed"), got[0].details["stateLabel"]["text"].asText());
        // A title is what somebody typed, and never a text's id.
        CPPUNIT_ASSERT_EQUAL(std::string("desk.closed"), got[0].details["title"].asText());
        notice.notice = "other";
        CPPUNIT_ASSERT_EQUAL(std::string("core.notice.unknown"), f->refusal(send));
    }

    Value serve(std::string_view method, const Value& in, std::int64_t user,
                std::string_view plugin = "desk") {
        identity::Principal who;
        who.kind = identity::Principal::Kind::person;
        who.user = user;
        return f->db.write([&](storage::Tx& tx) {
            AfterCommit after;
            ServiceContext context{plugin, who, {}, {}, "zh-CN", "r1", "", {}, &tx, &after};
            context.declared = declared();
            return registry.find("notices/1", method)->answer(context, in);
        });
    }
    Registry registry;

    void offer() {
        static NoPlugin none;
        static Declarations declarations;
        offerNotices({f->db.pool(), registry, declarations, none, [] { return NoticesFixture::noon; }},
                     f->notices);
    }

    static Value order(std::string_view kind, std::string_view audience, std::string_view name,
                       std::string_view key) {
        return Value::map([&](MapWriter& m) {
            m.set("notice", kind).set("key", key).set("values", values());
            m.map("to", [&](MapWriter& to) { to.set(audience, name); });
        });
    }

    void theServiceSendsListsAndReads() {
        offer();
        CPPUNIT_ASSERT_EQUAL(std::int64_t{2},
                             *serve("send", order("done", "desk", "intake", "k"), 4)["people"].integer());
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0},
                             *serve("send", order("done", "desk", "intake", "k"), 4)["people"].integer());
        const Value list = serve("list", Value::map(), 1);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, *list["unread"].integer());
        const ValueView one = *list["notices"].begin();
        CPPUNIT_ASSERT_EQUAL(std::string("desk.done"), one["subject"].asText());
        CPPUNIT_ASSERT_EQUAL(std::string("HD-7"), one["values"]["number"].asText());
        const Value which = Value::map([&](MapWriter& m) { m.set("notice", one["notice"].text()); });
        // Neither another person nor another plugin.
        CPPUNIT_ASSERT_EQUAL(std::string("core.notice.unknown"),
                             f->refusal([&] { serve("read", which, 3); }));
        CPPUNIT_ASSERT_EQUAL(std::string("core.notice.unknown"),
                             f->refusal([&] { serve("read", which, 1, "other"); }));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, *serve("list", Value::map(), 1, "other")["unread"].integer());
        serve("read", which, 1);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, f->unread(1));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, f->unread(3));
    }

    void theServiceRefusesWhatItCannotKeep() {
        offer();
        const auto refused = [&](std::string_view method, const Value& in) {
            return f->refusal([&] { serve(method, in, 4); });
        };
        CPPUNIT_ASSERT_EQUAL(std::string("core.notice.unknown"),
                             refused("send", order("gone", "role", "agent", "k")));
        for (const auto& [audience, name] : {std::pair("account", "x"), std::pair("account", "-1"),
                                             std::pair("role", ""), std::pair("relation", "handler")})
            CPPUNIT_ASSERT_EQUAL_MESSAGE(audience, std::string("core.notice.asked"),
                                         refused("send", order("done", audience, name, "k")));
        CPPUNIT_ASSERT_EQUAL(std::string("core.notice.asked"),
                             refused("send", order("done", "role", "agent", "")));
        CPPUNIT_ASSERT_EQUAL(std::string("core.argument.unknown"),
                             refused("send", order("done", "everybody", "x", "k")));
        const Value both = Value::map([](MapWriter& m) {
            m.set("notice", "done").set("key", "k");
            m.map("to", [](MapWriter& to) { to.set("role", "agent").set("desk", "intake"); });
        });
        CPPUNIT_ASSERT_EQUAL(std::string("core.notice.asked"), refused("send", both));
        CPPUNIT_ASSERT_EQUAL(std::string("core.notice.asked"),
                             refused("list", Value::map([](MapWriter& m) { m.set("limit", 201); })));
        CPPUNIT_ASSERT_EQUAL(std::string("core.argument.missing"), refused("read", Value::map()));
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(NoticesTest);
