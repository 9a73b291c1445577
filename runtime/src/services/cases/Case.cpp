// SPDX-License-Identifier: Apache-2.0
#include "services/cases/Case.h"

namespace dalate::services::cases {

Value Case::toValue() const {
    return Value::map([this](MapWriter& m) {
        // Ids are text: they pass what a JSON reader in a browser keeps.
        m.set("case", std::to_string(id)).set("plugin", plugin).set("machine", machine).set("number", number);
        m.set("title", title).set("subject", subject).set("parent", std::to_string(parent));
        m.set("state", state).set("version", version).set("applicant", std::to_string(applicant));
        m.set("origin", std::to_string(origin)).set("organisation", std::to_string(organisation));
        m.set("assignee", std::to_string(assignee)).set("desk", desk).set("answers", answers);
        m.set("rulesAt", rulesAt).set("openedAt", openedAt).set("changedAt", changedAt).set("closedAt", closedAt);
    });
}

} // namespace dalate::services::cases
