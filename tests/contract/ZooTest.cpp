// SPDX-License-Identifier: Apache-2.0
// Every beast through the real lifecycle: which state it ends in, what is said about it, and that the good
// one beside it serves throughout.
#include "FakeHost.h"

#include "base/Sha256.h"
#include "plugin/LibraryCache.h"

#include <cppunit/extensions/HelperMacros.h>

#include <algorithm>
#include <elf.h>
#include <fstream>
#include <set>

using namespace dalate;
using namespace dalate::plugin;

namespace {

const std::string library = "bin/x86_64-linux-gnu/plugin.so";

std::filesystem::path zoo(const std::string& id) {
    return std::filesystem::path(ZOO_FOLDER) / id;
}

/// A folder with copies of beasts, to be changed.
class Cage {
public:
    explicit Cage(std::initializer_list<std::string> ids) {
        std::string name = (std::filesystem::temp_directory_path() / "dalate-cage-XXXXXX").string();
        path_ = mkdtemp(name.data());
        for (const std::string& id : ids)
            std::filesystem::copy(zoo(id), path_ / id, std::filesystem::copy_options::recursive);
    }
    ~Cage() { std::filesystem::remove_all(path_); }
    Cage(const Cage&) = delete;
    Cage& operator=(const Cage&) = delete;
    const std::filesystem::path& path() const { return path_; }

private:
    std::filesystem::path path_;
};

void patch(const std::filesystem::path& file, std::streamoff at, char byte) {
    std::fstream f(file, std::ios::in | std::ios::out | std::ios::binary);
    f.seekp(at);
    f.put(byte);
}

} // namespace

class ZooTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(ZooTest);
    CPPUNIT_TEST(whatItsBytesCondemnIsNeverLoaded);
    CPPUNIT_TEST(damagedFoldersAreRefused);
    CPPUNIT_TEST(whatFailsOnTheWayUpIsUndone);
    CPPUNIT_TEST(whatDoesNotFitTogetherIsNamed);
    CPPUNIT_TEST(exceptionsEndAtTheBoundary);
    CPPUNIT_TEST(theReasonSaysBothNumbers);
    CPPUNIT_TEST_SUITE_END();

    static std::string afterEnabling(House& house, const std::string& id) {
        house.enable(id);
        CPPUNIT_ASSERT_EQUAL_MESSAGE(id, std::string("200 zoo_good 1.0.0"), house.get("zoo_good"));
        return house.told(id);
    }

