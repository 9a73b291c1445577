// SPDX-License-Identifier: Apache-2.0
#include "story/TemperatureRecord.h"

#include <algorithm>

namespace dalate::traceability {

void TemperatureRecord::add(Time at, double celsius, std::string text) {
    const auto place = std::lower_bound(values_.begin(), values_.end(), at,
                                        [](const Value& v, Time when) { return v.at < when; });
    if (place != values_.end() && place->at == at) {
        if (celsius > place->celsius) *place = {at, celsius, std::move(text)};
        return;
    }
    values_.insert(place, {at, celsius, std::move(text)});
}

const std::string& TemperatureRecord::lowest() const {
    return std::min_element(values_.begin(), values_.end(),
                            [](const Value& a, const Value& b) { return a.celsius < b.celsius; })->text;
}

const std::string& TemperatureRecord::highest() const {
    return std::max_element(values_.begin(), values_.end(),
                            [](const Value& a, const Value& b) { return a.celsius < b.celsius; })->text;
}

Time TemperatureRecord::first() const { return values_.front().at; }
Time TemperatureRecord::last() const { return values_.back().at; }

std::vector<TemperatureRecord::Gap> TemperatureRecord::gaps() const {
    std::vector<Gap> found;
    if (values_.size() < 4) return found;
    std::vector<Time> steps;
    for (std::size_t i = 1; i < values_.size(); ++i) steps.push_back(values_[i].at - values_[i - 1].at);
    const auto middle = steps.begin() + static_cast<std::ptrdiff_t>(steps.size() / 2);
    std::nth_element(steps.begin(), middle, steps.end());
    const Time usual = *middle;
    constexpr Time minute = 60'000'000;
    for (std::size_t i = 1; i < values_.size(); ++i) {
        const Time distance = values_[i].at - values_[i - 1].at;
        if (distance > 2 * usual && distance - usual >= minute)
            found.push_back({values_[i - 1].at, values_[i].at, (distance - usual) / minute});
    }
    return found;
}

} // namespace dalate::traceability
