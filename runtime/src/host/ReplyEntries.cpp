// SPDX-License-Identifier: Apache-2.0
// The answer of a call. It is copied at once, so that the plugin's memory and its lease may go.
#include "host/Entries.h"

#include "host/FlatCheck.h"
#include "host/HeaderRules.h"

#include <algorithm>

namespace dalate::host::entry {

namespace {

constexpr std::size_t headerLimit = 64;

/// Whoever answers with a write still open has forgotten the commit, and would say "done" for what is rolled
/// back.
void demandNoWrite(Call& call) {
    if (call.tx() && call.tx()->writes()) throw Error(409, "core.host.tx_open");
}

void demandRequest(Call& call) {
    if (call.request().kind != CallKind::request) throw Error(400, "core.host.not_a_request");
    demandNoWrite(call);
}

void demandStatus(int32_t http) {
    if (http < 200 || http > 599) throw Error(400, "core.host.status");
}

/// Headers set before stay: they apply to whichever answer is the last.
Reply fresh(Reply& before, Reply::Form form, int status) {
    Reply reply;
    reply.form = form;
    reply.status = status;
    reply.headers = std::move(before.headers);
    return reply;
}

void demandRoom(std::size_t size) {
    if (size > Reply::cap) throw Error(507, "core.host.reply_size");
}

} // namespace

dalate_status reply(dalate_call* handle, int32_t http, dalate_str contentType, dalate_str body) {
    return guarded("reply", handle, [&](Call& call) {
        demandRequest(call);
        demandStatus(http);
        const std::string_view type = checkedBytes(contentType), bytes = checkedBytes(body);
        checkContentType(type);
        demandRoom(bytes.size());
        std::string copy(bytes), typeCopy(type);
        Reply next = fresh(call.reply(), Reply::Form::bytes, http);
        next.contentType = std::move(typeCopy);
        next.body = std::move(copy);
        call.reply() = std::move(next);
        call.answered();
        return DALATE_OK;
    });
}

dalate_status replyAppend(dalate_call* handle, dalate_str bytes) {
    return guarded("reply_append", handle, [&](Call& call) {
        demandRequest(call);
        if (call.reply().form != Reply::Form::bytes) throw Error(400, "core.host.no_reply");
        const std::string_view more = checkedBytes(bytes);
        demandRoom(more.size());
        demandRoom(call.reply().body.size() + more.size());
        call.reply().body.append(more);
        return DALATE_OK;
    });
}

dalate_status replyHeader(dalate_call* handle, dalate_str name, dalate_str value) {
    return guarded("reply_header", handle, [&](Call& call) {
        if (call.request().kind != CallKind::request) throw Error(400, "core.host.not_a_request");
        const std::string_view field = checkedBytes(name), content = checkedBytes(value);
        checkHeader(field, content, call.request().baseUrl);
        if (call.reply().headers.size() >= headerLimit) throw Error(400, "core.host.headers_many");
        call.reply().headers.emplace_back(field, content);
        return DALATE_OK;
    });
}

dalate_status render(dalate_call* handle, int32_t http, dalate_str page, dalate_value model) {
    return guarded("render", handle, [&](Call& call) {
        demandRequest(call);
        demandStatus(http);
        const std::string_view name = checkedText(page);
        const std::string& plugin = call.place().plugin();
        const auto& templates = call.place().templates();
        // Its own pages only: the core's carry what the gateway alone may say.
        const bool own =
            name.size() > plugin.size() + 1 && name.starts_with(plugin) && name[plugin.size()] == '/';
        if (!own || !templates || !templates->find(name, call.request().language))
            throw Error(400, "core.host.page",
                        Value::map([&](MapWriter& m) { m.set("page", name.substr(0, 128)); }));
        const ValueView given = checkedValue(model);
        if (!given.isMap() && !given.isNull()) throw Error(400, "core.host.model");
        std::string pageCopy(name);
        Value modelCopy = given.isNull() ? Value::map() : Value(given);
        Reply next = fresh(call.reply(), Reply::Form::page, http);
        next.page = std::move(pageCopy);
        next.templates = templates;
        next.model = std::move(modelCopy);
        call.reply() = std::move(next);
        call.answered();
        return DALATE_OK;
    });
}

dalate_status replyValue(dalate_call* handle, dalate_value result) {
    return guarded("reply_value", handle, [&](Call& call) {
        const CallKind kind = call.request().kind;
        if (kind != CallKind::job && kind != CallKind::service) throw Error(400, "core.host.no_result");
        demandNoWrite(call);
        Reply next;
        next.form = Reply::Form::value;
        if (const ValueView given = checkedValue(result); !given.isNull()) next.model = Value(given);
        call.reply() = std::move(next);
        call.answered();
        return DALATE_OK;
    });
}

void fail(dalate_call* handle, int32_t status, dalate_str messageId, dalate_value details) {
    guarded("fail", handle, [&](Call& call) {
        const std::string_view id = checkedBytes(messageId);
        // Details that are not sound are left out; that something failed must be told all the same.
        ValueView values;
        try {
            values = checkedValue(details);
        } catch (const Error& error) {
            log::warning(error.id(), Value::map([&](MapWriter& m) {
                             m.set("plugin", call.place().plugin()).set("entry", "fail");
                         }));
        }
        return call.fail(Call::Origin::plugin, status, id, values);
    });
}

} // namespace dalate::host::entry
