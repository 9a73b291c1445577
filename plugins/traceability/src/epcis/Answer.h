// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "epcis/Event.h"

#include <string>
#include <string_view>
#include <vector>

namespace dalate::traceability::epcis {

/// The JSON of an EPCISQueryDocument with the answers of a SimpleEventQuery. `events` are JSON texts as
/// `storedForm` gave them; each brings the prefixes that it needs, so events of different senders stand in
/// one document.
std::string answerDocument(const std::vector<std::string_view>& events, Micros now);

} // namespace dalate::traceability::epcis
