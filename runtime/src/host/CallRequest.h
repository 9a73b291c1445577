// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/Clock.h"
#include "identity/Principal.h"
#include "services/files/Upload.h"

#include <dalate/abi.h>
#include <dalate/value.hpp>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace dalate::host {

/// What a call is; the numbers are the ABI's DALATE_CALL_ constants.
enum class CallKind : std::int32_t {
    request = DALATE_CALL_REQUEST,
    job = DALATE_CALL_JOB,
    event = DALATE_CALL_EVENT,
    service = DALATE_CALL_SERVICE,
    start = DALATE_CALL_START,
    guard = DALATE_CALL_GUARD,
    effect = DALATE_CALL_EFFECT
};

/// Query parameters or form fields: names in the order of their first appearance, each with all its values,
/// both percent-decoded and checked to be UTF-8.
using Fields = std::vector<std::pair<std::string, std::vector<std::string>>>;

/// What a call carries, filled by whoever makes it (the gateway, the job threads, a service call). Every view
/// and pointer is borrowed and must outlive the call.
struct CallRequest {
    CallKind kind = CallKind::request;

    std::string_view method;
    /// As sent, without the query.
    std::string_view path;
    /// Path parameters, percent-decoded.
    std::vector<std::pair<std::string, std::string>> params;
    Fields query;
    Fields form;
    /// A request header by name, any case. Empty where the call has no headers.
    std::function<std::optional<std::string_view>(std::string_view name)> header;
    /// The decoded body in one piece (`http::Request::bodyBytes`).
    std::string_view body;

    /// `zh-CN`, `en`, `mn-Mong`.
    std::string_view language = "zh-CN";
    std::string_view requestId;
    /// Scheme and authority as the client sees them, no trailing slash.
    std::string_view baseUrl;
    /// Who asks; nullptr stands for nobody signed in.
    const identity::Principal* principal = nullptr;
    /// The permission that the route's `access` names; empty for public and session routes. Decides, with the
    /// principal, what `{scope:alias}` expands to.
    std::string_view permission;
    /// When the call is over its time, on the steady clock; none: no limit.
    std::optional<Micros> deadline;

    /// Of every call but a request and the start.
    ValueView arguments;
    /// Of a job: its id; of an event, a guard or an effect: its name; of a service call:
    /// `<name>/<major>.<method>`.
    std::string_view subject;
    /// How many hops the event has made on whose account the call is made; 0 where none is behind it.
    int hops = 0;
    /// Of a request with a multipart body: its files, looked at and stored.
    const services::files::Uploads* uploads = nullptr;
};

} // namespace dalate::host
