// SPDX-License-Identifier: Apache-2.0
#include "services/files/Verify.h"

#include "storage/Session.h"
#include "storage/Tx.h"

#include <set>

namespace dalate::services::files {

namespace {

std::set<std::string, std::less<>> named(storage::Pool& pool) {
    auto lease = pool.lease();
    storage::Tx tx(*lease, storage::Tx::Mode::read);
    auto rows = tx.query("SELECT sha256 FROM file"
                         " UNION"
                         " SELECT thumb FROM file WHERE thumb <> ''");
    std::set<std::string, std::less<>> all;
    while (rows.next())
        all.emplace(rows.text(0));
    return all;
}

} // namespace

Verified verifyFiles(Blobs& blobs, storage::Pool& pool,
                     const std::function<void(std::string_view, std::string_view)>& tell) {
    Verified result;
    // The rows first: a blob that comes while we walk must not be called missing, and at worst is called an
    // orphan.
    auto wanted = named(pool);
    blobs.each([&](const Blobs::Found& found) {
        if (found.sha256.empty()) {
            ++result.orphaned;
            tell("orphaned", "-");
            return;
        }
        const auto row = wanted.find(found.sha256);
        const bool isWanted = row != wanted.end();
        if (isWanted) wanted.erase(row);
        const http::Descriptor file = std::move(blobs.open(found.sha256).file);
        if (sha256Of(file.get()) != found.sha256) {
            ++result.altered;
            tell("altered", found.sha256);
        } else if (isWanted) {
            ++result.whole;
        } else {
            ++result.orphaned;
            tell("orphaned", found.sha256);
        }
    });
    for (const std::string& sha256 : wanted) {
        // Put by another daemon behind our walk's back.
        if (std::filesystem::exists(blobs.pathOf(sha256))) continue;
        ++result.missing;
        tell("missing", sha256);
    }
    return result;
}

} // namespace dalate::services::files
