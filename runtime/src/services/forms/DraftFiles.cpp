// SPDX-License-Identifier: Apache-2.0
#include "services/forms/DraftFiles.h"

#include "services/files/FileStore.h"
#include "services/forms/Drafts.h"

namespace dalate::services::forms {
namespace {

constexpr std::string_view prefix = "draft/";

} // namespace

std::string draftObject(std::string_view whose, std::string_view subject) {
    return std::string(prefix).append(whose).append("/").append(subject);
}

std::int64_t expireDraftFiles(storage::Tx& tx, Micros now) {
    std::int64_t gone = 0;
    for (const files::File& file : files::FileStore::below(tx, prefix, now - draftFileKeep)) {
        const std::string_view rest = std::string_view(file.object).substr(prefix.size());
        const std::size_t slash = rest.find('/');
        const bool named = file.ownerUser != 0 && slash != rest.npos &&
                           rest.substr(0, slash) == std::to_string(file.ownerUser);
        if (named && Drafts::any(tx, file.ownerUser, file.plugin, rest.substr(slash + 1), now)) continue;
        if (files::FileStore::remove(tx, file.plugin, file.id)) ++gone;
    }
    return gone;
}

} // namespace dalate::services::forms
