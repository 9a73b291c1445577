// SPDX-License-Identifier: Apache-2.0
// What nobody should attach: each attack is sent through a form of a plugin, and nothing of it may be kept.
#include "base/Json.h"
#include "support/Daemon.h"
#include "support/FormData.h"
#include "support/PluginOwner.h"
#include "support/Visitors.h"

#include <cppunit/extensions/HelperMacros.h>

#include <cstdio>
#include <fstream>

#include <csignal>
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace dalate;
using namespace dalate::testing;

namespace {

namespace fs = std::filesystem;

void say(const std::string& attack, std::size_t tries, std::size_t broken, const std::string& more) {
    std::printf("guarantee: %s, tries %zu, broken %zu\n  %s\n", attack.c_str(), tries, broken, more.c_str());
    std::fflush(stdout);
}

/// Debian's clamd with one signature of our own; absent where the program is not installed.
class Clamd {
public:
    explicit Clamd(const fs::path& folder) : folder_(folder), socket_(folder / "clamd.sock") {
        if (!installed()) return;
        fs::create_directories(folder / "signatures");
        std::string hex;
        for (const unsigned char c : eicarFile()) {
            char digits[3];
            std::snprintf(digits, sizeof digits, "%02x", c);
            hex += digits;
        }
        std::ofstream(folder / "signatures/local.ndb") << "Eicar-Test:0:0:" << hex << "\n";
        std::ofstream(folder / "clamd.conf")
            << "LocalSocket " << socket_.string() << "\nForeground yes\nDatabaseDirectory "
            << (folder / "signatures").string() << "\nStreamMaxLength 110M\n";
        start();
    }
    ~Clamd() { stop(); }
    static bool installed() { return fs::exists("/usr/sbin/clamd"); }
    const fs::path& socket() const { return socket_; }
    void start() {
        pid_ = ::fork();
        if (pid_ == 0) {
            const int log = ::open((folder_ / "clamd.log").c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
            ::dup2(log, 1);
            ::dup2(log, 2);
            ::execl("/usr/sbin/clamd", "clamd", "-c", (folder_ / "clamd.conf").c_str(), nullptr);
            ::_exit(127);
        }
        for (int waits = 0; waits < 300 && !fs::exists(socket_); ++waits)
            ::usleep(50000);
    }
    void stop() {
        if (pid_ > 0) {
            ::kill(pid_, SIGKILL);
            ::waitpid(pid_, nullptr, 0);
        }
        pid_ = -1;
    }

private:
    fs::path folder_, socket_;
    pid_t pid_ = -1;
};

class HostileFilesTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(HostileFilesTest);
    CPPUNIT_TEST(nothingHostileIsKept);
    CPPUNIT_TEST(malwareIsFoundAndWithoutAScannerNothingIsTaken);
    CPPUNIT_TEST_SUITE_END();

    TemporaryFolder folder_;
    std::unique_ptr<Daemon> daemon_;
    std::unique_ptr<Client> farmer_;

