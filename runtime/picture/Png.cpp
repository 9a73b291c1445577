// SPDX-License-Identifier: Apache-2.0
// libpng (libpng licence), by its simplified interface: palettes, 16 bits and odd depths come out as 8 bits a
// channel.
#include "Formats.h"

#include <cstring>

#include <png.h>

namespace dalate::picture {

bool isPng(std::string_view bytes) noexcept {
    return bytes.starts_with("\x89PNG\r\n\x1a\n");
}

Raster readPng(std::string_view bytes, std::uint64_t maxPixels) {
    png_image image;
    std::memset(&image, 0, sizeof image);
    image.version = PNG_IMAGE_VERSION;
    if (!png_image_begin_read_from_memory(&image, bytes.data(), bytes.size())) refuse();
    if (std::uint64_t{image.width} * image.height > maxPixels) refuse();
    image.format &= PNG_FORMAT_FLAG_COLOR | PNG_FORMAT_FLAG_ALPHA;
    Raster raster{image.width, image.height, PNG_IMAGE_SAMPLE_CHANNELS(image.format), {}};
    raster.pixels.resize(std::size_t{raster.width} * raster.height * raster.channels);
    if (!png_image_finish_read(&image, nullptr, raster.pixels.data(),
                               static_cast<png_int_32>(raster.width * raster.channels), nullptr))
        refuse();
    return raster;
}

std::string writePng(const Raster& raster) {
    png_image image;
    std::memset(&image, 0, sizeof image);
    image.version = PNG_IMAGE_VERSION;
    image.width = raster.width;
    image.height = raster.height;
    image.format = (raster.channels >= 3 ? PNG_FORMAT_FLAG_COLOR : 0u) |
                   (raster.channels % 2 == 0 ? PNG_FORMAT_FLAG_ALPHA : 0u);
    const auto row = static_cast<png_int_32>(raster.width * raster.channels);
    png_alloc_size_t size = PNG_IMAGE_PNG_SIZE_MAX(image);
    std::string bytes(size, '\0');
    if (!png_image_write_to_memory(&image, bytes.data(), &size, 0, raster.pixels.data(), row, nullptr))
        refuse();
    bytes.resize(size);
    return bytes;
}

} // namespace dalate::picture
