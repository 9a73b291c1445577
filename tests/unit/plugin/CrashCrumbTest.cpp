// SPDX-License-Identifier: Apache-2.0
#include "TestPort.h"
#include "base/Sha256.h"

#include "plugin/CrashCrumb.h"
#include "plugin/FolderSeal.h"

#include <cppunit/extensions/HelperMacros.h>

#include <csignal>
#include <fstream>
#include <functional>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace dalate;
using namespace dalate::plugin;
using namespace dalate::plugin::test;

namespace {

/// Runs `work` in a child that crashes; the signal it died of (in sanitizer builds the sanitizer ends it
/// instead).
int diesOf(const std::function<void()>& work) {
    const pid_t child = fork();
    if (child == 0) {
        const rlimit none{0, 0};
        setrlimit(RLIMIT_CORE, &none);
        std::fclose(stderr);
        work();
        _exit(0);
    }
    int status = 0;
    waitpid(child, &status, 0);
    return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

/// Goes down until the stack is used up; `bottom` is never reached.
[[gnu::noinline]] int dig(int depth, int bottom) {
    volatile char room[4096];
    room[0] = static_cast<char>(depth);
    return depth == bottom ? 0 : dig(depth + 1, bottom) + room[0];
}

} // namespace

class CrashCrumbTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(CrashCrumbTest);
    CPPUNIT_TEST(aCrashNamesWhoWasAtWork);
    CPPUNIT_TEST(theInnermostIsNamedAndComesBack);
    CPPUNIT_TEST(aCrashOutsideNamesNobody);
    CPPUNIT_TEST(aStackOverflowLeavesACrumb);
    CPPUNIT_TEST(twoInTenMinutesKeepAPluginOff);
    CPPUNIT_TEST(sealedFoldersMustBeWhole);
    CPPUNIT_TEST(theCacheRepairsWhatWasChanged);
    CPPUNIT_TEST_SUITE_END();

    TempFolder folder_;

public:
    void setUp() override { crumbs::install(folder_.path()); }

    void aCrashNamesWhoWasAtWork() {
        const int died = diesOf([] {
            const CrumbScope scope("hello", "route", "book", 3);
            raise(SIGSEGV);
        });
#ifndef __SANITIZE_ADDRESS__
        CPPUNIT_ASSERT_EQUAL(SIGSEGV, died);
#else
        (void)died;
#endif
        const auto crashes = crumbs::read(folder_.path(), now());
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, crashes.size());
        CPPUNIT_ASSERT_EQUAL(std::string("hello"), crashes[0].plugin);
        CPPUNIT_ASSERT_EQUAL(std::string("route book"), crashes[0].handler);
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{3}, crashes[0].generation);
        CPPUNIT_ASSERT_EQUAL(SIGSEGV, crashes[0].signal);
        CPPUNIT_ASSERT(now() - crashes[0].at < 60'000'000);
    }

    void theInnermostIsNamedAndComesBack() {
        diesOf([] {
            const CrumbScope outer("outer", "route", "a b\n", 1);
            { const CrumbScope inner("inner", "service", "x", 2); }
            std::abort();
        });
        const auto crashes = crumbs::read(folder_.path(), now());
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, crashes.size());
        CPPUNIT_ASSERT_EQUAL(std::string("outer"), crashes[0].plugin);
        CPPUNIT_ASSERT_EQUAL(std::string("route a_b_"), crashes[0].handler);
        CPPUNIT_ASSERT_EQUAL(SIGABRT, crashes[0].signal);
    }

    void aCrashOutsideNamesNobody() {
        diesOf([] {
            { const CrumbScope scope("hello", "route", "book", 3); }
            raise(SIGSEGV);
        });
        CPPUNIT_ASSERT(crumbs::read(folder_.path(), now()).empty());
    }

    void aStackOverflowLeavesACrumb() {
        diesOf([] {
            const CrumbScope scope("deep", "job", "dig", 1);
            dig(0, 1 << 30);
        });
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, crumbs::read(folder_.path(), now()).size());
    }

    void twoInTenMinutesKeepAPluginOff() {
        const Micros minute = 60'000'000;
        const Micros time = now();
        const std::vector<Crash> crashes = {{"a", "x", 1, 11, time - 9 * minute},
                                            {"b", "x", 1, 11, time - 11 * minute},
                                            {"b", "x", 1, 11, time - minute},
                                            {"a", "x", 1, 11, time - minute}};
        CPPUNIT_ASSERT(crumbs::quarantines(crashes, "a", time));
        CPPUNIT_ASSERT(!crumbs::quarantines(crashes, "b", time));
        CPPUNIT_ASSERT(!crumbs::quarantines(crashes, "a", time + 5 * minute));

        std::ofstream(folder_.path() / "crashes")
            << "a route x 1 11 " << time - 1 << "\nnonsense\nb route x 1 11 " << time - 25 * 60 * minute
            << "\nc job y 2 6 " << time << "\n";
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, crumbs::read(folder_.path(), time).size());
        crumbs::clear(folder_.path(), "a");
        CPPUNIT_ASSERT_EQUAL(std::string("c"), crumbs::read(folder_.path(), time).at(0).plugin);
    }

    void sealedFoldersMustBeWhole() {
        const auto& home = folder_.path();
        std::filesystem::create_directories(home / "META");
        std::ofstream(home / "a.txt") << "one";
        std::ofstream(home / "b.txt") << "two";
        std::ofstream(home / "META/files.json")
            << R"({"a.txt":{"sha256":")" << sha256Hex("one") << R"("},"gone.txt":{"sha256":"00"}})";
        CPPUNIT_ASSERT_EQUAL(std::string("core.plugin.tampered@gone.txt\ncore.plugin.tampered@b.txt\n"),
                             lines(checkSeal(home, contentOf(home))));
        std::ofstream(home / "META/files.json") << R"({"a.txt":{"sha256":")" << sha256Hex("one")
                                                << R"("},"b.txt":{"sha256":")" << sha256Hex("two") << "\"}}";
        CPPUNIT_ASSERT_EQUAL(std::string(), lines(checkSeal(home, contentOf(home))));
        const std::string before = contentOf(home).digest();
        std::ofstream(home / "a.txt") << "One";
        CPPUNIT_ASSERT_EQUAL(std::string("core.plugin.tampered@a.txt\n"),
                             lines(checkSeal(home, contentOf(home))));
        CPPUNIT_ASSERT(before != contentOf(home).digest());
        std::filesystem::create_symlink("/etc/passwd", home / "link");
        CPPUNIT_ASSERT_EQUAL(std::string("core.plugin.symlink@link\n"), lines(contentOf(home).problems));
    }

    void theCacheRepairsWhatWasChanged() {
        LibraryCache cache(folder_.path() / "cache");
        const std::string bytes = "library";
        const auto place = cache.keep("hello", sha256Hex(bytes), asBytes(bytes));
        CPPUNIT_ASSERT(place.is_absolute());
        CPPUNIT_ASSERT_EQUAL(bytes, readFile(place, 100));
        std::ofstream(place) << "changed";
        CPPUNIT_ASSERT_EQUAL(place.string(), cache.keep("hello", sha256Hex(bytes), asBytes(bytes)).string());
        CPPUNIT_ASSERT_EQUAL(bytes, readFile(place, 100));
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(CrashCrumbTest);
