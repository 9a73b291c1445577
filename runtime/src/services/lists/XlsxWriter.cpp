// SPDX-License-Identifier: Apache-2.0
#include "services/lists/XlsxWriter.h"

#include "base/Result.h"
#include "base/Utf8.h"
#include "services/forms/TextShape.h"

#include <xlsxwriter.h>

#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <unistd.h>

namespace dalate::services::lists {

namespace {

/// What a cell may hold (ECMA-376, 18.3.1.96: Excel's limit).
constexpr std::size_t mostCharacters = 32'767;
/// What a sheet's name may hold.
constexpr std::size_t mostName = 31;

[[noreturn]] void failed() {
    throw Error(507, "core.list.no_file");
}

http::Descriptor unnamedFile(const std::string& folder) {
    std::string name = folder + "/dalate-list-XXXXXX";
    http::Descriptor file(::mkostemp(name.data(), O_CLOEXEC));
    if (!file) failed();
    ::unlink(name.c_str());
    return file;
}

/// XML 1.0 has no place for most control characters, and the library none for what is not UTF-8.
std::string storable(std::string_view text) {
    if (findInvalidUtf8(text) != std::string_view::npos) return {};
    std::string out;
    for (const char c : forms::firstCharacters(text, mostCharacters))
        if (static_cast<unsigned char>(c) >= 0x20 || c == '\n' || c == '\t') out += c;
    return out;
}

std::string sheetName(std::string_view title) {
    std::string out;
    for (const char c : title)
        if (std::string_view("[]:*?/\\'").find(c) == std::string_view::npos) out += c;
    return std::string(forms::firstCharacters(out, mostName));
}

} // namespace

struct XlsxWriter::Book {
    lxw_workbook* workbook = nullptr;
    lxw_worksheet* sheet = nullptr;
    lxw_format* money = nullptr;

    /// Gives the library's files up; `workbook_close` packs them as well.
    ~Book() {
        if (workbook) lxw_workbook_free(workbook);
    }
};

XlsxWriter::XlsxWriter(const std::filesystem::path& folder, const std::string& sheet,
                       const std::vector<std::string>& heads)
    : file_(unnamedFile(folder.string())), folder_(folder.string()), book_(std::make_unique<Book>()) {
    // The library opens by name what it writes; this name leads to the file that has none.
    const std::string name = "/proc/self/fd/" + std::to_string(file_.get());
    lxw_workbook_options options{};
    options.constant_memory = LXW_TRUE;
    options.tmpdir = folder_.data();
    book_->workbook = workbook_new_opt(name.c_str(), &options);
    if (!book_->workbook) failed();
    const std::string title = sheetName(sheet);
    book_->sheet = workbook_add_worksheet(book_->workbook, title.empty() ? nullptr : title.c_str());
    if (!book_->sheet) failed();
    lxw_format* bold = workbook_add_format(book_->workbook);
    format_set_bold(bold);
    book_->money = workbook_add_format(book_->workbook);
    format_set_num_format(book_->money, "#,##0.00");
    worksheet_freeze_panes(book_->sheet, 1, 0);
    lxw_col_t at = 0;
    for (const std::string& head : heads)
        worksheet_write_string(book_->sheet, 0, at++, storable(head).c_str(), bold);
    if (at > 0) worksheet_set_column(book_->sheet, 0, static_cast<lxw_col_t>(at - 1), 18, nullptr);
}

XlsxWriter::~XlsxWriter() = default;

void XlsxWriter::text(std::string_view cell) {
    const std::string stored = storable(cell);
    if (!stored.empty()) worksheet_write_string(book_->sheet, row_, column_, stored.c_str(), nullptr);
    ++column_;
}

void XlsxWriter::number(double value) {
    worksheet_write_number(book_->sheet, row_, column_++, value, nullptr);
}

void XlsxWriter::money(std::int64_t fen) {
    worksheet_write_number(book_->sheet, row_, column_++, static_cast<double>(fen) / 100, book_->money);
}

void XlsxWriter::empty() {
    ++column_;
}

void XlsxWriter::endRow() {
    ++row_;
    column_ = 0;
}

void XlsxWriter::finish(const Sink& sink) {
    // The library frees the book whether or not it could be packed.
    const lxw_error packed = workbook_close(std::exchange(book_->workbook, nullptr));
    if (packed != LXW_NO_ERROR) failed();
    char buffer[64 * 1024];
    for (off_t at = 0;;) {
        const ssize_t got = ::pread(file_.get(), buffer, sizeof buffer, at);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) failed();
        if (got == 0) return;
        sink({buffer, static_cast<std::size_t>(got)});
        at += got;
    }
}

} // namespace dalate::services::lists
