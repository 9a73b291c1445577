// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "Raster.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace dalate::picture {

/// Ends the program: the picture is at fault (damaged, too large, of a kind that is not taken).
[[noreturn]] void refuse() noexcept;

bool isJpeg(std::string_view bytes) noexcept;
bool isPng(std::string_view bytes) noexcept;

/// Upright pixels of a whole JPEG, grey or RGB. `side` is not 0: may be drawn at a fraction, no smaller than
/// that. Refuses more than `maxPixels`, and a file that ends before its picture does.
Raster readJpeg(std::string_view bytes, std::uint64_t maxPixels, unsigned side);
std::string writeJpeg(const Raster& raster, int quality);

Raster readPng(std::string_view bytes, std::uint64_t maxPixels);
std::string writePng(const Raster& raster);

} // namespace dalate::picture
