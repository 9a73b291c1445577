// SPDX-License-Identifier: Apache-2.0
#include "http/HeadParser.h"
#include "http/Message.h"

#include <Poco/Exception.h>

#include <fcntl.h>
#include <sys/stat.h>

#include <array>
#include <streambuf>

namespace dalate::http {

namespace {

constexpr std::size_t memoryLimit = 256 * 1024;

void check(const std::string& name, const std::string& value) {
    if (!isToken(name) || !isFieldValue(value))
        throw Poco::InvalidArgumentException("not a response field", name);
}

} // namespace

/// Collects what is streamed and passes it on in pieces of 4 KiB.
class Response::Sink : public std::streambuf {
public:
    explicit Sink(BodySpool& spool) : stream(this), spool_(spool) {
        setp(buffer_.data(), buffer_.data() + buffer_.size());
        // A stream swallows what its buffer throws unless told otherwise, and a full quota would cut the
        // page.
        stream.exceptions(std::ios_base::badbit);
    }
    void drain() {
        spool_.append({pbase(), static_cast<std::size_t>(pptr() - pbase())});
        setp(buffer_.data(), buffer_.data() + buffer_.size());
    }
    void drop() { setp(buffer_.data(), buffer_.data() + buffer_.size()); }

    std::ostream stream;

private:
    int_type overflow(int_type c) override {
        drain();
        if (!traits_type::eq_int_type(c, traits_type::eof())) sputc(traits_type::to_char_type(c));
        return traits_type::not_eof(c);
    }
    std::streamsize xsputn(const char* bytes, std::streamsize count) override {
        if (count > epptr() - pptr()) drain();
        if (count > epptr() - pptr()) {
            spool_.append({bytes, static_cast<std::size_t>(count)});
            return count;
        }
        return std::streambuf::xsputn(bytes, count);
    }
    int sync() override {
        drain();
        return 0;
    }

    BodySpool& spool_;
    std::array<char, 4096> buffer_;
};

Response::Response(SpoolSpace& space) : spool_(space, memoryLimit) {
    setVersion(HTTP_1_1);
}

Response::~Response() {
    if (stream_) stream_->end();
}

void Response::flush() {
    if (sink_) sink_->drain();
}

void Response::fail() {
    reset();
    failed_ = true;
}

void Response::reset() {
    clear();
    setStatusAndReason(HTTP_OK);
    if (sink_) sink_->drop();
    spool_.clear();
    file_.reset();
    if (stream_) stream_->end();
    stream_.reset();
    begun_ = false;
}

void Response::status(int code) {
    if (code < 200 || code > HTTP_NETWORK_AUTHENTICATION_REQUIRED)
        throw Poco::InvalidArgumentException("not a final status", std::to_string(code));
    setStatusAndReason(static_cast<HTTPStatus>(code));
}

void Response::set(const std::string& name, const std::string& value) {
    check(name, value);
    HTTPResponse::set(name, value);
}

void Response::add(const std::string& name, const std::string& value) {
    check(name, value);
    HTTPResponse::add(name, value);
}

void Response::write(std::string_view bytes) {
    begun_ = true;
    flush();
    spool_.append(bytes);
}

void Response::body(std::string bytes) {
    begun_ = true;
    if (sink_) sink_->drop();
    spool_.clear();
    spool_.adopt(std::move(bytes));
}

std::uint64_t Response::bodySize() const noexcept {
    return file_ ? fileLength_ : spool_.size();
}

void Response::sendFile(int descriptor, std::uint64_t offset, std::uint64_t length) {
    begun_ = true;
    file_ = Descriptor(descriptor);
    fileOffset_ = offset;
    fileLength_ = length;
}

std::shared_ptr<Ticket> Response::defer() {
    if (!ticket_) ticket_ = std::make_shared<Ticket>(*this);
    return ticket_;
}

std::shared_ptr<Stream> Response::openStream(std::size_t bufferCap) {
    begun_ = true;
    if (!stream_) stream_ = std::make_shared<Stream>(bufferCap);
    return stream_;
}

void Response::sendContinue() {
    // The body has been read already: the front said 100 when it was due.
}

std::ostream& Response::send() {
    begun_ = true;
    if (!sink_) sink_ = std::make_unique<Sink>(spool_);
    return sink_->stream;
}

void Response::sendFile(const std::string& path, const std::string& mediaType) {
    Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    struct stat found {};
    if (!file && errno == ENOENT) throw Poco::FileNotFoundException(path);
    if (!file || ::fstat(file.get(), &found) != 0 || !S_ISREG(found.st_mode))
        throw Poco::OpenFileException(path);
    set("Content-Type", mediaType);
    begun_ = true;
    file_ = std::move(file);
    fileOffset_ = 0;
    fileLength_ = static_cast<std::uint64_t>(found.st_size);
}

void Response::sendBuffer(const void* bytes, std::size_t length) {
    write({static_cast<const char*>(bytes), length});
}

void Response::redirect(const std::string& uri, HTTPStatus code) {
    set("Location", uri);
    setStatusAndReason(code);
    begun_ = true;
}

void Response::requireAuthentication(const std::string& realm) {
    setStatusAndReason(HTTP_UNAUTHORIZED);
    set("WWW-Authenticate", "Basic realm=\"" + realm + "\"");
}

} // namespace dalate::http
