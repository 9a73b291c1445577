// SPDX-License-Identifier: Apache-2.0
#include "services/forms/FormReader.h"

#include "base/Json.h"
#include "base/JsonPlace.h"
#include "plugin/JsonSchema.h"
#include "services/forms/Figures.h"
#include "services/rules/RuleBook.h"

#include <algorithm>
#include <map>
#include <set>

namespace dalate::services::forms {
namespace {

/// Reads a form that fits the schema and says what is wrong between its keys.
class Reader {
public:
    Reader(std::string_view plugin, std::string_view text, std::string_view file, const ReadFile& files,
           plugin::Problems& problems)
        : plugin_(plugin), text_(text), file_(file), files_(files), problems_(problems) {}

    Form read(ValueView root) {
        form_.name = root["form"].text();
        if (file_.substr(file_.rfind('/') + 1) != form_.name + ".json")
            tell("core.form_file.name", "$.form", "form", form_.name);
        form_.title = textId(root["title"], "$.title");
        const std::string_view way = root["way"].text();
        form_.way = way == "one"       ? Form::Way::one
                    : way == "grouped" ? Form::Way::grouped
                                       : Form::Way::oneThing;
        std::size_t at = 0;
        for (const ValueView map : root["fields"]) {
            const std::string where = "$.fields[" + std::to_string(at++) + "]";
            Field read = field(map, where);
            if (form_.field(read.name)) tell("core.form_file.twice", where + ".name", "name", read.name);
            form_.fields.push_back(std::move(read));
        }
        groups(root["groups"]);
        return std::move(form_);
    }

private:
    template <class Fill>
    void tellOf(std::string id, const std::string& path, Fill&& fill) {
        problems_.emplace_back(std::move(id), json::placeIn(file_, text_, path),
                               Value::map(std::forward<Fill>(fill)));
    }
    void tell(std::string id, const std::string& path, std::string_view key, std::string_view value) {
        tellOf(std::move(id), path, [&](MapWriter& m) { m.set(key, value); });
    }

    std::string textId(ValueView id, const std::string& path) {
        const std::string_view text = id.text();
        const bool own =
            text.size() > plugin_.size() && text.starts_with(plugin_) && text[plugin_.size()] == '.';
        if (!text.empty() && !own) tell("core.form_file.text_id", path, "plugin", plugin_);
        return std::string(text);
    }

    void useRule(std::string_view rule, std::vector<rules::RuleType> types, const std::string& path) {
        form_.ruleUses.push_back({std::string(rule), std::move(types), json::placeIn(file_, text_, path)});
    }

    Field field(ValueView map, const std::string& where) {
        Field f;
        f.name = map["name"].text();
        f.type = *fieldTypeOf(map["type"].text());
        f.label = textId(map["label"], where + ".label");
        f.help = textId(map["help"], where + ".help");
        f.unit = textId(map["unit"], where + ".unit");
        f.optional = map["optional"].truth();
        f.personal = map["personal"].truth();
        f.autocomplete = map["autocomplete"].text();
        meaningless(f, map, where);
        f.decimals = static_cast<int>(map["decimals"].integer().value_or(2));
        f.min = limit(f, map["min"], where + ".min");
        f.max = limit(f, map["max"], where + ".max");
        const bool bothFixed =
            f.min && f.max && f.min->kind == Limit::Kind::fixed && f.max->kind == Limit::Kind::fixed;
        if (bothFixed && f.min->value > f.max->value)
            tell("core.form_file.range", where + ".min", "field", f.name);
        options(f, map, where);
        when(f, map["when"], where + ".when");
        prefill(f, map["prefill"].text());
        return f;
    }

    /// Keys that say nothing about a field of this type.
    void meaningless(const Field& f, ValueView map, const std::string& where) {
        using T = FieldType;
        const bool bounded = f.type != T::choice && f.type != T::select && f.type != T::yesno &&
                             f.type != T::phone && f.type != T::email && f.type != T::idcard &&
                             f.type != T::file;
        const std::pair<const char*, bool> rules[] = {
            {"options", isChosen(f.type)},
            {"codes", isChosen(f.type)},
            {"of", isChosen(f.type)},
            {"decimals", f.type == T::decimal},
            {"unit", f.type == T::integer || f.type == T::decimal},
            {"min", bounded},
            {"max", bounded},
            {"autocomplete", !isChosen(f.type) && f.type != T::file},
            {"prefill", f.type != T::file}};
        for (const auto& [key, fits] : rules)
            if (map.has(key) && !fits)
                tellOf("core.form_file.key", where + "." + key,
                       [&](MapWriter& m) { m.set("key", key).set("type", name(f.type)); });
    }

