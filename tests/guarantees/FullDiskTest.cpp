// SPDX-License-Identifier: Apache-2.0
// A disk without room: what writes is refused in plain words, what reads goes on, nothing half is left, and
// it heals by itself when there is room again. The disk is a small one in memory, which takes root.
#include "base/Json.h"
#include "support/Daemon.h"
#include "support/FormData.h"
#include "support/PluginOwner.h"
#include "support/Visitors.h"

#include <cppunit/extensions/HelperMacros.h>

#include <cstdio>
#include <fstream>

#include <sys/mount.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <sqlite3.h>

using namespace dalate;
using namespace dalate::testing;

namespace {

namespace fs = std::filesystem;

class SmallDisk {
public:
    SmallDisk(fs::path place, const char* size) : place_(std::move(place)) {
        fs::create_directories(place_);
        mounted_ = ::mount("tmpfs", place_.c_str(), "tmpfs", 0, size) == 0;
    }
    ~SmallDisk() {
        if (mounted_) ::umount2(place_.c_str(), MNT_DETACH);
    }
    bool mounted() const { return mounted_; }
    std::uint64_t left() const {
        struct statvfs disk {};
        ::statvfs(place_.c_str(), &disk);
        return std::uint64_t{disk.f_bavail} * disk.f_frsize;
    }
    /// Takes all but `rest` octets.
    void fill(std::uint64_t rest) {
        std::ofstream ballast(place_ / "ballast", std::ios::app);
        while (left() > rest) {
            ballast << std::string(std::min<std::uint64_t>(left() - rest, 1 << 16), 'b') << std::flush;
            if (!ballast) break;
        }
    }
    void free() { fs::remove(place_ / "ballast"); }

private:
    fs::path place_;
    bool mounted_ = false;
};

class FullDiskTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(FullDiskTest);
    CPPUNIT_TEST(writesAreRefusedReadsGoOnAndItHeals);
    CPPUNIT_TEST(aFormIsSentWholeOrNotAtAll);
    CPPUNIT_TEST_SUITE_END();

    TemporaryFolder folder_;

public:
    void writesAreRefusedReadsGoOnAndItHeals() {
        SmallDisk disk(folder_.path() / "data", "size=48m");
        if (!disk.mounted()) {
            std::printf("skipped: mounting a small disk takes root\n");
            return;
        }
        Daemon::Options options = Daemon::built();
        options.plugins = fs::path(DALATE_BINARY_DIR) / "drop-plugins";
        options.settings = {"files.leave_free_mib=0", "files.collect_seconds=1", "files.orphan_seconds=2"};
        Daemon daemon(options, folder_.path() / "data");
        nameOwner(folder_.path() / "data", "drop");
        const auto farmer = signedIn(daemon, "farmer");
        farmer->get("/drop");
        const std::string csrf = farmer->csrf();
        const auto upload = [&](std::size_t size, char fill) {
            return farmer->send("POST", "/drop", FormData::type(),
                                FormData()
                                    .field("csrf", csrf)
                                    .field("note", "n")
                                    .file("f", "a.txt", "text/plain", std::string(size, fill))
                                    .body());
        };
        const auto kept = [&] { return farmer->get("/drop/list/1").json().view().size(); };
        const Answer first = upload(50000, 'a');
        CPPUNIT_ASSERT_EQUAL_MESSAGE(first.body, 200, first.status);
        std::string id;
        const Value told = first.json();
        for (const ValueView file : told["files"])
            id = file["file"].asText();

        std::size_t tries = 0, broken = 0;
        std::string wrong;
        const auto expect = [&](bool holds, const std::string& what) {
            ++tries;
            if (holds) return;
            ++broken;
            wrong += what + "; ";
        };
        // No room for a body, for the stored copy, for the database: each in turn, by what is left.
        for (const std::uint64_t rest : {1u << 20, 300u << 10, 64u << 10, 8u << 10, 0u}) {
            disk.free();
            disk.fill(rest);
            const std::size_t before = kept();
            for (const std::size_t size : {3000000u, 400000u, 70000u, 20000u}) {
                const Answer answer = upload(size, static_cast<char>('b' + tries % 20));
                const bool refused = answer.status == 507;
                expect(refused || answer.status == 200, "upload " + std::to_string(answer.status));
                if (size > rest) expect(refused, "taken without room " + std::to_string(answer.status));
                if (refused)
                    expect(answer.body.find("no room") != std::string::npos ||
                               answer.body.find("存不下") != std::string::npos,
                           "no plain words");
            }
            expect(farmer->get("/drop").status == 200, "a page");
            expect(farmer->get("/files/" + id).body == std::string(50000, 'a'), "a download");
            expect(kept() >= before, "a row lost");
        }
        // Forms alone, until the database has no page left.
        int refusals = 0;
        for (int i = 0; i < 200 && refusals < 5; ++i) {
            const Answer answer = farmer->post("/drop/narrow", {{"note", std::string(30000, 'n')}});
            if (answer.status == 200) continue;
            ++refusals;
            expect(answer.status == 507, "a form " + std::to_string(answer.status));
        }
        expect(refusals > 0, "the disk was never full for the database");
        expect(farmer->get("/drop").status == 200, "a page with a full database");
        disk.free();
        expect(upload(300000, 'z').status == 200, "does not heal");
        expect(farmer->post("/drop/narrow", {{"note", "after"}}).status == 200, "forms do not heal");
        // Every row has its bytes.
        const Answer list = farmer->get("/drop/list/1");
        const Value rows = list.json();
        for (const ValueView file : rows.view()) {
            const Answer got = farmer->get(file["href"].asText());
            expect(got.status == 200 &&
                       got.body.size() == static_cast<std::size_t>(file["size"].integer().value_or(-1)),
                   "half a file");
        }
        // Whoever has a row only, or bytes only, is told apart after the collector's rounds.
        ::usleep(4500000);
        std::size_t unfinished = 0;
        for (const auto& entry : fs::directory_iterator(folder_.path() / "data/files/tmp"))
            unfinished += entry.is_regular_file();
        expect(unfinished == 0, "unfinished files left");
        std::printf("guarantee: a full disk, tries %zu, broken %zu\n  %s\n", tries, broken, wrong.c_str());
        CPPUNIT_ASSERT_EQUAL_MESSAGE(wrong, std::size_t{0}, broken);
    }

