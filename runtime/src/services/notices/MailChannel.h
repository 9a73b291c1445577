// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/Clock.h"
#include "services/notices/Channel.h"

#include <chrono>
#include <cstdint>
#include <string>

namespace dalate::services::notices {

/// E-mail by SMTP (RFC 5321) to the county's own relay, which signs and encrypts what leaves it. One
/// connection a letter.
class MailChannel final : public Channel {
public:
    struct Options {
        std::string host;
        std::uint16_t port = 25;
        /// The sender's address; its domain ends the Message-IDs.
        std::string from;
        /// The sender's name as people read it.
        std::string fromName;
        /// For each step of the conversation.
        std::chrono::milliseconds timeout{15'000};
    };

    explicit MailChannel(Options options);

    std::string_view name() const noexcept override { return "mail"; }
    /// Throws 503 `core.notice.mail` where the server is away, slow or says 4xx, 422
    /// `core.notice.mail_refused` where it says 5xx (details: code).
    void deliver(const Letter& letter) override;

private:
    Options options_;
};

/// The letter as RFC 5322 wants it: UTF-8 in base64, lines of at most 76, Message-ID `<id@domain>`. `date` is
/// now.
std::string mailText(const Letter& letter, const MailChannel::Options& options, Micros date);

} // namespace dalate::services::notices
