// SPDX-License-Identifier: Apache-2.0
// Files on their way into a case, on the host's own pages: what a form that is not finished brings, what
// becomes of it when it is replaced, thrown away or sent, and who may read it then. The hotline sample, with
// two files asked on its form and open to anyone.
#include "support/CountyFixture.h"
#include "support/FormData.h"
#include "support/Page.h"

#include <cppunit/extensions/HelperMacros.h>

#include <fstream>

#include <sqlite3.h>

using namespace dalate;
using namespace dalate::testing;

namespace {

namespace fs = std::filesystem;

const std::string list = "/cases/hotline/call";
const std::string openPath = list + "/open";

void replaceIn(const fs::path& file, const std::string& old, const std::string& fresh) {
    std::ifstream in(file);
    std::string text((std::istreambuf_iterator<char>(in)), {});
    const std::size_t at = text.find(old);
    CPPUNIT_ASSERT_MESSAGE(old, at != std::string::npos);
    text.replace(at, old.size(), fresh);
    std::ofstream(file) << text;
}

fs::path hotlineWithFiles(const fs::path& folder) {
    const fs::path to = folder / "plugins";
    fs::create_directories(to);
    fs::copy(fs::path(DALATE_BINARY_DIR) / "plugins/hotline", to / "hotline", fs::copy_options::recursive);
    replaceIn(to / "hotline/forms/call.json", R"({"name": "phone")",
              R"({"name": "photo", "type": "file", "label": "hotline.place", "optional": true},
        {"name": "card", "type": "file", "label": "hotline.place", "optional": true, "personal": true},
        {"name": "phone")");
    replaceIn(to / "hotline/cases/call.json", R"("by": ["applicant"]})", R"("by": ["anyone"]})");
    return to;
}

class FormFilesTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(FormFilesTest);
    CPPUNIT_TEST(aVisitorsUnfinishedFormLeavesNoRow);
    CPPUNIT_TEST(aDraftsFilesComeAndGoWithIt);
    CPPUNIT_TEST(onlyWhatTheAnswersNameIsHandedOn);
    CPPUNIT_TEST(aPersonalFileIsForWhoHasTheCaseInHand);
    CPPUNIT_TEST(aFileThatNoQuestionAsksForIsNotLookedAt);
    CPPUNIT_TEST_SUITE_END();

    static inline std::unique_ptr<TemporaryFolder> folder_;
    static inline std::unique_ptr<Daemon> daemon_;

    /// The first column of each row, joined by blanks.
    static std::string rows(const std::string& sql) {
        sqlite3* database = nullptr;
        std::string all;
        const std::string file = (folder_->path() / "data/dalate.db").string();
        CPPUNIT_ASSERT_EQUAL(SQLITE_OK,
                             sqlite3_open_v2(file.c_str(), &database, SQLITE_OPEN_READONLY, nullptr));
        sqlite3_busy_timeout(database, 5000);
        const auto add = [](void* to, int, char** texts, char**) {
            auto& text = *static_cast<std::string*>(to);
            text += (text.empty() ? "" : " ") + std::string(texts[0] ? texts[0] : "");
            return 0;
        };
        CPPUNIT_ASSERT_EQUAL(SQLITE_OK, sqlite3_exec(database, sql.c_str(), add, &all, nullptr));
        sqlite3_close(database);
        return all;
    }
    static std::string files() { return rows("SELECT name FROM file ORDER BY id"); }

    /// Posts the form; `what` is the field that decides whether it is whole.
    static Answer send(Client& client, FormData form, const std::string& what,
                       const std::string& act = "next") {
        client.get(openPath);
        form.field("csrf", client.csrf())
            .field("title", "路灯")
            .field("what", what)
            .field("phone", "13912345678");
        return client.send("POST", openPath, FormData::type(), form.field("_do", act).body());
    }
    static FormData with(const std::string& field, const std::string& name) {
        return FormData().file(field, name, "text/plain", "bytes of " + name);
    }

public:
    void setUp() override {
        if (!daemon_) {
            folder_ = std::make_unique<TemporaryFolder>();
            Daemon::Options options = Daemon::built();
            options.plugins = hotlineWithFiles(folder_->path());
            daemon_ = std::make_unique<Daemon>(options, folder_->path() / "data");
        }
        CPPUNIT_ASSERT_EQUAL(std::string(), rows("SELECT name FROM file WHERE object LIKE 'draft/%'"));
    }

    void aVisitorsUnfinishedFormLeavesNoRow() {
        const std::string before = files();
        Client visitor(daemon_->url());
        for (int tries = 0; tries < 3; ++tries) {
            const Answer half = send(visitor, with("photo", "v.txt"), "");
            CPPUNIT_ASSERT_EQUAL(422, half.status);
            CPPUNIT_ASSERT(!contains(half.body, "type=\"hidden\" name=\"photo\""));
        }
        CPPUNIT_ASSERT_EQUAL(before, files());
        CPPUNIT_ASSERT_EQUAL(200, send(visitor, with("photo", "v.txt"), "不亮").status);
        CPPUNIT_ASSERT_EQUAL(std::string("v.txt"),
                             rows("SELECT name FROM file WHERE object LIKE 'case/%' AND name = 'v.txt'"));
    }

    void aDraftsFilesComeAndGoWithIt() {
        const auto citizen = signedIn(*daemon_, "citizen");
        const std::string drafts = "SELECT name FROM file WHERE object LIKE 'draft/%/open/call' ORDER BY id";
        CPPUNIT_ASSERT_EQUAL(303, send(*citizen, with("photo", "a.txt"), "", "save").status);
        CPPUNIT_ASSERT_EQUAL(std::string("a.txt"), rows(drafts));
        // Beside the draft stands what the page that came back holds, until one of the two is kept.
        CPPUNIT_ASSERT_EQUAL(422, send(*citizen, with("photo", "b.txt"), "").status);
        CPPUNIT_ASSERT_EQUAL(std::string("a.txt b.txt"), rows(drafts));
        CPPUNIT_ASSERT_EQUAL(303, send(*citizen, with("photo", "c.txt"), "", "save").status);
        CPPUNIT_ASSERT_EQUAL(std::string("c.txt"), rows(drafts));
        CPPUNIT_ASSERT(contains(citizen->get(openPath).body, "type=\"hidden\" name=\"photo\""));
        CPPUNIT_ASSERT_EQUAL(303, send(*citizen, FormData(), "", "discard").status);
        CPPUNIT_ASSERT_EQUAL(std::string(), rows(drafts));
    }

    void onlyWhatTheAnswersNameIsHandedOn() {
        const auto citizen = signedIn(*daemon_, "citizen");
        CPPUNIT_ASSERT_EQUAL(422, send(*citizen, with("photo", "wrong.txt"), "").status);
        const std::string wrong = rows("SELECT id FROM file WHERE name = 'wrong.txt'");
        CPPUNIT_ASSERT_EQUAL(200, citizen->get("/files/" + wrong).status);
        const Answer sent = send(*citizen, with("photo", "right.txt"), "不亮");
        CPPUNIT_ASSERT_EQUAL_MESSAGE(mainOf(sent.body), 303, sent.status);
        CPPUNIT_ASSERT_EQUAL(std::string(), rows("SELECT name FROM file WHERE name = 'wrong.txt'"));
        const std::string right = rows("SELECT id FROM file WHERE name = 'right.txt'");
        const auto desk = signedIn(*daemon_, "hotline_desk");
        CPPUNIT_ASSERT_EQUAL(200, desk->get("/files/" + right).status);
        CPPUNIT_ASSERT_EQUAL(404, desk->get("/files/" + wrong).status);
        // What is another's, or of a case already, is no answer.
        desk->get(openPath);
        const Answer stolen =
            desk->post(openPath, {{"title", "a"}, {"what", "b"}, {"phone", "13912345678"}, {"photo", right}});
        CPPUNIT_ASSERT_EQUAL(422, stolen.status);
        CPPUNIT_ASSERT(contains(stolen.body, "href=\"#f-photo\""));
    }

    void aPersonalFileIsForWhoHasTheCaseInHand() {
        const auto citizen = signedIn(*daemon_, "citizen");
        const Answer sent = send(*citizen, with("card", "card.txt"), "不亮");
        CPPUNIT_ASSERT_EQUAL_MESSAGE(mainOf(sent.body), 303, sent.status);
        const std::string card = "/files/" + rows("SELECT id FROM file WHERE name = 'card.txt'");
        const std::string path = sent.header("location").substr(0, sent.header("location").size() - 5);
        CPPUNIT_ASSERT_EQUAL(200, citizen->get(card).status);
        const auto desk = signedIn(*daemon_, "hotline_desk");
        CPPUNIT_ASSERT(contains(desk->get(path).body, card));
        CPPUNIT_ASSERT_EQUAL(200, desk->get(card).status);
        const auto supervisor = signedIn(*daemon_, "hotline_supervisor");
        const Answer looked = supervisor->get(path);
        CPPUNIT_ASSERT_EQUAL(200, looked.status);
        CPPUNIT_ASSERT(!contains(looked.body, card));
        CPPUNIT_ASSERT_EQUAL(404, supervisor->get(card).status);
    }

    void aFileThatNoQuestionAsksForIsNotLookedAt() {
        const auto citizen = signedIn(*daemon_, "citizen");
        // Looked at, it would be refused as no picture, before the form says anything.
        const Answer answer =
            send(*citizen, FormData().file("stray", "a.png", "image/png", "no picture"), "");
        CPPUNIT_ASSERT_EQUAL(422, answer.status);
        CPPUNIT_ASSERT(contains(answer.body, "href=\"#f-what\""));
        // And not before it is known who brings it, and that there is something to bring it to.
        Client visitor(daemon_->url());
        visitor.get(openPath);
        const std::string csrf = visitor.csrf();
        const auto bring = [&](Client& client, const std::string& to, const std::string& token) {
            return client
                .send(
                    "POST", to, FormData::type(),
                    FormData().field("csrf", token).file("photo", "a.png", "image/png", "no picture").body())
                .status;
        };
        CPPUNIT_ASSERT_EQUAL(303, bring(visitor, list + "/1/attach", csrf));
        CPPUNIT_ASSERT_EQUAL(303, bring(visitor, list + "/1/move/accept", csrf));
        citizen->get(openPath);
        CPPUNIT_ASSERT_EQUAL(404, bring(*citizen, list + "/1/move/accept", citizen->csrf()));
        CPPUNIT_ASSERT_EQUAL(404, bring(*citizen, "/cases/hotline/none/open", citizen->csrf()));
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(FormFilesTest);

} // namespace
