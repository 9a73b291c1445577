// SPDX-License-Identifier: Apache-2.0
// A plugin with jobs and a live topic, written with the SDK. Its jobs do what their arguments wish.
#include <dalate/jobs.hpp>
#include <dalate/live.hpp>
#include <dalate/plugin.hpp>

#include <stdexcept>

using namespace dalate;

namespace {

class Jobful : public Plugin {
public:
    using Plugin::Plugin;

    void bind(Binder& binder) override {
        binder.job("count", [this](JobContext& job) { return count(job); });
        binder.job("fragile", [this](JobContext& job) { return fragile(job); });
        binder.job("tick", [this](JobContext& job) { return tick(job); });
    }

private:
    static constexpr std::int64_t steps = 6, half = 3;

    /// Six rows, each with its progress in one transaction; begins where an earlier try has come to.
    Value count(JobContext& job) {
        const std::string_view wish = job.arguments()["wish"].text();
        const std::int64_t reached = job.reached();
        for (std::int64_t step = reached + 1; step <= steps; ++step) {
            // The row is another's by the time the transaction asks.
            if (wish == "is robbed" && step == half + 1 && reached == 0)
                job.service("zoo_thief/1", "steal", Value::map());
            Tx tx = job.begin(TxMode::write);
            row(tx, job, step);
            if (step == half && reached == 0) {
                if (wish == "throws before its progress") throw std::runtime_error("zoo");
                job.progress(tx, step, steps);
                if (wish == "throws before its commit") throw std::runtime_error("zoo");
            }
            job.progress(tx, step, steps);
            live::changed(job, tx, "rows");
            tx.commit();
            if (step == half && reached == 0 && wish == "throws after its commit")
                throw std::runtime_error("zoo");
        }
        return Value::map([&](MapWriter& m) {
            m.set("href", "/" ZOO_ID "/").set("reached", reached).set("topic", live::topic(job, "rows"));
        });
    }

    Value fragile(JobContext& job) {
        Tx tx = job.begin(TxMode::read);
        const bool isMended = tx.query("SELECT 1 FROM " ZOO_ID "_row WHERE step = 99").next();
        if (!isMended) throw Error(500, "zoo.broken");
        return Value::of("mended");
    }

    Value tick(JobContext& job) {
        Tx tx = job.begin(TxMode::write);
        row(tx, job, 0);
        tx.commit();
        return {};
    }

    void row(Tx& tx, JobContext& job, std::int64_t step) {
        tx.exec("INSERT INTO " ZOO_ID "_row (id, job, step) VALUES (:id, :job, :step)",
                {{"id", host().newId()}, {"job", job.id()}, {"step", step}});
    }
};

} // namespace

DALATE_PLUGIN(Jobful)
