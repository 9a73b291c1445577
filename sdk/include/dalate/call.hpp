// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <dalate/auth.hpp>
#include <dalate/db.hpp>

namespace dalate {

enum class Digest { sha256 = DALATE_DIGEST_SHA256, sm3 = DALATE_DIGEST_SM3 };

/// One call of the host into the plugin: a request, a job, an event, a service call or the start. Belongs to
/// the thread it arrives on and ends when the handler returns; every view it hands out is valid until then.
/// What the host refuses is thrown as Error with the host's own message id.
class Call {
public:
    Call(Host host, dalate_call* call) noexcept : host_(host), call_(call) {}
    Call(const Call&) = delete;
    Call& operator=(const Call&) = delete;

    const Host& host() const noexcept { return host_; }
    std::int64_t now() const noexcept { return host_.now(); }

    /// Opens a transaction; there is at most one at a time.
    Tx begin(TxMode mode) { return Tx(table(), call_, mode); }
    /// One query in a read transaction of its own, which is open while the answer is there.
    Read read(std::string_view sql, std::initializer_list<Param> params = {}) {
        return Read(begin(TxMode::read), sql, params);
    }
    /// One statement in a write transaction of its own: begun, run, committed. Number of rows written.
    std::int64_t write(std::string_view sql, std::initializer_list<Param> params = {}) {
        Tx tx = begin(TxMode::write);
        const std::int64_t written = tx.exec(sql, params);
        tx.commit();
        return written;
    }

    /// Who calls. In a job: the person or machine that put it in the queue, where there was one.
    Principal principal() const { return Principal(part(DALATE_PART_PRINCIPAL)); }
    /// Whether the caller holds a permission of this plugin.
    bool can(std::string_view permission) const {
        const dalate_status status = table().can(call_, detail::str(permission));
        if (status != DALATE_OK && status != 404) throw detail::failure(table(), call_, status);
        return status == DALATE_OK;
    }
    /// Throws 404 `core.not_found` where the caller does not hold the permission: what one may not see is not
    /// there.
    void require(std::string_view permission) const {
        if (!can(permission)) throw Error(404, "core.not_found");
    }

    /// A text of the plugin's `i18n/` in the caller's language, with its placeholders filled from `values` (a
    /// map).
    std::string_view tr(std::string_view messageId, ValueView values = {}) const {
        dalate_str out{};
        check(table().text(call_, detail::str(messageId), detail::raw(values), &out));
        return detail::view(out);
    }

    /// Asks a shared service or another plugin's: `call.service("print/1", "qr", arguments)`.
    ValueView service(std::string_view nameMajor, std::string_view method, ValueView in) const {
        return ask(nullptr, nameMajor, method, in);
    }
    /// Same, inside a transaction: what the service writes is committed or lost together with the plugin's
    /// rows.
    ValueView service(Tx& tx, std::string_view nameMajor, std::string_view method, ValueView in) const {
        return ask(tx.handle(), nameMajor, method, in);
    }

    /// JSON text into the value form, parsed strictly: duplicate keys, lone surrogates, NaN and what passes
    /// the limits are 400. Numbers keep their digits.
    ValueView jsonParse(std::string_view json) const {
        dalate_value out{};
        check(table().json_parse(call_, detail::str(json), &out));
        return detail::view(out);
    }
    std::string_view jsonWrite(ValueView value) const {
        dalate_str out{};
        check(table().json_write(call_, detail::raw(value), &out));
        return detail::view(out);
    }
    /// The raw bytes of the digest (32 for both algorithms).
    std::string_view digest(Digest algorithm, std::string_view bytes) const {
        dalate_str out{};
        check(table().digest(call_, static_cast<int32_t>(algorithm), detail::str(bytes), &out));
        return detail::view(out);
    }

    /// Microseconds left; negative once the call is over its time. A handler that loops asks and gives up.
    std::int64_t timeLeft() const noexcept { return table().deadline(call_); }

    std::string_view requestId() const { return text(DALATE_FIELD_REQUEST_ID).value_or(""); }
    /// zh-CN, en or mn-Mong.
    std::string_view language() const { return text(DALATE_FIELD_LANGUAGE).value_or("zh-CN"); }
    /// Scheme and authority as people see them, e.g. "https://county.example".
    std::string_view baseUrl() const { return text(DALATE_FIELD_BASE_URL).value_or(""); }
    /// "/<id>": where the plugin's routes are mounted.
    std::string_view pluginPath() const { return text(DALATE_FIELD_PLUGIN_PATH).value_or(""); }

    dalate_call* handle() const noexcept { return call_; }

protected:
    const dalate_host_v1& table() const noexcept { return host_.table(); }
    void check(dalate_status status) const {
        if (status != DALATE_OK) throw detail::failure(table(), call_, status);
    }
    std::optional<std::string_view> text(std::int32_t field, std::string_view name = {}) const {
        dalate_str out{};
        const dalate_status status = table().call_text(call_, field, detail::str(name), &out);
        if (status == 404) return std::nullopt;
        check(status);
        return detail::view(out);
    }
    ValueView part(std::int32_t which) const {
        dalate_value out{};
        const dalate_status status = table().call_value(call_, which, &out);
        if (status == 404) return {};
        check(status);
        return detail::view(out);
    }

private:
    ValueView ask(dalate_tx* tx, std::string_view nameMajor, std::string_view method, ValueView in) const {
        dalate_value out{};
        check(table().service(call_, tx, detail::str(nameMajor), detail::str(method), detail::raw(in), &out));
        return detail::view(out);
    }

    Host host_;
    dalate_call* call_;
};

} // namespace dalate
