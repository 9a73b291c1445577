// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace dalate::simulator {

/// The company prefix of every key in the demo: GS1's range 952 is for examples, so no real product has them.
inline constexpr const char* prefix = "9521234";

/// A farm product (农产品).
struct Product {
    int item;              ///< item reference, five digits in the GTIN
    const char* zh;
    const char* en;
    const char* category;
    int firstMonth, lastMonth; ///< of the harvest
    int kilograms;             ///< of an ordinary lot
    int storageCelsius;        ///< temperature promised in transport

    std::string gtin() const;          ///< 14 digits
    std::string lotClass(const std::string& lot) const; ///< `urn:epc:class:lgtin:…`
};

/// A place with a number: a farm's plot, a packing house, a market.
struct Place {
    int number;
    std::string name;

    std::string gln() const;      ///< 13 digits
    std::string readPoint() const; ///< `urn:epc:id:sgln:…`
    std::string party() const;     ///< `urn:epc:id:pgln:…`
};

/// The fictional county: numbered villages with a cooperative each, packing houses, carriers and markets.
class County {
public:
    explicit County(std::uint64_t seed);

    const std::vector<Product>& products() const noexcept { return products_; }
    const std::vector<Place>& farms() const noexcept { return farms_; }
    const std::vector<Place>& packers() const noexcept { return packers_; }
    const std::vector<Place>& markets() const noexcept { return markets_; }

    /// A number from `low` to `high`, both included; the same sequence for the same seed.
    int between(int low, int high);
    template <class T>
    const T& anyOf(const std::vector<T>& all) {
        return all[static_cast<std::size_t>(between(0, static_cast<int>(all.size()) - 1))];
    }
    /// The next logistic unit of the county: `urn:epc:id:sscc:…`.
    std::string nextSscc();

private:
    std::mt19937_64 random_;
    std::int64_t units_ = 0;
    std::vector<Product> products_;
    std::vector<Place> farms_, packers_, markets_;
};

/// `digits` with GS1's check digit behind them.
std::string withCheckDigit(std::string digits);

} // namespace dalate::simulator
