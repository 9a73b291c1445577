// SPDX-License-Identifier: Apache-2.0
// Every message id that the runtime or the SDK's headers name has its words: a text for people in runtime/i18n, or
// a line of runtime/data/messages.json with text, cause and remedy; and the catalogue holds none that nothing says.
// Lines that tell the operator why a plugin does not run have Chinese words too, with the same placeholders.
#include "base/Json.h"

#include <cppunit/extensions/HelperMacros.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>

namespace {

namespace fs = std::filesystem;
using namespace dalate;

const fs::path root = DALATE_SOURCE_DIR;

std::string read(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

std::set<std::string> idsInSource() {
    // A literal that is an id and nothing else. Audit actions and table names have no "core." in front; with one dot
    // it may also be a prefix, so there it counts only where an Error is made of it.
    static const std::regex shapes[] = {std::regex("\"(core(?:\\.[a-z0-9_]+){2,})\""),
                                        std::regex("Error\\([0-9]+, \"(core\\.[a-z0-9_]+)\"")};
    std::set<std::string> found;
    for (const char* folder : {"runtime/src", "sdk/include"})
        for (const auto& entry : fs::recursive_directory_iterator(root / folder)) {
            if (!entry.is_regular_file()) continue;
            const std::string text = read(entry.path());
            for (const std::regex& shape : shapes)
                for (std::sregex_iterator it(text.begin(), text.end(), shape), end; it != end; ++it)
                    found.insert((*it)[1]);
        }
    return found;
}

/// The areas whose messages a plugin's problem can carry, so that they stand on /admin/plugins.
bool isAboutPlugins(const std::string& id) {
    static const std::regex areas(
        "core\\.(plugin|elf|manifest|migrate|migration|storage|case|form_file|rule)\\..*");
    return std::regex_match(id, areas);
}

bool hasHan(std::string_view text) {
    // Three octets from E4 to E9 are U+4000 to U+9FFF.
    return std::any_of(text.begin(), text.end(), [](unsigned char c) { return c >= 0xe4 && c <= 0xe9; });
}

std::set<std::string> placeholders(std::string_view view) {
    static const std::regex shape("\\{[a-z_]+\\}");
    const std::string text(view);
    std::set<std::string> names;
    for (std::sregex_iterator it(text.begin(), text.end(), shape), end; it != end; ++it)
        names.insert(it->str());
    return names;
}

class MessageCatalogueTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(MessageCatalogueTest);
    CPPUNIT_TEST(everyIdHasItsWords);
    CPPUNIT_TEST(everyLineHasTextCauseAndRemedy);
    CPPUNIT_TEST(everyLineAboutAPluginIsChineseToo);
    CPPUNIT_TEST_SUITE_END();

    Value catalogue_ = json::parse(read(root / "runtime/data/messages.json")).take();

public:
    void everyIdHasItsWords() {
        const Value zh = json::parse(read(root / "runtime/i18n/zh-CN.json")).take();
        const Value en = json::parse(read(root / "runtime/i18n/en.json")).take();
        std::string faults;
        const std::set<std::string> ids = idsInSource();
        CPPUNIT_ASSERT(ids.size() > 40);
        for (const std::string& id : ids) {
            const bool forPeople = zh.view().has(id) && en.view().has(id);
            if (!forPeople && !catalogue_.view().has(id)) faults += id + "\n";
        }
        CPPUNIT_ASSERT_EQUAL_MESSAGE("ids without words:\n" + faults, std::string(), faults);
    }

    void everyLineHasTextCauseAndRemedy() {
        const std::set<std::string> ids = idsInSource();
        std::string faults;
        for (const ValueView line : catalogue_.view()) {
            const std::string id(line.key());
            for (const char* part : {"text", "cause", "remedy"})
                if (line[part].text().empty()) faults += id + " has no " + part + "\n";
            // What a refused plugin is told of stands on the operator's page, in Chinese.
            const bool onPage = id.rfind("core.elf.", 0) == 0 || id.rfind("core.manifest.", 0) == 0 ||
                                id.rfind("core.migration.", 0) == 0;
            for (const char* part : {"text", "remedy"})
                if (onPage && line["zh-CN"][part].text().empty())
                    faults += id + " has no Chinese " + part + "\n";
            if (ids.count(id) == 0) faults += id + " is said by nothing\n";
        }
        CPPUNIT_ASSERT_EQUAL_MESSAGE(faults, std::string(), faults);
    }

    void everyLineAboutAPluginIsChineseToo() {
        std::string faults;
        int seen = 0;
        for (const ValueView line : catalogue_.view()) {
            const std::string id(line.key());
            const ValueView chinese = line["zh-CN"];
            if (isAboutPlugins(id)) ++seen;
            if (!isAboutPlugins(id) && chinese.isNull()) continue;
            for (const char* part : {"text", "remedy"}) {
                if (!hasHan(chinese[part].text())) faults += id + " has no Chinese " + part + "\n";
                if (placeholders(chinese[part].text()) != placeholders(line[part].text()))
                    faults += id + " has other placeholders in its Chinese " + part + "\n";
            }
        }
        CPPUNIT_ASSERT(seen > 100);
        CPPUNIT_ASSERT_EQUAL_MESSAGE(faults, std::string(), faults);
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(MessageCatalogueTest);

} // namespace
