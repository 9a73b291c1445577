// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "epcis/Document.h"
#include "epcis/Vocabulary.h"

#include <dalate/value.hpp>

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace dalate::traceability::test {

/// 2026-11-23T00:00:00Z: the tests' clock, so that they say the same on every day.
constexpr std::int64_t today = 1'795'392'000'000'000;

/// Parses; throws where the text is no JSON.
Value parse(std::string_view json);

std::string readFile(const std::filesystem::path& path);

/// The plugin's own code lists.
const epcis::Vocabulary& vocabulary();

/// The folder of outside data below DALATE_CORPORA; empty where there is none.
std::filesystem::path corpus(std::string_view folder);

/// The files below a folder with one of the JSON endings, sorted.
std::vector<std::filesystem::path> documentsBelow(const std::filesystem::path& folder);

/// Every problem of a document, frame and events.
std::vector<epcis::Problem> problemsOf(ValueView root);

/// `code at path`, without the codes' common beginning; a line a problem.
std::string told(const std::vector<epcis::Problem>& problems);

std::string sha256(std::string_view bytes);

/// True when two JSON values are equal: members in any order, numbers by value.
bool sameJson(ValueView a, ValueView b);

} // namespace dalate::traceability::test
