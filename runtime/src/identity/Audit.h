// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/Clock.h"
#include "identity/Principal.h"

#include <string>
#include <string_view>
#include <vector>

namespace dalate::storage {
class Tx;
}

namespace dalate::identity {

/// The record of administrative acts (审计日志): who did what to which object, from where. Rows are only ever
/// added; triggers refuse UPDATE and DELETE.
class Audit {
public:
    struct Entry {
        std::int64_t id = 0;
        Micros at = 0;
        std::string actorKind;
        std::int64_t actor = 0;
        std::string actorName;
        std::string organisationName;
        std::string action;
        std::string object;
        /// JSON text.
        std::string details;
        std::string requestId;
    };

    /// Adds a row to the transaction that makes the change, so that neither stands without the other.
    /// `action` is dotted (`plugin.activation.off`), `object` names one thing (`plugin/traceability`),
    /// `details` is a map.
    static void record(storage::Tx& tx, const Principal& actor, std::string_view action,
                       std::string_view object, ValueView details = {}, std::string_view requestId = {});

    /// The newest `limit` rows first, all or those of one object.
    static std::vector<Entry> latest(storage::Tx& tx, std::string_view object, std::int64_t limit);
};

} // namespace dalate::identity
