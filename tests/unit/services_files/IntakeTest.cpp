// SPDX-License-Identifier: Apache-2.0
#include "services/files/Intake.h"
#include "base/Clock.h"
#include "base/Ids.h"
#include "base/Result.h"
#include "services/files/FileName.h"
#include "services/files/LimitedChild.h"
#include "services/files/Scanner.h"
#include "services/files/ZipCheck.h"
#include "support/FormData.h"

#include <cppunit/extensions/HelperMacros.h>

#include <arpa/inet.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <atomic>
#include <fstream>
#include <thread>

using namespace dalate;
using namespace dalate::services::files;
using namespace dalate::testing;

namespace {

namespace fs = std::filesystem;

template <class F>
std::string faultOf(F&& act) {
    try {
        act();
    } catch (const Error& error) {
        return std::to_string(error.status()) + " " + error.id();
    }
    return {};
}

/// Listens like clamd, reads one stream a connection and answers as it is told.
class FakeClamd {
public:
    FakeClamd(fs::path path, std::string answer) : path_(std::move(path)), answer_(std::move(answer)) {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        path_.string().copy(address.sun_path, sizeof address.sun_path - 1);
        socket_ = ::socket(AF_UNIX, SOCK_STREAM, 0);
        if (::bind(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 ||
            ::listen(socket_, 4) != 0)
            throw std::runtime_error("bind");
        thread_ = std::thread([this] { serve(); });
    }
    ~FakeClamd() {
        ::shutdown(socket_, SHUT_RDWR);
        ::close(socket_);
        thread_.join();
        fs::remove(path_);
    }
    std::string seen;

private:
    bool take(int peer, void* into, std::size_t size) {
        return ::recv(peer, into, size, MSG_WAITALL) == static_cast<ssize_t>(size);
    }
    void serve() {
        for (int peer = 0; (peer = ::accept(socket_, nullptr, nullptr)) >= 0; ::close(peer)) {
            char command[10];
            if (!take(peer, command, sizeof command) ||
                std::string_view(command, 10) != std::string_view("zINSTREAM\0", 10))
                continue;
            seen.clear();
            std::uint32_t size = 0;
            while (take(peer, &size, sizeof size) && size != 0) {
                std::string piece(ntohl(size), '\0');
                if (!take(peer, piece.data(), piece.size())) break;
                seen += piece;
            }
            if (answer_ == "stall") std::this_thread::sleep_for(std::chrono::milliseconds(600));
            ::send(peer, answer_.data(), answer_.size(), MSG_NOSIGNAL);
        }
    }

    fs::path path_;
    std::string answer_;
    int socket_ = -1;
    std::thread thread_;
};

} // namespace

class IntakeTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(IntakeTest);
    CPPUNIT_TEST(namesAreTextsAndNeverPaths);
    CPPUNIT_TEST(downloadsAreNamedForEveryReader);
    CPPUNIT_TEST(nameContentAndTypeMustAgree);
    CPPUNIT_TEST(onlyTheConfiguredTypesAreTaken);
    CPPUNIT_TEST(soundArchivesPass);
    CPPUNIT_TEST(bombsAndLiesInArchivesAreFound);
    CPPUNIT_TEST(theScannerDecides);
    CPPUNIT_TEST(withoutAnAnswerNothingIsTaken);
    CPPUNIT_TEST(childrenAreKeptSmall);
    CPPUNIT_TEST(aCagedChildOpensNothingOfOurs);
    CPPUNIT_TEST_SUITE_END();

    fs::path folder_ = fs::temp_directory_path() / ("dalate-intake-" + randomHex(8));
    Blobs blobs_{folder_};

    IntakeOptions options() const {
        IntakeOptions options;
        options.maxBytes = 1 << 20;
        options.pictures.program = fs::path(DALATE_BINARY_DIR) / "runtime/dalate-picture";
        return options;
    }
    std::string take(std::string_view name, std::string_view type, std::string_view bytes) {
        Intake intake(options(), blobs_);
        return faultOf([&] { intake.take({"f", name, type, bytes}); });
    }

public:
    void tearDown() override { fs::remove_all(folder_); }

