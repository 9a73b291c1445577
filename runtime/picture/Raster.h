// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace dalate::picture {

/// Pixels, row by row, without padding; 8 bits a channel.
struct Raster {
    unsigned width = 0, height = 0;
    /// 1 grey, 2 grey and alpha, 3 RGB, 4 RGB and alpha.
    unsigned channels = 0;
    std::vector<std::uint8_t> pixels;

    const std::uint8_t* at(unsigned x, unsigned y) const noexcept {
        return pixels.data() + (static_cast<std::size_t>(y) * width + x) * channels;
    }
    std::uint8_t* at(unsigned x, unsigned y) noexcept {
        return pixels.data() + (static_cast<std::size_t>(y) * width + x) * channels;
    }
};

/// Turned and mirrored as a camera's orientation says (EXIF 2.32, tag 0x0112; 1 to 8).
Raster upright(Raster raster, unsigned orientation);

/// On white, no side longer than `side`, by the mean of the pixels that fall together; never enlarged.
Raster reduced(const Raster& raster, unsigned side);

} // namespace dalate::picture
