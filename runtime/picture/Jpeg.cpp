// SPDX-License-Identifier: Apache-2.0
// libjpeg-turbo (BSD-style licence). Its error handler must not return; here it ends the program, which has
// nothing else to do than this one picture.
#include "Formats.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include <jerror.h>
#include <jpeglib.h>

namespace dalate::picture {

namespace {

constexpr std::size_t exifLimit = 65533;

void onError(j_common_ptr) {
    refuse();
}

void onMessage(j_common_ptr info, int level) {
    // Where the data end too early libjpeg would fill the rest with grey.
    if (level < 0 && info->err->msg_code == JWRN_JPEG_EOF) refuse();
}

jpeg_error_mgr* strict(jpeg_error_mgr& errors) {
    jpeg_std_error(&errors);
    errors.error_exit = &onError;
    errors.emit_message = &onMessage;
    return &errors;
}

/// Numbers of a TIFF in either byte order; 0 beyond its end.
class Tiff {
public:
    explicit Tiff(std::string_view bytes) : bytes_(bytes), little_(bytes.starts_with("II")) {}
    std::uint32_t number(std::size_t at, unsigned size) const noexcept {
        if (at > bytes_.size() || bytes_.size() - at < size) return 0;
        std::uint32_t value = 0;
        for (unsigned i = 0; i < size; ++i)
            value = value << 8 | static_cast<unsigned char>(bytes_[little_ ? at + size - 1 - i : at + i]);
        return value;
    }

private:
    std::string_view bytes_;
    bool little_;
};

/// The orientation of the first image directory; 1 where none is told.
unsigned orientationOf(const jpeg_decompress_struct& info) noexcept {
    for (const jpeg_marker_struct* marker = info.marker_list; marker; marker = marker->next) {
        const std::string_view data(reinterpret_cast<const char*>(marker->data), marker->data_length);
        constexpr std::string_view exif("Exif\0\0", 6);
        if (!data.starts_with(exif)) continue;
        const Tiff tiff(data.substr(exif.size()));
        const std::size_t directory = tiff.number(4, 4);
        const unsigned entries = tiff.number(directory, 2);
        for (unsigned i = 0; i < entries && i < 512; ++i) {
            const std::size_t entry = directory + 2 + std::size_t{i} * 12;
            if (tiff.number(entry, 2) == 0x0112) return tiff.number(entry + 8, 2);
        }
    }
    return 1;
}

} // namespace

bool isJpeg(std::string_view bytes) noexcept {
    return bytes.starts_with("\xff\xd8\xff");
}

Raster readJpeg(std::string_view bytes, std::uint64_t maxPixels, unsigned side) {
    jpeg_decompress_struct info;
    jpeg_error_mgr errors;
    std::memset(&info, 0, sizeof info);
    info.err = strict(errors);
    jpeg_create_decompress(&info);
    jpeg_mem_src(&info, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
    jpeg_save_markers(&info, JPEG_APP0 + 1, exifLimit);
    jpeg_read_header(&info, TRUE);
    const std::uint64_t longer = std::max(info.image_width, info.image_height);
    if (std::uint64_t{info.image_width} * info.image_height > maxPixels) refuse();
    info.out_color_space = info.num_components == 1 ? JCS_GRAYSCALE : JCS_RGB;
    info.scale_num = 1;
    info.scale_denom = 1;
    while (side != 0 && info.scale_denom < 8 && longer / (info.scale_denom * 2) >= side)
        info.scale_denom *= 2;
    jpeg_start_decompress(&info);
    Raster raster{info.output_width, info.output_height, static_cast<unsigned>(info.output_components), {}};
    const std::size_t row = std::size_t{raster.width} * raster.channels;
    raster.pixels.resize(row * raster.height);
    while (info.output_scanline < info.output_height) {
        JSAMPROW line = raster.pixels.data() + row * info.output_scanline;
        jpeg_read_scanlines(&info, &line, 1);
    }
    const unsigned orientation = orientationOf(info);
    jpeg_finish_decompress(&info);
    jpeg_destroy_decompress(&info);
    return upright(std::move(raster), orientation);
}

std::string writeJpeg(const Raster& raster, int quality) {
    jpeg_compress_struct info;
    jpeg_error_mgr errors;
    std::memset(&info, 0, sizeof info);
    info.err = strict(errors);
    jpeg_create_compress(&info);
    unsigned char* out = nullptr;
    unsigned long size = 0;
    jpeg_mem_dest(&info, &out, &size);
    info.image_width = raster.width;
    info.image_height = raster.height;
    info.input_components = static_cast<int>(raster.channels);
    info.in_color_space = raster.channels == 1 ? JCS_GRAYSCALE : JCS_RGB;
    jpeg_set_defaults(&info);
    jpeg_set_quality(&info, quality, TRUE);
    info.optimize_coding = TRUE;
    jpeg_start_compress(&info, TRUE);
    const std::size_t row = std::size_t{raster.width} * raster.channels;
    while (info.next_scanline < info.image_height) {
        JSAMPROW line = const_cast<JSAMPROW>(raster.pixels.data() + row * info.next_scanline);
        jpeg_write_scanlines(&info, &line, 1);
    }
    jpeg_finish_compress(&info);
    jpeg_destroy_compress(&info);
    std::string bytes(reinterpret_cast<const char*>(out), size);
    std::free(out);
    return bytes;
}

} // namespace dalate::picture
