// SPDX-License-Identifier: Apache-2.0
//
// A workbook of one sheet (ECMA-376). libxlsxwriter runs in constant memory: each row goes to a temporary
// file as the next one begins, and the archive is packed at the end into a file without a name, from which it
// is handed on piece by piece.
#pragma once

#include "http/BodySpool.h"
#include "services/lists/CsvWriter.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace dalate::services::lists {

/// Rows as XLSX. Text is written as text whatever it looks like, never as a formula or a link. One thread.
class XlsxWriter {
public:
    static constexpr std::int64_t mostRows = 1'000'000;

    /// `folder`: where temporary files may lie; nothing of them is left behind. `heads` becomes the first
    /// row, which stays in sight. Throws `Error` 507 `core.list.no_file` where no file can be made.
    XlsxWriter(const std::filesystem::path& folder, const std::string& sheet,
               const std::vector<std::string>& heads);
    ~XlsxWriter();
    XlsxWriter(const XlsxWriter&) = delete;
    XlsxWriter& operator=(const XlsxWriter&) = delete;

    void text(std::string_view cell);
    void number(double value);
    /// With two digits behind the point.
    void money(std::int64_t fen);
    void empty();
    void endRow();
    /// Packs the workbook and gives it to `sink`. Throws `Error` 507 `core.list.no_file` when the disk fails.
    void finish(const Sink& sink);

private:
    struct Book;
    http::Descriptor file_;
    std::string folder_;
    std::unique_ptr<Book> book_;
    std::uint32_t row_ = 1;
    std::uint16_t column_ = 0;
};

} // namespace dalate::services::lists
