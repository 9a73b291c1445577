// SPDX-License-Identifier: Apache-2.0
#include "TestPort.h"

#include "plugin/ElfProbe.h"

#include <cppunit/extensions/HelperMacros.h>

#include <elf.h>

#include <cstring>
#include <random>

using namespace dalate;
using namespace dalate::plugin;
using namespace dalate::plugin::test;

namespace {

/// A real plugin, built by the SDK's own CMake function.
std::string sample() {
    return readFile(std::filesystem::path(DALATE_BINARY_DIR) / "plugins/hello/bin/x86_64-linux-gnu/plugin.so",
                    64u << 20);
}

std::string fault(const std::string& bytes) {
    const Result<ElfReport> report = probe(asBytes(bytes));
    return report ? "none" : report.error().id();
}

} // namespace

class ElfProbeTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(ElfProbeTest);
    CPPUNIT_TEST(readsARealPlugin);
    CPPUNIT_TEST(readsItsOwnProcess);
    CPPUNIT_TEST(refusesWhatIsNoLibraryOfThisMachine);
    CPPUNIT_TEST(survivesEveryTruncation);
    CPPUNIT_TEST(survivesAnyChangedByte);
    CPPUNIT_TEST(judgesEverythingAtOnce);
    CPPUNIT_TEST(tellsVersionsApart);
    CPPUNIT_TEST_SUITE_END();

public:
    void readsARealPlugin() {
        const ElfReport report = probe(asBytes(sample())).take();
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, report.notes.size());
        CPPUNIT_ASSERT_EQUAL(std::string(DALATE_SDK_VERSION), report.notes[0].sdk);
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, report.exported.size());
        CPPUNIT_ASSERT_EQUAL(std::string("dalate_plugin_v1_get"), report.exported[0]);
        CPPUNIT_ASSERT(!report.needed.empty());
        CPPUNIT_ASSERT_EQUAL(std::string(), lines(judge(report, {})));
    }

    void readsItsOwnProcess() {
        // This test is linked to Poco and to a library outside the list, and it is no plugin.
        const Result<ElfReport> self = probe(asBytes(readFile("/proc/self/exe", 1u << 30)));
        if (!self) return; // not position-independent: no library at all, and refused as such
        const std::string told = lines(judge(*self, {}));
        CPPUNIT_ASSERT(told.find("core.elf.no_note") != std::string::npos);
        CPPUNIT_ASSERT(told.find("core.elf.library") != std::string::npos);
        CPPUNIT_ASSERT(told.find("core.elf.no_entry") != std::string::npos);
    }

    void refusesWhatIsNoLibraryOfThisMachine() {
        CPPUNIT_ASSERT_EQUAL(std::string("core.elf.not_elf"), fault(""));
        CPPUNIT_ASSERT_EQUAL(std::string("core.elf.not_elf"),
                             fault("#!/bin/sh\necho no library at all, really\n"));
        std::string bytes = sample();
        bytes[EI_CLASS] = ELFCLASS32;
        CPPUNIT_ASSERT_EQUAL(std::string("core.elf.machine"), fault(bytes));
        bytes = sample();
        bytes[offsetof(Elf64_Ehdr, e_machine)] = static_cast<char>(EM_RISCV);
        CPPUNIT_ASSERT_EQUAL(std::string("core.elf.machine"), fault(bytes));
        bytes = sample();
        bytes[offsetof(Elf64_Ehdr, e_type)] = ET_REL;
        CPPUNIT_ASSERT_EQUAL(std::string("core.elf.malformed"), fault(bytes));
    }

    void survivesEveryTruncation() {
        const std::string whole = sample();
        const std::size_t step = whole.size() > 200'000 ? 97 : 7;
        for (std::size_t size = 0; size < whole.size(); size += size < 4096 ? 1 : step) {
            // A copy of just that size, so that a sanitizer sees any byte read beyond it.
            const std::string cut(whole.data(), size);
            const Result<ElfReport> report = probe(asBytes(cut));
            if (report) CPPUNIT_ASSERT(size > 4096);
        }
    }

    void survivesAnyChangedByte() {
        const std::string whole = sample();
        std::mt19937 dice(7);
        const std::size_t most = std::min<std::size_t>(whole.size(), 12'000);
        for (std::size_t i = 0; i < most; ++i) {
            std::string bytes = whole;
            bytes[i] = static_cast<char>(dice());
            if (i % 3 == 0) std::memset(bytes.data() + i, 0xff, std::min<std::size_t>(8, bytes.size() - i));
            if (const Result<ElfReport> report = probe(asBytes(bytes))) judge(*report, {});
        }
    }

    void judgesEverythingAtOnce() {
        ElfReport bad;
        bad.needed = {"libPocoFoundation.so.80", "libc.so.6"};
        bad.exported = {"helper"};
        bad.unique = {"helper"};
        bad.hostImports = {"_ZN4Poco6Logger3getEv"};
        bad.searchPaths = {"/opt/vendor"};
        bad.textRelocations = bad.executableStack = true;
        CPPUNIT_ASSERT_EQUAL(std::string("core.elf.no_note@\ncore.elf.library@\ncore.elf.exports@\ncore.elf."
                                         "no_entry@\ncore.elf.unique@\n"
                                         "core.elf.host_import@\ncore.elf.search_path@\ncore.elf.text_"
                                         "relocations@\ncore.elf.executable_stack@\n"),
                             lines(judge(bad, {})));
    }

    void tellsVersionsApart() {
        ElfReport report;
        report.exported = {"dalate_plugin_v1_get"};
        const auto told = [&](int major, int minor) {
            report.notes = {{major, minor, "x"}};
            const Problems problems = judge(report, {});
            return problems.empty() ? std::string("ok")
                                    : problems[0].id + " " + problems[0].details["plugin"].asText() + " " +
                                          problems[0].details["runtime"].asText();
        };
        const std::string own = std::to_string(DALATE_ABI_MAJOR) + "." + std::to_string(DALATE_ABI_MINOR);
        CPPUNIT_ASSERT_EQUAL(std::string("ok"), told(DALATE_ABI_MAJOR, DALATE_ABI_MINOR));
        CPPUNIT_ASSERT_EQUAL("core.elf.newer_minor 0.9 " + own, told(0, 9));
        CPPUNIT_ASSERT_EQUAL("core.elf.older_minor 0.0 " + own, told(0, 0));
        CPPUNIT_ASSERT_EQUAL("core.elf.other_major 3.1 " + own, told(3, 1));
        report.notes = {{0, 1, "x"}, {0, 1, "x"}};
        CPPUNIT_ASSERT_EQUAL(std::string("core.elf.many_notes"), judge(report, {})[0].id);
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(ElfProbeTest);
