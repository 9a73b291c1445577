// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "support/Client.h"

#include <string>
#include <string_view>
#include <vector>

namespace dalate::testing {

/// Posts a document to the capture route and waits for its job; gives the job's document. Throws when it is not
/// accepted or does not end within two minutes.
Value capture(Client& client, std::string_view document, const std::string& behaviour = "rollback");

/// Posts each event, written without @context, in a request of its own. Throws where one is not stored.
void captureEach(Client& client, const std::vector<std::string>& events);

/// Every event that the query address answers for `query` (without `?`), page after page, as one list.
Value queryEvents(Client& client, const std::string& query = "");

/// The items of a list, to be taken by number. Borrowed from `list`.
std::vector<ValueView> itemsOf(ValueView list);

} // namespace dalate::testing