    std::optional<Limit> limit(const Field& f, ValueView value, const std::string& path) {
        if (value.isNull()) return std::nullopt;
        Limit limit;
        if (value.isMap()) {
            limit.kind = Limit::Kind::rule;
            limit.rule = value["rule"].text();
            if (value.size() == 1 && !limit.rule.empty() && f.type != FieldType::date) {
                std::vector<rules::RuleType> types{rules::RuleType::integer};
                if (f.type == FieldType::money) types.push_back(rules::RuleType::money);
                useRule(limit.rule, std::move(types), path);
                return limit;
            }
        } else if (const auto fixed = fixedLimit(f, value)) {
            limit.value = *fixed;
            return limit;
        } else if (f.type == FieldType::date && value.text() == "today") {
            limit.kind = Limit::Kind::today;
            return limit;
        }
        tell("core.form_file.limit", path, "type", name(f.type));
        return std::nullopt;
    }

    static std::optional<std::int64_t> fixedLimit(const Field& f, ValueView value) {
        if (f.type == FieldType::date) return value.isText() ? parseCivilDay(value.text()) : std::nullopt;
        if (!value.isNumber()) return std::nullopt;
        if (f.type == FieldType::decimal) {
            const auto number = parseDecimal(value.asText());
            return number ? std::optional(number->millionths) : std::nullopt;
        }
        const auto number = value.integer();
        const bool counted = f.type != FieldType::integer;
        return number && (!counted || *number >= 0) ? number : std::nullopt;
    }

    void options(Field& f, ValueView map, const std::string& where) {
        if (!isChosen(f.type)) return;
        if (map.has("options") == map.has("codes"))
            return tell("core.form_file.options", where, "field", f.name);
        std::set<std::string_view> seen;
        for (const ValueView each : map["options"]) {
            const std::string here = where + ".options[" + std::to_string(f.options.size()) + "]";
            if (!seen.insert(each["value"].text()).second)
                tell("core.form_file.twice", here + ".value", "name", each["value"].text());
            f.options.push_back({each["value"].asText(), textId(each["label"], here + ".label"),
                                 textId(each["help"], here + ".help")});
        }
        if (const ValueView codes = map["codes"]; codes.isMap()) {
            f.optionsRule = codes["rule"].text();
            if (codes.size() != 1 || f.optionsRule.empty())
                tell("core.form_file.options", where + ".codes", "field", f.name);
            useRule(f.optionsRule, {rules::RuleType::list}, where + ".codes");
        } else if (codes.isText()) {
            f.codes = codeList(codes.text(), where + ".codes");
        } else if (!codes.isNull()) {
            tell("core.form_file.options", where + ".codes", "field", f.name);
        }
        f.codesOf = map["of"].text();
        const bool dependent = f.codes && f.codes->isDependent();
        if (f.codes && dependent == f.codesOf.empty())
            tell("core.form_file.codes_of", where + ".codes", "file", map["codes"].text());
        if (!f.codesOf.empty()) earlier(f.codesOf, false, where + ".of");
    }

    std::shared_ptr<const CodeList> codeList(std::string_view path, const std::string& where) {
        auto& known = lists_[std::string(path)];
        if (known) return known;
        const auto text = files_ ? files_(path) : std::nullopt;
        if (!text) {
            tell("core.form_file.no_codes", where, "file", path);
            return nullptr;
        }
        known = CodeList::read(*text, path, problems_);
        return known;
    }

    /// A chosen field before this one; of `when` a yesno too and several choices, of `of` one choice only.
    const Field* earlier(std::string_view fieldName, bool ofWhen, const std::string& path) {
        const Field* found = form_.field(fieldName);
        const bool fits =
            found && (found->type == FieldType::choice || found->type == FieldType::select ||
                      (ofWhen && (found->type == FieldType::checks || found->type == FieldType::yesno)));
        if (fits) return found;
        tell("core.form_file.earlier", path, "field", fieldName);
        return nullptr;
    }

