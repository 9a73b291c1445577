// SPDX-License-Identifier: Apache-2.0
#include "host/HostTable.h"

#include "host/Entries.h"

namespace dalate::host {

dalate_status staleHandle(std::string_view entry) noexcept {
    Call* top = Call::current();
    try {
        log::error("core.host.stale_handle", Value::map([&](MapWriter& m) {
                       m.set("entry", entry);
                       if (top) m.set("plugin", top->place().plugin());
                   }));
    } catch (...) {
        // Without memory for a log line the status still stands.
    }
    return top ? top->fail(Call::Origin::host, 400, "core.host.stale_handle") : 400;
}

dalate_status failWithCurrent(Call& call, std::string_view entry) noexcept {
    try {
        try {
            throw;
        } catch (const Error& error) {
            return call.fail(Call::Origin::host, error.status(), error.id(), error.details());
        } catch (const std::bad_alloc&) {
            return call.fail(Call::Origin::host, 503, "core.host.memory");
        } catch (const std::exception& error) {
            // Standard exceptions of the runtime's own code name no data; a database's never come this far.
            log::error(
                "core.host.exception", Value::map([&](MapWriter& m) {
                    m.set("entry", entry).set("plugin", call.place().plugin()).set("what", error.what());
                }));
        } catch (...) {
            log::error("core.host.exception", Value::map([&](MapWriter& m) { m.set("entry", entry); }));
        }
    } catch (...) {
        // The log line itself failed; the status is what counts.
    }
    return call.fail(Call::Origin::host, 500, "core.host.exception");
}

const dalate_host_v1& hostTable() noexcept {
    static const dalate_host_v1 table = {
        sizeof(dalate_host_v1), DALATE_ABI_MAJOR,  DALATE_ABI_MINOR,   &entry::log,
        &entry::callKind,       &entry::callText,  &entry::callValue,  &entry::bodySize,
        &entry::bodyRead,       &entry::deadline,  &entry::reply,      &entry::replyAppend,
        &entry::replyHeader,    &entry::render,    &entry::replyValue, &entry::fail,
        &entry::dbBegin,        &entry::dbEnd,     &entry::dbRun,      &entry::rowsNext,
        &entry::rowsFree,       &entry::can,       &entry::setting,    &entry::text,
        &entry::service,        &entry::jsonParse, &entry::jsonWrite,  &entry::digest,
        &entry::dataFile,       &entry::now,       &entry::newId};
    return table;
}

} // namespace dalate::host
