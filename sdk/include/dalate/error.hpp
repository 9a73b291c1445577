// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stdexcept>
#include <string>
#include <utility>

#include <dalate/value.hpp>

namespace dalate {

/// A refusal or a fault that a person will be told about: a status in HTTP's numbering, a message id from
/// `i18n/` and the values its text needs. `what()` is the id; it never carries personal data.
///
/// A handler throws it and is done: the SDK turns it into the call's failure before it returns to the host, so no
/// exception ever crosses the plugin boundary.
class Error : public std::runtime_error {
public:
    Error(int status, std::string messageId, Value details = {})
        : std::runtime_error(messageId), status_(status), id_(std::move(messageId)), details_(std::move(details)) {}

    int status() const noexcept { return status_; }
    const std::string& id() const noexcept { return id_; }
    ValueView details() const noexcept { return details_.view(); }

private:
    int status_;
    std::string id_;
    Value details_;
};

} // namespace dalate
