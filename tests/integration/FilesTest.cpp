// SPDX-License-Identifier: Apache-2.0
// Files from form to download, over HTTP, with a plugin that keeps what it is given (plugins/drop).
#include "base/Json.h"
#include "support/Daemon.h"
#include "support/FormData.h"
#include "support/PluginOwner.h"
#include "support/Visitors.h"

#include <cppunit/extensions/HelperMacros.h>

#include <cstdlib>
#include <fstream>
#include <sys/wait.h>

using namespace dalate;
using namespace dalate::testing;

namespace {

namespace fs = std::filesystem;

ValueView nth(ValueView list, std::size_t index) {
    for (const ValueView item : list)
        if (index-- == 0) return item;
    return {};
}

std::string fileOf(const Answer& answer) {
    CPPUNIT_ASSERT_EQUAL_MESSAGE(answer.body, 200, answer.status);
    const Value value = answer.json();
    return nth(value["files"], 0)["file"].asText();
}

class FilesTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(FilesTest);
    CPPUNIT_TEST(aFileComesBackAsItWasSent);
    CPPUNIT_TEST(partsOfAFileAreSent);
    CPPUNIT_TEST(onlyWhoMayReadReads);
    CPPUNIT_TEST(aFormWithFilesIsAFormAsAnyOther);
    CPPUNIT_TEST(whatIsRefusedLeavesNothing);
    CPPUNIT_TEST(aRouteTakesOnlyWhatItDeclares);
    CPPUNIT_TEST(removedFilesAreCollected);
    CPPUNIT_TEST(verifyTellsWhatIsMissing);
    CPPUNIT_TEST(aLargeFileTakesNoMemory);
    CPPUNIT_TEST_SUITE_END();

    static inline std::unique_ptr<TemporaryFolder> folder_;
    static inline std::unique_ptr<Daemon> daemon_;
    std::unique_ptr<Client> farmer_;

    Answer post(Client& client, FormData form, const std::string& path = "/drop") {
        client.get("/drop");
        return client.send("POST", path, FormData::type(), form.field("csrf", client.csrf()).body());
    }
    Answer get(Client& client, const std::string& path, const std::map<std::string, std::string>& headers) {
        return client.send("GET", path, "", "", headers);
    }
    int run(const std::string& command) {
        const auto options = Daemon::built();
        const int status = std::system(
            (options.binary.string() + " " + command + " --data " + (folder_->path() / "data").string() +
             " --share " + options.share.string() + " > " + (folder_->path() / "out").string() + " 2>&1")
                .c_str());
        return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    }
    std::string blobOf(const std::string& file) {
        const Answer list = farmer_->get("/drop/list/1");
        for (const auto& entry : fs::recursive_directory_iterator(folder_->path() / "data/files"))
            if (entry.is_regular_file() && fs::file_size(entry) == farmer_->get("/files/" + file).body.size())
                return entry.path().string();
        return {};
    }
    long residentKiB() const {
        std::ifstream status("/proc/" + std::to_string(daemon_->pid()) + "/status");
        for (std::string line; std::getline(status, line);)
            if (line.starts_with("RssAnon:")) return std::atol(line.c_str() + 8);
        return 0;
    }

public:
    void setUp() override {
        if (!daemon_) {
            folder_ = std::make_unique<TemporaryFolder>();
            Daemon::Options options = Daemon::built();
            options.plugins = fs::path(DALATE_BINARY_DIR) / "drop-plugins";
            options.settings = {"files.collect_seconds=1", "files.orphan_seconds=2",
                                "files.leave_free_mib=1"};
            daemon_ = std::make_unique<Daemon>(options, folder_->path() / "data");
            nameOwner(folder_->path() / "data", "drop");
        }
        farmer_ = signedIn(*daemon_, "farmer");
    }

