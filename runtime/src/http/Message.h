// SPDX-License-Identifier: Apache-2.0
// Poco's server messages over our own connection layer. A `Request` is whole before anybody sees it: its head
// is checked, its body lies in memory or in an unlinked file. A `Response` is collected (memory, then an
// unlinked file) and goes out when the handler has returned, so its length is always known, a thrown
// exception can still become a clean 500, and no handler ever waits for a client.
#pragma once

#include "http/BodySpool.h"
#include "http/Origin.h"
#include "http/RequestHead.h"
#include "http/Stream.h"
#include "http/Ticket.h"

#include <Poco/Net/HTTPServerParams.h>
#include <Poco/Net/HTTPServerRequest.h>
#include <Poco/Net/HTTPServerResponse.h>
#include <Poco/Net/SocketAddress.h>

#include <chrono>
#include <istream>
#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>

namespace dalate::http {

class Response;
struct Connection;
struct Core;

/// One whole request. Used by one thread at a time: the worker that handles it, then whoever holds its
/// ticket.
class Request : public Poco::Net::HTTPServerRequest {
public:
    Request(Connection& connection, const Core& core, Response& response);
    ~Request() override;

    const RequestHead& head() const noexcept { return head_; }
    std::string_view method() const noexcept { return head_.method(); }
    /// Still percent-encoded, as routes are matched before decoding.
    std::string_view path() const noexcept { return head_.path(); }
    std::string_view query() const noexcept { return head_.query(); }
    /// The first field of that name, raw; faster than Poco's `get`, which sees the same values.
    std::optional<std::string_view> header(std::string_view name) const noexcept {
        return head_.header(name);
    }

    /// The client, past any trusted proxy (`FrontConfig::trustedProxies`), without port: `192.0.2.1`,
    /// `2001:db8::1`.
    std::string clientIp() const;
    /// Host and port under which the client knows us.
    std::string_view host() const;
    /// Whether the client speaks TLS to the trusted proxy in front.
    bool isSecure() const;
    /// When the last byte of the request was read.
    std::chrono::steady_clock::time_point receivedAt() const noexcept { return receivedAt_; }

    /// Octets of the decoded body.
    std::uint64_t bodySize() const noexcept;
    /// The decoded body in one piece; a body that was spooled to a file is mapped. Valid while the request
    /// lives.
    std::string_view bodyBytes() const;
    /// The unlinked file of a body above 64 KiB; owned by the request, its offset is undefined: use pread.
    std::optional<int> bodyFile() const noexcept;

    std::istream& stream() override;
    /// The client past any trusted proxy. Port 0 when a proxy told us the address.
    const Poco::Net::SocketAddress& clientAddress() const override;
    const Poco::Net::SocketAddress& serverAddress() const override;
    const Poco::Net::HTTPServerParams& serverParams() const override;
    Poco::Net::HTTPServerResponse& response() const override;
    bool secure() const override { return isSecure(); }

private:
    class Body;
    const Origin& origin() const;

    Connection& connection_;
    const Core& core_;
    Response& response_;
    const RequestHead& head_;
    std::chrono::steady_clock::time_point receivedAt_;
    mutable std::optional<Origin> origin_;
    mutable std::optional<Poco::Net::SocketAddress> client_;
    mutable std::optional<Poco::Net::SocketAddress> server_;
    std::unique_ptr<Body> body_;
};

/// The answer to one request. Status and fields through Poco's interface or ours; `Content-Length`, `Date`,
/// `Connection`, `Transfer-Encoding` and `Server` are the front's alone and ignored when a handler sets them
/// (`setKeepAlive(false)` closes the connection after the answer). Fields with CR, LF, NUL or another control
/// character are refused with `Poco::InvalidArgumentException`, also when set through Poco's base class: then
/// the client gets a 500. Same thread rule as `Request`.
class Response : public Poco::Net::HTTPServerResponse {
public:
    explicit Response(SpoolSpace& space);
    ~Response() override;

    /// 200 to 511; throws `Poco::InvalidArgumentException` on anything else.
    void status(int code);
    /// Replaces, or adds beside, a field; both throw `Poco::InvalidArgumentException` on a bad name or value.
    void set(const std::string& name, const std::string& value);
    void add(const std::string& name, const std::string& value);
    /// Appends to the body. Throws `SpoolFull` when the quota of all spools is used up.
    void write(std::string_view bytes);
    using Poco::Net::HTTPServerResponse::write;
    /// Takes `bytes` over as the whole body; the cheapest way to answer a page.
    void body(std::string bytes);
    /// Octets of the body so far.
    std::uint64_t bodySize() const noexcept;
    /// Drops status, fields and body; as if nothing had been answered.
    void reset();

    /// Answers with `length` octets of `descriptor` from `offset`; takes the descriptor over and closes it.
    /// The range must exist and not shrink; the loop sends it and no worker waits.
    void sendFile(int descriptor, std::uint64_t offset, std::uint64_t length);
    /// Answers later: after the handler has returned, the connection waits until the ticket is completed
    /// (from any thread). The handler must not touch request or response after this call.
    std::shared_ptr<Ticket> defer();
    /// Answers without end: status and fields go out when the handler returns, then whatever is appended to
    /// the stream from any thread. The connection is closed when the stream ends.
    std::shared_ptr<Stream> openStream(std::size_t bufferCap = Stream::defaultCap);

    void sendContinue() override;
    std::ostream& send() override;
    void sendFile(const std::string& path, const std::string& mediaType) override;
    void sendBuffer(const void* bytes, std::size_t length) override;
    void redirect(const std::string& uri, HTTPStatus status = HTTP_SEE_OTHER) override;
    void requireAuthentication(const std::string& realm) override;
    /// Whether a body has been begun; the bytes themselves leave after the handler.
    bool sent() const override { return begun_; }

private:
    friend class Answer;
    friend class Worker;
    friend class Ticket;
    class Sink;
    void flush();
    /// Drops everything; the front answers 500 and closes.
    void fail();

    BodySpool spool_;
    std::unique_ptr<Sink> sink_;
    Descriptor file_;
    std::uint64_t fileOffset_ = 0;
    std::uint64_t fileLength_ = 0;
    std::shared_ptr<Ticket> ticket_;
    std::shared_ptr<Stream> stream_;
    bool begun_ = false;
    bool failed_ = false;
};

} // namespace dalate::http
