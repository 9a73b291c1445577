// SPDX-License-Identifier: Apache-2.0
#include "host/DeclarationReader.h"

#include "base/Json.h"
#include "base/JsonPlace.h"
#include "plugin/JsonSchema.h"
#include "plugin/LibraryCache.h"
#include "services/cases/MachineReader.h"
#include "services/forms/FormReader.h"
#include "services/lists/ListReader.h"
#include "services/rules/RuleBook.h"
#include "services/rules/RuleReader.h"
#include "storage/PluginAccess.h"

#include <optional>
#include <string>

namespace dalate::host {

namespace {

using plugin::Problems;
using services::Declared;

/// A county's longest form with its options is some 100 KiB.
constexpr std::size_t mostBytes = 1u << 20;

Value schemaOf(const std::filesystem::path& file) {
    Value schema = json::parse(plugin::readFile(file, mostBytes)).take();
    plugin::demandKnownSchema(schema);
    return schema;
}

/// One plugin's files being read.
class Reading {
public:
    Reading(const plugin::Manifest& manifest, const std::filesystem::path& folder,
            const std::filesystem::path& schemas)
        : manifest_(manifest), folder_(folder), schemas_(schemas) {
        declared_.plugin = manifest.id;
        declared_.version = manifest.version;
        declared_.folder = folder;
        for (const plugin::JobRule& job : manifest.jobs)
            declared_.jobs.push_back(job.name);
        declared_.publishes = manifest.publishes;
        declared_.subscribes = manifest.subscribes;
        declared_.relations = manifest.relations;
        declared_.notices = manifest.notices;
    }

    void rules(const services::rules::CountyRules* county) {
        if (manifest_.rules.empty()) return;
        std::vector<services::rules::Rule> all;
        each(manifest_.rules, "rules.schema.json",
             [&](ValueView schema, std::string_view text, std::string_view file) {
                 auto some = services::rules::readRules(schema, text, file, problems_);
                 if (!some) return;
                 for (services::rules::Rule& rule : *some)
                     all.push_back(std::move(rule));
             });
        if (!problems_.empty()) return;
        try {
            declared_.rules =
                std::make_shared<const services::rules::RuleBook>(manifest_.id, std::move(all), county);
        } catch (const Error& error) {
            problems_.emplace_back(error, "$.rules");
        }
    }

    /// After the rules, which a form may name.
    void forms() {
        const auto files = [this](std::string_view path) { return fileNamedBy(path); };
        each(manifest_.forms, "form.schema.json",
             [&](ValueView schema, std::string_view text, std::string_view file) {
                 auto form = services::forms::readForm(schema, manifest_.id, text, file, files, problems_);
                 if (!form || !isNamedAfter(file, text, "form", form->name)) return;
                 services::forms::demandRules(*form, declared_.rules.get(), problems_);
                 const std::string name = form->name;
                 declared_.forms.emplace(name,
                                         std::make_shared<const services::forms::Form>(std::move(*form)));
             });
    }

    /// After everything that a machine may name.
    void cases() {
        std::vector<std::pair<std::shared_ptr<const services::cases::Machine>, std::string>> read;
        each(manifest_.cases, "case.schema.json",
             [&](ValueView schema, std::string_view text, std::string_view file) {
                 auto machine = services::cases::readMachine(schema, text, file, problems_);
                 if (!machine || !isNamedAfter(file, text, "machine", machine->name)) return;
                 const std::string name = machine->name;
                 read.emplace_back(std::make_shared<const services::cases::Machine>(std::move(*machine)),
                                   text);
                 declared_.machines.emplace(name, read.back().first);
             });
        for (const auto& [machine, text] : read) {
            services::cases::checkNames(*machine, text, declared_, problems_);
            for (const auto& bound : machine->bound)
                need(bound.guard ? DALATE_BIND_GUARD : DALATE_BIND_EFFECT, bound.name, bound.where);
        }
        // A machine that could not be read is not missing.
        for (std::size_t i = 0; problems_.empty() && i < manifest_.menu.size(); ++i)
            if (const plugin::MenuItem& item = manifest_.menu[i];
                !item.machine.empty() && !declared_.machine(item.machine))
                problems_.emplace_back("core.manifest.no_machine",
                                       "$.menu[" + std::to_string(i) + "].machine",
                                       Value::map([&](MapWriter& m) { m.set("machine", item.machine); }));
    }

