// SPDX-License-Identifier: Apache-2.0
// The daemon is killed in the middle of uploads, again and again. What was acknowledged is there with its
// bytes; no row stands without bytes; what was not kept goes with the collector.
#include "base/Json.h"
#include "support/Daemon.h"
#include "support/FormData.h"
#include "support/PluginOwner.h"
#include "support/Visitors.h"

#include <cppunit/extensions/HelperMacros.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <mutex>
#include <random>
#include <thread>

#include <sys/wait.h>
#include <unistd.h>

using namespace dalate;
using namespace dalate::testing;

namespace {

namespace fs = std::filesystem;

class KilledUploadTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(KilledUploadTest);
    CPPUNIT_TEST(noRowWithoutBytes);
    CPPUNIT_TEST_SUITE_END();

    TemporaryFolder folder_;
    fs::path data_ = folder_.path() / "data";

    Daemon::Options options(const std::string& orphanSeconds) const {
        Daemon::Options options = Daemon::built();
        options.plugins = fs::path(DALATE_BINARY_DIR) / "drop-plugins";
        options.settings = {"files.leave_free_mib=1", "files.collect_seconds=1",
                            "files.orphan_seconds=" + orphanSeconds, "files.pdftoppm="};
        return options;
    }
    int verify() const {
        const auto built = Daemon::built();
        const int status =
            std::system((built.binary.string() + " files verify --data " + data_.string() + " --share " +
                         built.share.string() + " > " + (folder_.path() / "out").string())
                            .c_str());
        return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    }

public:
    void noRowWithoutBytes() {
        constexpr int rounds = 12, clients = 3;
        std::mutex mutex;
        std::map<std::string, std::string> acknowledged; // id to content
        std::mt19937 random{4711};
        std::size_t sent = 0, broken = 0;
        for (int round = 0; round < rounds; ++round) {
            Daemon daemon(options("3600"), data_);
            nameOwner(data_, "drop");
            std::vector<std::unique_ptr<Client>> farmers;
            for (int i = 0; i < clients; ++i)
                farmers.push_back(signedIn(daemon, "farmer"));
            std::atomic<bool> over = false;
            std::vector<std::thread> threads;
            for (int i = 0; i < clients; ++i)
                threads.emplace_back([&, i] {
                    Client& farmer = *farmers[static_cast<std::size_t>(i)];
                    try {
                        farmer.get("/drop");
                        for (int n = 0; !over; ++n) {
                            const std::string content = std::to_string(round) + "/" + std::to_string(i) +
                                                        "/" + std::to_string(n) + "\n" +
                                                        std::string(200000, 'k');
                            {
                                const std::lock_guard lock(mutex);
                                ++sent;
                            }
                            const Answer answer = farmer.send("POST", "/drop", FormData::type(),
                                                              FormData()
                                                                  .field("csrf", farmer.csrf())
                                                                  .file("f", "a.txt", "text/plain", content)
                                                                  .body());
                            if (answer.status != 200) continue;
                            const Value value = answer.json();
                            const std::lock_guard lock(mutex);
                            for (const ValueView file : value["files"])
                                acknowledged[file["file"].asText()] = content;
                        }
                    } catch (const std::exception&) {
                        // The daemon went away in the middle: what the test is about.
                    }
                });
            std::this_thread::sleep_for(std::chrono::milliseconds(100 + random() % 600));
            daemon.kill();
            over = true;
            for (std::thread& thread : threads)
                thread.join();
            if (verify() != 0) ++broken;
        }
        Daemon daemon(options("2"), data_);
        const auto farmer = signedIn(daemon, "farmer");
        for (const auto& [id, content] : acknowledged)
            if (farmer->get("/files/" + id).body != content) ++broken;
        // What the list knows beyond that was committed and not answered any more; its bytes are whole too
        // (verify).
        ::usleep(5000000);
        std::size_t blobs = 0, unfinished = 0;
        for (const auto& entry : fs::recursive_directory_iterator(data_ / "files"))
            if (entry.is_regular_file())
                ++(entry.path().parent_path().filename() == "tmp" ? unfinished : blobs);
        const std::size_t rows = farmer->get("/drop/list/1").json().view().size();
        // A list is at most 1,000 rows long; contents differ, so each row has its blob.
        if (rows < 1000 && blobs != rows) ++broken;
        broken += unfinished;
        std::printf("guarantee: kill -9 in uploads, tries %zu, broken %zu\n  %d kills, %zu acknowledged, %zu "
                    "rows, %zu blobs\n",
                    sent, broken, rounds, acknowledged.size(), rows, blobs);
        CPPUNIT_ASSERT(acknowledged.size() > rounds);
        CPPUNIT_ASSERT_EQUAL(std::size_t{0}, broken);
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(KilledUploadTest);

} // namespace
