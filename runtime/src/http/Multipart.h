// SPDX-License-Identifier: Apache-2.0
// multipart/form-data (RFC 7578 over RFC 2046), read as strictly as HTTP itself: what a browser or a common
// library would never send is refused, never repaired, because two readers who repair differently are a hole.
//
//     --boundary CRLF  fields  CRLF CRLF  content  CRLF  --boundary …  CRLF  --boundary--  [CRLF]
//
// Nothing before the first delimiter, nothing but one line end after the last, no blanks behind a delimiter,
// no bare CR or LF in a part's head, no folded lines. The content of a part is handed on in slices as it
// comes; only what might be the beginning of a delimiter (at most 75 octets) and the head of a part are ever
// held.
#pragma once

#include "base/Result.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace dalate::http {

/// What a body may hold at most.
struct MultipartLimits {
    std::size_t parts = 220;
    /// Octets of one part's head, with its line ends.
    std::size_t headBytes = 4096;
    std::size_t headFields = 16;
};

/// What the head of a part says. The texts are UTF-8 without control characters.
struct PartHead {
    /// Percent signs undone as browsers write them: %22, %0D and %0A alone. A line break in a name is
    /// refused.
    std::string name;
    /// Present for a file, also when empty: a file field in which nothing was chosen.
    std::optional<std::string> fileName;
    /// As sent; empty: none.
    std::string contentType;
};

/// Takes the parts as they come, in order: head, any number of slices, end.
class PartSink {
public:
    virtual ~PartSink() = default;
    virtual void begin(const PartHead& head) = 0;
    /// `bytes` lie in what was fed, or in the parser's own buffer (then they are valid for this call only).
    virtual void content(std::string_view bytes) = 0;
    virtual void end() = 0;
};

/// A push parser; what the sink throws goes through, after which the parser is fit only to be destroyed.
class Multipart {
public:
    /// The boundary that a Content-Type names: 1 to 70 characters of RFC 2046. Error: 400
    /// `core.form.multipart` (details: reason) where the type is another one, the parameter is missing,
    /// doubled or malformed.
    static Result<std::string> boundaryOf(std::string_view contentType);

    Multipart(std::string_view boundary, PartSink& sink, MultipartLimits limits = {});

    /// Takes the next octets, all of them unless it refuses.
    void feed(std::string_view bytes);
    /// The body has ended: nothing when it was whole, else the error.
    std::optional<Error> finish();
    /// 400 `core.form.multipart` (details: reason), 413 `core.form.size`; nothing as long as all is well.
    const std::optional<Error>& refusal() const noexcept { return refusal_; }

private:
    enum class Place { start, afterDelimiter, head, content, closing, ended };

    void takeStart(std::string_view& bytes);
    void takeAfterDelimiter(std::string_view& bytes);
    void takeHead(std::string_view& bytes);
    void takeContent(std::string_view& bytes);
    void takeClosing(std::string_view& bytes);
    void endHead();
    void refuse(std::string_view reason);
    void refuseSize();

    /// CRLF, two dashes and the boundary.
    std::string delimiter_;
    PartSink& sink_;
    MultipartLimits limits_;
    Place place_ = Place::start;
    /// The head so far, the two octets behind a delimiter, or what may be the beginning of a delimiter.
    std::string held_;
    std::size_t parts_ = 0;
    std::optional<Error> refusal_;
};

} // namespace dalate::http
