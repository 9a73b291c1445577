// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "County.h"

#include <cstdint>
#include <string>
#include <vector>

namespace dalate::simulator {

/// One packed lot as a shop sells it.
struct PackedLot {
    const Product* product = nullptr;
    const Place* farm = nullptr;
    std::string lot;
    std::int64_t harvestedAt = 0; ///< microseconds
};

/// The events of one year up to `now`: each lot is grown, treated, harvested, tested, mixed and packed, driven and
/// sold, as far as it has come by today. Every event has a place, every amount adds up.
class Season {
public:
    Season(County& county, std::int64_t now);

    /// Writes the life of one more lot; its events are appended in the order in which they happened.
    PackedLot grow();

    /// The events so far, each as JSON; the caller takes them.
    std::vector<std::string> take();

private:
    std::string harvest(const Product& product, const Place& farm, std::int64_t at, int kilograms);
    void ship(const Product& product, const Place& packer, const std::string& lotClass, std::int64_t at, int kilograms);
    void add(std::int64_t at, const std::string& json);

    County& county_;
    std::int64_t now_;
    int lots_ = 0;
    std::vector<std::string> events_;
};

/// An EPCIS 2.0 document around `events`.
std::string document(const std::vector<std::string>& events, std::int64_t now);

} // namespace dalate::simulator
