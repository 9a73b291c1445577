// SPDX-License-Identifier: Apache-2.0
// The entries of the host table by subject, and the guard that stands around each.
#pragma once

#include "base/Log.h"
#include "base/Result.h"
#include "host/Call.h"

#include <dalate/abi.h>

#include <exception>
#include <new>
#include <string_view>

namespace dalate::host {

/// Tells that a plugin used a handle which is not this thread's topmost call's; the call on top, if any, gets
/// the failure.
dalate_status staleHandle(std::string_view entry) noexcept;

/// Sets what is being caught as the call's failure.
dalate_status failWithCurrent(Call& call, std::string_view entry) noexcept;

/// Runs an entry's work on a checked call; whatever it throws becomes the call's failure and its status.
template <class Work>
dalate_status guarded(std::string_view entry, const dalate_call* handle, Work&& work) noexcept {
    Call* call = Call::checked(handle);
    if (!call) return staleHandle(entry);
    try {
        return work(*call);
    } catch (...) {
        return failWithCurrent(*call, entry);
    }
}

inline dalate_str toStr(std::string_view text) noexcept {
    return {text.data(), text.size()};
}
inline dalate_value toRaw(ValueView value) noexcept {
    const std::string_view bytes = value.raw();
    return {bytes.data(), bytes.size()};
}

/// An out pointer that is null is the plugin's mistake, not a crash.
template <class T>
T& demand(T* out) {
    if (!out) throw Error(400, "core.host.pointer");
    return *out;
}

namespace entry {

int32_t callKind(dalate_call*);
dalate_status callText(dalate_call*, int32_t field, dalate_str name, dalate_str* out);
dalate_status callValue(dalate_call*, int32_t part, dalate_value* out);
int64_t bodySize(dalate_call*);
dalate_status bodyRead(dalate_call*, int64_t offset, size_t most, dalate_str* out);
int64_t deadline(dalate_call*);

dalate_status reply(dalate_call*, int32_t http, dalate_str contentType, dalate_str body);
dalate_status replyAppend(dalate_call*, dalate_str bytes);
dalate_status replyHeader(dalate_call*, dalate_str name, dalate_str value);
dalate_status render(dalate_call*, int32_t http, dalate_str page, dalate_value model);
dalate_status replyValue(dalate_call*, dalate_value result);
void fail(dalate_call*, int32_t status, dalate_str messageId, dalate_value details);

dalate_status dbBegin(dalate_call*, int32_t mode, dalate_tx** out);
dalate_status dbEnd(dalate_tx*, int32_t commit);
dalate_status dbRun(dalate_tx*, dalate_str sql, const dalate_param* params, size_t count, size_t stride,
                    dalate_rows** rows, int64_t* affected);
dalate_status rowsNext(dalate_rows*, const dalate_cell** cells, size_t* count, size_t* stride);
void rowsFree(dalate_rows*);

dalate_status service(dalate_call*, dalate_tx*, dalate_str nameMajor, dalate_str method, dalate_value in,
                      dalate_value* out);

void log(dalate_host*, int32_t level, dalate_str messageId, dalate_value fields);
dalate_status can(dalate_call*, dalate_str permission);
dalate_status setting(dalate_host*, dalate_str name, dalate_str* out);
dalate_status text(dalate_call*, dalate_str messageId, dalate_value values, dalate_str* out);
dalate_status jsonParse(dalate_call*, dalate_str json, dalate_value* out);
dalate_status jsonWrite(dalate_call*, dalate_value value, dalate_str* out);
dalate_status digest(dalate_call*, int32_t algorithm, dalate_str bytes, dalate_str* out);
dalate_status dataFile(dalate_host*, dalate_str path, dalate_str* out);
int64_t now(dalate_host*);
int64_t newId(dalate_host*);

} // namespace entry
} // namespace dalate::host
