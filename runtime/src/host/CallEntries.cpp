// SPDX-License-Identifier: Apache-2.0
// What a call carries. Everything given out is the request's own memory or lies in the arena.
#include "host/Entries.h"

#include "host/FlatCheck.h"

#include <algorithm>
#include <limits>

namespace dalate::host::entry {

namespace {

constexpr dalate_status absent = 404;

dalate_status give(std::optional<std::string_view> text, dalate_str& out) {
    out = text ? toStr(*text) : dalate_str{};
    return text ? DALATE_OK : absent;
}

/// Fields of a call that a kind of call does not have read as absent, as do those its maker left empty.
std::optional<std::string_view> unlessEmpty(std::string_view text) {
    return text.empty() ? std::nullopt : std::optional(text);
}

std::optional<std::string_view> first(const Fields& fields, std::string_view name) {
    for (const auto& [field, values] : fields)
        if (field == name && !values.empty()) return values.front();
    return std::nullopt;
}

std::optional<std::string_view> param(const CallRequest& request, std::string_view name) {
    for (const auto& [field, value] : request.params)
        if (field == name) return value;
    return std::nullopt;
}

dalate_status text(Call& call, int32_t field, std::string_view name, dalate_str& out) {
    const CallRequest& request = call.request();
    switch (field) {
    case DALATE_FIELD_METHOD:
        return give(unlessEmpty(request.method), out);
    case DALATE_FIELD_PATH:
        return give(unlessEmpty(request.path), out);
    case DALATE_FIELD_PARAM:
        return give(param(request, name), out);
    case DALATE_FIELD_QUERY:
        return give(first(request.query, name), out);
    case DALATE_FIELD_FORM:
        return give(first(request.form, name), out);
    case DALATE_FIELD_HEADER:
        return give(request.header ? request.header(name) : std::nullopt, out);
    case DALATE_FIELD_LANGUAGE:
        return give(request.language, out);
    case DALATE_FIELD_REQUEST_ID:
        return give(unlessEmpty(request.requestId), out);
    case DALATE_FIELD_BASE_URL:
        return give(unlessEmpty(request.baseUrl), out);
    case DALATE_FIELD_PLUGIN_PATH:
        return give(call.arena().copy("/" + call.place().plugin()), out);
    case DALATE_FIELD_SUBJECT:
        return give(unlessEmpty(request.subject), out);
    case DALATE_FIELD_FAILURE:
        // Copied: the next failure would free it under the plugin's hands.
        if (!call.failure()) return give(std::nullopt, out);
        return give(call.arena().copy(call.failure()->messageId), out);
    default:
        throw Error(400, "core.host.field");
    }
}

dalate_status give(ValueView value, dalate_value& out) {
    out = toRaw(value);
    return DALATE_OK;
}

dalate_status part(Call& call, int32_t which, dalate_value& out) {
    const bool request = call.request().kind == CallKind::request;
    switch (which) {
    case DALATE_PART_QUERY:
        return request ? give(call.query(), out) : absent;
    case DALATE_PART_FORM:
        return request ? give(call.form(), out) : absent;
    case DALATE_PART_UPLOADS:
        return request ? give(call.uploads(), out) : absent;
    case DALATE_PART_JSON:
        return request ? give(call.json(), out) : absent;
    case DALATE_PART_PRINCIPAL:
        return give(call.principalValue(), out);
    case DALATE_PART_ARGUMENTS:
        return request ? absent : give(call.request().arguments, out);
    case DALATE_PART_FAILURE:
        if (!call.failure()) return give(ValueView(), out);
        return give(ValueView(call.arena().copy(call.failure()->model.bytes())), out);
    default:
        throw Error(400, "core.host.field");
    }
}

} // namespace

int32_t callKind(dalate_call* handle) {
    const Call* call = Call::checked(handle);
    return call ? static_cast<int32_t>(call->request().kind) : 0;
}

dalate_status callText(dalate_call* handle, int32_t field, dalate_str name, dalate_str* out) {
    return guarded("call_text", handle,
                   [&](Call& call) { return text(call, field, checkedBytes(name), demand(out)); });
}

dalate_status callValue(dalate_call* handle, int32_t which, dalate_value* out) {
    return guarded("call_value", handle, [&](Call& call) {
        demand(out) = {};
        return part(call, which, *out);
    });
}

int64_t bodySize(dalate_call* handle) {
    const Call* call = Call::checked(handle);
    return call ? static_cast<int64_t>(call->request().body.size()) : 0;
}

dalate_status bodyRead(dalate_call* handle, int64_t offset, size_t most, dalate_str* out) {
    return guarded("body_read", handle, [&](Call& call) {
        demand(out) = {};
        const std::string_view body = call.request().body;
        if (offset < 0) throw Error(400, "core.host.offset");
        const std::size_t from = std::min(static_cast<std::size_t>(offset), body.size());
        *out = toStr(body.substr(from, most));
        return DALATE_OK;
    });
}

int64_t deadline(dalate_call* handle) {
    const Call* call = Call::checked(handle);
    if (!call) return -1;
    const auto at = call->request().deadline;
    return at ? *at - steadyNow() : std::numeric_limits<int64_t>::max();
}

} // namespace dalate::host::entry
