// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace dalate::testing {

/// What HTML text means: `&amp;`, `&#x27;` and their kind written out.
std::string unescaped(const std::string& html);

/// The page's own part, from `<main` to `</main>`.
std::string mainOf(const std::string& page);

bool contains(const std::string& text, const std::string& part);
std::size_t countOf(const std::string& text, const std::string& part);

/// What stands between the first `before` from `from` on and the next `after`; empty where either is missing.
std::string between(const std::string& text, const std::string& before, const std::string& after,
                    std::size_t from = 0);

/// The cells of the first table in `html`, row by row, as text.
std::vector<std::vector<std::string>> tableIn(const std::string& html);

/// The values that the select of a field offers, the empty one apart.
std::vector<std::string> choices(const std::string& page, const std::string& name);

} // namespace dalate::testing
