// SPDX-License-Identifier: Apache-2.0
//
// Shared services are asked with `Call::service`; this header is the other side: a method that the plugin
// offers to others and declares under `provides` in plugin.json.
#pragma once

#include <dalate/call.hpp>

namespace dalate {

/// A call of another plugin's, brokered by the host. The handler returns the answer.
class ServiceCall : public Call {
public:
    using Call::Call;

    ValueView arguments() const { return part(DALATE_PART_ARGUMENTS); }
    /// "<name>/<major>.<method>" as bound.
    std::string_view method() const { return text(DALATE_FIELD_SUBJECT).value_or(""); }
};

} // namespace dalate
