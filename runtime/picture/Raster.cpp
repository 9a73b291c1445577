// SPDX-License-Identifier: Apache-2.0
#include "Raster.h"

#include <algorithm>

namespace dalate::picture {

Raster upright(Raster raster, unsigned orientation) {
    if (orientation < 2 || orientation > 8) return raster;
    const bool swapped = orientation >= 5;
    Raster turned{
        swapped ? raster.height : raster.width, swapped ? raster.width : raster.height, raster.channels, {}};
    turned.pixels.resize(raster.pixels.size());
    const unsigned right = raster.width - 1, bottom = raster.height - 1;
    for (unsigned y = 0; y < turned.height; ++y)
        for (unsigned x = 0; x < turned.width; ++x) {
            unsigned fromX = swapped ? y : x, fromY = swapped ? x : y;
            if (orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8)
                fromX = right - fromX;
            if (orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7)
                fromY = bottom - fromY;
            std::copy_n(raster.at(fromX, fromY), raster.channels, turned.at(x, y));
        }
    return turned;
}

Raster reduced(const Raster& raster, unsigned side) {
    const unsigned longer = std::max(raster.width, raster.height);
    const bool smaller = longer > side;
    const auto scaled = [&](unsigned length) {
        return smaller ? std::max(1u, static_cast<unsigned>(std::uint64_t{length} * side / longer)) : length;
    };
    const bool alpha = raster.channels == 2 || raster.channels == 4;
    Raster small{
        scaled(raster.width), scaled(raster.height), alpha ? raster.channels - 1 : raster.channels, {}};
    small.pixels.resize(std::size_t{small.width} * small.height * small.channels);
    for (unsigned y = 0; y < small.height; ++y) {
        const auto top = static_cast<unsigned>(std::uint64_t{y} * raster.height / small.height);
        const auto end = static_cast<unsigned>(std::uint64_t{y + 1} * raster.height / small.height);
        for (unsigned x = 0; x < small.width; ++x) {
            const auto left = static_cast<unsigned>(std::uint64_t{x} * raster.width / small.width);
            const auto stop = static_cast<unsigned>(std::uint64_t{x + 1} * raster.width / small.width);
            std::uint64_t sums[3] = {0, 0, 0};
            for (unsigned fromY = top; fromY < end; ++fromY)
                for (unsigned fromX = left; fromX < stop; ++fromX) {
                    const std::uint8_t* pixel = raster.at(fromX, fromY);
                    const unsigned opaque = alpha ? pixel[small.channels] : 255;
                    for (unsigned c = 0; c < small.channels; ++c)
                        sums[c] += pixel[c] * opaque + 255 * (255 - opaque);
                }
            const std::uint64_t count = std::uint64_t{end - top} * (stop - left) * 255;
            for (unsigned c = 0; c < small.channels; ++c)
                small.at(x, y)[c] = static_cast<std::uint8_t>(sums[c] / count);
        }
    }
    return small;
}

} // namespace dalate::picture