    void aFileComesBackAsItWasSent() {
        const std::string pdf = pdfFile();
        const Answer sent = post(
            *farmer_, FormData().field("note", "农户").file("papers", "执照 1.pdf", "application/pdf", pdf));
        const std::string id = fileOf(sent);
        const Value told = sent.json();
        CPPUNIT_ASSERT_EQUAL(std::string("执照 1.pdf"), nth(told["files"], 0)["name"].asText());
        CPPUNIT_ASSERT_EQUAL(std::string("papers"), nth(told["files"], 0)["field"].asText());
        const Answer got = farmer_->get("/files/" + id);
        CPPUNIT_ASSERT_EQUAL(200, got.status);
        CPPUNIT_ASSERT(pdf == got.body);
        CPPUNIT_ASSERT_EQUAL(std::string("application/pdf"), got.header("content-type"));
        CPPUNIT_ASSERT_EQUAL(
            std::string("attachment; filename=\"__ 1.pdf\"; filename*=UTF-8''%E6%89%A7%E7%85%A7%201.pdf"),
            got.header("content-disposition"));
        CPPUNIT_ASSERT_EQUAL(std::string("nosniff"), got.header("x-content-type-options"));
        CPPUNIT_ASSERT_EQUAL(std::string("default-src 'none'; sandbox; frame-ancestors 'none'"),
                             got.header("content-security-policy"));
        CPPUNIT_ASSERT_EQUAL(std::string("no-store"), got.header("cache-control"));
        const Answer png = post(*farmer_, FormData().file("photo", "a.png", "image/png", pngFile(800, 600)));
        const Answer thumb = farmer_->get("/files/" + fileOf(png) + "?thumb=1");
        CPPUNIT_ASSERT_EQUAL(std::string("image/jpeg"), thumb.header("content-type"));
        CPPUNIT_ASSERT(thumb.body.starts_with("\xff\xd8\xff") && thumb.body.size() < 100000);
    }

    void partsOfAFileAreSent() {
        std::string text;
        for (int i = 0; i < 100000; ++i)
            text += std::to_string(i) + "\n";
        const std::string path =
            "/files/" + fileOf(post(*farmer_, FormData().file("f", "a.txt", "text/plain", text)));
        const std::string size = std::to_string(text.size());
        const Answer middle = get(*farmer_, path, {{"Range", "bytes=1000-1999"}});
        CPPUNIT_ASSERT_EQUAL(206, middle.status);
        CPPUNIT_ASSERT_EQUAL("bytes 1000-1999/" + size, middle.header("content-range"));
        CPPUNIT_ASSERT_EQUAL(text.substr(1000, 1000), middle.body);
        CPPUNIT_ASSERT_EQUAL(text.substr(text.size() - 7), get(*farmer_, path, {{"Range", "bytes=-7"}}).body);
        CPPUNIT_ASSERT_EQUAL(
            text.substr(600000 % text.size()),
            get(*farmer_, path, {{"Range", "bytes=" + std::to_string(600000 % text.size()) + "-"}}).body);
        const Answer beyond = get(*farmer_, path, {{"Range", "bytes=" + size + "-"}});
        CPPUNIT_ASSERT_EQUAL(416, beyond.status);
        CPPUNIT_ASSERT_EQUAL("bytes */" + size, beyond.header("content-range"));
        CPPUNIT_ASSERT(text == get(*farmer_, path, {{"Range", "bytes=0-1,4-5"}}).body);
        CPPUNIT_ASSERT(text == get(*farmer_, path, {{"Range", "bytes=0-1"}, {"If-Range", "\"other\""}}).body);
        const Answer head = farmer_->send("HEAD", path, "", "");
        CPPUNIT_ASSERT_EQUAL(200, head.status);
        CPPUNIT_ASSERT_EQUAL(size, head.header("content-length"));
        CPPUNIT_ASSERT_EQUAL(std::string("text/plain; charset=utf-8"), head.header("content-type"));
    }

