// SPDX-License-Identifier: Apache-2.0
// Runs every registered suite of one floor; prints each failure with file and line. With an argument, only the
// tests whose name contains it.
#include <cppunit/BriefTestProgressListener.h>
#include <cppunit/CompilerOutputter.h>
#include <cppunit/TestResult.h>
#include <cppunit/TestResultCollector.h>
#include <cppunit/TestRunner.h>
#include <cppunit/extensions/TestFactoryRegistry.h>

#include <iostream>
#include <string>

namespace {

void addMatching(CppUnit::TestRunner& runner, CppUnit::Test* test, const std::string& part) {
    if (test->getChildTestCount() == 0) {
        if (test->getName().find(part) != std::string::npos) runner.addTest(test);
        return;
    }
    for (int i = 0; i < test->getChildTestCount(); ++i) addMatching(runner, test->getChildTestAt(i), part);
}

} // namespace

int main(int argc, char** argv) {
    CppUnit::TestResult controller;
    CppUnit::TestResultCollector collected;
    controller.addListener(&collected);
    CppUnit::BriefTestProgressListener progress;
    if (argc > 1) controller.addListener(&progress);

    CppUnit::Test* all = CppUnit::TestFactoryRegistry::getRegistry().makeTest();
    CppUnit::TestRunner runner;
    if (argc > 1)
        addMatching(runner, all, argv[1]);
    else
        runner.addTest(all);
    runner.run(controller);

    CppUnit::CompilerOutputter(&collected, std::cerr).write();
    if (collected.runTests() == 0) {
        std::cerr << "no test was run\n";
        return 1;
    }
    return collected.wasSuccessful() ? 0 : 1;
}
