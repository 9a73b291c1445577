// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "admin/CountyForm.h"

namespace dalate::storage {
class Tx;
}

namespace dalate::admin {

/// The staff of an organisation that are not barred, as a select's options: account and name with login.
std::vector<CountyForm::Option> colleagues(storage::Tx& tx, std::int64_t organisation);

/// The whole number that a text is; 0 for any other, which is nobody's id.
std::int64_t numberIn(const std::string& text) noexcept;

} // namespace dalate::admin
