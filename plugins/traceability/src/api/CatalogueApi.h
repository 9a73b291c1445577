// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <dalate/response.hpp>

namespace dalate::traceability {

/// Master data from a cooperative's system. All in JSON; 204 when it is durable, 400 with the member that is wrong, 409
/// where the number belongs to another organisation.
class CatalogueApi {
public:
    /// PUT /api/products/{gtin}: {name: {zh, en, mn}, category, grower}
    static Response putProduct(Request& request);
    /// PUT /api/parties: {id, name: {zh, en, mn}}
    static Response putParty(Request& request);
    /// POST /api/papers: {gtin, lot, kind: certificate|test, title, number, issuer, issued, result: pass|fail|none, note}.
    /// A test that was failed proposes a hold of the lot.
    static Response addPaper(Request& request);
};

} // namespace dalate::traceability
