// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "services/notices/Channel.h"

#include <filesystem>

namespace dalate::services::notices {

/// Text messages that go nowhere: each is a line of JSON {id, to, text} at the end of a file, durable once
/// `deliver` returns. For the demo and tests; an operator's gateway is another `Channel`.
class SmsFile final : public Channel {
public:
    explicit SmsFile(std::filesystem::path file) : file_(std::move(file)) {}

    std::string_view name() const noexcept override { return "sms"; }
    /// Throws 503 `core.notice.sms_file` where the file cannot be written.
    void deliver(const Letter& letter) override;

private:
    std::filesystem::path file_;
};

} // namespace dalate::services::notices
