// SPDX-License-Identifier: Apache-2.0
#include "app/Files.h"

namespace dalate::app {

namespace {

namespace fs = std::filesystem;

std::uint64_t mebibytes(const Config& config, std::string_view key) {
    return static_cast<std::uint64_t>(config.number(key)) << 20;
}

/// The program beside ours, unless the operator names another.
fs::path pictureProgram(const Config& config) {
    if (!config.text("files.picture_program").empty()) return config.path("files.picture_program");
    std::error_code unknown;
    return fs::read_symlink("/proc/self/exe", unknown).parent_path() / "dalate-picture";
}

} // namespace

services::files::FileStore::Options fileOptions(const Config& config) {
    services::files::FileStore::Options options;
    options.folder =
        config.text("files.dir").empty() ? config.path("data.dir") / "files" : config.path("files.dir");
    options.intake.maxBytes = mebibytes(config, "files.max_mib");
    options.intake.types = config.list("files.types");
    options.intake.pictures.program = pictureProgram(config);
    options.intake.pictures.maxPixels =
        static_cast<std::uint64_t>(config.number("files.max_megapixels")) * 1'000'000;
    options.intake.scanner.socket = config.text("files.clamd_socket");
    options.intake.scanner.patience = std::chrono::seconds(config.number("files.clamd_seconds"));
    options.intake.pdftoppm = config.text("files.pdftoppm");
    options.quotas.account = mebibytes(config, "files.account_mib");
    options.quotas.organisation = mebibytes(config, "files.organisation_mib");
    options.quotas.leaveFree = mebibytes(config, "files.leave_free_mib");
    return options;
}

services::files::Collector::Options collectorOptions(const Config& config) {
    return {std::chrono::seconds(config.number("files.collect_seconds")),
            std::chrono::seconds(config.number("files.orphan_seconds"))};
}

} // namespace dalate::app