    void namesAreTextsAndNeverPaths() {
        CPPUNIT_ASSERT_EQUAL(std::string("营业执照 (1).pdf"), fileName("营业执照 (1).pdf").take());
        CPPUNIT_ASSERT_EQUAL(std::string("\xc3\xa9.txt"), fileName(" e\xcc\x81.txt ").take());
        CPPUNIT_ASSERT(fileName(std::string(196, 'a') + ".txt"));
        for (const std::string& bad :
             {std::string(), std::string("   "), std::string("."), std::string(".."),
              std::string("../../etc/x"), std::string("C:\\x.pdf"), std::string("a.php%00.png"),
              std::string("a\0.png", 6), std::string("a\nb.txt"),
              std::string("gpj.\xe2\x80\xae"
                          "exe"),
              std::string("a\xe2\x80\x8b.txt"), std::string("a\"b.txt"), std::string("a<b>.txt"),
              std::string("a|b.txt"), std::string("\xff.txt"), std::string(197, 'a') + ".txt"})
            CPPUNIT_ASSERT_EQUAL_MESSAGE(bad, std::string("422 core.file.name"),
                                         faultOf([&] { fileName(bad).take(); }));
    }

    void downloadsAreNamedForEveryReader() {
        CPPUNIT_ASSERT_EQUAL(
            std::string("attachment; filename=\"a b_.pdf\"; filename*=UTF-8''a%20b%E5%A4%A7.pdf"),
            attachmentNamed("a b大.pdf"));
        CPPUNIT_ASSERT(attachmentNamed("a'b;c\".txt").find("filename=\"a_b_c_.txt\"") != std::string::npos);
    }

    void nameContentAndTypeMustAgree() {
        const std::string png = pngFile(4, 4), pdf = pdfFile(), none, type = "422 core.file.type",
                          content = "422 core.file.content";
        CPPUNIT_ASSERT_EQUAL(none, take("a.pdf", "application/pdf", pdf));
        CPPUNIT_ASSERT_EQUAL(none, take("a.pdf", "application/octet-stream", pdf));
        CPPUNIT_ASSERT_EQUAL(none, take("a.png", "", png));
        CPPUNIT_ASSERT_EQUAL(none, take("a.txt", "text/plain; charset=utf-8", "今天 ok\r\n"));
        CPPUNIT_ASSERT_EQUAL(none, take("a.csv", "application/vnd.ms-excel", "a,b\n1,2\n"));
        CPPUNIT_ASSERT_EQUAL(type, take("a.pdf", "image/png", pdf));
        CPPUNIT_ASSERT_EQUAL(type, take("a.exe", "application/pdf", pdf));
        CPPUNIT_ASSERT_EQUAL(type, take("pdf", "application/pdf", pdf));
        CPPUNIT_ASSERT_EQUAL(type, take(".pdf", "application/pdf", pdf));
        CPPUNIT_ASSERT_EQUAL(type, take("a.pdf.", "application/pdf", pdf));
        CPPUNIT_ASSERT_EQUAL(type,
                             take("a.svg", "image/svg+xml", "<svg xmlns='http://www.w3.org/2000/svg'/>"));
        CPPUNIT_ASSERT_EQUAL(type, take("a.gif", "image/gif", "GIF89a/*...*/=1;alert(1)"));
        CPPUNIT_ASSERT_EQUAL(type, take("a.html", "text/html", "<html>"));
        CPPUNIT_ASSERT_EQUAL(content, take("a.pdf", "application/pdf", png));
        CPPUNIT_ASSERT_EQUAL(content, take("a.png", "image/png", pdf));
        CPPUNIT_ASSERT_EQUAL(content, take("a.jpg", "image/jpeg", png));
        CPPUNIT_ASSERT_EQUAL(content, take("a.jpg", "image/jpeg", "GIF89a/*...*/=1;alert(1)"));
        CPPUNIT_ASSERT_EQUAL(
            content, take("a.png", "image/png", "<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>"));
        CPPUNIT_ASSERT_EQUAL(
            content, take("a.txt", "text/plain", "<!DOCTYPE html><html><script>alert(1)</script></html>"));
        CPPUNIT_ASSERT_EQUAL(content, take("a.txt", "text/plain", "#!/bin/sh\nrm -rf /\n"));
        CPPUNIT_ASSERT_EQUAL(content, take("a.txt", "text/plain", std::string("a\0b", 3)));
        CPPUNIT_ASSERT_EQUAL(content, take("a.txt", "text/plain", "MZ\x90\x03"));
        CPPUNIT_ASSERT_EQUAL(content, take("a.pdf", "application/pdf", "<script>alert(1)</script>\n" + pdf));
        CPPUNIT_ASSERT_EQUAL(std::string("422 core.file.empty"), take("a.pdf", "application/pdf", ""));
        CPPUNIT_ASSERT_EQUAL(std::string("413 core.file.size"),
                             take("a.txt", "", std::string((1 << 20) + 1, 'a')));
        CPPUNIT_ASSERT_EQUAL(std::string("422 core.file.name"), take("../a.pdf", "application/pdf", pdf));
    }

