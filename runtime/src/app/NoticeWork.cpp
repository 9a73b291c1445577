// SPDX-License-Identifier: Apache-2.0
#include "app/NoticeWork.h"

#include "host/PluginHost.h"
#include "services/notices/MailChannel.h"
#include "services/notices/NoticesService.h"
#include "services/notices/SmsFile.h"

namespace dalate::app {

namespace {

using namespace services::notices;

std::unique_ptr<Channel> mailChannel(const Config& config) {
    MailChannel::Options options;
    options.host = config.text("mail.host");
    const std::int64_t port = config.number("mail.port");
    options.from = config.text("mail.from");
    options.fromName = config.text("mail.from_name");
    const auto refuse = [&](const char* key, const char* expected) {
        throw Error(400, "core.config.bad_value", Value::map([&](MapWriter& m) {
                        m.set("key", key).set("value", config.text(key)).set("expected", expected);
                    }));
    };
    if (!isMailAddress(options.from)) refuse("mail.from", "an e-mail address");
    if (port < 1 || port > 65535) refuse("mail.port", "1 to 65535");
    options.port = static_cast<std::uint16_t>(port);
    return std::make_unique<MailChannel>(std::move(options));
}

Sender::Options senderOptions(const Config& config, host::PluginHost& host, std::string baseUrl, bool demo) {
    Sender::Options options;
    if (!config.text("mail.host").empty()) options.channels.push_back(mailChannel(config));
    if (!config.text("sms.file").empty())
        options.channels.push_back(std::make_unique<SmsFile>(config.path("sms.file")));
    else if (demo)
        options.channels.push_back(std::make_unique<SmsFile>(config.path("data.dir") / "sms.jsonl"));
    options.templates = [&host] { return host.templates(); };
    options.baseUrl = std::move(baseUrl);
    options.clock = [] { return now(); };
    options.node = config.number("node.id");
    return options;
}

} // namespace

NoticeWork::NoticeWork(const Config& config, host::PluginHost& host, storage::Pool& pool, std::string baseUrl,
                       bool demo, std::function<void(std::int64_t account)> told)
    : sender_(pool, senderOptions(config, host, std::move(baseUrl), demo)),
      notices_(host.parts().clock,
               {sender_.channels(),
                QuietHours::parse(config.text("notices.quiet"),
                                  static_cast<int>(config.number("county.utc_offset_minutes")))
                    .take(),
                std::move(told)}) {
    offerNotices(host.parts(), notices_);
}

} // namespace dalate::app
