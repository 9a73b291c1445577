// SPDX-License-Identifier: Apache-2.0
#include "services/forms/CodeList.h"

#include "base/Json.h"
#include "base/JsonPlace.h"
#include "services/rules/CivilDay.h"

#include <algorithm>
#include <set>

namespace dalate::services::forms {
namespace {

constexpr std::size_t mostCodes = 20'000;
constexpr std::size_t longestValue = 64;

bool isLabel(ValueView text) noexcept {
    return text.isText() && !text.text().empty() && text.text().size() <= 400;
}

/// Reads the codes of one file.
class Reader {
public:
    Reader(std::string_view text, std::string_view file, plugin::Problems& problems)
        : text_(text), file_(file), problems_(problems) {}

    std::vector<Code> read(ValueView root) {
        onlyKeys(root, "$", {"source", "codes"});
        if (root.has("source") && !isLabel(root["source"])) tell("source", "$.source");
        const ValueView list = root["codes"];
        const std::size_t count = list.size();
        if (!list.isList() || count == 0 || count > mostCodes) {
            tell("codes", "$.codes");
            return {};
        }
        std::vector<Code> codes;
        codes.reserve(count);
        std::set<std::string, std::less<>> values;
        for (const ValueView map : list) {
            const std::string where = "$.codes[" + std::to_string(codes.size()) + "]";
            codes.push_back(code(map, where));
            if (!values.insert(codes.back().value).second) tell("value", where + ".value");
            if (problems_.size() >= mostProblems) break;
        }
        return codes;
    }

private:
    static constexpr std::size_t mostProblems = 50;

    void tell(std::string_view key, const std::string& path) {
        problems_.emplace_back("core.form_file.code", json::placeIn(file_, text_, path),
                               Value::map([&](MapWriter& m) { m.set("key", key); }));
    }

    void onlyKeys(ValueView map, const std::string& path, std::initializer_list<std::string_view> known) {
        if (!map.isMap()) return tell("object", path);
        for (const ValueView member : map)
            if (std::find(known.begin(), known.end(), member.key()) == known.end())
                tell(member.key(), path + "." + std::string(member.key()));
    }

    Code code(ValueView map, const std::string& where) {
        onlyKeys(map, where, {"value", "label", "of", "from", "until"});
        Code code;
        const ValueView value = map["value"];
        if (!value.isText() || value.text().empty() || value.text().size() > longestValue)
            tell("value", where + ".value");
        code.value = value.text();
        const ValueView label = map["label"];
        if (!label.isMap() || !label.has("zh-CN")) tell("label", where + ".label");
        for (const ValueView text : label) {
            if (!isLabel(text)) tell("label", where + ".label");
            code.label.emplace(text.key(), text.text());
        }
        for (const ValueView above : map["of"]) {
            if (!above.isText()) tell("of", where + ".of");
            code.of.emplace_back(above.text());
        }
        if (map.has("of") && code.of.empty()) tell("of", where + ".of");
        code.from = day(map, "from", where);
        code.until = day(map, "until", where);
        return code;
    }

    std::optional<Micros> day(ValueView map, std::string_view key, const std::string& where) {
        if (!map.has(key)) return std::nullopt;
        const auto day = rules::parseDay(map[key].text());
        if (day) return rules::startOf(*day);
        tell(key, where + "." + std::string(key));
        return std::nullopt;
    }

    std::string_view text_;
    std::string_view file_;
    plugin::Problems& problems_;
};

} // namespace

bool Code::isUnder(std::string_view answer) const noexcept {
    return of.empty() || std::find(of.begin(), of.end(), answer) != of.end();
}

std::string_view Code::labelIn(std::string_view language) const noexcept {
    auto at = label.find(language);
    if (at == label.end()) at = label.find("zh-CN");
    return at == label.end() ? std::string_view(value) : std::string_view(at->second);
}

CodeList::CodeList(std::vector<Code> codes) : codes_(std::move(codes)) {
    for (std::size_t i = 0; i < codes_.size(); ++i) {
        byValue_.emplace(codes_[i].value, i);
        dependent_ = dependent_ || !codes_[i].of.empty();
    }
}

std::shared_ptr<const CodeList> CodeList::read(std::string_view text, std::string_view file,
                                               plugin::Problems& problems) {
    const std::size_t before = problems.size();
    const auto root = json::parse(text);
    if (!root) {
        const auto offset = root.error().details()["offset"].integer().value_or(0);
        problems.emplace_back(root.error(),
                              std::string(file) + ":" +
                                  std::to_string(json::lineAt(text, static_cast<std::size_t>(offset))));
        return nullptr;
    }
    std::vector<Code> codes = Reader(text, file, problems).read(*root);
    if (problems.size() != before) return nullptr;
    return std::shared_ptr<const CodeList>(new CodeList(std::move(codes)));
}

const Code* CodeList::find(std::string_view value) const noexcept {
    const auto at = byValue_.find(value);
    return at == byValue_.end() ? nullptr : &codes_[at->second];
}

} // namespace dalate::services::forms
