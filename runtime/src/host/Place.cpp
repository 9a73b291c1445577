// SPDX-License-Identifier: Apache-2.0
#include "host/Place.h"

#include "base/Result.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <system_error>

namespace dalate::host {

namespace {

constexpr std::uintmax_t dataFileLimit = 64u << 20;

bool isPlainPath(std::string_view path) {
    if (path.empty() || path.size() > 255 || path.find('\0') != std::string_view::npos) return false;
    for (std::size_t at = 0; at <= path.size();) {
        const std::size_t end = std::min(path.find('/', at), path.size());
        const std::string_view part = path.substr(at, end - at);
        if (part.empty() || part == "." || part == "..") return false;
        at = end + 1;
    }
    return true;
}

Error dataError(int status, std::string id, std::string_view path) {
    return Error(status, std::move(id),
                 Value::map([&](MapWriter& m) { m.set("file", path.substr(0, 255)); }));
}

std::string readWhole(const std::filesystem::path& folder, std::string_view path) {
    namespace fs = std::filesystem;
    std::error_code fault;
    const fs::path root = fs::canonical(folder / "data", fault);
    if (fault) throw dataError(404, "core.data.unknown", path);
    const fs::path file = fs::canonical(root / path, fault);
    if (fault || !fs::is_regular_file(file, fault)) throw dataError(404, "core.data.unknown", path);
    // A link that leads out of the folder would let a package read what the daemon may read.
    if (std::mismatch(root.begin(), root.end(), file.begin(), file.end()).first != root.end())
        throw dataError(400, "core.data.path", path);
    if (fs::file_size(file, fault) > dataFileLimit || fault) throw dataError(413, "core.data.size", path);
    std::ifstream in(file, std::ios::binary);
    std::string bytes{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
    if (!in.good() && !in.eof()) throw dataError(500, "core.data.unreadable", path);
    return bytes;
}

} // namespace

Place::Place(Surroundings surroundings, PlaceSpec spec)
    : surroundings_(std::move(surroundings)), spec_(std::move(spec)), rules_(spec_.plugin, spec_.tables),
      own_(spec_.permissions) {}

bool Place::holds(const identity::Principal& principal, std::string_view id) const {
    if (own_.find(id)) return own_.holds(principal, id);
    const auto inForce = surroundings_.permissions();
    return inForce && inForce->holds(principal, id);
}

const identity::Permission* Place::permission(std::string_view id) const noexcept {
    for (const identity::Permission& permission : spec_.permissions)
        if (permission.id == id) return &permission;
    return nullptr;
}

const std::string* Place::setting(std::string_view name) const noexcept {
    const auto at = spec_.settings.find(name);
    return at == spec_.settings.end() ? nullptr : &at->second;
}

bool Place::mayUse(std::string_view nameMajor) const noexcept {
    return std::find(spec_.uses.begin(), spec_.uses.end(), nameMajor) != spec_.uses.end();
}

std::string_view Place::dataFile(std::string_view path) {
    if (!isPlainPath(path)) throw dataError(400, "core.data.path", path);
    // Files are read at start, one plugin at a time: holding the lock over the read keeps each file read
    // once.
    const std::lock_guard lock(mutex_);
    if (const auto kept = files_.find(path); kept != files_.end()) return kept->second;
    return files_.emplace(std::string(path), readWhole(spec_.folder, path)).first->second;
}

} // namespace dalate::host
