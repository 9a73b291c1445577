// SPDX-License-Identifier: Apache-2.0
//
// Style sheets, scripts, pictures and fonts of the core and of the plugins, held in memory with their
// compressed form. A file `portal.css` is served as `/static/portal.<hash>.css`, a plugin's `map.mjs` as
// `/static/<plugin>/map.<hash>.mjs`, where <hash> is the first 8 hex digits of the content's SHA-256. The
// address changes with the content, so browsers keep it for ever (RFC 8246). Nothing is read from disk after
// loading, so no address can lead outside the folder.
#pragma once

#include "portal/Problem.h"

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace dalate::portal {

/// One file in memory.
struct StaticFile {
    /// The whole address, `/static/portal.1a2b3c4d.css`.
    std::string href;
    std::string type;
    /// Weak validator (RFC 9110, 8.8.3): one for the file and its compressed form.
    std::string etag;
    std::string bytes;
    /// Empty where compressing saves less than a tenth.
    std::string gzip;
};

/// What to answer for a path under `/static/`.
struct StaticReply {
    /// 200, 304, 302 (a known name under no hash or an old one) or 404.
    int status = 404;
    /// Of 200 and 304. Keeps the file alive while the answer is written.
    std::shared_ptr<const StaticFile> file;
    /// `file->gzip` goes out, with `Content-Encoding: gzip`; otherwise `file->bytes`.
    bool compressed = false;
    /// Of 302.
    std::string location;
    std::string_view cacheControl;
};

/// An immutable set of all files in force. Safe to read from any thread.
class StaticFiles {
public:
    StaticFiles() = default;

    /// This set with the files of `owner` (empty: the core's) from `folder` in place of what it had. A
    /// missing folder brings none. Refused into `problems`: links that leave the folder, unknown types, files
    /// above 2 MiB.
    StaticFiles with(std::string_view owner, const std::filesystem::path& folder, Problems& problems) const;

    /// This set without the files of `owner`.
    StaticFiles without(std::string_view owner) const;

    /// The address of `portal.css` or `<plugin>/map.mjs`; null when there is no such file.
    const std::string* href(std::string_view name) const;

    /// Decides on a GET or HEAD of `path` (with `/static/` in front, without query). `ifNoneMatch` and
    /// `acceptEncoding` are the fields' values or empty.
    StaticReply answer(std::string_view path, std::string_view ifNoneMatch,
                       std::string_view acceptEncoding) const;

private:
    using ByName = std::map<std::string, std::shared_ptr<const StaticFile>, std::less<>>;

    ByName byName_;
    ByName byHref_;
};

} // namespace dalate::portal
