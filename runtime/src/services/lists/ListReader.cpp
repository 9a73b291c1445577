// SPDX-License-Identifier: Apache-2.0
#include "services/lists/ListReader.h"

#include "base/Json.h"
#include "base/JsonPlace.h"
#include "plugin/JsonSchema.h"
#include "services/Declared.h"
#include "services/cases/Machine.h"
#include "services/forms/Form.h"
#include "services/lists/AsPlugin.h"
#include "services/lists/Composer.h"
#include "services/lists/SqlPiece.h"
#include "storage/Pool.h"
#include "storage/Session.h"
#include "storage/StorageError.h"
#include "storage/Tx.h"

#include <algorithm>
#include <array>
#include <set>

namespace dalate::services::lists {
namespace {

/// Names that the URL of a list has for itself.
constexpr std::array<std::string_view, 7> taken{"sort", "after", "before", "done", "act", "row", "csrf"};

Filter filterOf(std::string_view word) noexcept {
    return word == "words"   ? Filter::words
           : word == "is"    ? Filter::is
           : word == "range" ? Filter::range
                             : Filter::none;
}

Personal personalOf(std::string_view word) noexcept {
    return word == "text"     ? Personal::text
           : word == "phone"  ? Personal::phone
           : word == "idcard" ? Personal::idcard
           : word == "email"  ? Personal::email
                              : Personal::no;
}

bool fits(ColumnType type, Filter filter) noexcept {
    using T = ColumnType;
    switch (filter) {
    case Filter::words:
        return type == T::text;
    case Filter::is:
        return type == T::text || type == T::choice || type == T::yesno || type == T::integer;
    case Filter::range:
        return type == T::integer || type == T::money || type == T::date || type == T::time || type == T::day;
    case Filter::none:
        break;
    }
    return true;
}

/// Reads a list that fits the schema and says what is wrong between its keys.
class Reader {
public:
    Reader(std::string_view plugin, std::string_view text, std::string_view file, plugin::Problems& problems)
        : plugin_(plugin), text_(text), file_(file), problems_(problems) {}

    List read(ValueView root) {
        list_.file = file_;
        list_.name = root["list"].text();
        if (file_.substr(file_.rfind('/') + 1) != list_.name + ".json")
            tell("core.list_file.name", "$.list", "list", list_.name);
        list_.title = textId(root["title"], "$.title");
        list_.permission = permission(root["access"]);
        list_.from = sql(root["from"], "$.from", Piece::from);
        list_.where = sql(root["where"], "$.where", Piece::expression);
        list_.key = sql(root["key"], "$.key", Piece::expression);
        list_.caseKey = sql(root["case"], "$.case", Piece::expression);
        for (const ValueView alias : root["scope"])
            list_.scope.emplace_back(alias.text());
        list_.href = root["href"].text();
        columns(root["columns"]);
        order(root["order"].text());
        for (const ValueView map : root["bulk"])
            bulk(map, "$.bulk[" + std::to_string(list_.bulk.size()) + "]");
        if (root.has("import")) import(root["import"], "$.import");
        return std::move(list_);
    }

private:
    template <class Fill>
    void tellOf(std::string id, const std::string& path, Fill&& fill) {
        problems_.emplace_back(std::move(id), place(path), Value::map(std::forward<Fill>(fill)));
    }
    void tell(std::string id, const std::string& path, std::string_view key, std::string_view value) {
        tellOf(std::move(id), path, [&](MapWriter& m) { m.set(key, value); });
    }
    std::string place(const std::string& path) const { return json::placeIn(file_, text_, path); }

    std::string textId(ValueView id, const std::string& path) {
        const std::string_view text = id.text();
        const bool own =
            text.size() > plugin_.size() && text.starts_with(plugin_) && text[plugin_.size()] == '.';
        if (!text.empty() && !own) tell("core.list_file.text_id", path, "plugin", plugin_);
        return std::string(text);
    }

    static std::string permission(ValueView access) {
        constexpr std::string_view before = "permission:";
        const std::string_view text = access.text();
        return text.starts_with(before) ? std::string(text.substr(before.size())) : std::string();
    }

