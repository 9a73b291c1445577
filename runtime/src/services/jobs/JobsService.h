// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>

namespace dalate::services {
class Registry;
}

namespace dalate::services::jobs {

class Jobs;

/// jobs/1: `enqueue {name, arguments} -> {job}` in the caller's transaction; `status {job} -> {job, name,
/// state, attempts, progress {done, total}, result, error}`; inside a job `progress {done, total} -> null`
/// and `reached {} -> {done, total}`, what an earlier try of it recorded. `wake` is called when a job was
/// committed. The references outlive the registry. Callers: traceability (capture), the contract tests'
/// zoo_jobs.
void offerJobs(Registry& registry, Jobs& jobs, std::function<void()> wake);

} // namespace dalate::services::jobs
