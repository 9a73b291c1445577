// SPDX-License-Identifier: Apache-2.0
#include "services/files/Upload.h"

#include <algorithm>

namespace dalate::services::files {

const Upload* findUpload(const Uploads& uploads, std::string_view token) noexcept {
    const auto found = std::find_if(uploads.begin(), uploads.end(),
                                    [&](const Upload& upload) { return upload.token == token; });
    return found == uploads.end() ? nullptr : &*found;
}

} // namespace dalate::services::files
