// SPDX-License-Identifier: Apache-2.0
#include "County.h"

#include <fmt/format.h>

namespace dalate::simulator {

std::string withCheckDigit(std::string digits) {
    int sum = 0;
    int weight = 3;
    for (auto it = digits.rbegin(); it != digits.rend(); ++it) {
        sum += (*it - '0') * weight;
        weight = 4 - weight;
    }
    return digits + static_cast<char>('0' + (10 - sum % 10) % 10);
}

std::string Product::gtin() const { return withCheckDigit(fmt::format("0{}{:05}", prefix, item)); }

std::string Product::lotClass(const std::string& lot) const {
    return fmt::format("urn:epc:class:lgtin:{}.0{:05}.{}", prefix, item, lot);
}

std::string Place::gln() const { return withCheckDigit(fmt::format("{}{:05}", prefix, number)); }

std::string Place::readPoint() const { return fmt::format("urn:epc:id:sgln:{}.{:05}.0", prefix, number); }

std::string Place::party() const { return fmt::format("urn:epc:id:pgln:{}.{:05}", prefix, number); }

County::County(std::uint64_t seed) : random_(seed) {
    products_ = {
        {101, "番茄", "Tomatoes", "vegetable", 6, 10, 900, 12},
        {102, "黄瓜", "Cucumbers", "vegetable", 5, 10, 700, 12},
        {103, "马铃薯", "Potatoes", "vegetable", 8, 10, 5000, 8},
        {104, "辣椒", "Peppers", "vegetable", 7, 10, 600, 10},
        {105, "香菇", "Shiitake", "vegetable", 1, 12, 200, 4},
        {106, "西瓜", "Watermelons", "fruit", 7, 9, 3000, 13},
        {107, "苹果梨", "Apple pears", "fruit", 9, 11, 1500, 4},
        {108, "鸡蛋", "Eggs", "egg", 1, 12, 400, 8},
        {109, "羊肉", "Mutton", "meat", 1, 12, 800, 2},
        {110, "黄河鲤鱼", "Yellow River carp", "fish", 3, 11, 500, 3},
        {111, "玉米", "Maize", "grain", 9, 11, 9000, 18},
        {112, "葵花籽", "Sunflower seeds", "grain", 9, 11, 4000, 18},
    };
    for (int village = 4; village <= 132; village += 3)
        farms_.push_back({1000 + village, fmt::format("第{}示范村合作社", village)});
    for (int house = 1; house <= 6; ++house) packers_.push_back({2000 + house, fmt::format("示范分拣包装站{}号", house)});
    for (int market = 1; market <= 18; ++market) markets_.push_back({3000 + market, fmt::format("示范超市{}号店", market)});
}

int County::between(int low, int high) {
    // Not a standard distribution: those may differ between libraries, and the demo should not.
    return low + static_cast<int>(random_() % static_cast<std::uint64_t>(high - low + 1));
}

std::string County::nextSscc() { return fmt::format("urn:epc:id:sscc:{}.0{:09}", prefix, ++units_); }

} // namespace dalate::simulator