    std::string sql(ValueView piece, const std::string& path, Piece where) {
        const std::string_view text = piece.text();
        if (text.empty()) return {};
        if (const auto fault = pieceFault(text, where); !fault.empty())
            tell("core.list_file.sql", path, "fault", fault);
        return std::string(text);
    }

    void columns(ValueView all) {
        for (const ValueView map : all) {
            const std::string here = "$.columns[" + std::to_string(list_.columns.size()) + "]";
            Column c;
            c.name = map["name"].text();
            const bool reserved = std::find(taken.begin(), taken.end(), c.name) != taken.end() ||
                                  c.name.ends_with("_from") || c.name.ends_with("_to");
            if (reserved || list_.column(c.name))
                tell("core.list_file.twice", here + ".name", "name", c.name);
            c.label = textId(map["label"], here + ".label");
            c.sql = sql(map["sql"], here + ".sql", Piece::expression);
            c.type = *columnTypeOf(map["type"].text());
            c.filter = filterOf(map["filter"].text());
            c.sort = map["sort"].truth();
            c.personal = personalOf(map["personal"].text());
            options(c, map["options"], here);
            if (!fits(c.type, c.filter))
                tellOf("core.list_file.filter", here + ".filter", [&](MapWriter& m) {
                    m.set("filter", map["filter"].text()).set("type", name(c.type));
                });
            if (c.personal != Personal::no &&
                (c.filter != Filter::none || c.sort || c.type != ColumnType::text))
                tell("core.list_file.personal", here + ".personal", "name", c.name);
            list_.columns.push_back(std::move(c));
        }
    }

    void options(Column& c, ValueView all, const std::string& where) {
        if ((c.type == ColumnType::choice) == all.isNull())
            tell("core.list_file.options", where, "name", c.name);
        for (const ValueView each : all) {
            const std::string here = where + ".options[" + std::to_string(c.options.size()) + "]";
            if (c.option(each["value"].text()))
                tell("core.list_file.twice", here + ".value", "name", each["value"].text());
            c.options.push_back(
                {each["value"].asText(), textId(each["label"], here + ".label"), each["kind"].asText()});
        }
    }

    void order(std::string_view word) {
        list_.descending = word.starts_with('-');
        if (list_.descending) word.remove_prefix(1);
        const Column* by = list_.column(word);
        if (!by || by->personal != Personal::no)
            return tell("core.list_file.unknown", "$.order", "name", word);
        list_.sort = static_cast<std::size_t>(by - list_.columns.data());
        if (const std::size_t count = Statements::count(list_); count > Statements::most)
            tell("core.list_file.too_many", "$.columns", "count", std::to_string(count));
    }

    /// `helpdesk/1.close` taken apart; only methods that the plugin itself answers are called in its name.
    void method(std::string_view whole, const std::string& path, std::string& service, std::string& name) {
        const std::size_t dot = whole.find('.');
        if (dot == std::string_view::npos) return tell("core.list_file.method", path, "method", whole);
        service = whole.substr(0, dot);
        name = whole.substr(dot + 1);
    }

    void bulk(ValueView map, const std::string& where) {
        BulkAct act;
        act.name = map["name"].text();
        act.where = place(where);
        if (list_.act(act.name)) tell("core.list_file.twice", where + ".name", "name", act.name);
        act.label = textId(map["label"], where + ".label");
        act.confirm = textId(map["confirm"], where + ".confirm");
        act.danger = map["tone"].text() == "danger";
        act.machine = map["machine"].text();
        act.transition = map["transition"].text();
        const bool moves = map.has("transition");
        if (moves == map.has("service") || moves != map.has("machine"))
            tell("core.list_file.act", where, "name", act.name);
        if (moves && list_.caseKey.empty()) tell("core.list_file.no_case", where, "name", act.name);
        if (map.has("service")) method(map["service"].text(), where + ".service", act.service, act.method);
        act.permission = permission(map["access"]);
        list_.bulk.push_back(std::move(act));
    }

