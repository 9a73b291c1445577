// SPDX-License-Identifier: Apache-2.0
#include "ListFixture.h"
#include "unit/services_cases/County.h"

#include <cppunit/extensions/HelperMacros.h>

using namespace dalate;
using namespace dalate::services;
using namespace dalate::services::lists;

namespace {

/// The list of lots with bulk acts and an import; `rest` begins with a comma.
std::string listWith(const std::string& rest) {
    std::string text(test::lotList);
    text.insert(text.rfind('}'), rest);
    return test::replaced(text, R"("key": "l.id",)", R"("key": "l.id", "case": "l.id",)");
}

std::string act(const std::string& transition) {
    return R"(, "bulk": [{"name": "go", "label": "helpdesk.go", "confirm": "helpdesk.go_q", "machine": "ticket", "transition": ")" +
           transition + "\"}]";
}

class ListNamesTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(ListNamesTest);
    CPPUNIT_TEST(whatIsDeclaredMayBeNamed);
    CPPUNIT_TEST(whatIsNotDeclaredIsTold);
    CPPUNIT_TEST(manyRowsAreAskedNothing);
    CPPUNIT_TEST(noFileComesInACell);
    CPPUNIT_TEST_SUITE_END();

    test::County county_;

    std::string faults(const std::string& rest,
                       const std::vector<std::string>& permissions = {"helpdesk.work"}) {
        const List list = test::listOf(listWith(rest));
        auto declared = std::make_shared<Declared>(*county_.declared);
        for (const char* form : {R"({"form": "plain", "title": "helpdesk.t", "way": "one", "fields": [
                {"name": "a", "type": "text", "label": "helpdesk.name"}]})",
                                 R"({"form": "paper", "title": "helpdesk.t", "way": "one", "fields": [
                {"name": "a", "type": "file", "label": "helpdesk.name"}]})"}) {
            const std::string name = std::string(form).substr(10, 5);
            declared->forms.emplace(
                name, std::make_shared<const forms::Form>(test::formOf(form, "forms/" + name + ".json")));
        }
        plugin::Problems problems;
        checkNames(list, *declared, permissions, problems);
        std::string all;
        for (const auto& problem : problems)
            all += problem.id + "\n";
        return all;
    }

public:
    void whatIsDeclaredMayBeNamed() {
        CPPUNIT_ASSERT_EQUAL(std::string(), faults(act("withdraw")));
        CPPUNIT_ASSERT_EQUAL(
            std::string(),
            faults(R"(, "import": {"form": "plain", "machine": "ticket", "undo": "withdraw"})"));
    }
    void whatIsNotDeclaredIsTold() {
        const std::string unknown = "core.list_file.unknown\n";
        CPPUNIT_ASSERT_EQUAL(unknown, faults("", {"helpdesk.other"}));
        CPPUNIT_ASSERT_EQUAL(unknown, faults(act("none")));
        CPPUNIT_ASSERT_EQUAL(unknown, faults(test::replaced(act("withdraw"), "ticket", "lamp")));
        CPPUNIT_ASSERT_EQUAL(unknown,
                             faults(test::replaced(act("withdraw"), R"("name": "go",)",
                                                   R"("name": "go", "access": "permission:helpdesk.no",)")));
        CPPUNIT_ASSERT_EQUAL(unknown, faults(R"(, "import": {"form": "none", "machine": "ticket"})"));
        CPPUNIT_ASSERT_EQUAL(unknown, faults(R"(, "import": {"form": "plain", "machine": "lamp"})"));
        CPPUNIT_ASSERT_EQUAL(
            unknown,
            faults(
                R"(, "import": {"form": "plain", "machine": "ticket", "access": "permission:helpdesk.no"})"));
    }
    void manyRowsAreAskedNothing() {
        CPPUNIT_ASSERT_EQUAL(std::string("core.list_file.asks\n"), faults(act("ask")));
        CPPUNIT_ASSERT_EQUAL(std::string("core.list_file.asks\n"),
                             faults(R"(, "import": {"form": "plain", "machine": "ticket", "undo": "ask"})"));
    }
    void noFileComesInACell() {
        CPPUNIT_ASSERT_EQUAL(std::string("core.list_file.file_field\n"),
                             faults(R"(, "import": {"form": "paper", "machine": "ticket"})"));
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(ListNamesTest);

} // namespace
