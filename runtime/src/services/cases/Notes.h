// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/Clock.h"
#include "services/cases/Case.h"

#include <cstdint>
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
    /// False: the file is tied to the case already.
    static bool add(storage::Tx& tx, std::int64_t caseId, const Attachment& attachment);
    /// Oldest first; the internal ones only for staff.
    enum class For { everybody, staff };
    static std::vector<Comment> comments(storage::Tx& tx, std::int64_t caseId, For reader);
    static std::vector<Attachment> attachments(storage::Tx& tx, std::int64_t caseId);
};

} // namespace dalate::services::cases
