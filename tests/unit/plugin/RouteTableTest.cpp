// SPDX-License-Identifier: Apache-2.0
#include "TestPort.h"

#include "plugin/EndQueue.h"

#include <cppunit/extensions/HelperMacros.h>

#include <thread>

using namespace dalate;
using namespace dalate::plugin;
using namespace dalate::plugin::test;

namespace {

std::unique_ptr<Generation> loaded(const std::string& text) {
    TestPort port;
    return Generation::load(manifestOf(text), "/none", {}, 1, port);
}

const std::string trace =
    R"({"id":"trace","version":"1.0.0","vendor":"v","api":"0.2","name":"trace.name","routes":[
    {"name":"home","method":"GET","path":"/","access":"public"},
    {"name":"lot","method":"GET","path":"/lots/{lot}","access":"public"},
    {"name":"new","method":"GET","path":"/lots/new","access":"public"},
    {"name":"add","method":"POST","path":"/lots/{lot}","access":"session"},
    {"name":"deep","method":"GET","path":"/lots/{lot}/tests/{test}","access":"public"},
    {"name":"bylot","method":"GET","path":"/scan","access":"public"},
    {"name":"byserial","method":"GET","path":"/scan2","access":"public"}],
    "aliases":[{"path":"/01/{gtin}/10/{lot}","route":"bylot"},{"path":"/01/{gtin}/21/{serial}","route":"byserial"}]})";

/// "route(name=value …)" or why there is none.
std::string found(const RouteTable& table, std::string_view method, std::string_view path) {
    const Match m = table.match(method, path);
    if (m.kind == Match::Kind::notFound) return "404";
    if (m.kind == Match::Kind::methodNotAllowed) return "405 " + m.allow;
    std::string out = m.route->name;
    for (const auto& [name, value] : m.params)
        out += " " + name + "=" + value;
    return out;
}

} // namespace

class RouteTableTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(RouteTableTest);
    CPPUNIT_TEST(findsLiteralsBeforeParameters);
    CPPUNIT_TEST(matchesBeforeDecoding);
    CPPUNIT_TEST(aliasesLieOutsideThePrefix);
    CPPUNIT_TEST(wrongMethodNamesTheRightOnes);
    CPPUNIT_TEST(oddPathsAreNobodys);
    CPPUNIT_TEST(conflictsAreNamed);
    CPPUNIT_TEST(anOldSnapshotEndsWithItsLastUser);
    CPPUNIT_TEST(everyThreadSeesThePublishedOne);
    CPPUNIT_TEST_SUITE_END();

    RouteTable table() {
        RouteTable t;
        t.add(loaded(trace));
        return t;
    }

