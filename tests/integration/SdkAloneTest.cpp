// SPDX-License-Identifier: Apache-2.0
// What a vendor does: the SDK installed into a prefix, a plugin's folder copied to an empty one, built there
// with nothing else, loaded by the daemon, a page walked.
#include "support/Client.h"
#include "support/Daemon.h"
#include "support/Visitors.h"

#include <cppunit/extensions/HelperMacros.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

namespace {

namespace fs = std::filesystem;
using namespace dalate;
using namespace dalate::testing;

class SdkAloneTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(SdkAloneTest);
    CPPUNIT_TEST(aCopiedPluginBuildsLoadsAndServes);
    CPPUNIT_TEST_SUITE_END();

    TemporaryFolder folder_;

    /// Runs a shell command; fails the test with its output when it fails.
    void run(const std::string& command) {
        const fs::path log = folder_.path() / "command.log";
        const int status = std::system((command + " > " + log.string() + " 2>&1").c_str());
        std::ifstream in(log);
        std::ostringstream text;
        text << in.rdbuf();
        CPPUNIT_ASSERT_EQUAL_MESSAGE(command + "\n" + text.str(), 0, status);
    }

public:
    void aCopiedPluginBuildsLoadsAndServes() {
        const fs::path source = DALATE_SOURCE_DIR, build = DALATE_BINARY_DIR;
        const fs::path sdk = folder_.path() / "sdk", gathered = folder_.path() / "plugins";
        run("cmake --install " + build.string() + " --component sdk --prefix " + sdk.string());
        for (const fs::path& plugin : {source / "sdk/samples/hello", source / "sdk/samples/helpdesk",
                                       source / "plugins/traceability"}) {
            const std::string id = plugin.filename();
            const fs::path copy = folder_.path() / "copies" / id, out = folder_.path() / "built" / id;
            fs::create_directories(copy.parent_path());
            fs::copy(plugin, copy, fs::copy_options::recursive);
            run("cmake -S " + copy.string() + " -B " + out.string() + " -G Ninja -DCMAKE_BUILD_TYPE=Release" +
                " -DCMAKE_PREFIX_PATH=" + sdk.string());
            run("cmake --build " + out.string());
            fs::create_directories(gathered);
            fs::copy(out / "plugins" / id, gathered / id, fs::copy_options::recursive);
        }
        Daemon::Options options = Daemon::built();
        options.plugins = gathered;
        Daemon daemon(options, folder_.path() / "data");
        Client visitor(daemon.url());
        CPPUNIT_ASSERT_EQUAL(200, visitor.get("/hello/").status);
        visitor.get("/hello/");
        CPPUNIT_ASSERT_EQUAL(303, visitor.post("/hello/", {{"name", "Batu <b>"}}).status);
        const std::string page = visitor.get("/hello/").body;
        CPPUNIT_ASSERT_MESSAGE(page, page.find("Batu &lt;b&gt;") != std::string::npos);
        CPPUNIT_ASSERT_EQUAL(200, visitor.get("/traceability/").status);
        const std::string list = "/cases/helpdesk/ticket";
        CPPUNIT_ASSERT_EQUAL(200, signedIn(daemon, "helpdesk_lead")->get("/lists/helpdesk/assets").status);
        CPPUNIT_ASSERT_EQUAL(200, signedIn(daemon, "helpdesk_agent")->get(list + "/open").status);
        CPPUNIT_ASSERT_EQUAL(404, visitor.get("/01/09521234500018/10/NOBODY").status);
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(SdkAloneTest);

} // namespace
