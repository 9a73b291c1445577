// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/Clock.h"
#include "base/Result.h"
#include "identity/Principal.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dalate::storage {
class Tx;
}

namespace dalate::identity {

/// A place in an organisation at which work arrives (窗口, 岗位): an intake desk, a duty room. Work that
/// waits at a desk waits for each of its members. Two organisations may each have a desk of one name; a desk
/// keeps its name.
struct Desk {
    std::int64_t id = 0;
    std::int64_t organisation = 0;
    std::string organisationName;
    /// What declarations call it: 1 to 40 of `a-z 0-9 _`, begins with a letter; one an organisation.
    std::string name;
    /// What people call it, in the county's words: 综合受理窗口.
    std::string title;
};

class Desks {
public:
    struct Member {
        std::int64_t account = 0;
        std::string login;
        std::string name;
        Micros since = 0;
    };

    /// Adds a desk, audits it (`desk.create`) and gives its id. Throws 404 `core.org.unknown`, 422
    /// `core.desk.name`, 422 `core.desk.title` for none or one above 200 bytes, 409 `core.desk.taken`.
    static std::int64_t create(storage::Tx& tx, const Principal& actor, std::int64_t organisation,
                               std::string_view name, std::string_view title,
                               std::string_view requestId = {});
    /// Gives an account a seat and audits it (`desk.member.add`); no error when it has one. Throws 404
    /// `core.desk.unknown`, 404 `core.account.unknown`, 409 `core.desk.organisation` for an account of
    /// another organisation, 409 `core.account.barred`.
    static void add(storage::Tx& tx, const Principal& actor, std::int64_t desk, std::int64_t account,
                    std::string_view requestId = {});
    /// Takes the seat and audits it (`desk.member.remove`). Throws 404 `core.desk.unknown`, 404
    /// `core.desk.no_member`.
    static void remove(storage::Tx& tx, const Principal& actor, std::int64_t desk, std::int64_t account,
                       std::string_view requestId = {});

    static std::optional<Desk> find(storage::Tx& tx, std::int64_t id);
    static std::optional<Desk> find(storage::Tx& tx, std::int64_t organisation, std::string_view name);
    /// Those of an organisation, by name; of 0: all.
    static std::vector<Desk> list(storage::Tx& tx, std::int64_t organisation);
    /// Members that are not barred, by name.
    static std::vector<Member> members(storage::Tx& tx, std::int64_t desk);
    /// The desks at which an account sits, by id.
    static std::vector<Seat> seatsOf(storage::Tx& tx, std::int64_t account);
};

} // namespace dalate::identity
