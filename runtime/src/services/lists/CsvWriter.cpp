// SPDX-License-Identifier: Apache-2.0
#include "services/lists/CsvWriter.h"

namespace dalate::services::lists {

namespace {

constexpr std::size_t piece = 32 * 1024;

void quote(std::string& out, std::string_view cell) {
    const bool blankEnds = !cell.empty() && (cell.front() == ' ' || cell.back() == ' ');
    if (!blankEnds && cell.find_first_of(",\"\r\n;\t") == std::string_view::npos) {
        out += cell;
        return;
    }
    out += '"';
    for (const char c : cell) {
        if (c == '"') out += '"';
        out += c;
    }
    out += '"';
}

} // namespace

bool looksLikeFormula(std::string_view text) noexcept {
    if (text.empty()) return false;
    if (text.front() == '\t' || text.front() == '\r' || text.front() == '\n') return true;
    const std::size_t at = text.find_first_not_of(' ');
    if (at == std::string_view::npos) return false;
    const std::string_view begin = text.substr(at);
    for (const std::string_view sign : {"=", "+", "-", "@", "＝", "＋", "－", "＠"})
        if (begin.starts_with(sign)) return true;
    return false;
}

void CsvWriter::separate() {
    if (begun_) buffer_ += ',';
    begun_ = true;
}

void CsvWriter::text(std::string_view cell) {
    separate();
    if (looksLikeFormula(cell))
        quote(buffer_, "'" + std::string(cell));
    else
        quote(buffer_, cell);
}

void CsvWriter::number(std::string_view digits) {
    separate();
    quote(buffer_, digits);
}

void CsvWriter::endRow() {
    buffer_ += "\r\n";
    begun_ = false;
    if (buffer_.size() >= piece) finish();
}

void CsvWriter::finish() {
    if (!buffer_.empty()) sink_(buffer_);
    buffer_.clear();
}

} // namespace dalate::services::lists
