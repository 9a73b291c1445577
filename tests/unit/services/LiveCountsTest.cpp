// SPDX-License-Identifier: Apache-2.0
#include "base/Result.h"
#include "services/LiveCounts.h"

#include <cppunit/extensions/HelperMacros.h>

#include <atomic>
#include <future>
#include <stdexcept>
#include <thread>

using namespace dalate;
using services::LiveCount;
using services::LiveCounts;

namespace {

using Ask = std::function<Value(Micros)>;

Value number(std::int64_t count, const char* label = "hello.guests") {
    return Value::map([&](MapWriter& m) { m.set("count", count).set("label", label); });
}

std::optional<LiveCount> one(LiveCounts& counts, Ask ask, const char* plugin = "hello",
                             const char* subject = "hello/1.guests") {
    return counts.of({{plugin, subject, std::move(ask)}}).front();
}

/// Asks until an answer is there, two seconds at most.
std::optional<LiveCount> eventually(LiveCounts& counts, const Ask& ask) {
    std::optional<LiveCount> found;
    for (int i = 0; i < 200 && !found; ++i) {
        found = one(counts, ask);
        if (!found) std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return found;
}

} // namespace

class LiveCountsTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(LiveCountsTest);
    CPPUNIT_TEST(theFirstPageHasTheNumber);
    CPPUNIT_TEST(aPluginIsAskedOnceInAWhile);
    CPPUNIT_TEST(aFailingPluginHasNoNumberAndIsNotAskedAtOnceAgain);
    CPPUNIT_TEST(whatIsNoNumberIsNone);
    CPPUNIT_TEST(aSlowPluginHoldsUpNoPageAndNoOtherPlugin);
    CPPUNIT_TEST(anAnswerAfterItsTimeDoesNotCount);
    CPPUNIT_TEST(anOldNumberIsNotShown);
    CPPUNIT_TEST(stopWaitsAndThenAsksNoMore);
    CPPUNIT_TEST_SUITE_END();

    static LiveCounts::Options patient() {
        LiveCounts::Options options;
        options.patience = std::chrono::seconds(5);
        return options;
    }

public:
    void theFirstPageHasTheNumber() {
        LiveCounts counts(patient());
        Micros given = 0;
        const Micros began = steadyNow();
        const auto all = counts.of({{"hello", "hello/1.guests",
                                     [&](Micros deadline) {
                                         given = deadline;
                                         return number(1284);
                                     }},
                                    {"hello", "hello/1.more", [](Micros) { return number(2, "hello.more"); }},
                                    {"other", "other/1.n", [](Micros) { return number(0, "other.n"); }}});
        CPPUNIT_ASSERT(all[0] && all[1] && all[2]);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1284}, all[0]->count);
        CPPUNIT_ASSERT_EQUAL(std::string("hello.guests"), all[0]->label);
        CPPUNIT_ASSERT_EQUAL(std::string("hello.more"), all[1]->label);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, all[2]->count);
        CPPUNIT_ASSERT(given >= began + 1'000'000 && given <= steadyNow() + 1'000'000);
    }

    void aPluginIsAskedOnceInAWhile() {
        std::atomic<int> asked{0};
        const Ask ask = [&](Micros) { return number(++asked); };
        LiveCounts counts(patient());
        for (int i = 0; i < 50; ++i)
            CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, one(counts, ask)->count);
        LiveCounts::Options options = patient();
        options.every = 1000;
        LiveCounts eager(options);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{2}, one(eager, ask)->count);
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{3}, one(eager, ask)->count);
    }

    void aFailingPluginHasNoNumberAndIsNotAskedAtOnceAgain() {
        std::atomic<int> asked{0};
        std::atomic<bool> fails{true};
        const Ask ask = [&](Micros) -> Value {
            if (++asked % 2 == 1 && fails) throw Error(500, "hello.broken");
            if (fails) throw std::runtime_error("broken");
            return number(7);
        };
        LiveCounts counts(patient());
        CPPUNIT_ASSERT(!one(counts, ask));
        CPPUNIT_ASSERT(!one(counts, ask));
        CPPUNIT_ASSERT_EQUAL(1, asked.load());
        LiveCounts::Options options = patient();
        options.every = 1000;
        LiveCounts eager(options);
        CPPUNIT_ASSERT(!one(eager, ask));
        fails = false;
        const auto mended = eventually(eager, ask);
        CPPUNIT_ASSERT(mended && mended->count == 7);
    }

    void whatIsNoNumberIsNone() {
        for (const Value& answer :
             {number(-1), number(1, "other.guests"), number(1, "hello"), number(1, "hellox.guests"),
              Value::map(), Value(), Value::map([](MapWriter& m) { m.set("count", "x").set("label", "hello.a"); })}) {
            LiveCounts counts(patient());
            CPPUNIT_ASSERT(!one(counts, [&](Micros) { return answer; }));
        }
    }

    void aSlowPluginHoldsUpNoPageAndNoOtherPlugin() {
        LiveCounts counts;
        std::promise<void> gate;
        const auto open = gate.get_future().share();
        const Micros began = steadyNow();
        const Ask slow = [open](Micros) {
            open.wait();
            return number(1);
        };
        CPPUNIT_ASSERT(!one(counts, slow));
        CPPUNIT_ASSERT(!one(counts, slow));
        CPPUNIT_ASSERT(!one(counts, slow));
        const auto other = [](Micros) { return number(3, "other.n"); };
        std::optional<LiveCount> found;
        for (int i = 0; i < 200 && !found; ++i)
            found = one(counts, other, "other", "other/1.n");
        CPPUNIT_ASSERT(found);
        // Four pages wait 50 ms each at most; the rest is for a machine that is busy.
        CPPUNIT_ASSERT(steadyNow() - began < 10'000'000);
        gate.set_value();
    }

    void anAnswerAfterItsTimeDoesNotCount() {
        LiveCounts::Options options = patient();
        options.limit = 1000;
        LiveCounts counts(options);
        CPPUNIT_ASSERT(!one(counts, [](Micros) {
            std::this_thread::sleep_for(std::chrono::milliseconds(20));
            return number(1);
        }));
    }

    void anOldNumberIsNotShown() {
        LiveCounts::Options options = patient();
        options.every = 1000;
        options.oldest = 500'000;
        options.patience = std::chrono::milliseconds(100);
        LiveCounts counts(options);
        CPPUNIT_ASSERT(eventually(counts, [](Micros) { return number(1); }));
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
        std::promise<void> gate;
        const auto open = gate.get_future().share();
        const Ask stuck = [open](Micros) {
            open.wait();
            return number(2);
        };
        one(counts, stuck);
        std::this_thread::sleep_for(std::chrono::milliseconds(600));
        CPPUNIT_ASSERT(!one(counts, stuck));
        gate.set_value();
    }

    void stopWaitsAndThenAsksNoMore() {
        LiveCounts::Options options;
        options.patience = std::chrono::milliseconds(1);
        LiveCounts counts(options);
        std::promise<void> gate;
        const auto open = gate.get_future().share();
        one(counts, [open](Micros) {
            open.wait();
            return number(1);
        });
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, counts.stop(std::chrono::milliseconds(20)));
        gate.set_value();
        CPPUNIT_ASSERT_EQUAL(std::size_t{0}, counts.stop(std::chrono::seconds(5)));
        bool asked = false;
        one(
            counts,
            [&](Micros) {
                asked = true;
                return number(1, "other.n");
            },
            "other", "other/1.n");
        CPPUNIT_ASSERT(!asked);
    }
};
CPPUNIT_TEST_SUITE_REGISTRATION(LiveCountsTest);
