// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "services/CoreParts.h"

namespace dalate::services::notices {

class Notices;

/// notices/1, of the calling plugin's own notices:
///   - `send {notice, to, values?, key} -> {people}`: tells whoever `to` is and does not know yet, in the
///   caller's
///     transaction; `to` is {account}, {role, organisation?}, {desk, organisation?} (no organisation: in any)
///     or {case, relation};
///   - `list {limit?, before?} -> {notices [{notice, name, subject, text, values, href, urgent, sentAt,
///   readAt}],
///     unread}`: the calling person's, newest first, 1 to 200 (50); `before` is the last id of the list
///     before; `subject` and `text` are text ids;
///   - `read {notice} -> null`: the calling person has read it.
/// Errors: 404 `core.notice.unknown` for a kind that plugin.json does not declare, or an id that is not hers;
/// 422 `core.notice.asked` (details: key) for an argument of the wrong form. `notices` outlives the registry.
/// Callers: traceability (whom a hold concerns), samples/helpdesk (what is due back).
void offerNotices(const CoreParts& parts, const Notices& notices);

} // namespace dalate::services::notices
