// SPDX-License-Identifier: Apache-2.0
// dalate-picture anew|thumb MAX_PIXELS THUMB_SIDE — reads a JPEG or PNG from standard input, draws it anew
// and writes it to standard output: in its own format, or as a small JPEG. Only pixels pass. Exit code 3: the
// picture's fault. Run by the daemon with limits (services/files/LimitedChild.h); it puts itself into a cage
// besides.
#include "Cage.h"
#include "Formats.h"

#include <cstdlib>
#include <string>
#include <string_view>

#include <unistd.h>

namespace dalate::picture {

void refuse() noexcept {
    ::_exit(3);
}

} // namespace dalate::picture

namespace {

using namespace dalate::picture;

constexpr int keptQuality = 90, thumbQuality = 80;

std::string readAll() {
    std::string bytes;
    char buffer[65536];
    ssize_t count = 0;
    while ((count = ::read(0, buffer, sizeof buffer)) > 0)
        bytes.append(buffer, static_cast<std::size_t>(count));
    if (count < 0) ::_exit(1);
    return bytes;
}

void writeAll(std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t count = ::write(1, bytes.data(), bytes.size());
        if (count < 0) ::_exit(1);
        bytes.remove_prefix(static_cast<std::size_t>(count));
    }
}

std::string drawn(std::string_view task, std::string_view bytes, std::uint64_t maxPixels, unsigned side) {
    const bool thumb = task == "thumb";
    if (!isJpeg(bytes) && !isPng(bytes)) refuse();
    const Raster raster =
        isJpeg(bytes) ? readJpeg(bytes, maxPixels, thumb ? side : 0) : readPng(bytes, maxPixels);
    if (thumb) return writeJpeg(reduced(raster, side), thumbQuality);
    return isJpeg(bytes) ? writeJpeg(raster, keptQuality) : writePng(raster);
}

} // namespace

int main(int count, char** arguments) {
    if (count != 4) return 2;
    const std::string_view task = arguments[1];
    const std::uint64_t maxPixels = std::strtoull(arguments[2], nullptr, 10);
    const auto side = static_cast<unsigned>(std::strtoul(arguments[3], nullptr, 10));
    if ((task != "anew" && task != "thumb") || maxPixels == 0 || side == 0) return 2;
    if (!enterCage()) return 4;
    try {
        writeAll(drawn(task, readAll(), maxPixels, side));
    } catch (const std::exception&) {
        refuse(); // out of memory: more than a picture of that many pixels needs
    }
    ::_exit(0);
}
