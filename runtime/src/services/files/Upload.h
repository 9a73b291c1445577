// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace dalate::services::files {

class Pin;

/// A file as a form brought it. Borrows the body's spool: valid as long as the request.
struct Part {
    std::string_view field;
    /// As sent; see `fileName`.
    std::string_view name;
    /// The part's Content-Type; empty where it had none.
    std::string_view declaredType;
    std::string_view bytes;
};

/// A file that has been looked at, scanned and stored, and that nothing refers to yet. Without `keep` it is
/// gone an hour after its request has ended. Copies are cheap and share their hold on the bytes.
struct Upload {
    /// Names it within its request: 32 hexadecimal digits nobody can guess.
    std::string token;
    std::string field;
    /// NFC, without path, at most 200 octets.
    std::string name;
    /// By content, not by what the sender said: `application/pdf`.
    std::string type;
    /// Octets as stored: a picture's differ from those sent, since it was drawn anew.
    std::uint64_t size = 0;
    std::string sha256;
    /// A small JPEG of a picture or of a PDF's first page; empty: none.
    std::string thumb;
    std::shared_ptr<const Pin> pin, thumbPin;
};

using Uploads = std::vector<Upload>;

/// The one with that token, or null.
const Upload* findUpload(const Uploads& uploads, std::string_view token) noexcept;

} // namespace dalate::services::files
