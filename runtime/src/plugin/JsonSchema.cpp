// SPDX-License-Identifier: Apache-2.0
#include "plugin/JsonSchema.h"

#include <algorithm>
#include <array>
#include <map>
#include <regex>
#include <string_view>

namespace dalate::plugin {
namespace {

constexpr std::array<std::string_view, 21> keywords = {
    "$ref",          "type",    "enum",     "required",      "properties",  "additionalProperties",
    "minProperties", "items",   "minItems", "maxItems",      "uniqueItems", "pattern",
    "maxLength",     "minimum", "maximum",  "x-unsupported", "description", "title",
    "$schema",       "$id",     "$defs"};

/// std::regex recurses once a character, so no longer text is given to it.
constexpr std::size_t longestMatched = 512;

bool isWhole(ValueView v) {
    return v.isNumber() && v.integer().has_value();
}

bool isOfType(ValueView v, std::string_view type) {
    if (type == "object") return v.isMap();
    if (type == "array") return v.isList();
    if (type == "string") return v.isText();
    if (type == "integer") return isWhole(v);
    if (type == "boolean") return v.isBoolean();
    return false;
}

/// Two nodes without regard to their keys.
bool same(ValueView a, ValueView b) {
    return a.tag() == b.tag() && a.payload() == b.payload();
}

std::string member(const std::string& path, std::string_view key) {
    const bool plain = !key.empty() && std::all_of(key.begin(), key.end(), [](unsigned char c) {
        return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    });
    return plain ? path + "." + std::string(key) : path + "['" + std::string(key) + "']";
}

class Checker {
public:
    explicit Checker(ValueView root) : root_(root) {}

    void check(ValueView schema, ValueView v, const std::string& path) {
        if (schema["x-unsupported"].truth()) return tell("core.manifest.unsupported", path);
        if (const ValueView ref = schema["$ref"]; ref.isText()) check(resolve(ref.text()), v, path);
        if (!checkType(schema["type"], v, path)) return;
        checkEnum(schema["enum"], v, path);
        if (v.isText()) checkText(schema, v, path);
        if (v.isNumber()) checkNumber(schema, v, path);
        if (v.isList()) checkList(schema, v, path);
        if (v.isMap()) checkMap(schema, v, path);
    }

    Problems problems;

private:
    ValueView resolve(std::string_view ref) const {
        return root_["$defs"][ref.substr(std::string_view("#/$defs/").size())];
    }

    void tell(std::string_view id, const std::string& path, std::string_view key = {},
              std::string_view value = {}) {
        problems.emplace_back(std::string(id), path, Value::map([&](MapWriter& m) {
                                  if (!key.empty()) m.set(key, value);
                              }));
    }

    bool checkType(ValueView type, ValueView v, const std::string& path) {
        if (type.isNull()) return true;
        std::string expected;
        if (type.isText()) {
            if (isOfType(v, type.text())) return true;
            expected = type.text();
        }
        for (const ValueView one : type) {
            if (isOfType(v, one.text())) return true;
            expected += (expected.empty() ? "" : " or ") + std::string(one.text());
        }
        tell("core.manifest.type", path, "expected", expected);
        return false;
    }

    void checkEnum(ValueView choices, ValueView v, const std::string& path) {
        if (!choices.isList()) return;
        std::string all;
        for (const ValueView choice : choices) {
            if (same(choice, v)) return;
            all += (all.empty() ? "" : ", ") + choice.asText();
        }
        tell("core.manifest.value", path, "choices", all);
    }

    void checkText(ValueView schema, ValueView v, const std::string& path) {
        const std::string text(v.text());
        const auto most = static_cast<std::size_t>(schema["maxLength"].integer().value_or(longestMatched));
        if (text.size() > most) return tell("core.manifest.too_long", path, "most", std::to_string(most));
        if (const ValueView pattern = schema["pattern"]; pattern.isText())
            if (!std::regex_search(text, compiled(std::string(pattern.text()))))
                tell("core.manifest.pattern", path, "pattern", pattern.text());
    }

