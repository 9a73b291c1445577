// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <dalate/call.hpp>

/// Who did what to which object. Callers: traceability (records, certificates), samples/helpdesk (assets).
namespace dalate::audit {

/// Records an act of the caller in the plugin's own transaction. `action` starts with the plugin's id;
/// `object` names what was acted on; `details` is a map without personal data. Service form: audit/1.record
/// {action, object, details} -> null.
inline void record(const Call& call, Tx& tx, std::string_view action, std::string_view object,
                   ValueView details = {}) {
    call.service(tx, "audit/1", "record", Value::map([&](MapWriter& m) {
                     m.set("action", action).set("object", object).set("details", details);
                 }));
}

} // namespace dalate::audit
