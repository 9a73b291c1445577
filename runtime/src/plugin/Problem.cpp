// SPDX-License-Identifier: Apache-2.0
#include "plugin/Problem.h"

namespace dalate::plugin {

Value toValue(const Problems& problems) {
    return Value::list([&](ListWriter& list) {
        for (const Problem& p : problems)
            list.map(
                [&](MapWriter& m) { m.set("id", p.id).set("where", p.where).set("details", p.details); });
    });
}

Problems problemsFrom(ValueView list) {
    Problems problems;
    for (const ValueView p : list)
        problems.emplace_back(p["id"].asText(), p["where"].asText(), Value(p["details"]));
    return problems;
}

} // namespace dalate::plugin
