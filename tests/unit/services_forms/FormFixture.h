// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/Json.h"
#include "services/forms/Answers.h"
#include "services/forms/FormReader.h"
#include "services/rules/CivilDay.h"
#include "services/rules/RuleReader.h"

#include <cppunit/extensions/HelperMacros.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <vector>

namespace dalate::test {

inline Value schemaNamed(const std::string& name) {
    std::ifstream in(std::string(DALATE_SOURCE_DIR) + "/sdk/schema/" + name);
    return json::parse(std::string(std::istreambuf_iterator<char>(in), {})).take();
}

/// 2026-11-23, 00:00 in the county.
inline Micros today() {
    return services::rules::startOf(*services::rules::parseDay("2026-11-23"));
}

inline const std::map<std::string, std::string>& dataFiles() {
    static const std::map<std::string, std::string> files{
        {"data/towns.json",
         R"({"source": "county", "codes": [
             {"value": "slz", "label": {"zh-CN": "树林召镇", "en": "Shulinzhao"}},
             {"value": "bng", "label": {"zh-CN": "白泥井镇"}},
             {"value": "old", "label": {"zh-CN": "旧镇"}, "until": "2020-01-01"}]})"},
        {"data/villages.json",
         R"({"codes": [
             {"value": "v1", "label": {"zh-CN": "林原村"}, "of": ["slz"]},
             {"value": "v2", "label": {"zh-CN": "侯家营子村"}, "of": ["bng"]},
             {"value": "other", "label": {"zh-CN": "其他"}}]})"},
        {"data/bad.json", R"({"codes": [{"value": "a", "label": {"zh-CN": "甲"}},
{"value": "a", "label": {"en": "A"}, "colour": 1}]})"}};
    return files;
}

inline std::optional<std::string> dataFile(std::string_view path) {
    const auto at = dataFiles().find(std::string(path));
    if (at == dataFiles().end()) return std::nullopt;
    return at->second;
}

inline services::forms::Form formOf(const std::string& text, const std::string& file = "forms/ticket.json") {
    static const Value schema = schemaNamed("form.schema.json");
    plugin::Problems problems;
    auto form = services::forms::readForm(schema, "helpdesk", text, file, dataFile, problems);
    std::string all;
    for (const auto& problem : problems)
        all += problem.id + " " + problem.where + "\n";
    CPPUNIT_ASSERT_MESSAGE(all, form.has_value());
    return *std::move(form);
}

/// A form of one field; `keys` are its further keys.
inline services::forms::Form formWith(const std::string& type, const std::string& keys = "") {
    return formOf(
        R"({"form": "ticket", "title": "helpdesk.t", "way": "one", "fields": [{"name": "x", "type": ")" +
        type + R"(", "label": "helpdesk.x")" + (keys.empty() ? "" : ", " + keys) + "}]}");
}

inline Value jsonOf(const std::string& text) {
    return json::parse(text).take();
}

inline services::rules::RuleBook bookOf(const std::string& rules) {
    static const Value schema = schemaNamed("rules.schema.json");
    plugin::Problems problems;
    auto read = services::rules::readRules(schema, R"({"rules": [)" + rules + "]}", "rules/r.json", problems);
    CPPUNIT_ASSERT_MESSAGE(problems.empty() ? "" : problems.front().id + problems.front().where,
                           read.has_value());
    return services::rules::RuleBook("helpdesk", std::move(*read));
}

/// The JSON of what one posted text becomes, or the id of its fault.
inline std::string posted(const services::forms::Form& form, const std::string& text,
                          const services::forms::FormTime& time) {
    const Value sent = Value::map([&](MapWriter& m) { m.list("x", [&](ListWriter& l) { l.add(text); }); });
    const auto judged = services::forms::validate(form, sent, services::forms::Sent::posted, time);
    if (!judged) return judged.faults.front().messageId;
    return json::write(judged.answers["x"]);
}
inline std::string posted(const services::forms::Form& form, const std::string& text) {
    return posted(form, text, {today(), nullptr, today()});
}

/// The same of a JSON object.
inline std::string ofJson(const services::forms::Form& form, const std::string& object) {
    const auto judged = services::forms::validate(form, jsonOf(object), services::forms::Sent::json,
                                                  {today(), nullptr, today()});
    if (!judged) return judged.faults.front().messageId + " " + judged.faults.front().path;
    return json::write(judged.answers);
}

} // namespace dalate::test