    void onlyWhoMayReadReads() {
        const auto keep = [&](const std::string& visibility, const std::string& object) {
            return "/files/" +
                   fileOf(post(*farmer_, FormData()
                                             .field("visibility", visibility)
                                             .field("object", object)
                                             .file("f", "a.txt", "text/plain", "for " + visibility)));
        };
        const std::string own = keep("owner", "box/1"), ofObject = keep("object", "box/regulators"),
                          ofOther = keep("object", "box/2"), ofCase = keep("case", "case/1"),
                          open = keep("public", "box/1");
        const auto regulator = signedIn(*daemon_, "regulator"), citizen = signedIn(*daemon_, "citizen");
        Client nobody(daemon_->url());
        for (const std::string& path : {own, ofObject, ofOther, ofCase, open}) {
            CPPUNIT_ASSERT_EQUAL(200, farmer_->get(path).status);
            CPPUNIT_ASSERT_EQUAL_MESSAGE(path, path == open ? 200 : 404, citizen->get(path).status);
            CPPUNIT_ASSERT_EQUAL_MESSAGE(path, path == open || path == ofObject ? 200 : 404,
                                         regulator->get(path).status);
            CPPUNIT_ASSERT_EQUAL(path == open ? 200 : 303, nobody.get(path).status);
        }
        const Answer kept = nobody.get(open);
        CPPUNIT_ASSERT_EQUAL(304, get(nobody, open, {{"If-None-Match", kept.header("etag")}}).status);
        for (const char* odd :
             {"/files/1", "/files/0", "/files/-1", "/files/x", "/files/99999999999999999999"})
            CPPUNIT_ASSERT_EQUAL_MESSAGE(odd, 404, farmer_->get(odd).status);
        CPPUNIT_ASSERT_EQUAL(404, farmer_->get(own + "?thumb=1").status);
        CPPUNIT_ASSERT_EQUAL(405, farmer_->post(own, {}).status);
        // Another account's upload token, or none, keeps nothing.
        CPPUNIT_ASSERT_EQUAL(404, post(*farmer_, FormData().field("forge", "1")).status);
    }

    void aFormWithFilesIsAFormAsAnyOther() {
        const Answer answer = post(*farmer_, FormData()
                                                 .field("note", "两行\r\n& = ?")
                                                 .field("pick", "a")
                                                 .field("pick", "b")
                                                 .file("none", "", "application/octet-stream", "")
                                                 .file("f", "a.txt", "text/plain", "x"));
        CPPUNIT_ASSERT_EQUAL(200, answer.status);
        const Value value = answer.json();
        CPPUNIT_ASSERT_EQUAL(std::string("两行\r\n& = ?"), value["note"].asText());
        CPPUNIT_ASSERT_EQUAL(std::string("b"), nth(value["fields"]["pick"], 1).asText());
        CPPUNIT_ASSERT(!value.view()["fields"].has("csrf"));
        CPPUNIT_ASSERT_EQUAL(std::size_t(1), value["files"].size());
        // The token is asked for as in any form, and no file is touched without it.
        for (const std::string& body :
             {FormData().file("f", "a.txt", "text/plain", "x").body(),
              FormData().field("csrf", "wrong").file("f", "a.svg", "image/svg+xml", "x").body()})
            CPPUNIT_ASSERT_EQUAL(403, farmer_->send("POST", "/drop", FormData::type(), body).status);
    }

    void whatIsRefusedLeavesNothing() {
        const auto listed = [&] { return farmer_->get("/drop/list/refused").json().view().size(); };
        const auto form = [] { return FormData().field("object", "box/refused"); };
        CPPUNIT_ASSERT_EQUAL(
            422, post(*farmer_, form().field("refuse", "1").file("f", "a.txt", "text/plain", "x")).status);
        CPPUNIT_ASSERT_EQUAL(
            422,
            post(*farmer_,
                 form().file("f", "a.txt", "text/plain", "x").file("f", "b.svg", "image/svg+xml", "<svg/>"))
                .status);
        FormData cut = form().file("f", "a.txt", "text/plain", "x").field("csrf", farmer_->csrf());
        const std::string body = cut.body();
        CPPUNIT_ASSERT_EQUAL(
            400, farmer_->send("POST", "/drop", FormData::type(), body.substr(0, body.size() - 6)).status);
        const Answer page = post(*farmer_, form().file("f", "照片.heic", "image/heic", "x"));
        CPPUNIT_ASSERT_EQUAL(422, page.status);
        CPPUNIT_ASSERT_MESSAGE(page.body, page.body.find("照片.heic") != std::string::npos &&
                                              page.body.find("JPEG") != std::string::npos);
        CPPUNIT_ASSERT_EQUAL(std::size_t(0), listed());
    }