    void import(ValueView map, const std::string& where) {
        ImportRule rule;
        rule.form = map["form"].text();
        rule.machine = map["machine"].text();
        rule.where = place(where);
        rule.permission = permission(map["access"]);
        if (map.has("machine") == map.has("service")) tell("core.list_file.act", where, "name", "import");
        if (map.has("service")) method(map["service"].text(), where + ".service", rule.service, rule.method);
        if (!rule.opensCases() && map.has("undo")) {
            std::string service;
            method(map["undo"].text(), where + ".undo", service, rule.undo);
            if (service != rule.service)
                tell("core.list_file.method", where + ".undo", "method", map["undo"].text());
        } else {
            rule.undo = map["undo"].text();
        }
        list_.import = std::move(rule);
    }

    std::string_view plugin_;
    std::string_view text_;
    std::string_view file_;
    plugin::Problems& problems_;
    List list_;
};

} // namespace

std::optional<List> readList(ValueView schema, std::string_view plugin, std::string_view text,
                             std::string_view file, plugin::Problems& problems) {
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
    List list = Reader(plugin, text, file, problems).read(*root);
    if (problems.size() != before) return std::nullopt;
    list.statements = std::make_shared<const Statements>(list);
    return list;
}

void checkNames(const List& list, const Declared& declared, const std::vector<std::string>& permissions,
                plugin::Problems& problems) {
    const auto unknown = [&](const std::string& where, std::string_view name) {
        problems.emplace_back("core.list_file.unknown", where,
                              Value::map([&](MapWriter& m) { m.set("name", name); }));
    };
    const auto demandStep = [&](const std::string& where, std::string_view machineName,
                                std::string_view step) {
        const cases::Machine* machine = declared.machine(machineName);
        if (!machine) return unknown(where, machineName);
        if (step.empty()) return;
        const cases::Transition* transition = machine->transition(step);
        if (!transition) return unknown(where, step);
        // Nobody is asked anything while many rows are moved.
        if (!transition->form.empty() || transition->reason == cases::Transition::Reason::required)
            problems.emplace_back("core.list_file.asks", where,
                                  Value::map([&](MapWriter& m) { m.set("name", step); }));
    };
    const auto demandPermission = [&](const std::string& where, const std::string& id) {
        if (!id.empty() && std::find(permissions.begin(), permissions.end(), id) == permissions.end())
            unknown(where, id);
    };
    demandPermission(list.file + " $.access", list.permission);
    for (const BulkAct& act : list.bulk)
        demandPermission(act.where, act.permission);
    if (list.import) demandPermission(list.import->where, list.import->permission);
    for (const BulkAct& act : list.bulk)
        if (act.movesCase()) demandStep(act.where, act.machine, act.transition);
    if (!list.import) return;
    const forms::Form* form = declared.form(list.import->form);
    if (!form) unknown(list.import->where, list.import->form);
    const auto demandsFile = [](const forms::Field& f) {
        return f.type == forms::FieldType::file && !f.optional;
    };
    if (form && std::any_of(form->fields.begin(), form->fields.end(), demandsFile))
        problems.emplace_back("core.list_file.file_field", list.import->where,
                              Value::map([&](MapWriter& m) { m.set("form", form->name); }));
    if (list.import->opensCases()) demandStep(list.import->where, list.import->machine, list.import->undo);
}

void checkStatements(storage::Pool& pool, const List& list, const storage::TableRules& rules,
                     plugin::Problems& problems) {
    using Kind = storage::Scope::Kind;
    const auto lease = pool.lease();
    storage::Tx tx(*lease, storage::Tx::Mode::read);
    // The reaches differ in nothing but the scope's predicate, which every text has at the same place.
    for (const Kind kind : {Kind::county, Kind::organisation, Kind::self, Kind::none}) {
        const storage::PluginAccess access{&rules, {kind, 1, 1}};
        const AsPlugin as(tx, access);
        try {
            if (kind == Kind::county)
                for (const std::string_view sql : list.statements->all())
                    tx.check(sql);
            else
                tx.check(list.statements->byKey());
        } catch (const storage::StorageError& error) {
            problems.emplace_back(
                "core.list_file.statement", list.file, Value::map([&](MapWriter& m) {
                    m.set("list", list.name).set("reason", error.details()["reason"].text());
                    m.set("table", error.details()["table"].text());
                }));
            return;
        }
    }
}

} // namespace dalate::services::lists