    /// Opening a case writes the case, its history, its deadline, its to-do and its number.
    void aFormIsSentWholeOrNotAtAll() {
        SmallDisk disk(folder_.path() / "data", "size=48m");
        if (!disk.mounted()) {
            std::printf("skipped: mounting a small disk takes root\n");
            return;
        }
        Daemon::Options options = Daemon::built();
        options.settings = {"http.person_posts=0"};
        Daemon daemon(options, folder_.path() / "data");
        const std::string open = "/cases/hotline/call/open";
        const auto citizen = signedIn(daemon, "citizen"), desk = signedIn(daemon, "hotline_desk");
        citizen->get(open);
        const auto send = [&](const std::string& title) {
            return citizen->post(open, {{"title", title},
                                        {"what", std::string(1900, 'w')},
                                        {"place", "p"},
                                        {"phone", "13912345678"}});
        };
        std::size_t tries = 0, broken = 0;
        std::string wrong;
        const auto expect = [&](bool holds, const std::string& what) {
            ++tries;
            if (holds) return;
            ++broken;
            wrong += what + "; ";
        };
        const Answer first = send("first");
        CPPUNIT_ASSERT_EQUAL_MESSAGE(first.body, 303, first.status);
        const std::string path = first.header("location").substr(0, first.header("location").size() - 5);
        std::size_t sent = 1, refused = 0;
        for (const std::uint64_t rest : {256u << 10, 32u << 10, 4u << 10, 0u}) {
            disk.free();
            disk.fill(rest);
            int inARow = 0;
            for (int i = 0; i < 200 && inARow < 5; ++i) {
                const Answer answer = send("full");
                if (answer.status == 303) {
                    ++sent;
                    inARow = 0;
                    continue;
                }
                ++refused;
                ++inARow;
                expect(answer.status == 507, "a submission " + std::to_string(answer.status));
                expect(answer.body.find("no room") != std::string::npos ||
                           answer.body.find("存不下") != std::string::npos,
                       "no plain words");
            }
            expect(inARow == 5, "the disk was never full");
            expect(citizen->get(path).status == 200, "the case's page");
            expect(citizen->get("/cases/hotline/call").status == 200, "the list");
            expect(desk->get("/todo").status == 200, "the to-do list");
        }
        disk.free();
        expect(send("after").status == 303, "does not heal");
        ++sent;
        // No half row: of each case everything that opening writes, and no number without its case.
        const std::string file = (folder_.path() / "data/dalate.db").string();
        const auto count = [&](const std::string& sql) { return countIn(file, sql); };
        expect(count("SELECT COUNT(*) FROM case_record") == sent, "cases");
        for (const char* part : {"case_history", "case_deadline", "case_todo"})
            expect(count(std::string("SELECT COUNT(DISTINCT case_id) FROM ") + part) == sent, part);
        expect(count("SELECT next - 1 FROM case_number") == sent, "numbers");
        expect(count("SELECT COUNT(*) FROM form_draft") == 0, "drafts");
        std::printf("guarantee: forms on a full disk, sent %zu, refused %zu, tries %zu, broken %zu\n  %s\n",
                    sent, refused, tries, broken, wrong.c_str());
        CPPUNIT_ASSERT_EQUAL_MESSAGE(wrong, std::size_t{0}, broken);
    }

private:
    static std::size_t countIn(const std::string& file, const std::string& sql) {
        sqlite3* database = nullptr;
        sqlite3_stmt* statement = nullptr;
        std::size_t count = ~std::size_t{0};
        if (sqlite3_open_v2(file.c_str(), &database, SQLITE_OPEN_READONLY, nullptr) == SQLITE_OK &&
            sqlite3_prepare_v2(database, sql.c_str(), -1, &statement, nullptr) == SQLITE_OK &&
            sqlite3_step(statement) == SQLITE_ROW)
            count = static_cast<std::size_t>(sqlite3_column_int64(statement, 0));
        sqlite3_finalize(statement);
        sqlite3_close(database);
        return count;
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(FullDiskTest);

} // namespace
