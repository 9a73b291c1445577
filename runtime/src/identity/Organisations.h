// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dalate::storage {
class Tx;
}

namespace dalate::identity {

/// A bureau, a township, a cooperative, a hospital (机构). A tree by `parent`; 0 is a root.
struct Organisation {
    std::int64_t id = 0;
    std::int64_t parent = 0;
    std::string name;
    /// Free word of the county: `county`, `bureau`, `township`, `cooperative` …
    std::string kind;
};

class Organisations {
public:
    /// Adds one and gives its id. Throws `core.org.parent_unknown` (409) when the parent does not exist and
    /// `core.org.name` (400) for an empty name or one above 200 bytes.
    static std::int64_t create(storage::Tx& tx, std::string_view name, std::string_view kind,
                               std::int64_t parent);
    static std::optional<Organisation> find(storage::Tx& tx, std::int64_t id);
    static std::optional<Organisation> findByName(storage::Tx& tx, std::string_view name);
    /// All, by name.
    static std::vector<Organisation> list(storage::Tx& tx);
    /// `id` and everything below it.
    static std::vector<std::int64_t> subtree(storage::Tx& tx, std::int64_t id);
};

} // namespace dalate::identity
