// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <semaphore>
#include <string>
#include <string_view>

namespace dalate::services::files {

/// Pictures drawn anew by `dalate-picture`, a program of ours (runtime/picture) in a limited child: what
/// comes back was made from pixels and holds nothing else of what was sent (no place where it was taken, no
/// script behind the image's end). A program of its own rather than the libraries in the daemon: a decoder
/// that a crafted picture takes over can read its own input and write its own output, and nothing else. Any
/// thread.
class Pictures {
public:
    struct Options {
        /// Empty: no picture is taken.
        std::filesystem::path program;
        std::uint64_t maxPixels = 64'000'000;
        /// The longer side of a thumbnail.
        unsigned thumbSide = 480;
    };
    explicit Pictures(Options options) : options_(std::move(options)) {}

    /// A JPEG or PNG again as such, upright. Throws `Error` 422 `core.file.content` for what is no such
    /// picture, is damaged or too large, 503 `core.file.busy` where the program cannot be run.
    std::string anew(std::string_view picture) const;

    /// A small JPEG of a JPEG or PNG; empty where none can be made.
    std::string thumb(std::string_view picture) const;

private:
    struct Made {
        int code = -1;
        std::string bytes;
    };
    Made run(std::string_view task, std::string_view picture) const;

    Options options_;
    /// A picture may take some hundred megabytes while it is drawn.
    mutable std::counting_semaphore<2> places_{2};
};

/// A PDF's first page as a picture, by `pdftoppm` (poppler) in a limited child that opens no file of ours; a
/// PNG that is to be drawn anew like any other picture, or empty where none can be made.
std::string firstPage(const std::filesystem::path& pdftoppm, std::string_view pdf, unsigned side);

} // namespace dalate::services::files
