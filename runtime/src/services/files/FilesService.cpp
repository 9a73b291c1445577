// SPDX-License-Identifier: Apache-2.0
#include "services/files/FilesService.h"

#include "base/Log.h"
#include "services/Arguments.h"
#include "services/Registry.h"
#include "storage/Tx.h"

namespace dalate::services::files {

namespace {

using Need = Argument::Need;
using Type = Argument::Type;

constexpr std::size_t longestToken = 64;
constexpr Argument ofFile{"file", Type::id, Need::required}, ofObject{"object", Type::text, Need::required};

Error unknown() {
    return Error(404, "core.file.unknown");
}

/// The core's own word for what an unfinished form brought; such files are cleared away.
constexpr std::string_view drafts = "draft/";

Value keep(FileStore& store, ServiceContext& context, ValueView in) {
    if (in["object"].text().starts_with(drafts)) throw Error(400, "core.file.object");
    const std::string_view token = in["upload"].text();
    const Upload* upload = context.uploads ? findUpload(*context.uploads, token) : nullptr;
    if (upload == nullptr || token.size() > longestToken) throw Error(404, "core.file.upload");
    const std::int64_t id = store.keep(
        *context.tx, *upload,
        {context.plugin, in["object"].text(), visibilityOf(in["visibility"].text()), context.principal});
    return Value::map([&](MapWriter& m) { m.set("file", std::to_string(id)); });
}

File ownFile(FileStore& store, ServiceContext& context, ValueView in) {
    const auto id = in["file"].integer();
    auto file = id ? store.find(*context.tx, *id) : std::nullopt;
    if (!file || file->plugin != context.plugin) throw unknown();
    return *std::move(file);
}

Value info(FileStore& store, ServiceContext& context, ValueView in) {
    const File file = ownFile(store, context, in);
    return Value::map([&](MapWriter& m) { writeFile(m, file); });
}

Value list(FileStore& store, ServiceContext& context, ValueView in) {
    const auto files = store.of(*context.tx, context.plugin, in["object"].text());
    return Value::map([&](MapWriter& m) {
        m.list("files", [&](ListWriter& l) {
            for (const File& file : files)
                l.map([&](MapWriter& one) { writeFile(one, file); });
        });
    });
}

Value remove(FileStore& store, ServiceContext& context, ValueView in) {
    const auto id = in["file"].integer();
    if (!id || !store.remove(*context.tx, context.plugin, *id)) throw unknown();
    return {};
}

/// Asks the plugin that owns the object.
bool pluginSays(const Registry& registry, storage::Tx& tx, const identity::Principal& who, const File& file) {
    std::shared_ptr<const Service> service;
    try {
        service = registry.find(file.plugin + "/1", "file_readable");
    } catch (const Error&) {
        return false; // it has no such service, or is not active
    }
    const Value in =
        Value::map([&](MapWriter& m) { m.set("object", file.object).set("file", std::to_string(file.id)); });
    AfterCommit after;
    ServiceContext context{.plugin = "core",
                           .principal = who,
                           .scope = {},
                           .declaredJobs = {},
                           .language = "zh-CN",
                           .requestId = {},
                           .baseUrl = {},
                           .deadline = {},
                           .tx = &tx,
                           .afterCommit = &after,
                           .job = nullptr,
                           .declared = nullptr};
    try {
        return service->answer(context, in)["readable"].truth();
    } catch (const Error& error) {
        log::warning("core.file.readable", Value::map([&](MapWriter& m) {
                         m.set("plugin", file.plugin).set("error", error.id());
                     }));
        return false;
    }
}

} // namespace

void writeFile(MapWriter& m, const File& file) {
    const std::string id = std::to_string(file.id);
    m.set("file", id).set("name", file.name).set("type", file.type);
    m.set("size", static_cast<std::int64_t>(file.size)).set("object", file.object);
    m.set("visibility", nameOf(file.visibility)).set("owner", file.ownerUser).set("created", file.createdAt);
    m.set("href", "/files/" + id);
    m.set("thumb", file.thumb.empty() ? std::string() : "/files/" + id + "?thumb=1");
}

void offerFiles(const CoreParts& parts, FileStore& store) {
    const auto offer = [&](const char* method, Touch touch, std::initializer_list<Argument> takes,
                           Value (*answer)(FileStore&, ServiceContext&, ValueView)) {
        offerChecked(
            parts.registry, "files/1", method, touch, takes,
            [&store, answer](ServiceContext& context, ValueView in) { return answer(store, context, in); });
    };
    offer("keep", Touch::writes,
          {{"upload", Type::text, Need::required}, ofObject, {"visibility", Type::text, Need::required}},
          &keep);
    offer("info", Touch::reads, {ofFile}, &info);
    offer("list", Touch::reads, {ofObject}, &list);
    offer("remove", Touch::writes, {ofFile}, &remove);
    store.readers(Visibility::object, [&registry = parts.registry](
                                          storage::Tx& tx, const identity::Principal& who, const File& file) {
        return pluginSays(registry, tx, who, file);
    });
}

} // namespace dalate::services::files
