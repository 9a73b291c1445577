// SPDX-License-Identifier: Apache-2.0
// Asks the bench's service through the C table, and an object of its own through a virtual call, with the
// same flat values; answers the nanoseconds that a call of each took, and those of a virtual call with plain
// numbers.
#include <dalate/plugin.hpp>

#include <chrono>
#include <string>

using namespace dalate;

namespace {

struct Adder {
    virtual ~Adder() = default;
    virtual Value flat(ValueView in) const = 0;
    virtual std::int64_t plain(std::int64_t a, std::int64_t b) const = 0;
};

struct Sum : Adder {
    Value flat(ValueView in) const override {
        return Value::map([&](MapWriter& m) {
            m.set("sum", in["a"].integer().value_or(0) + in["b"].integer().value_or(0));
        });
    }
    std::int64_t plain(std::int64_t a, std::int64_t b) const override { return a + b; }
};

/// A second one, or the compiler would know whom the call is for.
struct Difference : Sum {
    std::int64_t plain(std::int64_t a, std::int64_t b) const override { return a - b; }
};

class Asker : public Plugin {
public:
    using Plugin::Plugin;
    void bind(Binder& binder) override { binder.route("ask", this, &Asker::ask); }

private:
    template <class Act>
    static std::int64_t timed(std::int64_t calls, Act&& act) {
        std::int64_t total = 0;
        const auto from = std::chrono::steady_clock::now();
        for (std::int64_t i = 0; i < calls; ++i)
            total += act(i);
        const std::chrono::duration<double, std::nano> took = std::chrono::steady_clock::now() - from;
        if (total != calls * (calls - 1) / 2 + calls) throw Error(500, "bench_asker.sum");
        return static_cast<std::int64_t>(took.count());
    }
    static Value arguments(std::int64_t i) {
        return Value::map([&](MapWriter& m) { m.set("a", i).set("b", 1); });
    }

    Response ask(Request& request) {
        const std::int64_t calls = std::stoll(std::string(request.param("calls")));
        static const Sum sum;
        static const Difference difference;
        const Adder* volatile hidden = calls > 0 ? static_cast<const Adder*>(&sum) : &difference;
        const auto table = timed(calls, [&](std::int64_t i) {
            return request.service("bench/1", "add", arguments(i))["sum"].integer().value_or(-1);
        });
        const auto flat = timed(
            calls, [&](std::int64_t i) { return hidden->flat(arguments(i))["sum"].integer().value_or(-1); });
        const auto plain = timed(calls, [&](std::int64_t i) { return hidden->plain(i, 1); });
        return Response::text(std::to_string(table) + " " + std::to_string(flat) + " " +
                              std::to_string(plain));
    }
};

} // namespace

DALATE_PLUGIN(Asker)
