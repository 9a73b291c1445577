// SPDX-License-Identifier: Apache-2.0
#include "services/rules/HolidayFile.h"

#include "base/Json.h"

#include <algorithm>
#include <fstream>
#include <initializer_list>
#include <iterator>
#include <set>

namespace dalate::services::rules {
namespace {

/// Reads one file and names the place of what is wrong.
class Reader {
public:
    explicit Reader(std::string_view file) : file_(file) {}

    HolidayFile read(ValueView root) {
        demandKeys(root, "$", {"closes", "years"}, {});
        HolidayFile result;
        result.closesAt = clock(root["closes"].text());
        if (!root["years"].isList()) refuse("$.years", "a list is expected");
        std::size_t at = 0;
        for (const ValueView year : root["years"])
            readYear(year, "$.years[" + std::to_string(at++) + "]", result.years);
        return result;
    }

    [[noreturn]] void refuse(std::string_view where, std::string_view reason) const {
        throw Error(500, "core.calendar.file", Value::map([&](MapWriter& m) {
                        m.set("file", file_).set("where", where).set("reason", reason);
                    }));
    }

private:
    using Names = std::initializer_list<std::string_view>;

    void demandKeys(ValueView map, const std::string& where, Names required, Names optional) const {
        if (!map.isMap()) refuse(where, "a map is expected");
        for (const std::string_view name : required)
            if (!map.has(name)) refuse(where, std::string(name) + " is missing");
        for (const ValueView member : map) {
            const auto has = [&](Names names) {
                return std::find(names.begin(), names.end(), member.key()) != names.end();
            };
            if (!has(required) && !has(optional)) refuse(where, "unknown key " + std::string(member.key()));
        }
    }

    std::chrono::minutes clock(std::string_view text) const {
        const auto digit = [&](std::size_t at) { return text[at] >= '0' && text[at] <= '9'; };
        if (text.size() == 5 && text[2] == ':' && digit(0) && digit(1) && digit(3) && digit(4)) {
            const int hours = (text[0] - '0') * 10 + (text[1] - '0');
            const int minutes = (text[3] - '0') * 10 + (text[4] - '0');
            if (hours < 24 && minutes < 60) return std::chrono::minutes(hours * 60 + minutes);
        }
        refuse("$.closes", "an hour such as 18:00 is expected");
    }

    void readYear(ValueView map, const std::string& where, std::vector<HolidayYear>& years) const {
        demandKeys(map, where, {"year", "source", "text_read", "days"}, {});
        HolidayYear year;
        const auto number = map["year"].integer();
        if (!map["year"].isNumber() || !number || *number < 1970 || *number > 2999)
            refuse(where + ".year", "a year is expected");
        year.year = static_cast<int>(*number);
        if (std::any_of(years.begin(), years.end(), [&](const auto& each) { return each.year == year.year; }))
            refuse(where + ".year", "the year stands twice");
        year.source = map["source"].text();
        if (year.source.empty()) refuse(where + ".source", "the notice is not named");
        const std::string_view read = map["text_read"].text();
        if (read != "yes" && read != "no") refuse(where + ".text_read", "yes or no is expected");
        year.textRead = read == "yes";
        if (!map["days"].isList()) refuse(where + ".days", "a list is expected");
        std::set<CivilDay> seen;
        std::size_t at = 0;
        for (const ValueView days : map["days"])
            readDays(days, where + ".days[" + std::to_string(at++) + "]", year, seen);
        years.push_back(std::move(year));
    }

    void readDays(ValueView map, const std::string& where, HolidayYear& year,
                  std::set<CivilDay>& seen) const {
        demandKeys(map, where, {"from", "kind", "label"}, {"to"});
        const auto from = parseDay(map["from"].text());
        const auto to = map.has("to") ? parseDay(map["to"].text()) : from;
        if (!from) refuse(where + ".from", "a day such as 2026-10-01 is expected");
        if (!to || *to < *from) refuse(where + ".to", "a day not before `from` is expected");
        if (yearOf(*from) != year.year || yearOf(*to) != year.year)
            refuse(where, "the days are not of the year");
        SpecialDay special;
        const std::string_view kind = map["kind"].text();
        if (kind != "holiday" && kind != "workday") refuse(where + ".kind", "holiday or workday is expected");
        special.kind = kind == "holiday" ? SpecialDay::Kind::holiday : SpecialDay::Kind::workday;
        special.label = map["label"].text();
        if (special.label.empty()) refuse(where + ".label", "the days have no name");
        for (CivilDay day = *from; day <= *to; day += std::chrono::days(1)) {
            if (!seen.insert(day).second) refuse(where, dayText(day) + " stands twice");
            if (special.kind == SpecialDay::Kind::workday && !isWeekend(day))
                refuse(where, dayText(day) + " is a working day without being named");
            special.day = day;
            year.days.push_back(special);
        }
    }

    std::string_view file_;
};

} // namespace

HolidayFile HolidayFile::parse(std::string_view text, std::string_view file) {
    Reader reader(file);
    const auto root = json::parse(text);
    if (!root) reader.refuse("$", root.error().id());
    return reader.read(*root);
}

HolidayFile HolidayFile::read(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
    if (!in) Reader(file.string()).refuse("$", "the file cannot be read");
    return parse(text, file.string());
}

} // namespace dalate::services::rules
