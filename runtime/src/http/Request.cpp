// SPDX-License-Identifier: Apache-2.0
#include "http/Connection.h"
#include "http/Core.h"
#include "http/Message.h"

#include <sys/socket.h>

#include <streambuf>

namespace dalate::http {

namespace {

Poco::Net::SocketAddress toPoco(const Address& address, std::uint16_t port) {
    const bool v4 = address.isV4();
    const std::uint8_t* octets = address.octets.data() + (v4 ? 12 : 0);
    return {Poco::Net::IPAddress(octets, v4 ? 4 : 16), port};
}

} // namespace

/// Reads the body where it lies.
class Request::Body : public std::streambuf {
public:
    explicit Body(std::string_view bytes) : stream(this) {
        // A get area is never written through; the interface just lacks a const form.
        char* begin = const_cast<char*>(bytes.data());
        setg(begin, begin, begin + bytes.size());
    }

    std::istream stream;

private:
    pos_type seekoff(off_type offset, std::ios_base::seekdir way, std::ios_base::openmode which) override {
        if (!(which & std::ios_base::in)) return pos_type(off_type(-1));
        const off_type end = egptr() - eback();
        const off_type here = gptr() - eback();
        const off_type base = way == std::ios_base::beg ? 0 : way == std::ios_base::cur ? here : end;
        return seekpos(pos_type(base + offset), which);
    }
    pos_type seekpos(pos_type position, std::ios_base::openmode) override {
        const off_type offset(position);
        if (offset < 0 || offset > egptr() - eback()) return pos_type(off_type(-1));
        setg(eback(), eback() + offset, egptr());
        return position;
    }
};

Request::Request(Connection& connection, const Core& core, Response& response)
    : connection_(connection), core_(core), response_(response), head_(connection.exchange->parser.head()),
      receivedAt_(connection.exchange->receivedAt) {
    setMethod(std::string(head_.method()));
    setURI(std::string(head_.target()));
    setVersion(head_.minorVersion() == 1 ? HTTP_1_1 : HTTP_1_0);
    for (std::size_t i = 0; i < head_.fieldCount(); ++i) {
        const RequestHead::Field field = head_.field(i);
        add(std::string(field.name), std::string(field.value));
    }
}

Request::~Request() = default;

const Origin& Request::origin() const {
    if (!origin_) origin_ = core_.proxies.resolve(connection_.peer, head_);
    return *origin_;
}

std::string Request::clientIp() const {
    return origin().client.text();
}

std::string_view Request::host() const {
    return origin().host;
}

bool Request::isSecure() const {
    return origin().secure;
}

std::uint64_t Request::bodySize() const noexcept {
    return connection_.exchange->spool.size();
}

std::string_view Request::bodyBytes() const {
    return connection_.exchange->spool.bytes();
}

std::optional<int> Request::bodyFile() const noexcept {
    return connection_.exchange->spool.file();
}

std::istream& Request::stream() {
    if (!body_) body_ = std::make_unique<Body>(bodyBytes());
    return body_->stream;
}

const Poco::Net::SocketAddress& Request::clientAddress() const {
    if (!client_) client_ = toPoco(origin().client, origin().forwarded ? 0 : connection_.peerPort);
    return *client_;
}

const Poco::Net::SocketAddress& Request::serverAddress() const {
    if (!server_) {
        sockaddr_storage local{};
        socklen_t size = sizeof local;
        ::getsockname(connection_.fd, reinterpret_cast<sockaddr*>(&local), &size);
        server_.emplace(reinterpret_cast<const sockaddr*>(&local), size);
    }
    return *server_;
}

const Poco::Net::HTTPServerParams& Request::serverParams() const {
    return *core_.params;
}

Poco::Net::HTTPServerResponse& Request::response() const {
    return response_;
}

} // namespace dalate::http
