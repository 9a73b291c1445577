// SPDX-License-Identifier: Apache-2.0
// The house plan, read off the includes: a folder of runtime/src includes only folders below it, SOCI stays in
// storage, and plugins and samples include nothing of the runtime and none of its libraries.
#include <cppunit/extensions/HelperMacros.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;

const fs::path root = DALATE_SOURCE_DIR;

/// Each floor and those directly below it that it may use; what those may use is its too.
const std::map<std::string, std::vector<std::string>> plan = {
    {"base", {}},
    {"storage", {"base"}},
    {"http", {"base"}},
    {"portal", {"storage", "http"}},
    {"identity", {"portal"}},
    {"plugin", {"identity"}},
    {"services", {"plugin"}},
    {"host", {"services"}},
    {"gateway", {"host"}},
    {"desk", {"gateway"}},
    {"admin", {"desk"}},
    {"app", {"admin"}},
};

bool mayInclude(const std::string& from, const std::string& to) {
    if (from == to) return true;
    const auto& below = plan.at(from);
    return std::any_of(below.begin(), below.end(), [&](const std::string& floor) { return mayInclude(floor, to); });
}

struct Include {
    fs::path file;
    int line;
    std::string name;
};

std::vector<Include> includesBelow(const fs::path& folder) {
    static const std::regex shape(R"(^\s*#\s*include\s*[<"]([^>"]+)[>"])");
    std::vector<Include> found;
    if (!fs::exists(folder)) return found;
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
        const std::string extension = entry.path().extension();
        if (extension != ".h" && extension != ".hpp" && extension != ".cpp" && extension != ".c") continue;
        std::ifstream in(entry.path());
        std::string text;
        for (int line = 1; std::getline(in, text); ++line) {
            std::smatch match;
            if (std::regex_search(text, match, shape)) found.push_back({entry.path(), line, match[1]});
        }
    }
    return found;
}

std::string where(const Include& include) {
    return fs::relative(include.file, root).string() + ":" + std::to_string(include.line) + " includes " +
           include.name;
}

class HouseTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(HouseTest);
    CPPUNIT_TEST(aFloorIncludesOnlyFloorsBelow);
    CPPUNIT_TEST(onlyStorageSeesSoci);
    CPPUNIT_TEST(pluginsAndSamplesSeeOnlyTheSdk);
    CPPUNIT_TEST(everyFloorIsInThePlan);
    CPPUNIT_TEST_SUITE_END();

public:
    void aFloorIncludesOnlyFloorsBelow() {
        std::string faults;
        std::size_t seen = 0;
        for (const auto& [floor, below] : plan)
            for (const Include& include : includesBelow(root / "runtime/src" / floor)) {
                const std::string target = include.name.substr(0, include.name.find('/'));
                if (plan.count(target) == 0) continue;
                ++seen;
                if (!mayInclude(floor, target)) faults += where(include) + "\n";
            }
        CPPUNIT_ASSERT_MESSAGE("no include was read", seen > 10);
        CPPUNIT_ASSERT_EQUAL_MESSAGE(faults, std::string(), faults);
    }

    void onlyStorageSeesSoci() {
        std::string faults;
        for (const Include& include : includesBelow(root / "runtime/src")) {
            const bool soci = include.name.rfind("soci", 0) == 0 || include.name.rfind("sqlite3", 0) == 0;
            if (soci && include.file.string().find("/storage/") == std::string::npos) faults += where(include) + "\n";
        }
        CPPUNIT_ASSERT_EQUAL_MESSAGE(faults, std::string(), faults);
    }

    void pluginsAndSamplesSeeOnlyTheSdk() {
        static const std::regex foreign(R"(^(Poco|soci|boost|kainjow|openssl|sqlite3|fmt|rapidjson))");
        std::string faults;
        for (const char* folder : {"plugins", "sdk/include", "sdk/samples"})
            for (const Include& include : includesBelow(root / folder)) {
                if (include.file.string().find("/tests/") != std::string::npos) continue;
                const std::string head = include.name.substr(0, include.name.find('/'));
                if (std::regex_search(include.name, foreign) || plan.count(head) != 0) faults += where(include) + "\n";
            }
        CPPUNIT_ASSERT_EQUAL_MESSAGE(faults, std::string(), faults);
    }

    void everyFloorIsInThePlan() {
        for (const auto& entry : fs::directory_iterator(root / "runtime/src"))
            if (entry.is_directory())
                CPPUNIT_ASSERT_MESSAGE(entry.path().string(), plan.count(entry.path().filename()) == 1);
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(HouseTest);

} // namespace
