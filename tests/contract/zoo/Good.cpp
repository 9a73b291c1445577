// SPDX-License-Identifier: Apache-2.0
// A well-behaved plugin, written with the SDK. What its page does is asked by the request's header "do".
#include "Witness.h"

#include <dalate/plugin.hpp>

#include <chrono>
#include <stdexcept>
#include <thread>

using namespace dalate;

namespace {

class Good : public Plugin {
public:
    explicit Good(const Host& host) : Plugin(host) {
#ifdef ZOO_THROW_CONSTRUCT
        throw Error(503, "zoo.no_room");
#endif
        log::info(host, "zoo.constructed");
    }
    ~Good() override {
        log::info(host(), "zoo.destroyed");
    }

    void bind(Binder& binder) override {
        binder.route("page", this, &Good::page);
    }
    void start(Call&) override {
#ifdef ZOO_HANG_START
        std::this_thread::sleep_for(std::chrono::milliseconds(1500));
#endif
#ifdef ZOO_REFUSE_START
        throw Error(503, "zoo.not_today", Value::map([](MapWriter& m) { m.set("until", "tomorrow"); }));
#endif
    }
    void quiesce() override {
        log::info(host(), "zoo.quiesced");
    }
    void stop() override {
        log::info(host(), "zoo.stopped");
    }

private:
    Response page(Request& request) {
        const std::string wish(request.header("do").value_or(""));
        if (wish == "error")
            throw Error(409, "zoo.taken", Value::map([](MapWriter& m) { m.set("by", "nobody"); }));
        if (wish == "exception") throw std::out_of_range("zoo");
        if (wish == "number") throw 42;
        if (wish == "odd") throw Error(77, "zoo.odd");
        if (wish == "wait") {
            // Until the test lets go; a second read of the header asks whether it has.
            while (request.header("go").value_or("") != "yes")
                std::this_thread::sleep_for(std::chrono::milliseconds(1));
        }
        return Response::text(ZOO_ID " " ZOO_VERSION).header("X-Zoo", "yes");
    }
};

} // namespace

DALATE_PLUGIN(Good)
