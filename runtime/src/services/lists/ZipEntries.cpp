// SPDX-License-Identifier: Apache-2.0
#include "services/lists/ZipEntries.h"

#include "base/Result.h"

#include <zlib.h>

#include <algorithm>

namespace dalate::services::lists {

namespace {

[[noreturn]] void damaged() {
    throw Error(422, "core.import.unreadable", Value::map([](MapWriter& m) { m.set("fault", "archive"); }));
}

std::uint32_t number(std::string_view bytes, std::size_t at, std::size_t octets) {
    if (at > bytes.size() || bytes.size() - at < octets) damaged();
    std::uint32_t value = 0;
    for (std::size_t i = octets; i-- > 0;)
        value = value << 8 | static_cast<unsigned char>(bytes[at + i]);
    return value;
}

std::string_view piece(std::string_view bytes, std::size_t at, std::size_t octets) {
    if (at > bytes.size() || bytes.size() - at < octets) damaged();
    return bytes.substr(at, octets);
}

constexpr std::uint32_t endMark = 0x06054b50, directoryMark = 0x02014b50, entryMark = 0x04034b50;
constexpr std::size_t endOctets = 22, directoryOctets = 46, entryOctets = 30;

/// The end of the directory stands last but for a comment of at most 65,535 octets.
std::size_t endOf(std::string_view bytes) {
    if (bytes.size() < endOctets) damaged();
    const std::size_t least = bytes.size() - std::min<std::size_t>(bytes.size(), endOctets + 65'535);
    for (std::size_t at = bytes.size() - endOctets + 1; at-- > least;)
        if (number(bytes, at, 4) == endMark) return at;
    damaged();
}

struct Inflater {
    z_stream stream{};
    Inflater() {
        if (inflateInit2(&stream, -MAX_WBITS) != Z_OK) damaged();
    }
    ~Inflater() { inflateEnd(&stream); }
};

void inflate(std::string_view packed, std::uint64_t most, const std::function<void(std::string_view)>& take) {
    Inflater inflater;
    z_stream& z = inflater.stream;
    z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
    z.avail_in = static_cast<uInt>(packed.size());
    char buffer[64 * 1024];
    std::uint64_t given = 0;
    for (int state = Z_OK; state != Z_STREAM_END;) {
        z.next_out = reinterpret_cast<Bytef*>(buffer);
        z.avail_out = sizeof buffer;
        state = ::inflate(&z, Z_NO_FLUSH);
        const std::size_t got = sizeof buffer - z.avail_out;
        if ((state != Z_OK && state != Z_STREAM_END) || (state == Z_OK && got == 0 && z.avail_in == 0))
            damaged();
        given += got;
        if (given > most) throw Error(413, "core.import.size");
        take({buffer, got});
    }
}

} // namespace

bool ZipEntries::read(std::string_view name, std::uint64_t most,
                      const std::function<void(std::string_view)>& take) const {
    const std::size_t end = endOf(archive_);
    std::size_t at = number(archive_, end + 16, 4);
    for (std::uint32_t left = number(archive_, end + 10, 2); left > 0; --left) {
        if (number(archive_, at, 4) != directoryMark) damaged();
        const std::size_t nameOctets = number(archive_, at + 28, 2);
        const std::size_t next =
            at + directoryOctets + nameOctets + number(archive_, at + 30, 2) + number(archive_, at + 32, 2);
        if (piece(archive_, at + directoryOctets, nameOctets) != name) {
            at = next;
            continue;
        }
        const std::uint32_t flags = number(archive_, at + 8, 2), method = number(archive_, at + 10, 2);
        const std::size_t packed = number(archive_, at + 20, 4), place = number(archive_, at + 42, 4);
        if ((flags & 1) != 0 || number(archive_, place, 4) != entryMark) damaged();
        const std::size_t begin =
            place + entryOctets + number(archive_, place + 26, 2) + number(archive_, place + 28, 2);
        const std::string_view bytes = piece(archive_, begin, packed);
        if (method == 8) {
            inflate(bytes, most, take);
        } else if (method == 0) {
            if (bytes.size() > most) throw Error(413, "core.import.size");
            take(bytes);
        } else {
            damaged();
        }
        return true;
    }
    return false;
}

} // namespace dalate::services::lists