    void when(Field& f, ValueView map, const std::string& path) {
        if (map.isNull()) return;
        When when{map["field"].asText(), {}};
        const Field* above = earlier(when.field, true, path + ".field");
        for (const ValueView value : map["is"]) {
            const std::string here = path + ".is[" + std::to_string(when.is.size()) + "]";
            if (above && !canBe(*above, value.text()))
                tellOf("core.form_file.when_value", here,
                       [&](MapWriter& m) { m.set("field", above->name).set("value", value.text()); });
            when.is.emplace_back(value.text());
        }
        f.when = std::move(when);
    }

    static bool canBe(const Field& f, std::string_view value) {
        if (f.type == FieldType::yesno) return value == "yes" || value == "no";
        if (f.codes) return f.codes->find(value) != nullptr;
        if (!f.optionsRule.empty()) return true;
        return std::any_of(f.options.begin(), f.options.end(),
                           [&](const Option& o) { return o.value == value; });
    }

    static void prefill(Field& f, std::string_view source) {
        if (source.empty()) return;
        if (source == "person.name") {
            f.prefill.kind = Prefill::Kind::personName;
        } else if (source == "person.organisation") {
            f.prefill.kind = Prefill::Kind::personOrganisation;
        } else {
            f.prefill.kind = Prefill::Kind::service;
            const std::size_t dot = source.find('.');
            f.prefill.service = source.substr(0, dot);
            f.prefill.method = source.substr(dot + 1);
        }
    }

    void groups(ValueView list) {
        if (list.isNull()) {
            Group all;
            for (std::size_t i = 0; i < form_.fields.size(); ++i)
                all.fields.push_back(i);
            form_.groups.push_back(std::move(all));
            return;
        }
        // The order of the pages is the fields' own, so that what depends on an answer comes after it.
        std::size_t next = 0, at = 0;
        for (const ValueView map : list) {
            const std::string where = "$.groups[" + std::to_string(at++) + "]";
            Group group{textId(map["title"], where + ".title"), textId(map["help"], where + ".help"), {}};
            std::size_t index = 0;
            for (const ValueView member : map["fields"]) {
                const std::string here = where + ".fields[" + std::to_string(index++) + "]";
                if (next >= form_.fields.size() || form_.fields[next].name != member.text())
                    return tell("core.form_file.groups", here, "field", member.text());
                group.fields.push_back(next++);
            }
            form_.groups.push_back(std::move(group));
        }
        if (next != form_.fields.size())
            tell("core.form_file.groups", "$.groups", "field", form_.fields[next].name);
    }

    std::string_view plugin_;
    std::string_view text_;
    std::string_view file_;
    const ReadFile& files_;
    plugin::Problems& problems_;
    std::map<std::string, std::shared_ptr<const CodeList>> lists_;
    Form form_;
};

} // namespace

std::optional<Form> readForm(ValueView schema, std::string_view plugin, std::string_view text,
                             std::string_view file, const ReadFile& files, plugin::Problems& problems) {
    const std::size_t before = problems.size();
    const auto root = json::parse(text);
    if (!root) {
        const auto offset = root.error().details()["offset"].integer().value_or(0);
        problems.emplace_back(root.error(),
                              std::string(file) + ":" +
                                  std::to_string(json::lineAt(text, static_cast<std::size_t>(offset))));
        return std::nullopt;
    }
    for (plugin::Problem& fault : plugin::checkAgainst(schema, *root)) {
        fault.where = json::placeIn(file, text, fault.where);
        problems.push_back(std::move(fault));
    }
    if (problems.size() != before) return std::nullopt;
    Form form = Reader(plugin, text, file, files, problems).read(*root);
    if (problems.size() != before) return std::nullopt;
    return form;
}

void demandRules(const Form& form, const rules::RuleBook* book, plugin::Problems& problems) {
    for (const Form::RuleUse& use : form.ruleUses) {
        const rules::Rule* rule = book ? book->find(use.rule) : nullptr;
        if (rule && std::find(use.types.begin(), use.types.end(), rule->type) != use.types.end()) continue;
        problems.emplace_back("core.form_file.rule", use.where, Value::map([&](MapWriter& m) {
                                  m.set("rule", use.rule).set("type", rules::name(use.types.front()));
                              }));
    }
}

} // namespace dalate::services::forms
