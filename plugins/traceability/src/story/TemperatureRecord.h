// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "trace/Node.h"

#include <string>
#include <vector>

namespace dalate::traceability {

/// Temperatures that were measured on the way (运输温度), in degrees Celsius, from any number of events. What lies between
/// two values that stand further apart than the device's own rhythm allows is not proven, and is told as missing.
class TemperatureRecord {
public:
    struct Gap {
        Time from = 0, to = 0;
        std::int64_t minutes = 0; ///< that lack a value: the distance less one step of the rhythm
    };

    /// A value; several of one moment count as the highest. `text` are the digits as sent.
    void add(Time at, double celsius, std::string text);

    bool empty() const noexcept { return values_.empty(); }
    std::size_t size() const noexcept { return values_.size(); }
    /// Digits of the lowest and the highest value. Not for an empty record.
    const std::string& lowest() const;
    const std::string& highest() const;
    Time first() const;
    Time last() const;

    /// Distances of more than twice the usual step (the median), in order. None with fewer than four values: then
    /// there is no rhythm to miss.
    std::vector<Gap> gaps() const;

private:
    struct Value {
        Time at;
        double celsius;
        std::string text;
    };
    std::vector<Value> values_; // by time
};

} // namespace dalate::traceability
