// SPDX-License-Identifier: Apache-2.0
#include "base/Result.h"
#include "identity/HashPool.h"
#include "identity/Passwords.h"
#include "identity/Throttle.h"

#include <cppunit/extensions/HelperMacros.h>

#include <atomic>
#include <chrono>
#include <future>

using namespace dalate;
using namespace dalate::identity;

namespace {

std::string refusal(std::string_view password) {
    try {
        Passwords::check(password);
        return {};
    } catch (const Error& e) {
        return e.id();
    }
}

} // namespace

class PasswordTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(PasswordTest);
    CPPUNIT_TEST(aHashVerifiesOnlyItsPassword);
    CPPUNIT_TEST(theSamePasswordInAnotherFormIsTheSame);
    CPPUNIT_TEST(lengthAndEncodingAreChecked);
    CPPUNIT_TEST(aHashWithOtherParametersIsOutdated);
    CPPUNIT_TEST(rubbishInsteadOfAHashNeverMatches);
    CPPUNIT_TEST(unknownAndKnownUsersTakeTheSameTime);
    CPPUNIT_TEST(theHashPoolRefusesWhenItsQueueIsFull);
    CPPUNIT_TEST(theHashPoolRunsWhatIsQueuedBeforeItEnds);
    CPPUNIT_TEST_SUITE_END();

public:
    void aHashVerifiesOnlyItsPassword() {
        const std::string phc = Passwords::hash("草原上的风吹过达拉特旗的田野");
        CPPUNIT_ASSERT(phc.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        CPPUNIT_ASSERT(Passwords::matches("草原上的风吹过达拉特旗的田野", phc));
        CPPUNIT_ASSERT(!Passwords::matches("草原上的风吹过达拉特旗的田地", phc));
        CPPUNIT_ASSERT(!Passwords::matches("", phc));
        CPPUNIT_ASSERT(phc != Passwords::hash("草原上的风吹过达拉特旗的田野"));
    }

    void theSamePasswordInAnotherFormIsTheSame() {
        // Full-width letters, and e with a combining acute: NFKC makes them one with the plain forms.
        const std::string phc = Passwords::hash("caf\u00e9-ABC-123456");
        CPPUNIT_ASSERT(Passwords::matches("cafe\u0301-\uff21\uff22\uff23-123456", phc));
    }

    void lengthAndEncodingAreChecked() {
        CPPUNIT_ASSERT_EQUAL(std::string("core.password.length"), refusal("elevenchars"));
        CPPUNIT_ASSERT_EQUAL(std::string(), refusal("twelve chars"));
        CPPUNIT_ASSERT_EQUAL(std::string(), refusal("一二三四五六七八九十十一"));
        CPPUNIT_ASSERT_EQUAL(std::string(), refusal(std::string(128, 'x')));
        CPPUNIT_ASSERT_EQUAL(std::string("core.password.length"), refusal(std::string(129, 'x')));
        CPPUNIT_ASSERT_EQUAL(std::string("core.password.length"), refusal(std::string(1 << 20, 'x')));
        CPPUNIT_ASSERT_EQUAL(std::string("core.password.encoding"), refusal("bad \xff bytes in it"));
        CPPUNIT_ASSERT_EQUAL(std::string("core.password.encoding"), refusal("a line\nbreak inside"));
    }

    void aHashWithOtherParametersIsOutdated() {
        CPPUNIT_ASSERT(!Passwords::isOutdated(Passwords::hash("long enough password")));
        CPPUNIT_ASSERT(Passwords::isOutdated("$argon2id$v=19$m=4096,t=3,p=1$c2FsdHNhbHQ$aGFzaA"));
    }

    void rubbishInsteadOfAHashNeverMatches() {
        for (const char* phc :
             {"", "x", "$argon2id$", "$argon2id$v=19$m=19456,t=2,p=1$", "$argon2i$v=19$m=8,t=1,p=1$YQ$YQ"})
            CPPUNIT_ASSERT(!Passwords::matches("long enough password", phc));
    }

    void unknownAndKnownUsersTakeTheSameTime() {
        const std::string known = Passwords::hash("long enough password");
        const std::string& unknown = Passwords::decoy();
        const auto took = [](const std::string& phc) {
            const auto start = std::chrono::steady_clock::now();
            (void)Passwords::matches("some wrong password", phc);
            return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
        };
        double bestKnown = 1e9, bestUnknown = 1e9;
        for (int i = 0; i < 5; ++i) {
            bestKnown = std::min(bestKnown, took(known));
            bestUnknown = std::min(bestUnknown, took(unknown));
        }
        // A shortcut for unknown users would be thousands of times faster, not half again.
        CPPUNIT_ASSERT(bestUnknown > bestKnown / 2 && bestKnown > bestUnknown / 2);
    }

    void theHashPoolRefusesWhenItsQueueIsFull() {
        std::promise<void> gate;
        const std::shared_future<void> open = gate.get_future().share();
        std::promise<void> begun;
        HashPool pool(1, 2);
        CPPUNIT_ASSERT(pool.submit([&] {
            begun.set_value();
            open.wait();
        }));
        begun.get_future().wait();
        CPPUNIT_ASSERT(pool.submit([] {}));
        CPPUNIT_ASSERT(pool.submit([] {}));
        CPPUNIT_ASSERT(!pool.submit([] {}));
        gate.set_value();
    }

    void theHashPoolRunsWhatIsQueuedBeforeItEnds() {
        std::atomic<int> ran{0};
        {
            HashPool pool(2, 32);
            for (int i = 0; i < 20; ++i)
                CPPUNIT_ASSERT(pool.submit([&] { ++ran; }));
        }
        CPPUNIT_ASSERT_EQUAL(20, ran.load());
    }
};
CPPUNIT_TEST_SUITE_REGISTRATION(PasswordTest);

class ThrottleTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(ThrottleTest);
    CPPUNIT_TEST(eachFailureDoublesTheWait);
    CPPUNIT_TEST(aSuccessForgetsAndTimeForgets);
    CPPUNIT_TEST(anOwnerFromANewNetworkGetsIn);
    CPPUNIT_TEST(oneNetworkOnManyAccountsWaits);
    CPPUNIT_TEST(oneNetworkIsItsWholeSubnet);
    CPPUNIT_TEST(itsMemoryIsBounded);
    CPPUNIT_TEST_SUITE_END();

    static constexpr Micros start = 1'000'000'000'000;

public:
    void eachFailureDoublesTheWait() {
        Throttle throttle;
        CPPUNIT_ASSERT_EQUAL(Micros{0}, throttle.wait("wang", "192.0.2.1", start));
        Micros expected = Throttle::base;
        for (int i = 0; i < 9; ++i) {
            throttle.failed("wang", "192.0.2.1", start);
            CPPUNIT_ASSERT_EQUAL(std::min(expected, Throttle::most),
                                 throttle.wait("wang", "192.0.2.1", start));
            expected *= 2;
        }
        for (int i = 0; i < 50; ++i)
            throttle.failed("wang", "192.0.2.1", start);
        CPPUNIT_ASSERT_EQUAL(Throttle::most, throttle.wait("wang", "192.0.2.1", start));
        CPPUNIT_ASSERT_EQUAL(Micros{0}, throttle.wait("wang", "192.0.2.1", start + Throttle::most));
    }

    void aSuccessForgetsAndTimeForgets() {
        Throttle throttle;
        for (int i = 0; i < 5; ++i)
            throttle.failed("wang", "192.0.2.1", start);
        throttle.succeeded("wang", "192.0.2.1");
        CPPUNIT_ASSERT_EQUAL(Micros{0}, throttle.wait("wang", "192.0.2.1", start));
        for (int i = 0; i < 5; ++i)
            throttle.failed("li", "192.0.2.1", start);
        throttle.failed("li", "192.0.2.1", start + Throttle::memory + 1);
        CPPUNIT_ASSERT_EQUAL(Throttle::base, throttle.wait("li", "192.0.2.1", start + Throttle::memory + 1));
    }

    void anOwnerFromANewNetworkGetsIn() {
        Throttle throttle;
        for (int network = 0; network < 50; ++network)
            for (int i = 0; i < 20; ++i)
                throttle.failed("wang", "10.0." + std::to_string(network) + ".1", start);
        CPPUNIT_ASSERT(throttle.wait("wang", "10.0.7.1", start) > 0);
        CPPUNIT_ASSERT_EQUAL(Micros{0}, throttle.wait("wang", "192.0.2.99", start));
        // Her one slip is remembered longer than it would be in peace, but still ends.
        throttle.failed("wang", "192.0.2.99", start);
        CPPUNIT_ASSERT(throttle.wait("wang", "192.0.2.99", start) > Throttle::base);
        CPPUNIT_ASSERT_EQUAL(Micros{0}, throttle.wait("wang", "192.0.2.99", start + Throttle::most));
    }

    void oneNetworkOnManyAccountsWaits() {
        Throttle throttle;
        for (int i = 0; i < 500; ++i)
            throttle.failed("user" + std::to_string(i), "192.0.2.1", start);
        CPPUNIT_ASSERT_EQUAL(Throttle::most, throttle.wait("never-tried", "192.0.2.1", start));
    }

    void oneNetworkIsItsWholeSubnet() {
        Throttle throttle;
        throttle.failed("wang", "192.0.2.1", start);
        CPPUNIT_ASSERT(throttle.wait("wang", "192.0.2.200", start) > 0);
        CPPUNIT_ASSERT_EQUAL(Micros{0}, throttle.wait("wang", "192.0.3.1", start));
        throttle.failed("wang", "2001:db8:1:2:3:4:5:6", start);
        CPPUNIT_ASSERT(throttle.wait("wang", "2001:db8:1:2:9:9:9:9", start) > 0);
        CPPUNIT_ASSERT_EQUAL(Micros{0}, throttle.wait("wang", "2001:db8:1:3:3:4:5:6", start));
    }

    void itsMemoryIsBounded() {
        Throttle throttle(1000);
        for (int i = 0; i < 5000; ++i)
            throttle.failed("user" + std::to_string(i),
                            "10." + std::to_string(i / 250) + "." + std::to_string(i % 250) + ".1",
                            start + i);
        // The latest are still known, the earliest made room.
        CPPUNIT_ASSERT(throttle.wait("user4999", "10.19.249.1", start + 5000) > 0);
        CPPUNIT_ASSERT_EQUAL(Micros{0}, throttle.wait("user0", "10.0.0.1", start + 1));
    }
};
CPPUNIT_TEST_SUITE_REGISTRATION(ThrottleTest);
