// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <dalate/response.hpp>

namespace dalate::traceability {

/// A regulator's page of a lot, an item or a logistic unit: all sources and all holders, through mixing, splitting and
/// packing, with quantities; as tables and as drawings.
class TracePage {
public:
    /// /traceability/lots/{gtin}/{lot}
    static Response lot(Request& request);
    /// /traceability/trace?id=<any identifier, URN or Digital Link>
    static Response any(Request& request);
};

} // namespace dalate::traceability