    void aRouteTakesOnlyWhatItDeclares() {
        CPPUNIT_ASSERT_EQUAL(415, post(*farmer_, FormData().field("note", "x"), "/drop/narrow").status);
        farmer_->get("/drop");
        CPPUNIT_ASSERT_EQUAL(200, farmer_->post("/drop/narrow", {{"note", "x"}}).status);
        // A page of the core that takes no files takes none in disguise.
        farmer_->get("/drop");
        const std::string body =
            FormData().field("csrf", farmer_->csrf()).file("f", "a.txt", "text/plain", "x").body();
        CPPUNIT_ASSERT_EQUAL(415, farmer_->send("POST", "/sign-out", FormData::type(), body).status);
    }

    void removedFilesAreCollected() {
        const std::string text = "to be removed, " + std::string(4321, '.');
        const std::string id = fileOf(post(*farmer_, FormData().file("f", "a.txt", "text/plain", text)));
        const std::string blob = blobOf(id);
        CPPUNIT_ASSERT(!blob.empty());
        farmer_->get("/drop");
        CPPUNIT_ASSERT_EQUAL(204, farmer_->post("/drop/remove/" + id, {}).status);
        CPPUNIT_ASSERT_EQUAL(404, farmer_->get("/files/" + id).status);
        farmer_->get("/drop");
        CPPUNIT_ASSERT_EQUAL(404, farmer_->post("/drop/remove/" + id, {}).status);
        for (int waits = 0; waits < 100 && fs::exists(blob); ++waits)
            ::usleep(100000);
        CPPUNIT_ASSERT(!fs::exists(blob));
    }

    void verifyTellsWhatIsMissing() {
        const std::string id =
            fileOf(post(*farmer_, FormData().file("f", "a.txt", "text/plain", std::string(7777, 'v'))));
        CPPUNIT_ASSERT_EQUAL(0, run("files verify"));
        const std::string blob = blobOf(id);
        fs::permissions(blob, fs::perms::owner_all);
        std::ofstream(blob, std::ios::in | std::ios::out) << "V";
        CPPUNIT_ASSERT_EQUAL(1, run("files verify"));
        fs::remove(blob);
        CPPUNIT_ASSERT_EQUAL(1, run("files verify"));
        CPPUNIT_ASSERT_EQUAL(500, farmer_->get("/files/" + id).status);
        farmer_->get("/drop");
        farmer_->post("/drop/remove/" + id, {});
        CPPUNIT_ASSERT_EQUAL(0, run("files verify"));
        CPPUNIT_ASSERT_EQUAL(2, run("files nothing"));
    }

    void aLargeFileTakesNoMemory() {
        const std::string line(63, 'x');
        std::string text;
        while (text.size() < (60u << 20))
            text += line + "\n";
        const long before = residentKiB();
        const Answer sent = post(*farmer_, FormData().file("f", "large.txt", "text/plain", text));
        const std::string id = fileOf(sent);
        const long after = residentKiB();
        CPPUNIT_ASSERT_MESSAGE(std::to_string(before) + " KiB before, " + std::to_string(after) + " after",
                               after - before < 20000);
        CPPUNIT_ASSERT(farmer_->get("/files/" + id).body == text);
        CPPUNIT_ASSERT_EQUAL(
            413, post(*farmer_, FormData().file("f", "a.txt", "text/plain", text + text.substr(0, 5 << 20)))
                     .status);
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(FilesTest);

} // namespace
