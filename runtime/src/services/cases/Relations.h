// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/Clock.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace dalate::storage {
class Tx;
}

namespace dalate::services::cases {

/// The table `case_relation`: who stands to a case in a relation that its plugin names (经办、协办、监护…).
class Relations {
public:
    struct Person {
        std::string relation;
        std::int64_t account = 0;
        Micros since = 0;
    };

    /// False: it is there already.
    static bool add(storage::Tx& tx, std::int64_t caseId, std::string_view relation, std::int64_t account, Micros at);
    /// False: it is not there.
    static bool remove(storage::Tx& tx, std::int64_t caseId, std::string_view relation, std::int64_t account);
    /// Those of one person.
    static std::vector<std::string> of(storage::Tx& tx, std::int64_t caseId, std::int64_t account);
    /// All, by relation and how long they have stood.
    static std::vector<Person> list(storage::Tx& tx, std::int64_t caseId);
    static std::vector<std::int64_t> in(storage::Tx& tx, std::int64_t caseId, std::string_view relation);
};

} // namespace dalate::services::cases
