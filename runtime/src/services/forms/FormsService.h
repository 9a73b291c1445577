// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "portal/TemplateStore.h"
#include "services/CoreParts.h"

#include <functional>
#include <memory>

namespace dalate::services::forms {

/// forms/1, about the calling plugin's own forms (dalate/forms.hpp is its typed side):
///   - `validate {form, values, sent: "posted"|"json", at?} -> {good, answers, problems: [{field, path, id,
///   text, href,
///     values}]}`; a file is good where the acting person brought it (`ownFiles`), or as the token of an
///     upload of the request;
///   - `model {form, action, answers?, raw?, problems?, prefill?, at?} -> model of pages/form`, for a page of
///   the plugin's
///     own; `prefill: true` fills in what the record holds;
///   - `details {form, answers, personal: "shown"|"masked", at?} -> {rows}`;
///   - `draft {form, subject?} -> {raw, version, savedAt} | null`, `keep {form, subject?, raw, version} ->
///   {version}`,
///     `drop {form, subject?} -> {dropped}`: the caller's own draft.
/// `at` is the moment whose rules count, microseconds; default now. Errors: 404 `core.form.unknown` (details:
/// form), 400 `core.form.asked` (details: key), those of `Drafts`. `templates` gives the texts in force.
/// Callers: traceability (certificates), samples/helpdesk (assets, tickets that machines send).
void offerForms(const CoreParts& parts,
                std::function<std::shared_ptr<const portal::TemplateStore>()> templates);

} // namespace dalate::services::forms