public:
    void whatItsBytesCondemnIsNeverLoaded() {
        const Cage witnesses({});
        setenv("ZOO_WITNESS", witnesses.path().c_str(), 1);
        {
            House house({{ZOO_FOLDER}});
            house.enable("zoo_good");
            const std::string at = "@" + library;
            const std::vector<std::pair<std::string, std::string>> beasts = {
                {"zoo_no_note", "core.elf.no_note" + at},
                {"zoo_two_notes", "core.elf.many_notes" + at},
                {"zoo_newer_minor", "core.elf.newer_minor" + at + " core.plugin.api_differs@$.api"},
                {"zoo_other_major", "core.elf.other_major" + at + " core.plugin.api_differs@$.api"},
                {"zoo_no_entry", "core.elf.no_entry" + at},
                {"zoo_forbidden_import", "core.elf.library" + at + " core.elf.host_import" + at},
                {"zoo_search_path", "core.elf.search_path" + at},
                {"zoo_executable_stack", "core.elf.executable_stack" + at},
                {"zoo_text_relocation", "core.elf.text_relocations" + at},
                {"zoo_extra_export", "core.elf.exports" + at},
                {"zoo_unique", "core.elf.exports" + at + " core.elf.unique" + at},
                {"zoo_bad_manifest", "core.manifest.unknown_key@$.colour core.manifest.unsupported@$.layers"}};
            for (const auto& [id, problem] : beasts) {
                CPPUNIT_ASSERT_EQUAL_MESSAGE(id, "rejected after discovered " + problem,
                                             afterEnabling(house, id));
                CPPUNIT_ASSERT_MESSAGE(id, !std::filesystem::exists(witnesses.path() / id));
                CPPUNIT_ASSERT_EQUAL_MESSAGE(id, std::string("404"), house.get(id));
            }
            // The witness does speak for what is loaded, unless an earlier test of this process has loaded it
            // already.
            house.enable("zoo_next");
            CPPUNIT_ASSERT(std::filesystem::exists(witnesses.path() / "zoo_next"));
        }
        unsetenv("ZOO_WITNESS");
    }

    void damagedFoldersAreRefused() {
        const Cage cage({"zoo_good", "zoo_base", "zoo_next", "zoo_capped", "zoo_needs_base"});
        const auto inside = [&](const std::string& id, const std::string& file) {
            return cage.path() / id / file;
        };
        std::filesystem::resize_file(inside("zoo_base", library), 3000);
        patch(inside("zoo_next", library), offsetof(Elf64_Ehdr, e_machine), static_cast<char>(EM_AARCH64));
        std::filesystem::create_directories(inside("zoo_capped", "META"));
        std::ofstream(inside("zoo_capped", "META/files.json"))
            << R"({"plugin.json":{"sha256":")"
            << sha256Hex(readFile(inside("zoo_capped", "plugin.json"), 1u << 20)) << R"("},")" << library
            << R"(":{"sha256":"00"}})";
        std::filesystem::remove(inside("zoo_needs_base", library));
        std::filesystem::create_directories(cage.path() / "zoo_no_json");
        std::ofstream(cage.path() / "zoo_no_json/plugin.json") << "{\"id\": \"zoo_no_json\", ";
        std::filesystem::copy(zoo("zoo_good"), cage.path() / "zoo_renamed",
                              std::filesystem::copy_options::recursive);
        std::filesystem::create_symlink("/etc/hostname", cage.path() / "zoo_renamed/data");

        House house({{cage.path()}});
        house.enable("zoo_good");
        CPPUNIT_ASSERT_EQUAL("rejected after discovered core.elf.malformed@" + library,
                             afterEnabling(house, "zoo_base"));
        CPPUNIT_ASSERT_EQUAL("rejected after discovered core.elf.machine@" + library,
                             afterEnabling(house, "zoo_next"));
        CPPUNIT_ASSERT_EQUAL("rejected after discovered core.plugin.tampered@" + library,
                             afterEnabling(house, "zoo_capped"));
        CPPUNIT_ASSERT_EQUAL("rejected after discovered core.plugin.no_library@" + library,
                             afterEnabling(house, "zoo_needs_base"));
        CPPUNIT_ASSERT_EQUAL(std::string("rejected after discovered core.json.syntax@plugin.json"),
                             afterEnabling(house, "zoo_no_json"));
        CPPUNIT_ASSERT_EQUAL(
            std::string("rejected after discovered core.plugin.symlink@data core.plugin.folder_name@$.id"),
            afterEnabling(house, "zoo_renamed"));
    }

    void whatFailsOnTheWayUpIsUndone() {
        House house({{ZOO_FOLDER}});
        house.enable("zoo_good");
        const std::vector<std::pair<std::string, std::string>> beasts = {
            {"zoo_unresolved", "resolved core.plugin.dlopen@"},
            {"zoo_null_entry", "resolved core.plugin.table@"},
            {"zoo_throws_create", "resolved core.plugin.create_failed@"},
            {"zoo_sdk_throws_create", "resolved core.plugin.create_failed@"},
            {"zoo_throws_bind", "resolved core.plugin.bind_failed@"},
            {"zoo_missing_handler", "resolved core.plugin.unbound@"},
            {"zoo_extra_handler", "resolved core.plugin.undeclared@"},
            {"zoo_bad_migration", "loaded core.migration.failed@"},
            {"zoo_throws_start", "starting core.plugin.threw@"},
            {"zoo_refuses_start", "starting zoo.not_today@"}};
        for (const auto& [id, problem] : beasts) {
            CPPUNIT_ASSERT_EQUAL_MESSAGE(id, "failed after " + problem, afterEnabling(house, id));
            CPPUNIT_ASSERT_EQUAL_MESSAGE(id, std::string("404"), house.get(id));
        }
        // The plugin's object is gone, not only its state; and the reason is kept for the operator.
        const auto lines = house.host->logged();
        CPPUNIT_ASSERT(std::count(lines.begin(), lines.end(), "zoo_refuses_start zoo.destroyed") == 1);
        CPPUNIT_ASSERT(std::count(lines.begin(), lines.end(), "zoo_sdk_throws_create zoo.no_room") == 1);
        CPPUNIT_ASSERT(house.status("zoo_unresolved")
                           .problems.at(0)
                           .details["what"]
                           .asText()
                           .find("zoo_nowhere_at_all") != std::string::npos);
        // Giving the wish up gives the complaint up.
        CPPUNIT_ASSERT_EQUAL(std::string("stopped"),
                             (house.disable("zoo_throws_start"), house.told("zoo_throws_start")));
    }

    void whatDoesNotFitTogetherIsNamed() {
        House house({{ZOO_FOLDER}});
        house.enable("zoo_good");
        house.enable("zoo_cycle_a");
        CPPUNIT_ASSERT_EQUAL(
            std::string("rejected after verified core.plugin.requires_disabled@$.requires[0]"),
            house.told("zoo_cycle_a"));
        CPPUNIT_ASSERT_EQUAL(std::string("rejected after verified core.plugin.requires_cycle@$.requires"),
                             afterEnabling(house, "zoo_cycle_b"));
        CPPUNIT_ASSERT_EQUAL(std::string("zoo_cycle_b -> zoo_cycle_a -> zoo_cycle_b"),
                             house.status("zoo_cycle_b").problems[0].details["cycle"].asText());
        CPPUNIT_ASSERT_EQUAL(
            std::string("rejected after verified core.plugin.requires_missing@$.requires[0]"),
            afterEnabling(house, "zoo_needs_nobody"));
        CPPUNIT_ASSERT_EQUAL(std::string("rejected after verified core.plugin.uses_unknown@$.uses[0]"),
                             afterEnabling(house, "zoo_unknown_service"));
        house.enable("zoo_throws_start");
        CPPUNIT_ASSERT_EQUAL(std::string("failed after resolved core.plugin.requires_failed@$.requires"),
                             afterEnabling(house, "zoo_needs_failed"));

        // What comes first is up first, and cannot be taken away below the others.
        CPPUNIT_ASSERT_EQUAL(
            std::string("rejected after verified core.plugin.requires_disabled@$.requires[0]"),
            afterEnabling(house, "zoo_needs_base"));
        house.enable("zoo_base");
        CPPUNIT_ASSERT_EQUAL(std::string("active"), house.told("zoo_base"));
        CPPUNIT_ASSERT_EQUAL(std::string("active"), house.told("zoo_needs_base"));
        try {
            house.disable("zoo_base");
            CPPUNIT_FAIL("taken away below another");
        } catch (const Error& error) {
            CPPUNIT_ASSERT_EQUAL(std::string("core.plugin.needed"), error.id());
            CPPUNIT_ASSERT_EQUAL(std::string("zoo_needs_base"), error.details()["by"].asText());
        }
        CPPUNIT_ASSERT_THROW(house.enable("zoo_nobody"), Error);
    }

    void exceptionsEndAtTheBoundary() {
        House house({{ZOO_FOLDER}});
        house.enable("zoo_good");
        CPPUNIT_ASSERT_EQUAL(std::string("409 zoo.taken {\"by\":\"nobody\"}"),
                             house.get("zoo_good", "error"));
        CPPUNIT_ASSERT_EQUAL(std::string("500 core.plugin.exception {\"what\":\"zoo\"}"),
                             house.get("zoo_good", "exception"));
        CPPUNIT_ASSERT_EQUAL(std::string("500 core.plugin.exception null"), house.get("zoo_good", "number"));
        CPPUNIT_ASSERT_EQUAL(std::string("500 zoo.odd null"), house.get("zoo_good", "odd"));
        // Straight through the C table, without the SDK's thunks.
        house.enable("zoo_throws_invoke");
        for (int i = 0; i < 3; ++i)
            CPPUNIT_ASSERT_EQUAL(std::string("500 core.plugin.threw"), house.get("zoo_throws_invoke"));
        CPPUNIT_ASSERT_EQUAL(std::string("active"), house.told("zoo_throws_invoke"));
        house.enable("zoo_odd_status");
        CPPUNIT_ASSERT_EQUAL(std::string("500 -"), house.get("zoo_odd_status"));
        house.enable("zoo_throws_stop");
        CPPUNIT_ASSERT_EQUAL(std::string("200 raw"), house.get("zoo_throws_stop"));
        house.disable("zoo_throws_stop");
        CPPUNIT_ASSERT(house.comesTo("zoo_throws_stop", State::stopped, std::chrono::seconds(5)));
        CPPUNIT_ASSERT_EQUAL(std::string("200 zoo_good 1.0.0"), house.get("zoo_good"));
    }

    void theReasonSaysBothNumbers() {
        House house({{ZOO_FOLDER}});
        house.enable("zoo_newer_minor");
        const PluginStatus s = house.status("zoo_newer_minor");
        CPPUNIT_ASSERT_EQUAL(std::string("0.9"), s.problems.at(0).details["plugin"].asText());
        CPPUNIT_ASSERT_EQUAL(std::string("0.2"), s.problems.at(0).details["runtime"].asText());
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(ZooTest);