    void checkNumber(ValueView schema, ValueView v, const std::string& path) {
        const auto least = schema["minimum"].integer();
        const auto most = schema["maximum"].integer();
        const auto number = v.integer();
        if ((least && (!number || *number < *least)) || (most && (!number || *number > *most)))
            tell("core.manifest.range", path, "range",
                 schema["minimum"].asText() + " … " + schema["maximum"].asText());
    }

    void checkCount(ValueView least, ValueView most, std::size_t count, const std::string& path) {
        const auto n = static_cast<std::int64_t>(count);
        if (n < least.integer().value_or(0) || n > most.integer().value_or(n))
            tell("core.manifest.count", path, "count", std::to_string(count));
    }

    void checkList(ValueView schema, ValueView v, const std::string& path) {
        std::vector<ValueView> items(v.begin(), v.end());
        checkCount(schema["minItems"], schema["maxItems"], items.size(), path);
        // A list that is far too long is one problem, not a thousand.
        if (const auto most = schema["maxItems"].integer();
            most && items.size() > static_cast<std::size_t>(*most))
            return;
        const bool unique = schema["uniqueItems"].truth();
        for (std::size_t i = 0; i < items.size(); ++i) {
            const std::string here = path + "[" + std::to_string(i) + "]";
            if (unique && std::any_of(items.begin(), items.begin() + static_cast<std::ptrdiff_t>(i),
                                      [&](ValueView before) { return same(before, items[i]); }))
                tell("core.manifest.repeated", here);
            if (schema["items"].isMap()) check(schema["items"], items[i], here);
        }
    }

    void checkMap(ValueView schema, ValueView v, const std::string& path) {
        for (const ValueView required : schema["required"])
            if (!v.has(required.text())) tell("core.manifest.missing", path, "key", required.text());
        checkCount(schema["minProperties"], {}, v.size(), path);
        const ValueView properties = schema["properties"];
        const bool closed = schema["additionalProperties"].tag() == Tag::no;
        for (const ValueView child : v) {
            const std::string here = member(path, child.key());
            if (properties.has(child.key()))
                check(properties[child.key()], child, here);
            else if (closed)
                tell("core.manifest.unknown_key", here);
        }
    }

    const std::regex& compiled(const std::string& pattern) {
        auto found = patterns_.find(pattern);
        if (found == patterns_.end())
            found = patterns_.emplace(pattern, std::regex(pattern, std::regex::ECMAScript)).first;
        return found->second;
    }

    ValueView root_;
    std::map<std::string, std::regex> patterns_; // one document asks for the same few hundreds of times
};

[[noreturn]] void refuse(std::string_view keyword, const std::string& path) {
    throw Error(500, "core.manifest.schema",
                Value::map([&](MapWriter& m) { m.set("keyword", keyword).set("where", path); }));
}

void demandKnown(ValueView root, ValueView schema, const std::string& path) {
    if (!schema.isMap()) refuse("(not a schema)", path);
    for (const ValueView word : schema) {
        if (std::find(keywords.begin(), keywords.end(), word.key()) == keywords.end())
            refuse(word.key(), path);
        if (word.key() == "$defs" || word.key() == "properties")
            for (const ValueView inner : word)
                demandKnown(root, inner, member(member(path, word.key()), inner.key()));
        if (word.key() == "items") demandKnown(root, word, member(path, "items"));
        if (word.key() == "additionalProperties" && word.tag() != Tag::no) refuse(word.key(), path);
        if (word.key() == "$ref" &&
            (!word.text().starts_with("#/$defs/") || !root["$defs"].has(word.text().substr(8))))
            refuse(word.key(), path);
    }
}

} // namespace

void demandKnownSchema(ValueView schema) {
    demandKnown(schema, schema, "$");
}

Problems checkAgainst(ValueView schema, ValueView value) {
    Checker checker(schema);
    checker.check(schema, value, "$");
    return std::move(checker.problems);
}

} // namespace dalate::plugin
