// SPDX-License-Identifier: Apache-2.0
#include "unit/gateway/PortalFixture.h"

#include "admin/AuditPage.h"
#include "admin/BureauPages.h"
#include "admin/Messages.h"
#include "admin/PluginPages.h"
#include "identity/Audit.h"
#include "plugin/Catalog.h"

#include <cppunit/extensions/HelperMacros.h>

#include <algorithm>
#include <fstream>

using namespace dalate;
using dalate::test::Answer;
using dalate::test::Portal;

namespace {

/// The portal with the pages of this floor and a person a role: wang (bureau), zhao (operator), sun
/// (auditor), and qian, who administers another bureau.
struct AdminPortal : Portal {
    admin::Messages messages{std::filesystem::path(DALATE_SOURCE_DIR) / "runtime/data/messages.json"};
    admin::PluginPages pluginPages{database().pool(), lifecycle, messages, gateway.pages(), 480};
    admin::BureauPages bureauPages{database().pool(), lifecycle.current(), gateway.pages(), 480};
    admin::AuditPage auditPage{database().pool(), gateway.pages(), 480};

    AdminPortal() {
        pluginPages.addTo(gateway);
        bureauPages.addTo(gateway);
        auditPage.addTo(gateway);
        create("zhao", {"operator"});
        create("sun", {"auditor"});
        const auto other = database().write(
            [](storage::Tx& tx) { return identity::Organisations::create(tx, "文旅局", "bureau", 0); });
        const auto mine = std::exchange(bureau, other);
        create("qian", {"bureau_admin"});
        bureau = mine;
        load().start();
    }

    std::vector<identity::Audit::Entry> audited(const char* action) {
        auto entries =
            database().read([](storage::Tx& tx) { return identity::Audit::latest(tx, "plugin/hello", 100); });
        std::erase_if(entries, [&](const auto& entry) { return entry.action != action; });
        return entries;
    }
};

} // namespace

class AdminPagesTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(AdminPagesTest);
    CPPUNIT_TEST(aBureauSwitchesItsPluginAndTheAuditNamesHer);
    CPPUNIT_TEST(anotherBureauCannot);
    CPPUNIT_TEST(theOperatorUnloadsAndLoads);
    CPPUNIT_TEST(aRefusedActLeavesNoAuditRow);
    CPPUNIT_TEST(anActWhoseAuditRowFailsIsNotDone);
    CPPUNIT_TEST(aRefusedPluginTellsAllThatIsWrongInThePagesLanguage);
    CPPUNIT_TEST(theCatalogueSpeaksChineseAndElseEnglish);
    CPPUNIT_TEST(onlyTheOperatorSeesPlugins);
    CPPUNIT_TEST(theAuditorReadsWhatWasDone);
    CPPUNIT_TEST_SUITE_END();

