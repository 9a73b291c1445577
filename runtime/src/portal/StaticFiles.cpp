// SPDX-License-Identifier: Apache-2.0
#include "portal/StaticFiles.h"

#include "base/Sha256.h"

#include <Poco/DeflatingStream.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <fstream>
#include <iterator>
#include <sstream>
#include <utility>

namespace dalate::portal {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t maxBytes = 2 * 1024 * 1024;
constexpr std::size_t hashDigits = 8;
constexpr std::string_view root = "/static/";

/// Types by extension; what is not here is not served, so an upload or a note left in the folder never is.
constexpr std::array<std::pair<std::string_view, std::string_view>, 13> types{{
    {".css", "text/css; charset=utf-8"},
    {".mjs", "text/javascript; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
    {".svg", "image/svg+xml"},
    {".png", "image/png"},
    {".jpg", "image/jpeg"},
    {".webp", "image/webp"},
    {".ico", "image/x-icon"},
    {".woff2", "font/woff2"},
    {".json", "application/json"},
    {".geojson", "application/geo+json"},
    {".webmanifest", "application/manifest+json"},
    {".txt", "text/plain; charset=utf-8"},
}};

std::string_view typeOf(const std::string& extension) {
    for (const auto& [known, type] : types)
        if (known == extension) return type;
    return {};
}

std::string compressed(const std::string& bytes) {
    std::ostringstream out;
    Poco::DeflatingOutputStream gzip(out, Poco::DeflatingStreamBuf::STREAM_GZIP, 9);
    gzip.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    gzip.close();
    std::string result = out.str();
    return result.size() * 10 < bytes.size() * 9 ? result : std::string();
}

/// Whether a comma-separated field names `member` and does not refuse it with q=0.
bool accepts(std::string_view field, std::string_view member) {
    while (!field.empty()) {
        const std::size_t comma = field.find(',');
        std::string_view part = field.substr(0, comma);
        field = comma == std::string_view::npos ? std::string_view() : field.substr(comma + 1);
        while (!part.empty() && part.front() == ' ')
            part.remove_prefix(1);
        if (!part.starts_with(member)) continue;
        const std::string_view rest = part.substr(member.size());
        if (rest.empty()) return true;
        if (rest[0] != ';' && rest[0] != ' ') continue;
        const std::size_t q = rest.find("q=0");
        return q == std::string_view::npos ||
               rest.find_first_of("123456789", q + 3) != std::string_view::npos;
    }
    return false;
}

bool matches(std::string_view ifNoneMatch, std::string_view etag) {
    if (ifNoneMatch == "*") return true;
    // Weak comparison (RFC 9110, 8.8.3.2); tags have no commas, so the quoted tag is found whole or not at
    // all.
    return ifNoneMatch.find(etag.substr(2)) != std::string_view::npos;
}

/// `portal.1a2b3c4d.css` → `portal.css`; empty when the name carries no hash.
std::string withoutHash(std::string_view name) {
    const std::size_t dot = name.rfind('.');
    if (dot == std::string_view::npos || dot < hashDigits + 1) return {};
    const std::size_t hash = dot - hashDigits;
    if (name[hash - 1] != '.') return {};
    for (std::size_t i = hash; i < dot; ++i)
        if (!std::isxdigit(static_cast<unsigned char>(name[i]))) return {};
    return std::string(name.substr(0, hash - 1)) + std::string(name.substr(dot));
}

} // namespace

StaticFiles StaticFiles::with(std::string_view owner, const fs::path& folder, Problems& problems) const {
    StaticFiles next = without(owner);
    std::error_code ec;
    if (!fs::is_directory(folder, ec)) return next;
    const fs::path base = fs::canonical(folder, ec);
    const std::string prefix = owner.empty() ? std::string() : std::string(owner) + "/";
    for (const auto& entry : fs::recursive_directory_iterator(base)) {
        const std::string relative = fs::relative(entry.path(), base).generic_string();
        const auto refuse = [&](const char* what, const char* remedy) {
            problems.push_back({prefix + "static/" + relative, 0, what, remedy});
        };
        if (entry.is_symlink()) {
            refuse("a link in static/ could lead outside of it", "put the file itself there");
            continue;
        }
        if (!entry.is_regular_file()) continue;
        const std::string extension = entry.path().extension().string();
        const std::string_view type = typeOf(extension);
        if (type.empty()) {
            refuse("files of this type are not served", "remove it from static/");
            continue;
        }
        if (entry.file_size() > maxBytes) {
            refuse("the file is larger than 2 MiB", "make it smaller, or serve it from a route");
            continue;
        }
        std::ifstream in(entry.path(), std::ios::binary);
        auto file = std::make_shared<StaticFile>();
        file->bytes.assign(std::istreambuf_iterator<char>(in), {});
        const std::string digest = sha256Hex(file->bytes);
        const std::string name = prefix + relative;
        file->href = std::string(root) + name.substr(0, name.size() - extension.size()) + "." +
                     digest.substr(0, hashDigits) + extension;
        file->type = type;
        file->etag = "W/\"" + digest.substr(0, 24) + "\"";
        file->gzip = compressed(file->bytes);
        next.byHref_[file->href] = file;
        next.byName_[name] = std::move(file);
    }
    return next;
}

StaticFiles StaticFiles::without(std::string_view owner) const {
    StaticFiles next = *this;
    const std::string prefix = std::string(owner) + "/";
    std::erase_if(next.byName_, [&](const auto& entry) {
        // The core's files are those that no plugin's prefix could match; it is replaced as a whole only at
        // start.
        if (owner.empty() || !entry.first.starts_with(prefix)) return false;
        next.byHref_.erase(entry.second->href);
        return true;
    });
    return next;
}

const std::string* StaticFiles::href(std::string_view name) const {
    const auto found = byName_.find(name);
    return found == byName_.end() ? nullptr : &found->second->href;
}

StaticReply StaticFiles::answer(std::string_view path, std::string_view ifNoneMatch,
                                std::string_view acceptEncoding) const {
    StaticReply reply;
    reply.cacheControl = "no-cache";
    if (const auto found = byHref_.find(path); found != byHref_.end()) {
        reply.file = found->second;
        reply.cacheControl = "public, max-age=31536000, immutable";
        reply.status = matches(ifNoneMatch, reply.file->etag) ? 304 : 200;
        reply.compressed =
            reply.status == 200 && !reply.file->gzip.empty() && accepts(acceptEncoding, "gzip");
        return reply;
    }
    if (!path.starts_with(root)) return reply;
    const std::string_view name = path.substr(root.size());
    auto known = byName_.find(name);
    if (known == byName_.end()) known = byName_.find(withoutHash(name));
    if (known == byName_.end()) return reply;
    reply.status = 302;
    reply.location = known->second->href;
    return reply;
}

} // namespace dalate::portal