public:
    void findsLiteralsBeforeParameters() {
        const RouteTable t = table();
        CPPUNIT_ASSERT_EQUAL(std::string("home"), found(t, "GET", "/trace"));
        CPPUNIT_ASSERT_EQUAL(std::string("home"), found(t, "GET", "/trace/"));
        CPPUNIT_ASSERT_EQUAL(std::string("new"), found(t, "GET", "/trace/lots/new"));
        CPPUNIT_ASSERT_EQUAL(std::string("lot lot=old"), found(t, "GET", "/trace/lots/old"));
        // The literal "new" has nothing below it, so the parameter's branch is tried.
        CPPUNIT_ASSERT_EQUAL(std::string("deep lot=new test=7"), found(t, "GET", "/trace/lots/new/tests/7"));
        CPPUNIT_ASSERT_EQUAL(std::string("404"), found(t, "GET", "/trace/lots"));
        CPPUNIT_ASSERT_EQUAL(std::string("404"), found(t, "GET", "/trac"));
    }

    void matchesBeforeDecoding() {
        const RouteTable t = table();
        CPPUNIT_ASSERT_EQUAL(std::string("lot lot=a/b"), found(t, "GET", "/trace/lots/a%2Fb"));
        CPPUNIT_ASSERT_EQUAL(std::string("lot lot=\xe6\x89\xb9"), found(t, "GET", "/trace/lots/%E6%89%b9"));
        CPPUNIT_ASSERT_EQUAL(std::string("lot lot=a+b"), found(t, "GET", "/trace/lots/a+b"));
        CPPUNIT_ASSERT_EQUAL(std::string("lot lot=new"), found(t, "GET", "/trace/lots/%6eew"));
        for (const char* broken : {"%", "%4", "%zz", "a%", "%00", "%ff", "%ed%a0%80"})
            CPPUNIT_ASSERT_EQUAL_MESSAGE(broken, std::string("404"),
                                         found(t, "GET", std::string("/trace/lots/") + broken));
    }

    void aliasesLieOutsideThePrefix() {
        const RouteTable t = table();
        CPPUNIT_ASSERT_EQUAL(std::string("bylot gtin=06912345678901 lot=A-7"),
                             found(t, "GET", "/01/06912345678901/10/A-7"));
        CPPUNIT_ASSERT_EQUAL(std::string("byserial gtin=1 serial=2"), found(t, "HEAD", "/01/1/21/2"));
        CPPUNIT_ASSERT_EQUAL(std::string("404"), found(t, "GET", "/01/1/22/2"));
    }

    void wrongMethodNamesTheRightOnes() {
        const RouteTable t = table();
        CPPUNIT_ASSERT_EQUAL(std::string("405 GET, HEAD, POST"), found(t, "DELETE", "/trace/lots/7"));
        CPPUNIT_ASSERT_EQUAL(std::string("405 GET, HEAD"), found(t, "POST", "/trace"));
        CPPUNIT_ASSERT_EQUAL(std::string("lot lot=7"), found(t, "HEAD", "/trace/lots/7"));
        CPPUNIT_ASSERT_EQUAL(std::string("405 GET, HEAD, POST"), found(t, "get", "/trace/lots/7"));
    }

    void oddPathsAreNobodys() {
        const RouteTable t = table();
        for (const std::string path :
             {"", "trace", "*", "//trace", "/trace//", "/trace//lots/7", "/trace/./lots/7", "/trace/../trace",
              "/trace/lots/..", "http://h/trace"})
            CPPUNIT_ASSERT_EQUAL_MESSAGE(path, std::string("404"), found(t, "GET", path));
        CPPUNIT_ASSERT_EQUAL(std::string("404"), found(t, "GET", "/trace/lots" + std::string(100'000, '/')));
        std::string deep = "/trace";
        for (int i = 0; i < 10'000; ++i)
            deep += "/x";
        CPPUNIT_ASSERT_EQUAL(std::string("404"), found(t, "GET", deep));
    }

    void conflictsAreNamed() {
        const Manifest one = manifestOf(trace);
        const Manifest two =
            manifestOf(R"({"id":"other","version":"1.0.0","vendor":"v","api":"0.2","name":"other.name",
            "routes":[{"name":"a","method":"GET","path":"/a","access":"public"}],
            "aliases":[{"path":"/01/{x}/10/{y}","route":"a"},{"path":"/trace/mine","route":"a"},{"path":"/02/{x}","route":"a"}]})");
        const Manifest* others[] = {&one};
        CPPUNIT_ASSERT_EQUAL(
            std::string("core.plugin.route_conflict@$.aliases[0]\ncore.manifest.alias@$.aliases[1].path\n"),
            lines(pathConflicts(two, others)));
        const Problems problems = pathConflicts(two, others);
        CPPUNIT_ASSERT_EQUAL(std::string("trace"), problems[0].details["other"].asText());
    }

    void anOldSnapshotEndsWithItsLastUser() {
        const auto queue = std::make_shared<EndQueue>();
        Current current;
        // An idle thread that has read the snapshot once must not keep it.
        current.publish(std::make_shared<const Snapshot>(1, std::vector<Lease>{queue->lease(loaded(trace))}));
        std::thread([&] { CPPUNIT_ASSERT_EQUAL(std::uint64_t{1}, current.get()->epoch()); }).join();
        Match held = current.get()->routes().match("GET", "/trace");
        current.publish(std::make_shared<const Snapshot>(2, std::vector<Lease>()));
        CPPUNIT_ASSERT(queue->wait(std::chrono::steady_clock::now()).empty());
        CPPUNIT_ASSERT_EQUAL(std::string("home"), held.route->name);
        held = Match();
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, queue->wait(std::chrono::steady_clock::now()).size());
    }

    void everyThreadSeesThePublishedOne() {
        Current current;
        std::atomic<std::uint64_t> published{0};
        std::atomic<bool> backwards{false}, over{false};
        std::vector<std::thread> readers;
        for (int i = 0; i < 4; ++i)
            readers.emplace_back([&] {
                while (!over) {
                    const std::uint64_t least = published;
                    if (current.get()->epoch() < least) backwards = true;
                }
            });
        for (std::uint64_t epoch = 1; epoch <= 2000; ++epoch) {
            current.publish(std::make_shared<const Snapshot>(epoch, std::vector<Lease>()));
            published = epoch;
        }
        over = true;
        for (std::thread& reader : readers)
            reader.join();
        CPPUNIT_ASSERT(!backwards);
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(RouteTableTest);