    void onlyTheConfiguredTypesAreTaken() {
        IntakeOptions narrow = options();
        narrow.types = {"pdf"};
        Intake intake(narrow, blobs_);
        CPPUNIT_ASSERT_EQUAL(std::string(), faultOf([&] { intake.take({"f", "a.pdf", "", pdfFile()}); }));
        CPPUNIT_ASSERT_EQUAL(std::string("422 core.file.type"), faultOf([&] {
                                 intake.take({"f", "a.txt", "", "x"});
                             }));
    }

    void soundArchivesPass() {
        const std::string zip = zipFile({{"a.txt", "hello"}, {"b/c.txt", std::string(100000, 'x')}});
        CPPUNIT_ASSERT_EQUAL(std::string(), zipFault(zip, "", {}));
        CPPUNIT_ASSERT_EQUAL(std::string(), take("a.zip", "application/x-zip-compressed", zip));
        const std::string ofd = zipFile({{"OFD.xml", "<ofd:OFD/>"}});
        CPPUNIT_ASSERT_EQUAL(std::string(), take("a.ofd", "", ofd));
        CPPUNIT_ASSERT_EQUAL(std::string("422 core.file.content"), take("a.ofd", "", zip));
        CPPUNIT_ASSERT_EQUAL(std::string("422 core.file.content"), take("a.docx", "", zip));
        const std::string docx =
            zipFile({{"[Content_Types].xml", "<Types/>"}, {"word/document.xml", "<w/>"}});
        CPPUNIT_ASSERT_EQUAL(std::string(), take("a.docx", "", docx));
    }

    void bombsAndLiesInArchivesAreFound() {
        const auto fault = [](const std::string& zip, const ZipLimits& limits = {}) {
            return zipFault(zip, "", limits);
        };
        const std::string sound = zipFile({{"a.txt", std::string(5000, 'a')}});
        for (std::size_t size = 0; size < sound.size(); ++size)
            CPPUNIT_ASSERT_EQUAL(std::string("damaged"), fault(sound.substr(0, size)));
        CPPUNIT_ASSERT_EQUAL(std::string("too_large"), fault(zipFile({{"a", std::string(4 << 20, '\0')}})));
        ZipLimits narrow;
        narrow.ratio = 1 << 20;
        narrow.inflated = 10000;
        CPPUNIT_ASSERT_EQUAL(std::string("too_large"),
                             fault(zipFile({{"a", std::string(4000, 'a')}}, 3), narrow));
        narrow.entries = 2;
        CPPUNIT_ASSERT_EQUAL(std::string("too_large"), fault(zipFile({{"a", "a"}}, 3), narrow));
        for (const char* name : {"../x", "/x", "a/../../x", "a\\b", "C:x"})
            CPPUNIT_ASSERT_EQUAL(std::string("entry_name"), fault(zipFile({{name, "x"}})));
        // A directory that says less than the entry inflates to.
        std::string lie = sound;
        const std::size_t directory = lie.find("PK\1\2");
        lie[directory + 24] = 1;
        CPPUNIT_ASSERT_EQUAL(std::string("damaged"), fault(lie));
        // Two entries over one run of bytes.
        std::string two = zipFile({{"a", std::string(5000, 'a')}}, 2);
        const std::size_t second = two.rfind("PK\1\2");
        for (int i = 0; i < 4; ++i)
            two[second + 42 + static_cast<std::size_t>(i)] = 0;
        CPPUNIT_ASSERT_EQUAL(std::string("damaged"), fault(two));
        // A program in front that unpacks itself.
        CPPUNIT_ASSERT_EQUAL(std::string("damaged"), fault("MZ" + sound));
        std::string secret = sound;
        secret[directory + 8] = 1;
        CPPUNIT_ASSERT_EQUAL(std::string("encrypted"), fault(secret));
        CPPUNIT_ASSERT_EQUAL(std::string("macros"),
                             zipFault(zipFile({{"word/document.xml", ""}, {"word/vbaProject.bin", "x"}}),
                                      "word/document.xml", {}));
    }

    void theScannerDecides() {
        const fs::path path = folder_ / "clamd";
        const Scanner scanner({path, std::chrono::milliseconds(2000)});
        const std::string bytes(200000, 'x');
        {
            FakeClamd clamd(path, std::string("stream: OK\0", 11));
            CPPUNIT_ASSERT_EQUAL(std::string(), faultOf([&] { scanner.scan(bytes); }));
            CPPUNIT_ASSERT_EQUAL(bytes, clamd.seen);
        }
        {
            FakeClamd clamd(path, std::string("stream: Eicar-Test FOUND\0", 25));
            CPPUNIT_ASSERT_EQUAL(std::string("422 core.file.infected"),
                                 faultOf([&] { scanner.scan(eicarFile()); }));
        }
        CPPUNIT_ASSERT_EQUAL(std::string(), faultOf([&] { Scanner({}).scan(eicarFile()); }));
    }

