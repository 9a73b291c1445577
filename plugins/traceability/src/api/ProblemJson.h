// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "log/CaptureStore.h"

#include <dalate/response.hpp>

#include <vector>

namespace dalate::traceability {

/// Writes an error as GS1's OpenAPI has it (RFC 7807), with the code, the event's place and the JSON path beside. The
/// words are in the caller's language.
void writeProblem(MapWriter& out, const Call& call, const CaptureError& error);

/// The answer to a document or event that is not taken: the first error, and all of them in `errors`.
Response refusal(const Call& call, const std::vector<CaptureError>& errors);

} // namespace dalate::traceability
