// SPDX-License-Identifier: Apache-2.0
#include "services/forms/OwnFiles.h"

#include "services/files/FileStore.h"
#include "services/forms/DraftFiles.h"

#include <charconv>

namespace dalate::services::forms {
namespace {

bool isBroughtBy(const FileSender& sender, const files::File& file) {
    if (sender.principal == nullptr) return true;
    const identity::Principal& who = *sender.principal;
    if (who.isPerson()) return who.user != 0 && file.ownerUser == who.user;
    if (file.ownerUser != 0) return false;
    if (who.isToken())
        return who.tokenPlugin == sender.plugin && file.ownerOrganisation != 0 &&
               file.ownerOrganisation == who.organisation;
    return !sender.requestId.empty() && file.object.starts_with(draftObject(sender.requestId, ""));
}

} // namespace

MayUseFile ownFiles(storage::Tx& tx, const FileSender& sender) {
    return [&tx, sender](std::string_view name) {
        if (sender.uploads != nullptr && files::findUpload(*sender.uploads, name) != nullptr) return true;
        std::int64_t id = 0;
        const auto [end, fault] = std::from_chars(name.data(), name.data() + name.size(), id);
        if (fault != std::errc() || end != name.data() + name.size()) return false;
        const auto file = files::FileStore::find(tx, id);
        return file && file->plugin == sender.plugin && isBroughtBy(sender, *file);
    };
}

} // namespace dalate::services::forms
