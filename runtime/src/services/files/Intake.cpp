// SPDX-License-Identifier: Apache-2.0
#include "services/files/Intake.h"

#include "base/Ids.h"
#include "base/Log.h"
#include "base/Result.h"
#include "base/Utf8.h"
#include "services/files/FileName.h"
#include "services/files/FileTypes.h"
#include "services/files/Sniff.h"
#include "storage/Tx.h"

#include <algorithm>

namespace dalate::services::files {

namespace {

std::string_view withoutParameters(std::string_view type) noexcept {
    type = type.substr(0, type.find(';'));
    while (type.ends_with(' ') || type.ends_with('\t'))
        type.remove_suffix(1);
    return type;
}

bool agrees(const FileType& type, std::string_view declared) noexcept {
    declared = withoutParameters(declared);
    return declared.empty() || hasWord("application/octet-stream", declared) ||
           hasWord(type.mediaType, declared) || hasWord(type.aliases, declared);
}

/// Text is what can be shown: a byte that no text has makes it something else, whatever the name says.
bool isText(std::string_view bytes) noexcept {
    return std::none_of(bytes.begin(), bytes.end(), [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte < 0x20 && c != '\t' && c != '\r' && c != '\n' && c != '\f';
    });
}

[[noreturn]] void refuseContent(std::string_view name, std::string_view fault) {
    throw Error(422, "core.file.content",
                Value::map([&](MapWriter& m) { m.set("name", name).set("fault", fault); }));
}

} // namespace

Intake::Intake(IntakeOptions options, Blobs& blobs)
    : options_(std::move(options)), blobs_(blobs), pictures_(options_.pictures), scanner_(options_.scanner) {}

void Intake::refuseType(std::string_view name) const {
    std::string taken;
    for (const FileType& type : fileTypes()) {
        if (!options_.types.empty() &&
            std::find(options_.types.begin(), options_.types.end(), type.name) == options_.types.end())
            continue;
        if (!taken.empty()) taken += ", ";
        taken += type.name;
    }
    throw Error(422, "core.file.type",
                Value::map([&](MapWriter& m) { m.set("name", name).set("types", taken); }));
}

Upload Intake::take(const Part& part) {
    // Scanning, drawing and syncing take their time: nobody may wait for a writer's turn meanwhile.
    if (storage::Tx::openOnThisThread()) throw Error(409, "core.host.tx_open");
    Upload upload;
    upload.name = fileName(part.name).take();
    upload.field = part.field;
    const Value named = Value::map([&](MapWriter& m) {
        m.set("name", upload.name).set("mib", static_cast<std::int64_t>(options_.maxBytes >> 20));
    });
    if (part.bytes.empty()) throw Error(422, "core.file.empty", named);
    if (part.bytes.size() > options_.maxBytes) throw Error(413, "core.file.size", named);
    const FileType* type = typeByName(upload.name);
    if (type == nullptr || !agrees(*type, part.declaredType)) refuseType(upload.name);
    if (!options_.types.empty() &&
        std::find(options_.types.begin(), options_.types.end(), type->name) == options_.types.end())
        refuseType(upload.name);
    scanner_.scan(part.bytes);

    const std::string content = sniffed(part.bytes);
    // Of a text of one letter libmagic says nothing.
    const bool shortText = type->kind == Kind::text && content == "application/octet-stream" &&
                           findInvalidUtf8(part.bytes) == std::string_view::npos;
    if (!shortText && !hasWord(type->magic, content)) refuseContent(upload.name, "other");
    upload.type = type->mediaType;
    std::string drawn;
    std::string_view bytes = part.bytes;
    switch (type->kind) {
    case Kind::picture:
        try {
            drawn = pictures_.anew(part.bytes);
        } catch (const Error& error) {
            if (error.status() == 422) refuseContent(upload.name, "picture");
            throw;
        }
        bytes = drawn;
        break;
    case Kind::pdf:
        // Readers find a PDF behind a kilobyte of something else; whatever that is, it is no PDF's business.
        if (!bytes.starts_with("%PDF-")) refuseContent(upload.name, "other");
        break;
    case Kind::archive:
        if (const std::string fault = zipFault(bytes, type->entry, options_.zip); !fault.empty())
            refuseContent(upload.name, fault);
        break;
    case Kind::text:
        if (!isText(bytes)) refuseContent(upload.name, "other");
        break;
    }
    Blobs::Stored stored = blobs_.put(bytes);
    upload.token = randomHex(16);
    upload.sha256 = std::move(stored.sha256);
    upload.size = stored.size;
    upload.pin = std::move(stored.pin);
    makeThumb(upload, bytes);
    return upload;
}

/// A file is good without its small picture: what goes wrong here is logged and no more.
void Intake::makeThumb(Upload& upload, std::string_view bytes) const {
    try {
        std::string page;
        if (upload.type == "application/pdf") {
            page = firstPage(options_.pdftoppm, bytes, 2 * options_.pictures.thumbSide);
            if (page.empty()) return;
        } else if (!upload.type.starts_with("image/")) {
            return;
        }
        const std::string thumb = pictures_.thumb(page.empty() ? bytes : page);
        if (thumb.empty()) return;
        Blobs::Stored stored = blobs_.put(thumb);
        upload.thumb = std::move(stored.sha256);
        upload.thumbPin = std::move(stored.pin);
    } catch (const std::exception& error) {
        log::warning("core.file.no_thumb", Value::map([&](MapWriter& m) { m.set("error", error.what()); }));
    }
}

} // namespace dalate::services::files
