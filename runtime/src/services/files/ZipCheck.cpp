// SPDX-License-Identifier: Apache-2.0
#include "services/files/ZipCheck.h"

#include "base/Utf8.h"

#include <zlib.h>

#include <algorithm>
#include <limits>
#include <memory>
#include <vector>

namespace dalate::services::files {

namespace {

constexpr std::size_t endSize = 22, entrySize = 46, localSize = 30;
constexpr std::uint64_t ratioFrom = 1 << 20;

std::uint32_t number(std::string_view bytes, std::size_t at, std::size_t size) noexcept {
    std::uint32_t value = 0;
    for (std::size_t i = size; i-- > 0;)
        value = value << 8 | static_cast<unsigned char>(bytes[at + i]);
    return value;
}

struct Entry {
    std::string_view name;
    unsigned flags = 0, method = 0;
    std::uint64_t stored = 0, inflated = 0, local = 0;
};

/// The end record is the last thing in the file; a comment may follow it, something before the archive may
/// not stand (a program that unpacks itself).
std::size_t endRecord(std::string_view zip) noexcept {
    if (zip.size() < endSize) return std::string_view::npos;
    const std::size_t furthest = zip.size() - std::min<std::size_t>(zip.size(), endSize + 0xffff);
    for (std::size_t at = zip.size() - endSize + 1; at-- > furthest;)
        if (zip.substr(at, 4) == "PK\5\6" && at + endSize + number(zip, at + 20, 2) == zip.size()) return at;
    return std::string_view::npos;
}

bool isPlainName(std::string_view name) noexcept {
    if (name.empty() || name.size() > 1024 || name.front() == '/' ||
        name.find('\\') != std::string_view::npos || name.find('\0') != std::string_view::npos ||
        name.find(':') != std::string_view::npos)
        return false;
    while (!name.empty()) {
        const std::size_t slash = name.find('/');
        const std::string_view part = name.substr(0, slash);
        if (part == "..") return false;
        name.remove_prefix(slash == std::string_view::npos ? name.size() : slash + 1);
    }
    return true;
}

/// Inflates and counts; npos of the type where the data are damaged or exceed `most`.
constexpr std::uint64_t broken = std::numeric_limits<std::uint64_t>::max();
std::uint64_t inflatedSize(std::string_view data, std::uint64_t most) {
    z_stream stream{};
    if (inflateInit2(&stream, -MAX_WBITS) != Z_OK) return broken;
    const std::unique_ptr<z_stream, int (*)(z_stream*)> owned(&stream, &inflateEnd);
    std::vector<unsigned char> buffer(1 << 17);
    std::uint64_t total = 0;
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(data.data()));
    stream.avail_in = static_cast<uInt>(data.size());
    while (true) {
        stream.next_out = buffer.data();
        stream.avail_out = static_cast<uInt>(buffer.size());
        const int result = inflate(&stream, Z_NO_FLUSH);
        total += buffer.size() - stream.avail_out;
        if (total > most) return total;
        if (result == Z_STREAM_END) return stream.avail_in == 0 ? total : broken;
        if (result != Z_OK || (stream.avail_in == 0 && stream.avail_out > 0)) return broken;
    }
}

class Check {
public:
    Check(std::string_view zip, std::string_view needed, const ZipLimits& limits)
        : zip_(zip), needed_(needed), limits_(limits) {}

    std::string run() {
        const std::size_t end = endRecord(zip_);
        if (end == std::string_view::npos || !zip_.starts_with("PK")) return "damaged";
        const std::size_t count = number(zip_, end + 10, 2);
        const std::uint64_t size = number(zip_, end + 12, 4), from = number(zip_, end + 16, 4);
        // Several volumes and ZIP64 are for archives larger than we take.
        if (number(zip_, end + 4, 2) != 0 || number(zip_, end + 8, 2) != count || count == 0xffff)
            return "damaged";
        if (from + size > end) return "damaged";
        if (count > limits_.entries) return "too_large";
        if (std::string fault = readDirectory(from, from + size, count); !fault.empty()) return fault;
        directory_ = from;
        return readEntries();
    }

private:
    std::string readDirectory(std::uint64_t at, std::uint64_t end, std::size_t count) {
        bool found = needed_.empty();
        for (std::size_t i = 0; i < count; ++i) {
            if (at + entrySize > end || zip_.substr(at, 4) != "PK\1\2") return "damaged";
            const std::size_t names = number(zip_, at + 28, 2);
            const std::size_t more = names + number(zip_, at + 30, 2) + number(zip_, at + 32, 2);
            if (at + entrySize + more > end) return "damaged";
            Entry entry{zip_.substr(at + entrySize, names), number(zip_, at + 8, 2),
                        number(zip_, at + 10, 2),           number(zip_, at + 20, 4),
                        number(zip_, at + 24, 4),           number(zip_, at + 42, 4)};
            if (!isPlainName(entry.name)) return "entry_name";
            if (entry.flags & 1) return "encrypted";
            if (entry.method != 0 && entry.method != 8) return "method";
            found |= entry.name == needed_;
            // An office document with a program inside carries another extension than the ones taken.
            if (!needed_.empty() && entry.name.ends_with("vbaProject.bin")) return "macros";
            entries_.push_back(entry);
            at += entrySize + more;
        }
        if (at != end) return "damaged";
        return found ? "" : "missing";
    }

    std::string readEntries() {
        std::sort(entries_.begin(), entries_.end(),
                  [](const Entry& a, const Entry& b) { return a.local < b.local; });
        std::uint64_t before = 0, inflated = 0, stored = 0;
        for (const Entry& entry : entries_) {
            if (entry.local < before || entry.local + localSize > directory_ ||
                zip_.substr(entry.local, 4) != "PK\3\4")
                return "damaged";
            const std::uint64_t data = entry.local + localSize + number(zip_, entry.local + 26, 2) +
                                       number(zip_, entry.local + 28, 2);
            if (data + entry.stored > directory_) return "damaged";
            // Two readers must see one name.
            if (zip_.substr(entry.local + localSize, number(zip_, entry.local + 26, 2)) != entry.name)
                return "damaged";
            before = data + entry.stored;
            const std::uint64_t most = limits_.inflated - inflated;
            const std::uint64_t size =
                entry.method == 0 ? entry.stored : inflatedSize(zip_.substr(data, entry.stored), most);
            if (size == broken) return "damaged";
            inflated += size;
            stored += std::max<std::uint64_t>(entry.stored, 1);
            if (inflated > limits_.inflated || size > most) return "too_large";
            if (inflated > ratioFrom && inflated / stored > limits_.ratio) return "too_large";
            if (size != entry.inflated) return "damaged";
        }
        return {};
    }

    std::string_view zip_, needed_;
    const ZipLimits& limits_;
    std::uint64_t directory_ = 0;
    std::vector<Entry> entries_;
};

} // namespace

std::string zipFault(std::string_view archive, std::string_view neededEntry, const ZipLimits& limits) {
    return Check(archive, neededEntry, limits).run();
}

} // namespace dalate::services::files
