// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/Clock.h"
#include "services/cases/Case.h"

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

namespace dalate::storage {
class Tx;
}

namespace dalate::services::cases {

/// What people add to a case without moving it: the tables `case_comment` and `case_attachment`.
class Notes {
public:
    struct Comment {
        std::int64_t id = 0;
        Micros at = 0;
        std::int64_t account = 0;
        std::string name, organisationName;
        bool internal = false;
        std::string text;
    };
    struct Attachment {
        std::int64_t file = 0;
        Micros at = 0;
        std::int64_t account = 0;
        std::string name;
    };

    static void add(storage::Tx& tx, std::int64_t caseId, const Comment& comment);
    /// A file that is not tied to the case yet.
    static void add(storage::Tx& tx, std::int64_t caseId, const Attachment& attachment);
    static bool hasFile(storage::Tx& tx, std::int64_t caseId, std::int64_t file);
    static constexpr std::int64_t every = std::numeric_limits<std::int64_t>::max();
    /// The newest `limit`, oldest first; the internal ones only for whoever may read them (`Rights::readsInternal`).
    enum class For { everybody, inside };
    static std::vector<Comment> comments(storage::Tx& tx, std::int64_t caseId, For reader,
                                         std::int64_t limit = every);
    /// How many she may read.
    static std::int64_t commentCount(storage::Tx& tx, std::int64_t caseId, For reader);
    static std::vector<Attachment> attachments(storage::Tx& tx, std::int64_t caseId);

    /// How much there is: of one author, and of all.
    struct Amount {
        std::int64_t hers = 0;
        std::int64_t all = 0;
    };
    static Amount commentsBy(storage::Tx& tx, std::int64_t caseId, std::int64_t account);
    static Amount attachmentsBy(storage::Tx& tx, std::int64_t caseId, std::int64_t account);
};

} // namespace dalate::services::cases
