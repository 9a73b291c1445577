// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "epcis/Event.h"
#include "epcis/Match.h"
#include "epcis/Vocabulary.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace dalate::traceability::epcis {

/// The identifiers that a MATCH_ parameter looks at, and what one of them must fit.
struct Match {
    std::vector<Field> fields;
    std::vector<Pattern> anyOf;
};

/// Where a page ended: the position of its last event in the store's own order.
struct Cursor {
    std::int64_t first = 0;
    std::int64_t second = 0;
};

/// A SimpleEventQuery (EPCIS 2.0 §8.2.7.1) as far as this repository answers it. Every condition that is
/// given must hold; within one, any value.
struct Query {
    static constexpr int defaultPerPage = 30; ///< GS1 OpenAPI, PerPage
    static constexpr int maxPerPage = 1000;

    std::vector<std::string> eventTypes;   ///< names as in `Event::typeName`; empty for any
    std::optional<Micros> eventTimeFrom;   ///< GE_eventTime
    std::optional<Micros> eventTimeBefore; ///< LT_eventTime
    std::vector<Action> actions;
    std::vector<std::string> bizSteps, dispositions; ///< full web URIs
    std::vector<Match> matches;
    int perPage = defaultPerPage;
    std::optional<Cursor> after; ///< from nextPageToken

    /// The token of the page that begins behind `last`. It serves this query only.
    std::string nextPageToken(const Cursor& last) const;

    /// A digest of the conditions; two queries that ask the same have the same.
    std::uint64_t fingerprint() const;
};

/// What is wrong with one parameter.
struct ParameterProblem {
    std::string parameter;
    std::string code;  ///< traceability.query.*
    std::string value; ///< the value refused, at most 80 bytes
    int status; ///< 400 (QueryParameterException), or 501 for what EPCIS has and this repository has not
};

using Parameters = std::vector<std::pair<std::string, std::string>>;

/// Reads the query string, already split and percent-decoded, in GS1's OpenAPI form: several values joined by
/// `|`. Either the query or every parameter that is wrong. Codes: unknown_parameter, unsupported (501),
/// repeated, empty, time, action, event_type, biz_step, disposition, pattern, per_page, page_token.
std::variant<Query, std::vector<ParameterProblem>> parseQuery(const Parameters& parameters,
                                                              const Vocabulary& vocabulary);

} // namespace dalate::traceability::epcis
