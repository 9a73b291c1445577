// SPDX-License-Identifier: Apache-2.0
//
// The events that the benches send. Two kinds of supply:
//
//   Mix    what a county's systems send all day: of each ten events five harvests of a lot, two packings of
//   lots into
//          one, two dispatches, one arrival of serialised goods. No two runs share an identifier.
//   Chain  lots that hang together: lot 0 is mixed and split into `fan` lots, each of those again, level by
//   level.
//          Each process also takes a lot of its neighbour's, so that the graph is no tree.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace dalate::bench {

/// A GTIN of the range that GS1 keeps for examples, with the lot's number as its lot.
std::string lotClass(const std::string& lot);
/// The page of a lot: `/traceability/lots/{gtin}/{lot}`.
std::string lotPage(const std::string& lot);

/// An EPCIS 2.0 document around `events`.
std::string document(const std::vector<std::string>& events);
/// An event as it is sent alone.
std::string alone(const std::string& event);

/// Not thread-safe; one each thread, told apart by `lane`.
class Mix {
public:
    /// `run` is part of every identifier: lower-case letters and digits.
    Mix(std::string run, int lane);
    std::string next();

private:
    std::string lot(std::int64_t number) const;

    std::string run_;
    std::int64_t count_ = 0;
};

class Chain {
public:
    /// At least `lots` lots that can all be reached from the first.
    Chain(std::string run, std::size_t lots, std::size_t fan = 10);

    const std::vector<std::string>& events() const noexcept { return events_; }
    std::size_t lots() const noexcept { return lots_; }
    /// The lot that all others come from.
    std::string firstLot() const;

private:
    std::string run_;
    std::size_t lots_ = 1;
    std::vector<std::string> events_;
};

} // namespace dalate::bench
