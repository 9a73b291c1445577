// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <dalate/value.hpp>

#include <initializer_list>
#include <string>
#include <string_view>

namespace dalate::testing {

/// Whether two values are equal as JSON: members in any order, lists in theirs, numbers digit by digit. Members of
/// the two outermost maps named in `ignored` do not count. Otherwise the answer is the path of the first difference;
/// empty when they are equal.
std::string difference(ValueView a, ValueView b, std::initializer_list<std::string_view> ignored = {});

} // namespace dalate::testing
