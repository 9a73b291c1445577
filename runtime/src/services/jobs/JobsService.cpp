// SPDX-License-Identifier: Apache-2.0
#include "services/jobs/JobsService.h"
#include "base/Result.h"

#include "services/Arguments.h"
#include "services/Registry.h"
#include "services/jobs/Jobs.h"

#include <algorithm>

namespace dalate::services::jobs {

namespace {

using Need = Argument::Need;
using Type = Argument::Type;

Value enqueue(Jobs& jobs, const std::function<void()>& wake, ServiceContext& context, ValueView in) {
    const std::string_view name = in["name"].text();
    const auto& declared = context.declaredJobs;
    if (std::find(declared.begin(), declared.end(), name) == declared.end())
        throw Error(400, "core.job.undeclared",
                    Value::map([&](MapWriter& m) { m.set("plugin", context.plugin).set("name", name); }));
    const std::int64_t id = jobs.enqueue(*context.tx, context.plugin, name, in["arguments"],
                                         context.principal, context.requestId);
    if (context.afterCommit) context.afterCommit->push_back(wake);
    return Value::map([&](MapWriter& m) { m.set("job", std::to_string(id)); });
}

Value status(Jobs& jobs, ServiceContext& context, ValueView in) {
    const auto id = in["job"].integer();
    if (!id)
        throw Error(404, "core.job.unknown",
                    Value::map([&](MapWriter& m) { m.set("job", in["job"].asText()); }));
    return jobs.status(*context.tx, context.plugin, *id, context.scope, context.principal);
}

Value progress(Jobs& jobs, ServiceContext& context, ValueView in) {
    if (!context.job) throw Error(400, "core.job.no_job");
    const auto done = in["done"].integer(), total = in["total"].integer();
    if (!done || !total || *done < 0 || *total < 0) throw Error(400, "core.job.progress");
    jobs.progress(*context.tx, *context.job, {*done, *total});
    if (context.afterCommit)
        context.afterCommit->push_back([&jobs, id = context.job->id] { jobs.tellMoved(id); });
    return {};
}

Value reached(Jobs& jobs, ServiceContext& context) {
    if (!context.job) throw Error(400, "core.job.no_job");
    const Progress reached = jobs.reached(*context.tx, *context.job);
    return Value::map([&](MapWriter& m) { m.set("done", reached.done).set("total", reached.total); });
}

} // namespace

void offerJobs(Registry& registry, Jobs& jobs, std::function<void()> wake) {
    offerChecked(registry, "jobs/1", "enqueue", Touch::writes,
                 {{"name", Type::text, Need::required}, {"arguments"}},
                 [&jobs, wake = std::move(wake)](ServiceContext& context, ValueView in) {
                     return enqueue(jobs, wake, context, in);
                 });
    offerChecked(registry, "jobs/1", "status", Touch::reads, {{"job", Type::id, Need::required}},
                 [&jobs](ServiceContext& context, ValueView in) { return status(jobs, context, in); });
    offerChecked(registry, "jobs/1", "progress", Touch::writes,
                 {{"done", Type::number, Need::required}, {"total", Type::number, Need::required}},
                 [&jobs](ServiceContext& context, ValueView in) { return progress(jobs, context, in); });
    offerChecked(registry, "jobs/1", "reached", Touch::reads, {},
                 [&jobs](ServiceContext& context, ValueView) { return reached(jobs, context); });
}

} // namespace dalate::services::jobs
