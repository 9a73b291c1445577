// SPDX-License-Identifier: Apache-2.0
#include "services/notices/MailChannel.h"

#include "base/Result.h"

#include <Poco/Base64Encoder.h>
#include <Poco/DateTimeFormat.h>
#include <Poco/DateTimeFormatter.h>
#include <Poco/Net/NetException.h>
#include <Poco/Net/SMTPClientSession.h>
#include <Poco/Timestamp.h>

#include <algorithm>
#include <sstream>

namespace dalate::services::notices {

namespace {

std::string base64(std::string_view bytes, int lineLength) {
    std::ostringstream out;
    Poco::Base64Encoder encoder(out);
    encoder.rdbuf()->setLineLength(lineLength);
    encoder.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    encoder.close();
    return out.str();
}

/// RFC 2047: encoded words of at most 75 characters, none of which splits a character. What the text holds,
/// line ends above all, cannot leave its field.
std::string encodedWords(std::string_view text) {
    constexpr std::size_t most = 45;
    std::string out;
    while (!text.empty()) {
        std::size_t take = std::min(most, text.size());
        while (take < text.size() && take > 1 && (static_cast<unsigned char>(text[take]) & 0xc0) == 0x80)
            --take;
        if (!out.empty()) out += "\r\n ";
        out += "=?UTF-8?B?" + base64(text.substr(0, take), 0) + "?=";
        text.remove_prefix(take);
    }
    return out;
}

Error failure(int status, const char* id, int code) {
    return Error(status, id, Value::map([&](MapWriter& m) { m.set("code", code); }));
}

/// Without the space that Poco puts behind the colon, at which strict servers stumble.
void command(Poco::Net::SMTPClientSession& session, const std::string& line) {
    std::string answer;
    const int code = session.sendCommand(line, answer);
    if (code / 100 != 2) throw Poco::Net::SMTPException("the server refused", answer, code);
}

} // namespace

MailChannel::MailChannel(Options options) : options_(std::move(options)) {}

std::string mailText(const Letter& letter, const MailChannel::Options& options, Micros date) {
    const std::string domain = options.from.substr(options.from.find('@') + 1);
    std::string text = letter.text;
    if (!letter.link.empty()) text += "\r\n\r\n" + letter.link + "\r\n";
    return "From: " + (options.fromName.empty() ? std::string() : encodedWords(options.fromName) + " ") +
           "<" + options.from + ">\r\nTo: <" + letter.to + ">\r\nSubject: " + encodedWords(letter.subject) +
           "\r\nDate: " +
           Poco::DateTimeFormatter::format(Poco::Timestamp(date), Poco::DateTimeFormat::RFC1123_FORMAT, 0) +
           "\r\nMessage-ID: <" + letter.id + "@" + domain +
           ">\r\nAuto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; "
           "charset=UTF-8\r\n"
           "Content-Transfer-Encoding: base64\r\n\r\n" +
           base64(text, 76) + "\r\n";
}

void MailChannel::deliver(const Letter& letter) {
    std::istringstream message(mailText(letter, options_, now()));
    try {
        Poco::Net::StreamSocket socket;
        const Poco::Timespan limit(options_.timeout.count() * 1000);
        socket.connect(Poco::Net::SocketAddress(options_.host, options_.port), limit);
        socket.setReceiveTimeout(limit);
        socket.setSendTimeout(limit);
        Poco::Net::SMTPClientSession session(socket);
        session.login();
        command(session, "MAIL FROM:<" + options_.from + ">");
        command(session, "RCPT TO:<" + letter.to + ">");
        session.sendData();
        session.sendMessage(message);
        try {
            session.close();
        } catch (const Poco::Exception&) {
            // The letter is theirs since its own answer; how the talk ends changes nothing.
        }
    } catch (const Poco::Net::SMTPException& refused) {
        const bool forGood = refused.code() >= 500 && refused.code() < 600;
        throw forGood ? failure(422, "core.notice.mail_refused", refused.code())
                      : failure(503, "core.notice.mail", refused.code());
    } catch (const Poco::Exception& away) {
        throw failure(503, "core.notice.mail", away.code());
    }
}

} // namespace dalate::services::notices
