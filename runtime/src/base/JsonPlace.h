// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace dalate::json {

/// The line, from 1, on which the value of a path stands in a JSON text; of a member the line of its key.
/// Paths are those that plugin/JsonSchema.h and the readers of declarations name: `$`, `$.states`,
/// `$.transitions[3].to`,
/// `$.values['a b']`. Of a path that leads to nothing the line of the last part that is there: a missing key
/// is told where its object begins. For a text that `parse` accepts; of any other it is some line of the
/// text. Reads the text once at most and never recurses.
std::size_t lineOf(std::string_view text, std::string_view path);

/// The line, from 1, on which a byte stands; of an offset behind the end the last line.
std::size_t lineAt(std::string_view text, std::size_t offset) noexcept;

/// `cases/ticket.json:12 $.transitions[3].to`: how a problem of a declaration names its place.
std::string placeIn(std::string_view file, std::string_view text, std::string_view path);

} // namespace dalate::json
