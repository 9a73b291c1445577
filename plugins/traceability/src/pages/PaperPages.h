// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <dalate/response.hpp>
#include <dalate/services.hpp>

namespace dalate::traceability {

/// Certificates and tests with their documents (合格证、检测单、单位证书), as a cooperative brings them by hand; a system
/// of hers sends the words alone by POST /api/papers. A document is kept by files/1 under the object `paper/<id>`: open to
/// everybody, or to its organisation and whoever may trace.
class PaperPages {
public:
    /// GET /papers: what the organisation brought.
    static Response list(Request& request);
    /// GET /papers/new?lot=…
    static Response form(Request& request);
    /// POST /papers/new: 303, or 422 with the form. A test that was failed proposes a hold of the lot.
    static Response keep(Request& request);

    /// traceability/1.file_readable {object, file} -> {readable}
    static Value mayRead(ServiceCall& call);
};

} // namespace dalate::traceability
