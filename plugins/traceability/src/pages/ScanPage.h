// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <dalate/response.hpp>

namespace dalate::traceability {

/// What a buyer sees who scans a label (扫码溯源页), without signing in: product, grower, certificates, tests, the way from
/// field to shop, and as plainly what is missing. A code that is malformed (400), has a wrong check digit (422) or was
/// never recorded (404) gets a page that says which.
class ScanPage {
public:
    /// /01/{gtin}/10/{lot}, /01/{gtin}/21/{serial}, /01/{gtin}/10/{lot}/21/{serial}, /01/{gtin}
    static Response show(Request& request);

    /// /traceability/find?code=…: what was typed from under a label, sent on to its page.
    static Response find(Request& request);
};

} // namespace dalate::traceability
