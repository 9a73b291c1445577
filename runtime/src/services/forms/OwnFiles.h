// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "identity/Principal.h"
#include "services/files/Upload.h"
#include "services/forms/Answers.h"

#include <string_view>

namespace dalate::storage {
class Tx;
}

namespace dalate::services::forms {

/// For whom a file is to be an answer.
struct FileSender {
    /// Whose form it is: only files that were kept for this plugin fit.
    std::string_view plugin;
    /// Null: the system, which is the plugin's own code.
    const identity::Principal* principal = nullptr;
    std::string_view requestId;
    /// What came with this very request, by token; null: tokens are no answer.
    const files::Uploads* uploads = nullptr;
};

/// The files that may answer a question: those that the person, or the token's organisation for that plugin,
/// has brought herself; a visitor's of this request; of the system, any of the plugin's. Knowing another's
/// number gives nothing. Callers: forms/1.validate, and CaseAnswers, which judges for cases/1 and the core's
/// pages. Borrows `tx` and what `sender` names.
MayUseFile ownFiles(storage::Tx& tx, const FileSender& sender);

} // namespace dalate::services::forms