    void start(const std::vector<std::string>& settings) {
        Daemon::Options options = Daemon::built();
        options.plugins = fs::path(DALATE_BINARY_DIR) / "drop-plugins";
        options.settings = settings;
        options.settings.push_back("files.leave_free_mib=1");
        daemon_ = std::make_unique<Daemon>(options, folder_.path() / "data");
        nameOwner(folder_.path() / "data", "drop");
        farmer_ = signedIn(*daemon_, "farmer");
    }
    int send(const std::string& name, const std::string& type, const std::string& bytes) {
        farmer_->get("/drop");
        return farmer_
            ->send("POST", "/drop", FormData::type(),
                   FormData().field("csrf", farmer_->csrf()).file("f", name, type, bytes).body())
            .status;
    }
    std::size_t kept() { return farmer_->get("/drop/list/1").json().view().size(); }
    long residentKiB() const {
        std::ifstream status("/proc/" + std::to_string(daemon_->pid()) + "/status");
        for (std::string line; std::getline(status, line);)
            if (line.rfind("RssAnon:", 0) == 0) return std::atol(line.c_str() + 8);
        return 0;
    }

public:
    void nothingHostileIsKept() {
        start({"files.max_mib=64"});
        const std::string pdf = pdfFile(), png = pngFile(20, 20),
                          svg = "<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>",
                          polyglot = "GIF89a/*\0\0*/=1;alert(document.cookie)//";
        // 10 MB that become 10 GB.
        const std::string bomb = zipFile({{"a.txt", std::string(100u << 20, '\0')}}, 100);
        struct Attack {
            std::string name, type, bytes;
        };
        std::vector<Attack> attacks = {
            {"a.gif", "image/gif", polyglot},
            {"a.png", "image/png", polyglot},
            {"a.jpg", "image/jpeg", polyglot},
            {"a.svg", "image/svg+xml", svg},
            {"a.png", "image/png", svg},
            {"a.txt", "text/plain", "<html><script>alert(1)</script></html>"},
            {"a.html", "text/html", "<html></html>"},
            {"a.pdf", "application/pdf", "<script>1</script>" + pdf},
            {"a.zip", "application/zip", bomb},
            {"a.docx", "application/zip", bomb},
            {"a.pdf", "application/pdf", ""},
            {"a.txt", "text/plain", std::string(70u << 20, 'a')},
            {"a.exe", "application/octet-stream", "MZ"},
            {"a.pdf.exe", "application/pdf", pdf},
            {"a.jsp", "application/pdf", pdf},
            {"a.pdf", "text/html", pdf},
            {"a.zip", "application/zip", zipFile({{"../../etc/cron.d/x", "x"}})},
        };
        for (const std::string name :
             {"../../etc/x.pdf", "..\\x.pdf", "/etc/x.pdf", "a.php%00.pdf",
              "a\xe2\x80\xae"
              "fdp.pdf",
              "a\n.pdf", ".pdf", "...", "a/b.pdf", "\xff.pdf", "a%0D%0ASet-Cookie: x.pdf"})
            attacks.push_back({name, "application/pdf", pdf});
        attacks.push_back({std::string(300, 'a') + ".pdf", "application/pdf", pdf});
        const long before = residentKiB();
        std::size_t broken = 0;
        std::string let;
        for (const Attack& attack : attacks) {
            const int status = send(attack.name, attack.type, attack.bytes);
            if (status >= 400 && status < 500) continue;
            ++broken;
            let += attack.name + " " + std::to_string(status) + "; ";
        }
        const long grown = residentKiB() - before;
        broken += kept();
        std::size_t blobs = 0;
        for (const auto& entry : fs::recursive_directory_iterator(folder_.path() / "data/files"))
            blobs += entry.is_regular_file();
        say("hostile files", attacks.size(), broken + blobs + (grown > 40000),
            "memory grew by " + std::to_string(grown) + " KiB; " + let);
        CPPUNIT_ASSERT_EQUAL_MESSAGE(let, std::size_t{0}, broken);
        CPPUNIT_ASSERT_EQUAL(std::size_t{0}, blobs);
        CPPUNIT_ASSERT(grown < 40000);
        // The same form keeps what is sound: the attacks failed for the right reason.
        CPPUNIT_ASSERT_EQUAL(200, send("a.pdf", "application/pdf", pdf));
        CPPUNIT_ASSERT_EQUAL(200, send("a.png", "image/png", png + svg));
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, kept());
    }

    void malwareIsFoundAndWithoutAScannerNothingIsTaken() {
        if (!Clamd::installed()) {
            std::printf("skipped: clamd is not installed\n");
            return;
        }
        Clamd clamd(folder_.path());
        start(
            {"files.clamd_socket=" + clamd.socket().string(), "files.clamd_seconds=5", "files.max_mib=100"});
        std::size_t tries = 0, broken = 0;
        const auto attack = [&](int wanted, const std::string& name, const std::string& bytes) {
            ++tries;
            const int status = send(name, "", bytes);
            if (status != wanted) ++broken;
            CPPUNIT_ASSERT_EQUAL_MESSAGE(name, wanted, status);
        };
        attack(422, "eicar.txt", eicarFile());
        attack(422, "eicar.zip", zipFile({{"eicar.com", eicarFile()}}));
        CPPUNIT_ASSERT_EQUAL(200, send("a.pdf", "", pdfFile()));
        clamd.stop();
        attack(503, "b.pdf", pdfFile("two"));
        attack(503, "eicar.txt", eicarFile());
        fs::remove(clamd.socket());
        attack(503, "c.pdf", pdfFile("three"));
        clamd.start();
        attack(422, "eicar.txt", eicarFile());
        CPPUNIT_ASSERT_EQUAL(200, send("b.pdf", "", pdfFile("two")));
        say("malware, and a scanner that is away", tries, broken + (kept() != 2),
            "Debian's clamd with a signature of our own");
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, kept());
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(HostileFilesTest);

} // namespace
