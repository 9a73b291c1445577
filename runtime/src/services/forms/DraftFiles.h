// SPDX-License-Identifier: Apache-2.0
// The files of a form that is not finished yet lie under an object that names the form's draft:
// `draft/<account>/<subject>`, with the subject of `DraftKey`, or the request's id in the place of an account
// for a visitor, who has no draft. Until the form is accepted nobody but their sender reads them; then those
// that the answers name are handed to what came of it, and the others leave.
#pragma once

#include "base/Clock.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace dalate::storage {
class Tx;
}

namespace dalate::services::forms {

/// A file beside no draft stays so long: the page that brought it may still be open.
inline constexpr Micros draftFileKeep = Micros{24} * 3600 * 1'000'000;

/// `draft/<whose>/<subject>`; of an account, whose is its number.
std::string draftObject(std::string_view whose, std::string_view subject);

/// Deletes the rows of files whose draft is no more, and those that never had one once they are older than
/// `draftFileKeep`; how many. For the housekeeper.
std::int64_t expireDraftFiles(storage::Tx& tx, Micros now);

} // namespace dalate::services::forms
