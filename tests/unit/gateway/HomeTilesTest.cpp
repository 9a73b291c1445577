// SPDX-License-Identifier: Apache-2.0
#include "PortalFixture.h"

#include <cppunit/extensions/HelperMacros.h>

#include <filesystem>
#include <fstream>

using namespace dalate;
using dalate::test::Answer;
using dalate::test::Portal;

class HomeTilesTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(HomeTilesTest);
    CPPUNIT_TEST(aTileShowsThePluginsNumberInTheVisitorsLanguage);
    CPPUNIT_TEST(aPluginWithoutItsTableLeavesTheTileWithoutNumber);
    CPPUNIT_TEST(aPluginOfDeclarationsAloneHasItsTilesAndMenu);
    CPPUNIT_TEST_SUITE_END();

    static void addGuests(Portal& portal, int most) {
        portal.database().write([most](storage::Tx& tx) {
            for (int i = 1; i <= most; ++i)
                tx.exec("INSERT INTO hello_guest (id, name) VALUES (:id, 'guest')", {{"id", i}});
        });
    }

    static void writeFile(const std::filesystem::path& file, const std::string& text) {
        std::filesystem::create_directories(file.parent_path());
        std::ofstream(file, std::ios::binary) << text;
    }

public:
    void aPluginOfDeclarationsAloneHasItsTilesAndMenu() {
        Portal portal;
        const std::filesystem::path plain = portal.database().folder() / "plugins/plain";
        writeFile(plain / "plugin.json",
                  R"({"id": "plain", "version": "1.0.0", "vendor": "v", "api": "0.2", "name": "plain.name",
                     "cases": ["cases/call.json"], "menu": [
                        {"machine": "call", "page": "open", "label": "plain.new", "note": "plain.note"},
                        {"machine": "call", "page": "list", "label": "plain.all"}]})");
        writeFile(plain / "cases/call.json",
                  R"({"machine": "call", "title": "plain.name", "number": "PL{yyyy}-{seq:4}",
                     "open": {"to": "open", "by": ["applicant"]},
                     "states": [{"name": "open", "label": "plain.name", "kind": "working"},
                                {"name": "closed", "label": "plain.name", "kind": "done"}],
                     "transitions": [{"name": "close", "label": "plain.name", "from": ["open"], "to": "closed",
                                      "by": ["role:agent"]}]})");
        const std::string zh =
            R"({"plain.name": "热线", "plain.new": "我要求助", "plain.note": "一键直达", "plain.all": "全部来电"})";
        writeFile(plain / "i18n/zh-CN.json", zh);
        writeFile(
            plain / "i18n/en.json",
            R"({"plain.name": "Line", "plain.new": "Ask", "plain.note": "At once", "plain.all": "Calls"})");
        portal.load().start();
        CPPUNIT_ASSERT_EQUAL(std::string("active"),
                             std::string(plugin::name(portal.lifecycle.status("plain")->state)));
        // Switched off for the public until a bureau owns it.
        CPPUNIT_ASSERT(portal.get("/").body.find("/cases/plain/") == std::string::npos);
        portal.database().write(
            [&](storage::Tx& tx) { identity::Activations::nameOwner(tx, {}, "plain", portal.bureau); });

        const Answer anonymous = portal.get("/");
        CPPUNIT_ASSERT_MESSAGE(anonymous.body,
                               anonymous.body.find("href=\"/cases/plain/call/open\"") != std::string::npos);
        CPPUNIT_ASSERT(anonymous.body.find("我要求助") != std::string::npos);
        CPPUNIT_ASSERT(anonymous.body.find("href=\"/cases/plain/call\"") == std::string::npos);
        const Answer signedIn = portal.get("/", portal.signIn("wang"));
        CPPUNIT_ASSERT_MESSAGE(signedIn.body,
                               signedIn.body.find("href=\"/cases/plain/call\"") != std::string::npos);
    }

    void aTileShowsThePluginsNumberInTheVisitorsLanguage() {
        Portal portal;
        portal.load().start();
        addGuests(portal, 1284);
        const Answer home = portal.get("/");
        CPPUNIT_ASSERT_EQUAL(200, home.status);
        CPPUNIT_ASSERT_MESSAGE(home.body, home.body.find("<b>1,284</b> 位来客") != std::string::npos);
        CPPUNIT_ASSERT(home.body.find("写下您的名字") != std::string::npos);
        const Answer english = portal.send("GET", "/", {{"Accept-Language", "en"}});
        CPPUNIT_ASSERT(english.body.find("<b>1,284</b> guests") != std::string::npos);
    }

    void aPluginWithoutItsTableLeavesTheTileWithoutNumber() {
        Portal portal;
        portal.load().start();
        portal.database().write([](storage::Tx& tx) { tx.exec("DROP TABLE hello_guest"); });
        for (int i = 0; i < 3; ++i) {
            const Answer home = portal.get("/");
            CPPUNIT_ASSERT_EQUAL(200, home.status);
            CPPUNIT_ASSERT(home.body.find("href=\"/hello\"") != std::string::npos);
            CPPUNIT_ASSERT(home.body.find("tile-count") == std::string::npos);
        }
    }
};
CPPUNIT_TEST_SUITE_REGISTRATION(HomeTilesTest);
