// SPDX-License-Identifier: Apache-2.0
// What needs no library in the plugin: logs, rights, settings, texts, JSON, digests, files, clock and ids.
#include "host/Entries.h"

#include "base/Clock.h"
#include "base/Ids.h"
#include "base/Json.h"
#include "host/FlatCheck.h"

#include <openssl/evp.h>

namespace dalate::host::entry {

namespace {

constexpr std::size_t fieldsLimit = 16 * 1024;

bool isOwn(std::string_view id, std::string_view plugin) noexcept {
    return id.size() > plugin.size() + 1 && id.size() <= 128 && id.starts_with(plugin) &&
           id[plugin.size()] == '.';
}

/// The entries without a call: there is no failure to set, the status is all.
template <class Work>
dalate_status placed(dalate_host* handle, Work&& work) noexcept {
    if (!handle) return 400;
    try {
        return work(Place::of(handle));
    } catch (const Error& error) {
        return error.status();
    } catch (...) {
        return 500;
    }
}

const EVP_MD* algorithmOf(int32_t algorithm) {
    switch (algorithm) {
    case DALATE_DIGEST_SHA256:
        return EVP_sha256();
    case DALATE_DIGEST_SM3:
        return EVP_sm3();
    default:
        throw Error(400, "core.host.digest");
    }
}

} // namespace

void log(dalate_host* handle, int32_t level, dalate_str messageId, dalate_value fields) {
    placed(handle, [&](Place& place) {
        const std::string_view id = checkedText(messageId);
        const bool known = level >= DALATE_LOG_DEBUG && level <= DALATE_LOG_ERROR;
        const auto severity = known ? static_cast<log::Level>(level) : log::Level::error;
        // The SDK's own thunks log under core.plugin.
        const bool named = isOwn(id, place.plugin()) || isOwn(id, "core.plugin");
        ValueView given;
        if (fields.n <= fieldsLimit) given = checkedValue(fields);
        const Value all = Value::map([&](MapWriter& m) {
            m.set("plugin", place.plugin());
            if (given.isMap())
                for (const ValueView field : given)
                    if (field.key() != "plugin") m.set(field.key(), field);
        });
        dalate::log::write(severity, named ? id : std::string_view("core.host.log_id"), all);
        return DALATE_OK;
    });
}

dalate_status can(dalate_call* handle, dalate_str permission) {
    return guarded("can", handle, [&](Call& call) -> dalate_status {
        const std::string_view id = checkedText(permission);
        if (!isOwn(id, call.place().plugin())) return 404;
        return call.place().holds(call.principal(), id) ? DALATE_OK : 404;
    });
}

dalate_status setting(dalate_host* handle, dalate_str name, dalate_str* out) {
    return placed(handle, [&](Place& place) -> dalate_status {
        demand(out) = {};
        const std::string* value = place.setting(checkedText(name));
        if (!value) return 404;
        *out = toStr(*value);
        return DALATE_OK;
    });
}

dalate_status text(dalate_call* handle, dalate_str messageId, dalate_value values, dalate_str* out) {
    return guarded("text", handle, [&](Call& call) {
        demand(out) = {};
        const std::string_view id = checkedText(messageId);
        const ValueView given = checkedValue(values);
        const auto& templates = call.place().templates();
        if (!templates) throw Error(503, "core.host.no_texts");
        // Kept from call to call: a page asks for a text a row, and each would grow a string of its own.
        thread_local std::string said;
        said.clear();
        templates->texts().append(said, call.request().language, id, given);
        *out = toStr(call.arena().copy(said));
        return DALATE_OK;
    });
}

dalate_status jsonParse(dalate_call* handle, dalate_str text, dalate_value* out) {
    return guarded("json_parse", handle, [&](Call& call) {
        demand(out) = {};
        *out = toRaw(call.keep(json::parse(checkedBytes(text)).take()));
        return DALATE_OK;
    });
}

dalate_status jsonWrite(dalate_call* handle, dalate_value value, dalate_str* out) {
    return guarded("json_write", handle, [&](Call& call) {
        demand(out) = {};
        *out = toStr(call.arena().adopt(json::write(checkedValue(value))));
        return DALATE_OK;
    });
}

dalate_status digest(dalate_call* handle, int32_t algorithm, dalate_str bytes, dalate_str* out) {
    return guarded("digest", handle, [&](Call& call) {
        demand(out) = {};
        const std::string_view input = checkedBytes(bytes);
        unsigned char result[EVP_MAX_MD_SIZE];
        unsigned int length = 0;
        if (EVP_Digest(input.data(), input.size(), result, &length, algorithmOf(algorithm), nullptr) != 1)
            throw Error(500, "core.host.digest");
        *out = toStr(call.arena().copy({reinterpret_cast<const char*>(result), length}));
        return DALATE_OK;
    });
}

dalate_status dataFile(dalate_host* handle, dalate_str path, dalate_str* out) {
    return placed(handle, [&](Place& place) {
        demand(out) = {};
        *out = toStr(place.dataFile(checkedText(path)));
        return DALATE_OK;
    });
}

int64_t now(dalate_host*) {
    return dalate::now();
}
int64_t newId(dalate_host*) {
    return dalate::newId();
}

} // namespace dalate::host::entry
