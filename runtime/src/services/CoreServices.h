// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "services/Jobs.h"
#include "services/Registry.h"

#include <functional>

namespace dalate::services {

/// jobs/1: `enqueue {name, arguments} -> {job}` in the caller's transaction; `status {job} -> {job, name,
/// state, attempts, progress {done, total}, result, error}`; `progress {done, total} -> null` inside a job.
/// `wake` is called when a job was committed. The references outlive the registry.
void offerJobs(Registry& registry, Jobs& jobs, std::function<void()> wake);

/// print/1: `qr {text, title} -> {svg}`; `title`, the code's name for those who do not see it, is `text` when
/// absent.
void offerPrint(Registry& registry);

/// audit/1: `record {action, object, details} -> null`: an act of the caller, in the caller's transaction.
/// `action` begins with the plugin's id and a dot.
void offerAudit(Registry& registry);

} // namespace dalate::services