    void withoutAnAnswerNothingIsTaken() {
        const fs::path path = folder_ / "clamd";
        const Scanner scanner({path, std::chrono::milliseconds(300)});
        const auto scan = [&] { return faultOf([&] { scanner.scan("x"); }); };
        const std::string away = "503 core.file.no_scanner";
        CPPUNIT_ASSERT_EQUAL(away, scan());
        for (const std::string& answer :
             {std::string("stall"), std::string(), std::string("stream: OK"),
              std::string("stream: OK \0", 12), std::string("INSTREAM size limit exceeded. ERROR\0", 36),
              std::string("\0", 1), std::string("stream:  FOUND\0", 15)}) {
            FakeClamd clamd(path, answer);
            if (answer.find("stream:  FOUND") == std::string::npos)
                CPPUNIT_ASSERT_EQUAL_MESSAGE(answer, away, scan());
            else
                CPPUNIT_ASSERT(!scan().empty());
        }
        IntakeOptions scanned = options();
        scanned.scanner.socket = path;
        Intake intake(scanned, blobs_);
        CPPUNIT_ASSERT_EQUAL(away, faultOf([&] { intake.take({"f", "a.pdf", "", pdfFile()}); }));
    }

    void childrenAreKeptSmall() {
        ChildLimits limits;
        limits.time = std::chrono::milliseconds(500);
        limits.output = 1000;
        const auto run = [&](const std::string& script, std::string_view input = {}) {
            return runLimited("/bin/sh", {"-c", script}, input, limits);
        };
        CPPUNIT_ASSERT_EQUAL(std::string("hello"), run("cat", "hello").output);
        CPPUNIT_ASSERT_EQUAL(3, run("exit 3").code);
        CPPUNIT_ASSERT_EQUAL(-1, run("/bin/sleep 5").code);
        CPPUNIT_ASSERT_EQUAL(-1, run("while :; do echo aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa; done").code);
        CPPUNIT_ASSERT_EQUAL(-1, run("kill -9 $$").code);
        CPPUNIT_ASSERT(!runLimited("/nowhere", {}, {}, limits).well);
        // It sees no more of us than three descriptors and no environment; sh sets PWD and the like itself.
        ::setenv("DALATE_SECRET_OF_THE_TEST", "x", 1);
        CPPUNIT_ASSERT_EQUAL(std::string(), run("echo -n \"$DALATE_SECRET_OF_THE_TEST\"").output);
        const std::string open = run("echo /proc/self/fd/*").output;
        CPPUNIT_ASSERT_MESSAGE(open, open.find("/fd/3 /") == std::string::npos &&
                                         open.find("/fd/4") == std::string::npos);
        // Whoever closes its output and lingers is not waited for longer than its time.
        const Micros began = steadyNow();
        CPPUNIT_ASSERT_EQUAL(-1, run("exec >&-; /bin/sleep 30").code);
        CPPUNIT_ASSERT(steadyNow() - began < 5'000'000);
        // Input that nobody reads.
        CPPUNIT_ASSERT_EQUAL(0, run("exit 0", std::string(1 << 20, 'x')).code);
    }

    void aCagedChildOpensNothingOfOurs() {
        ChildLimits limits;
        limits.reach = Reach::systemOnly;
        const std::string ours = (folder_ / "ours.txt").string();
        std::ofstream(ours) << "secret";
        const auto run = [&](const std::string& script, std::string_view input = {}) {
            return runLimited("/bin/sh", {"-c", script}, input, limits);
        };
        CPPUNIT_ASSERT_EQUAL(std::string("hello"), run("/bin/cat", "hello").output);
        CPPUNIT_ASSERT(!run("/bin/cat '" + ours + "'").well);
        CPPUNIT_ASSERT(!run("/bin/cat /etc/passwd").well);
        CPPUNIT_ASSERT(!run("echo x > '" + ours + "'").well);
        CPPUNIT_ASSERT(!run("echo x > '" + ours + "2'").well);
        // The same without the cage finds it: it is the cage that refuses.
        limits.reach = Reach::asWeMay;
        CPPUNIT_ASSERT_EQUAL(std::string("secret"), run("/bin/cat '" + ours + "'").output);
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(IntakeTest);
