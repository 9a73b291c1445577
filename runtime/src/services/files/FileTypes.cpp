// SPDX-License-Identifier: Apache-2.0
#include "services/files/FileTypes.h"

#include "http/RequestHead.h"

#include <algorithm>

namespace dalate::services::files {

namespace {

// libmagic takes prose with brackets or braces for a language now and then; none of these is run by opening
// it. Markup and scripts are not among them.
constexpr std::string_view harmlessText = "text/plain text/csv application/csv text/x-algol68 text/x-c "
                                          "text/x-c++ text/x-java text/x-asm text/x-tex";

// Pictures: phones and scanners make JPEG, screens PNG. GIF, WebP, HEIC, TIFF and SVG are refused with the
// advice to save as JPEG or PNG: each would be one more decoder to trust, and SVG is a program. OFD is the
// national format for official documents (GB/T 33190-2016), a ZIP with OFD.xml at its root.
constexpr FileType all[] = {
    {"pdf", Kind::pdf, "application/pdf", "pdf", "application/pdf", "application/x-pdf", ""},
    {"jpeg", Kind::picture, "image/jpeg", "jpg jpeg", "image/jpeg", "image/jpg image/pjpeg", ""},
    {"png", Kind::picture, "image/png", "png", "image/png", "image/x-png", ""},
    {"docx", Kind::archive, "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx",
     "application/vnd.openxmlformats-officedocument.wordprocessingml.document application/zip "
     "application/octet-stream",
     "application/zip", "word/document.xml"},
    {"xlsx", Kind::archive, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx",
     "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet application/zip "
     "application/octet-stream",
     "application/zip", "xl/workbook.xml"},
    {"ofd", Kind::archive, "application/ofd", "ofd", "application/zip application/octet-stream",
     "application/zip application/vnd.ofd", "OFD.xml"},
    {"zip", Kind::archive, "application/zip", "zip", "application/zip", "application/x-zip-compressed", ""},
    {"csv", Kind::text, "text/csv", "csv", harmlessText,
     "text/plain application/csv application/vnd.ms-excel", ""},
    {"txt", Kind::text, "text/plain", "txt", harmlessText, "", ""},
};

} // namespace

std::span<const FileType> fileTypes() noexcept {
    return all;
}

bool hasWord(std::string_view words, std::string_view word) noexcept {
    while (!words.empty()) {
        const std::size_t blank = words.find(' ');
        if (http::equalsIgnoringCase(words.substr(0, blank), word)) return true;
        words.remove_prefix(blank == std::string_view::npos ? words.size() : blank + 1);
    }
    return false;
}

const FileType* typeByName(std::string_view fileName) noexcept {
    const std::size_t dot = fileName.rfind('.');
    if (dot == std::string_view::npos || dot == 0) return nullptr;
    const std::string_view extension = fileName.substr(dot + 1);
    const auto found = std::find_if(std::begin(all), std::end(all), [&](const FileType& type) {
        return hasWord(type.extensions, extension);
    });
    return found == std::end(all) ? nullptr : &*found;
}

} // namespace dalate::services::files
