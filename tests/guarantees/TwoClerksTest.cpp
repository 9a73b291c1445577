// SPDX-License-Identifier: Apache-2.0
//
// Two clerks have one case before them and both send. The case takes one answer, whoever was first; the other
// is told 409 with what has changed meanwhile, in her own language, and nothing of hers is kept.
#include "support/CountyFixture.h"
#include "support/Page.h"

#include <cppunit/extensions/HelperMacros.h>

#include <cstdio>
#include <latch>
#include <thread>

using namespace dalate;
using namespace dalate::testing;

namespace {

const std::string list = "/cases/hotline/call";

class TwoClerksTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(TwoClerksTest);
    CPPUNIT_TEST(oneIsFirstAndTheOtherIsShownTheDifference);
    CPPUNIT_TEST_SUITE_END();

    TemporaryFolder folder_;

    static std::string versionOn(Client& client, const std::string& path) {
        return between(client.get(path).body, "name=\"_version\" value=\"", "\"");
    }
    static void step(Client& client, const std::string& path, const std::string& name, Form fields = {}) {
        std::string version = versionOn(client, path + "/move/" + name);
        if (version.empty()) version = versionOn(client, path);
        fields.emplace_back("_version", version);
        const Answer moved = client.post(path + "/move/" + name, std::move(fields));
        CPPUNIT_ASSERT_EQUAL_MESSAGE(name + mainOf(moved.body), 303, moved.status);
    }

public:
    void oneIsFirstAndTheOtherIsShownTheDifference() {
        Daemon daemon(Daemon::built(), folder_.path() / "data");
        const auto citizen = signedIn(daemon, "citizen"), desk = signedIn(daemon, "hotline_desk");
        const auto first = signedIn(daemon, "hotline_handler"), second = signedIn(daemon, "hotline_handler");
        citizen->get(list + "/open");
        const Answer filed = citizen->post(
            list + "/open", {{"title", "路灯"}, {"what", "不亮"}, {"place", ""}, {"phone", "13912345678"}});
        CPPUNIT_ASSERT_EQUAL_MESSAGE(mainOf(filed.body), 303, filed.status);
        const std::string path = filed.header("location").substr(0, filed.header("location").size() - 5);
        step(*desk, path, "accept");
        step(*desk, path, "assign");

        constexpr int tries = 60;
        int broken = 0, firstWon = 0;
        for (int i = 0; i < tries; ++i) {
            // Each reads one of the languages, in turn.
            const bool chinese = i % 2 != 0;
            first->always("Accept-Language", chinese ? "zh-CN" : "en");
            second->always("Accept-Language", chinese ? "zh-CN" : "en");
            const std::string at = path + "/move/handle", mine = "甲" + std::to_string(i) + "办",
                              hers = "乙" + std::to_string(i) + "办";
            const std::string seen = versionOn(*first, at);
            CPPUNIT_ASSERT_EQUAL(seen, versionOn(*second, at));
            Answer one, other;
            std::latch both(2);
            std::thread sender([&] {
                both.arrive_and_wait();
                one = first->post(at, {{"_version", seen}, {"result", mine}});
            });
            both.arrive_and_wait();
            other = second->post(at, {{"_version", seen}, {"result", hers}});
            sender.join();
            const bool won = one.status == 303;
            firstWon += won;
            const Answer& late = won ? other : one;
            const std::string &kept = won ? mine : hers, &lost = won ? hers : mine;
            const std::string stands = mainOf(desk->get(path).body);
            const bool right = (won ? one : other).status == 303 && late.status == 409 &&
                               contains(late.body, "id=\"changes\"") && contains(late.body, kept) &&
                               contains(late.body, chinese ? "办理完毕" : "Report the result") &&
                               contains(stands, kept) && !contains(stands, lost);
            if (!right) {
                ++broken;
                std::printf("  round %d: %d and %d, %s\n", i, one.status, other.status,
                            mainOf(late.body).c_str());
            }
            step(*desk, path, "redo", {{"_reason", "再办"}});
        }
        std::printf("guarantee: two clerks on one case, tries %d, broken %d\n"
                    "  the first thread was first %d times; every late one was shown the difference, half in "
                    "Chinese\n",
                    tries, broken, firstWon);
        std::fflush(stdout);
        CPPUNIT_ASSERT_EQUAL(0, broken);
        CPPUNIT_ASSERT_EQUAL(0, daemon.stop());
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(TwoClerksTest);

} // namespace