    /// After forms and machines, which a list may name.
    void lists() {
        std::vector<std::string> permissions;
        for (const plugin::PermissionRule& rule : manifest_.permissions)
            permissions.push_back(rule.id);
        each(manifest_.lists, "list.schema.json",
             [&](ValueView schema, std::string_view text, std::string_view file) {
                 auto list = services::lists::readList(schema, manifest_.id, text, file, problems_);
                 if (!list || !isNamedAfter(file, text, "list", list->name)) return;
                 services::lists::checkNames(*list, declared_, permissions, problems_);
                 const std::string name = list->name;
                 declared_.lists.emplace(name,
                                         std::make_shared<const services::lists::List>(std::move(*list)));
             });
        if (!manifest_.lists.empty() && problems_.empty())
            declared_.tables = std::make_shared<const storage::TableRules>(manifest_.id, manifest_.tables);
    }

    OpenedDeclarations finish() {
        if (!problems_.empty()) throw plugin::Faulty(std::move(problems_));
        return {std::make_shared<const Declared>(std::move(declared_)), std::move(needs_)};
    }

private:
    /// Calls `read` with the schema and the text of each file that can be read.
    template <class Read>
    void each(const std::vector<std::string>& files, const char* schemaName, Read&& read) {
        if (files.empty()) return;
        const Value schema = schemaOf(schemas_ / schemaName);
        for (const std::string& file : files) {
            std::string text;
            try {
                text = plugin::readFile(folder_ / file, mostBytes);
            } catch (const Error&) {
                problems_.emplace_back("core.manifest.no_file", file,
                                       Value::map([&](MapWriter& m) { m.set("file", file); }));
                continue;
            }
            read(schema.view(), std::string_view(text), std::string_view(file));
        }
    }

    /// A file that a declaration names, from inside the plugin's folder.
    std::optional<std::string> fileNamedBy(std::string_view path) const {
        const std::filesystem::path plain = std::filesystem::path(path).lexically_normal();
        if (plain.is_absolute() || plain.empty() || *plain.begin() == "..") return std::nullopt;
        try {
            return plugin::readFile(folder_ / plain, mostBytes);
        } catch (const Error&) {
            return std::nullopt;
        }
    }

    /// Files are found by what they declare, so a second one of a name cannot be.
    bool isNamedAfter(std::string_view file, std::string_view text, std::string_view key,
                      const std::string& name) {
        if (std::filesystem::path(file).stem() == name) return true;
        problems_.emplace_back("core.manifest.file_name", json::placeIn(file, text, "$." + std::string(key)),
                               Value::map([&](MapWriter& m) { m.set("name", name); }));
        return false;
    }

    /// Two machines may ask for the same guard.
    void need(std::int32_t kind, const std::string& name, const std::string& where) {
        for (const plugin::Need& known : needs_)
            if (known.kind == kind && known.name == name) return;
        needs_.push_back({kind, name, where});
    }

    const plugin::Manifest& manifest_;
    const std::filesystem::path& folder_;
    const std::filesystem::path& schemas_;
    Declared declared_;
    std::vector<plugin::Need> needs_;
    Problems problems_;
};

} // namespace

OpenedDeclarations DeclarationReader::read(const plugin::Manifest& manifest,
                                           const std::filesystem::path& folder) const {
    Reading reading(manifest, folder, schemas_);
    reading.rules(county_);
    reading.forms();
    reading.cases();
    reading.lists();
    return reading.finish();
}

} // namespace dalate::host
