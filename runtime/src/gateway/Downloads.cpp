// SPDX-License-Identifier: Apache-2.0
#include "gateway/Downloads.h"

#include "gateway/ByteRange.h"
#include "gateway/FormFields.h"
#include "gateway/Headers.h"
#include "services/files/FileName.h"
#include "storage/Session.h"
#include "storage/Tx.h"

#include <charconv>

namespace dalate::gateway {

namespace {

using services::files::File;

std::optional<std::int64_t> idOf(const Visit& visit) noexcept {
    const std::string& text = visit.params.front().second;
    std::int64_t id = 0;
    const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), id);
    return fault == std::errc{} && end == text.data() + text.size() && id > 0 ? std::optional(id)
                                                                              : std::nullopt;
}

std::string typeOf(const File& file, bool thumb) {
    if (thumb) return "image/jpeg";
    return file.type.starts_with("text/") ? file.type + "; charset=utf-8" : file.type;
}

} // namespace

void Downloads::addTo(CorePages& pages) {
    pages.add({"GET", "/files/{id}", {}, [this](Visit& visit) { answer(visit); }});
}

void Downloads::answer(Visit& visit) const {
    std::optional<File> file;
    if (const auto id = idOf(visit)) {
        auto lease = parts_.pool.lease();
        storage::Tx tx(*lease, storage::Tx::Mode::read);
        file = parts_.files->find(tx, *id);
        if (file && !parts_.files->mayRead(tx, visit.who.principal, *file)) file.reset();
    }
    const bool thumb = firstOf(visit.query, "thumb") != nullptr;
    if (file && !(thumb && file->thumb.empty())) {
        send(visit, *file);
        return;
    }
    if (!file && visit.who.principal.isAnonymous()) {
        refusals_.signInFirst(visit.response, visit.who);
        return;
    }
    throw Error(404, "core.request.unknown");
}

void Downloads::send(Visit& visit, const File& file) const {
    http::Response& response = visit.response;
    const bool thumb = firstOf(visit.query, "thumb") != nullptr;
    auto opened = thumb ? parts_.files->openThumb(file) : parts_.files->open(file);
    setSecurityHeaders(response, visit.who);
    // Not the portal's policy: whatever the file is, opened in a browser it may load and run nothing.
    response.set("Content-Security-Policy", "default-src 'none'; sandbox; frame-ancestors 'none'");
    response.set("Content-Disposition",
                 services::files::attachmentNamed(thumb ? file.name + ".jpg" : file.name));
    response.set("Accept-Ranges", "bytes");
    const std::string tag = "\"" + (thumb ? file.thumb : file.sha256) + "\"";
    if (file.visibility == services::files::Visibility::open) {
        response.set("Cache-Control", "public, no-cache");
        response.set("ETag", tag);
        if (namesTag(visit.request.header("If-None-Match").value_or(std::string_view()), tag)) {
            response.status(304);
            return;
        }
    } else {
        response.set("Cache-Control", "no-store");
    }
    // The bytes under an id never change; only a validator of something else says that the rest is not
    // wanted.
    const auto ifRange = visit.request.header("If-Range");
    const ByteRange range =
        rangeOf(ifRange && *ifRange != tag ? std::nullopt : visit.request.header("Range"), opened.size);
    if (range.kind == ByteRange::Kind::unsatisfiable) {
        response.status(416);
        response.set("Content-Range", "bytes */" + std::to_string(opened.size));
        return;
    }
    response.set("Content-Type", typeOf(file, thumb));
    if (range.kind == ByteRange::Kind::part) {
        response.status(206);
        response.set("Content-Range", "bytes " + std::to_string(range.offset) + "-" +
                                          std::to_string(range.offset + range.length - 1) + "/" +
                                          std::to_string(opened.size));
    }
    response.sendFile(opened.file.release(), range.offset, range.length);
}

} // namespace dalate::gateway
