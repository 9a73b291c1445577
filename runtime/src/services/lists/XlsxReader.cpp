// SPDX-License-Identifier: Apache-2.0
#include "services/lists/XlsxReader.h"

#include "base/Result.h"
#include "services/forms/Figures.h"
#include "services/lists/XmlReader.h"
#include "services/lists/ZipEntries.h"

#include <fmt/core.h>

#include <charconv>
#include <cmath>
#include <map>
#include <optional>
#include <set>

namespace dalate::services::lists {

namespace {

/// Rows of a sheet (Excel's limit).
constexpr std::int64_t mostLines = 1'048'576;

[[noreturn]] void unreadable(std::string_view fault) {
    throw Error(422, "core.import.unreadable", Value::map([&](MapWriter& m) { m.set("fault", fault); }));
}

[[noreturn]] void tooMuch() {
    throw Error(413, "core.import.size");
}

std::optional<std::int64_t> whole(std::string_view digits) noexcept {
    std::int64_t value = 0;
    const auto [end, fault] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (digits.empty() || fault != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
    return value;
}

std::optional<double> real(std::string_view digits) noexcept {
    double value = 0;
    const auto [end, fault] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (digits.empty() || fault != std::errc() || end != digits.data() + digits.size() ||
        !std::isfinite(value))
        return std::nullopt;
    return value;
}

/// Built-in looks that show a day (ECMA-376, 18.8.30), the East Asian ones too.
bool isDayFormat(std::int64_t id) noexcept {
    return (id >= 14 && id <= 17) || id == 22 || (id >= 27 && id <= 31) || id == 36 || (id >= 50 && id <= 58);
}

/// A look of one's own shows a day where it says year or day outside quotes, brackets and escapes.
bool isDayFormat(std::string_view code) noexcept {
    bool quoted = false, bracket = false;
    for (std::size_t i = 0; i < code.size(); ++i) {
        const char c = code[i];
        if (c == '\\') {
            ++i;
        } else if (c == '"') {
            quoted = !quoted;
        } else if (!quoted && (c == '[' || c == ']')) {
            bracket = c == '[';
        } else if (!quoted && !bracket && (c == 'y' || c == 'Y' || c == 'd' || c == 'D')) {
            return true;
        }
    }
    return false;
}

/// `C12` is column 2, row 12.
std::size_t columnOf(std::string_view reference) {
    std::size_t column = 0;
    std::size_t at = 0;
    for (; at < reference.size() && reference[at] >= 'A' && reference[at] <= 'Z'; ++at) {
        if (at == 3) unreadable("sheet");
        column = column * 26 + static_cast<std::size_t>(reference[at] - 'A') + 1;
    }
    if (column == 0) unreadable("sheet");
    return column - 1;
}

/// One workbook being read.
class Reader {
public:
    Reader(std::string_view bytes, const SheetLimits& limits) : entries_(bytes), limits_(limits) {}

    Sheet read() {
        workbook();
        relations();
        part("xl/sharedStrings.xml", sharedStrings());
        part("xl/styles.xml", styles());
        if (!part(sheetPart_, cells())) unreadable("sheet");
        return std::move(sheet_);
    }

private:
    bool part(std::string_view name, XmlEars ears) {
        XmlReader xml(std::move(ears));
        if (!entries_.read(name, limits_.bytes, [&](std::string_view piece) { xml.add(piece); }))
            return false;
        xml.finish();
        return true;
    }

    void workbook() {
        XmlEars ears;
        ears.begin = [this](std::string_view name, const XmlAttributes& with) {
            if (name == "workbookPr") from1904_ = with["date1904"] == "1" || with["date1904"] == "true";
            if (name == "sheet" && relation_.empty()) relation_ = with["r:id"];
        };
        if (!part("xl/workbook.xml", std::move(ears)) || relation_.empty()) unreadable("sheet");
    }

    void relations() {
        XmlEars ears;
        ears.begin = [this](std::string_view name, const XmlAttributes& with) {
            if (name != "Relationship" || with["Id"] != relation_) return;
            const std::string_view target = with["Target"];
            sheetPart_ =
                target.starts_with('/') ? std::string(target.substr(1)) : "xl/" + std::string(target);
        };
        if (!part("xl/_rels/workbook.xml.rels", std::move(ears)) || sheetPart_.empty()) unreadable("sheet");
    }

    void keep(std::string& text, std::string_view more) {
        if (text.size() + more.size() > limits_.cell) tooMuch();
        text += more;
    }

    /// `<si>` holds runs of text, and beside them how they are read aloud (`rPh`), which is no part of it.
    XmlEars sharedStrings() {
        XmlEars ears;
        ears.begin = [this](std::string_view name, const XmlAttributes&) {
            if (name == "si") text_.clear();
            if (name == "rPh") inPhonetic_ = true;
            inText_ = name == "t" && !inPhonetic_;
        };
        ears.text = [this](std::string_view text) {
            if (inText_) keep(text_, text);
        };
        ears.end = [this](std::string_view name) {
            inText_ = false;
            if (name == "rPh") inPhonetic_ = false;
            if (name != "si") return;
            held_ += text_.size() + sizeof text_;
            if (held_ > limits_.bytes) tooMuch();
            shared_.push_back(text_);
        };
        return ears;
    }

    XmlEars styles() {
        XmlEars ears;
        ears.begin = [this](std::string_view name, const XmlAttributes& with) {
            if (name == "numFmt") {
                const auto id = whole(with["numFmtId"]);
                if (id && isDayFormat(with["formatCode"])) dayFormats_.insert(*id);
            }
            if (name == "cellXfs") inLooks_ = true;
            if (name != "xf" || !inLooks_) return;
            const std::int64_t id = whole(with["numFmtId"]).value_or(0);
            looksLikeDay_.push_back(isDayFormat(id) || dayFormats_.contains(id));
        };
        ears.end = [this](std::string_view name) {
            if (name == "cellXfs") inLooks_ = false;
        };
        return ears;
    }

    XmlEars cells() {
        XmlEars ears;
        ears.begin = [this](std::string_view name, const XmlAttributes& with) { beginOfCells(name, with); };
        ears.text = [this](std::string_view text) {
            if (inText_) keep(text_, text);
        };
        ears.end = [this](std::string_view name) { endOfCells(name); };
        return ears;
    }

    void beginOfCells(std::string_view name, const XmlAttributes& with) {
        if (name == "row") {
            if (sheet_.rows.size() >= limits_.rows) tooMuch();
            // ECMA-376, 18.3.1.73: numbered upwards; a report names a row by it.
            const std::int64_t line = whole(with["r"]).value_or(line_ + 1);
            if (line <= line_ || line > mostLines) unreadable("sheet");
            line_ = line;
            sheet_.rows.push_back({line_, {}});
        } else if (name == "c") {
            if (sheet_.rows.empty()) unreadable("sheet");
            auto& row = sheet_.rows.back().cells;
            column_ = with["r"].empty() ? row.size() : columnOf(with["r"]);
            if (column_ >= limits_.columns) tooMuch();
            kind_ = with["t"];
            look_ = static_cast<std::size_t>(whole(with["s"]).value_or(0));
            text_.clear();
            inPhonetic_ = false;
        } else if (name == "rPh") {
            inPhonetic_ = true;
        }
        inText_ = name == "v" || (name == "t" && !inPhonetic_);
    }

    void endOfCells(std::string_view name) {
        inText_ = false;
        if (name == "rPh") inPhonetic_ = false;
        if (name != "c") return;
        std::string shown = shownText();
        held_ += shown.size();
        if (held_ > limits_.bytes) tooMuch();
        auto& row = sheet_.rows.back().cells;
        if (row.size() <= column_) row.resize(column_ + 1);
        row[column_] = std::move(shown);
    }

    std::string shownText() const {
        if (kind_ == "s") {
            const auto at = whole(text_);
            if (!at || *at < 0 || static_cast<std::size_t>(*at) >= shared_.size()) unreadable("sheet");
            return shared_[static_cast<std::size_t>(*at)];
        }
        if (kind_ == "inlineStr" || kind_ == "str" || text_.empty()) return text_;
        if (kind_ == "b") return text_ == "1" ? "yes" : "no";
        if (kind_ == "e") unreadable("formula_error");
        if (kind_ == "d") return text_.substr(0, 10);
        const auto number = real(text_);
        if (!number) unreadable("sheet");
        if (look_ < looksLikeDay_.size() && looksLikeDay_[look_]) return day(*number);
        // Sheets hold binary numbers: 0.1 + 0.2 is meant as 0.3, and 13912345678 as it stands.
        return fmt::format("{:.15g}", *number).find('e') == std::string::npos
                   ? fmt::format("{:.15g}", *number)
                   : fmt::format("{:.0f}", *number);
    }

    /// Days from 1899-12-30, since the format has a 29 February 1900 that never was; or from 1904-01-01.
    std::string day(double number) const {
        constexpr std::int64_t to1970 = 25'569, to1904 = 24'107;
        const auto days = static_cast<std::int64_t>(std::floor(std::min(std::max(number, 0.0), 200'000.0)));
        return forms::civilDayText(days - (from1904_ ? to1904 : to1970));
    }

    ZipEntries entries_;
    const SheetLimits& limits_;
    std::string relation_;
    std::string sheetPart_;
    bool from1904_ = false;
    std::vector<std::string> shared_;
    std::set<std::int64_t> dayFormats_;
    std::vector<bool> looksLikeDay_;
    std::size_t held_ = 0;

    bool inText_ = false;
    bool inPhonetic_ = false;
    bool inLooks_ = false;
    std::string text_;
    std::string kind_;
    std::size_t look_ = 0;
    std::size_t column_ = 0;
    std::int64_t line_ = 0;
    Sheet sheet_;
};

} // namespace

Sheet readXlsx(std::string_view bytes, const SheetLimits& limits) {
    return Reader(bytes, limits).read();
}

} // namespace dalate::services::lists
