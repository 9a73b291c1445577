// SPDX-License-Identifier: Apache-2.0
#include "services/Registry.h"
#include "base/Result.h"

#include <cppunit/extensions/HelperMacros.h>

#include <atomic>
#include <stdexcept>
#include <thread>

namespace {

using namespace dalate;
using services::Registry;
using services::Service;
using services::ServiceContext;
using services::Touch;

class RegistryTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(RegistryTest);
    CPPUNIT_TEST(methodsAreFoundByNameMajorAndMethod);
    CPPUNIT_TEST(theCoresNameIsNotTaken);
    CPPUNIT_TEST(offeringTwiceIsAProgrammersError);
    CPPUNIT_TEST(publishingReplacesEverythingOfPlugins);
    CPPUNIT_TEST(aServiceInUseSurvivesItsReplacement);
    CPPUNIT_TEST_SUITE_END();

    static Service service(std::string owner, std::string name, std::string method,
                           std::string answer = "x") {
        return {std::move(owner), std::move(name), std::move(method), Touch::nothing,
                [answer = std::move(answer)](ServiceContext&, ValueView) { return Value::of(answer); }};
    }
    static std::string idOf(const Registry& registry, std::string_view name, std::string_view method) {
        try {
            return registry.find(name, method)->owner;
        } catch (const Error& error) {
            CPPUNIT_ASSERT_EQUAL(404, error.status());
            return error.id();
        }
    }

public:
    void methodsAreFoundByNameMajorAndMethod() {
        Registry registry;
        registry.offer(service("core", "jobs/1", "status"));
        registry.publish({service("people", "people/1", "find")});
        CPPUNIT_ASSERT_EQUAL(std::string("core"), idOf(registry, "jobs/1", "status"));
        CPPUNIT_ASSERT_EQUAL(std::string("people"), idOf(registry, "people/1", "find"));
        CPPUNIT_ASSERT_EQUAL(std::string("core.service.method"), idOf(registry, "jobs/1", "drop"));
        CPPUNIT_ASSERT_EQUAL(std::string("core.service.unknown"), idOf(registry, "jobs/2", "status"));
        CPPUNIT_ASSERT_EQUAL(std::string("core.service.unknown"), idOf(registry, "job", "s/1.status"));
        CPPUNIT_ASSERT_EQUAL(std::string("core.service.unknown"), idOf(registry, "", ""));
        CPPUNIT_ASSERT(registry.offers("jobs/1"));
        CPPUNIT_ASSERT(!registry.offers("people/1"));
    }

    void theCoresNameIsNotTaken() {
        Registry registry;
        registry.offer(service("core", "jobs/1", "status"));
        const auto refused =
            registry.publish({service("bad", "jobs/1", "status"), service("a", "people/1", "find"),
                              service("b", "people/1", "find")});
        CPPUNIT_ASSERT_EQUAL(std::size_t(2), refused.size());
        CPPUNIT_ASSERT_EQUAL(std::string("bad"), refused[0].owner);
        CPPUNIT_ASSERT_EQUAL(std::string("b"), refused[1].owner);
        CPPUNIT_ASSERT_EQUAL(std::string("core"), idOf(registry, "jobs/1", "status"));
        CPPUNIT_ASSERT_EQUAL(std::string("a"), idOf(registry, "people/1", "find"));
    }

    void offeringTwiceIsAProgrammersError() {
        Registry registry;
        registry.offer(service("core", "jobs/1", "status"));
        CPPUNIT_ASSERT_THROW(registry.offer(service("core", "jobs/1", "status")), std::logic_error);
    }

    void publishingReplacesEverythingOfPlugins() {
        Registry registry;
        registry.publish({service("people", "people/1", "find")});
        registry.publish({service("maps", "maps/1", "draw")});
        CPPUNIT_ASSERT_EQUAL(std::string("core.service.unknown"), idOf(registry, "people/1", "find"));
        CPPUNIT_ASSERT_EQUAL(std::string("maps"), idOf(registry, "maps/1", "draw"));
    }

    void aServiceInUseSurvivesItsReplacement() {
        Registry registry;
        registry.publish({service("people", "people/1", "find", "0")});
        std::atomic<bool> stop{false};
        std::atomic<int> bad{0};
        std::thread reader([&] {
            const identity::Principal nobody;
            ServiceContext context{.plugin = "x",
                                   .principal = nobody,
                                   .scope = {},
                                   .declaredJobs = {},
                                   .language = {},
                                   .requestId = {},
                                   .baseUrl = {},
                                   .deadline = {}};
            while (!stop) {
                const auto found = registry.find("people/1", "find");
                if (found->answer(context, {}).view().text().empty()) ++bad;
            }
        });
        for (int i = 0; i < 2000; ++i)
            registry.publish({service("people", "people/1", "find", std::to_string(i))});
        stop = true;
        reader.join();
        CPPUNIT_ASSERT_EQUAL(0, bad.load());
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(RegistryTest);

} // namespace
