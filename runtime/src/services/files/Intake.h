// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "services/files/Blobs.h"
#include "services/files/Pictures.h"
#include "services/files/Scanner.h"
#include "services/files/Upload.h"
#include "services/files/ZipCheck.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace dalate::services::files {

/// What is taken, and with whose help.
struct IntakeOptions {
    /// Octets of one file.
    std::uint64_t maxBytes = std::uint64_t{64} << 20;
    /// Names of the types that are taken (FileTypes.h); empty: all that are known.
    std::vector<std::string> types;
    ZipLimits zip;
    Pictures::Options pictures;
    Scanner::Options scanner;
    /// `pdftoppm`; empty: PDFs have no thumbnail.
    std::filesystem::path pdftoppm;
};

/// The way of a file from a form to the disk: name, size, content against name and declared type, archive
/// limits, virus scanner, a picture drawn anew, bytes stored, thumbnail. Any thread.
class Intake {
public:
    Intake(IntakeOptions options, Blobs& blobs);

    /// As `FileStore::take`.
    Upload take(const Part& part);

private:
    [[noreturn]] void refuseType(std::string_view name) const;
    void makeThumb(Upload& upload, std::string_view bytes) const;

    IntakeOptions options_;
    Blobs& blobs_;
    Pictures pictures_;
    Scanner scanner_;
};

} // namespace dalate::services::files