public:
    void aBureauSwitchesItsPluginAndTheAuditNamesHer() {
        AdminPortal portal;
        const std::string session = portal.signIn("wang");
        const Answer page = portal.get("/bureau/plugins", session);
        CPPUNIT_ASSERT_EQUAL(200, page.status);
        CPPUNIT_ASSERT(page.body.find("/bureau/plugins/hello/off") != std::string::npos);
        CPPUNIT_ASSERT_EQUAL(403, portal.post("/bureau/plugins/hello/off", session, "").status);
        CPPUNIT_ASSERT_EQUAL(405, portal.get("/bureau/plugins/hello/off", session).status);
        CPPUNIT_ASSERT_EQUAL(200, portal.get("/hello/").status);

        const Answer off = portal.post("/bureau/plugins/hello/off", session, "csrf=" + page.csrf());
        CPPUNIT_ASSERT_EQUAL(303, off.status);
        CPPUNIT_ASSERT_EQUAL(404, portal.get("/hello/").status);
        const auto entries = portal.audited("plugin.activation.off");
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, entries.size());
        CPPUNIT_ASSERT_EQUAL(std::string("人名wang"), entries[0].actorName);
        CPPUNIT_ASSERT_EQUAL(off.field("X-Request-Id"), entries[0].requestId);

        const Answer after = portal.get(off.field("Location"), session);
        CPPUNIT_ASSERT(after.body.find("notice-success") != std::string::npos);
        CPPUNIT_ASSERT(after.body.find("/bureau/plugins/hello/on") != std::string::npos);
        CPPUNIT_ASSERT_EQUAL(303,
                             portal.post("/bureau/plugins/hello/on", session, "csrf=" + after.csrf()).status);
        CPPUNIT_ASSERT_EQUAL(200, portal.get("/hello/").status);
    }

    void anotherBureauCannot() {
        AdminPortal portal;
        const std::string session = portal.signIn("qian");
        const Answer page = portal.get("/bureau/plugins", session);
        CPPUNIT_ASSERT_EQUAL(200, page.status);
        CPPUNIT_ASSERT(page.body.find("/bureau/plugins/hello/") == std::string::npos);
        const Answer off = portal.post("/bureau/plugins/hello/off", session, "csrf=" + page.csrf());
        CPPUNIT_ASSERT_EQUAL(404, off.status);
        CPPUNIT_ASSERT_EQUAL(200, portal.get("/hello/").status);
        CPPUNIT_ASSERT(portal.audited("plugin.activation.off").empty());
    }

    void theOperatorUnloadsAndLoads() {
        AdminPortal portal;
        const std::string session = portal.signIn("zhao");
        const Answer page = portal.get("/admin/plugins", session);
        CPPUNIT_ASSERT_EQUAL(200, page.status);
        CPPUNIT_ASSERT(page.body.find("action=\"/admin/plugins/hello/unload\"") != std::string::npos);
        CPPUNIT_ASSERT_EQUAL(403, portal.post("/admin/plugins/hello/unload", session, "").status);
        CPPUNIT_ASSERT_EQUAL(
            303, portal.post("/admin/plugins/hello/unload", session, "csrf=" + page.csrf()).status);
        CPPUNIT_ASSERT(portal.lifecycle.settle(std::chrono::seconds(10)));
        CPPUNIT_ASSERT_EQUAL(404, portal.get("/hello/").status);
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, portal.audited("plugin.unload").size());
        const Answer off = portal.get("/admin/plugins", session);
        CPPUNIT_ASSERT(off.body.find("action=\"/admin/plugins/hello/load\"") != std::string::npos);
        CPPUNIT_ASSERT_EQUAL(303,
                             portal.post("/admin/plugins/hello/load", session, "csrf=" + off.csrf()).status);
        CPPUNIT_ASSERT(portal.lifecycle.settle(std::chrono::seconds(10)));
        CPPUNIT_ASSERT_EQUAL(200, portal.get("/hello/").status);
        CPPUNIT_ASSERT_EQUAL(
            404, portal.post("/admin/plugins/nothing/load", session, "csrf=" + off.csrf()).status);
        const Answer scan = portal.post("/admin/plugins/scan", session, "csrf=" + off.csrf());
        CPPUNIT_ASSERT_EQUAL(303, scan.status);
        CPPUNIT_ASSERT_EQUAL(std::string("/admin/plugins?scanned=yes"), scan.field("Location"));
        const std::string scanned = portal.get(scan.field("Location"), session).body;
        CPPUNIT_ASSERT(scanned.find("notice-success") != std::string::npos);
        CPPUNIT_ASSERT(scanned.find("找到 1 个插件，其中 0 个被拒绝") != std::string::npos);
        CPPUNIT_ASSERT(portal.get("/admin/plugins", session).body.find("notice-success") == std::string::npos);
    }

    void aRefusedActLeavesNoAuditRow() {
        AdminPortal portal;
        const auto folder = portal.database().folder() / "plugins/leaner";
        std::filesystem::create_directories(folder / "i18n");
        for (const char* language : {"zh-CN", "en"})
            std::ofstream(folder / "i18n" / (language + std::string(".json"))) << R"({"leaner.name": "x"})";
        std::ofstream(folder / "plugin.json") << R"({"id": "leaner", "version": "1.0.0", "vendor": "test",
            "api": "0.2", "name": "leaner.name", "requires": ["hello"]})";
        const std::string session = portal.signIn("zhao");
        const std::string csrf = "csrf=" + portal.get("/admin/plugins", session).csrf();
        CPPUNIT_ASSERT_EQUAL(303, portal.post("/admin/plugins/scan", session, csrf).status);
        CPPUNIT_ASSERT(portal.lifecycle.settle(std::chrono::seconds(10)));
        CPPUNIT_ASSERT(portal.lifecycle.status("leaner")->state == plugin::State::active);

        CPPUNIT_ASSERT_EQUAL(409, portal.post("/admin/plugins/hello/unload", session, csrf).status);
        CPPUNIT_ASSERT(portal.audited("plugin.unload").empty());
        CPPUNIT_ASSERT(portal.lifecycle.status("hello")->desired == plugin::Desired::enabled);
        CPPUNIT_ASSERT_EQUAL(404, portal.post("/admin/plugins/nothing/upgrade", session, csrf).status);
        const auto everything =
            portal.database().read([](storage::Tx& tx) { return identity::Audit::latest(tx, "", 1000); });
        CPPUNIT_ASSERT(std::none_of(everything.begin(), everything.end(),
                                    [](const auto& entry) { return entry.object == "plugin/nothing"; }));
    }

    void anActWhoseAuditRowFailsIsNotDone() {
        AdminPortal portal;
        CPPUNIT_ASSERT_THROW(portal.lifecycle.want("hello", plugin::Desired::disabled, "zhao",
                                                   [](storage::Tx&) { throw Error(500, "test.audit"); }),
                             Error);
        CPPUNIT_ASSERT(portal.lifecycle.status("hello")->desired == plugin::Desired::enabled);
        const auto stored = portal.database().read([](storage::Tx& tx) {
            auto rows = tx.query("SELECT desired FROM plugin_state WHERE plugin = 'hello'");
            return rows.next() ? std::string(rows.text(0)) : std::string();
        });
        CPPUNIT_ASSERT_EQUAL(std::string("enabled"), stored);
    }

    void aRefusedPluginTellsAllThatIsWrongInThePagesLanguage() {
        AdminPortal portal;
        const auto folder = portal.database().folder() / "plugins/park";
        const auto library = plugin::libraryPath(folder);
        std::filesystem::create_directories(library.parent_path());
        std::ofstream(library) << "this is no library";
        std::ofstream(folder / "plugin.json") << R"({"id": "park", "<b>odd</b>": 1})";
        const std::string session = portal.signIn("zhao");
        const std::string csrf = portal.get("/admin/plugins", session).csrf();
        CPPUNIT_ASSERT_EQUAL(303, portal.post("/admin/plugins/scan", session, "csrf=" + csrf).status);
        CPPUNIT_ASSERT(portal.lifecycle.settle(std::chrono::seconds(10)));
        const auto status = portal.lifecycle.status("park");
        CPPUNIT_ASSERT(status && status->state == plugin::State::rejected && status->problems.size() > 3);

        const std::string page = portal.get("/admin/plugins?scanned=yes", session).body;
        CPPUNIT_ASSERT(page.find("notice-warning") != std::string::npos);
        CPPUNIT_ASSERT(page.find("找到 2 个插件，其中 1 个被拒绝") != std::string::npos);
        CPPUNIT_ASSERT(page.find("被拒绝的插件") != std::string::npos);
        CPPUNIT_ASSERT(page.find("id=\"refused-park\"") != std::string::npos);
        CPPUNIT_ASSERT(page.find("href=\"#refused-park\"") != std::string::npos);
        CPPUNIT_ASSERT(page.find("插件库不是 ELF 文件") != std::string::npos);
        CPPUNIT_ASSERT(page.find("缺少 version") != std::string::npos);
        CPPUNIT_ASSERT(page.find("plugin.json $") != std::string::npos);
        CPPUNIT_ASSERT(page.find("<b>odd") == std::string::npos);
        std::size_t told = 0;
        for (std::size_t at = 0; (at = page.find("消息编号：", at)) != std::string::npos; ++at)
            ++told;
        CPPUNIT_ASSERT_EQUAL(status->problems.size(), told);
        for (const plugin::Problem& problem : status->problems)
            CPPUNIT_ASSERT_MESSAGE(problem.id, page.find(">" + problem.id + "<") != std::string::npos);

        const std::string english = portal.get("/admin/plugins", session + "; language=en").body;
        CPPUNIT_ASSERT(english.find("The library is no ELF file") != std::string::npos);
        CPPUNIT_ASSERT(english.find("插件库不是") == std::string::npos);
    }

    void theCatalogueSpeaksChineseAndElseEnglish() {
        const test::TestDatabase home;
        const auto file = home.folder() / "messages.json";
        std::ofstream(file) << R"({"a.b": {"text": "{file}: {what}", "cause": "c", "remedy": "Copy it",
            "zh-CN": {"text": "{file}：{what}", "remedy": "请复制", "words": {"changed": "被改动"}}},
            "a.c": {"text": "Broken: {list}", "cause": "c", "remedy": "Mend it"}})";
        const admin::Messages messages(file);
        const Value changed = Value::map([](MapWriter& m) { m.set("file", "x.so").set("what", "changed"); });
        CPPUNIT_ASSERT_EQUAL(std::string("x.so：被改动"), messages.text("a.b", changed, "zh-CN"));
        CPPUNIT_ASSERT_EQUAL(std::string("请复制"), messages.remedy("a.b", changed, "zh-CN"));
        CPPUNIT_ASSERT_EQUAL(std::string("x.so: changed"), messages.text("a.b", changed));
        CPPUNIT_ASSERT_EQUAL(std::string("x.so: changed"), messages.text("a.b", changed, "mn-Mong"));
        const Value list = Value::map([](MapWriter& m) {
            m.list("list", [](ListWriter& l) { l.add("one").add("two"); });
        });
        CPPUNIT_ASSERT_EQUAL(std::string("Broken: one; two"), messages.text("a.c", list, "zh-CN"));
        CPPUNIT_ASSERT_EQUAL(std::string("Mend it"), messages.remedy("a.c", list, "zh-CN"));
        // A language's tag that is a part of the line is no language.
        CPPUNIT_ASSERT_EQUAL(std::string("Broken: one; two"), messages.text("a.c", list, "text"));
        CPPUNIT_ASSERT(messages.has("a.b") && !messages.has("a.d"));
        CPPUNIT_ASSERT_EQUAL(std::string("a.d"), messages.text("a.d", {}, "zh-CN"));
        CPPUNIT_ASSERT_EQUAL(std::string(), messages.remedy("a.d", {}, "zh-CN"));
    }

    void onlyTheOperatorSeesPlugins() {
        AdminPortal portal;
        CPPUNIT_ASSERT_EQUAL(303, portal.get("/admin/plugins").status);
        for (const char* login : {"wang", "sun", "qian"}) {
            const std::string session = portal.signIn(login);
            CPPUNIT_ASSERT_EQUAL(404, portal.get("/admin/plugins", session).status);
            const Answer home = portal.get("/", session);
            CPPUNIT_ASSERT_EQUAL(
                404, portal.post("/admin/plugins/hello/unload", session, "csrf=" + home.csrf()).status);
        }
        CPPUNIT_ASSERT_EQUAL(200, portal.get("/hello/").status);
        CPPUNIT_ASSERT_EQUAL(404, portal.get("/bureau/plugins", portal.signIn("zhao")).status);
    }

    void theAuditorReadsWhatWasDone() {
        AdminPortal portal;
        const std::string session = portal.signIn("sun");
        const Answer all = portal.get("/audit", session);
        CPPUNIT_ASSERT_EQUAL(200, all.status);
        CPPUNIT_ASSERT(all.body.find("account.create") != std::string::npos);
        const Answer one = portal.get("/audit?object=plugin/hello", session);
        CPPUNIT_ASSERT(one.body.find("plugin.owner") != std::string::npos);
        CPPUNIT_ASSERT(one.body.find("account.create") == std::string::npos);
        CPPUNIT_ASSERT_EQUAL(200, portal.get("/audit?object=%27%20OR%201%3D1", session).status);
        CPPUNIT_ASSERT_EQUAL(404, portal.get("/audit", portal.signIn("wang")).status);
    }
};
CPPUNIT_TEST_SUITE_REGISTRATION(AdminPagesTest);
