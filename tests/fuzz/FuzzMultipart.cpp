// SPDX-License-Identifier: Apache-2.0
// The multipart parser must tell the same parts however the bytes arrive, hand on nothing that was not sent,
// keep its promises about names, and hold what it accepts when the parts are written out again. The boundary
// is `B`.
#include "base/Utf8.h"
#include "http/Multipart.h"

#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

using namespace dalate::http;

namespace {

void require(bool holds) {
    if (!holds) std::abort();
}

struct Part {
    PartHead head;
    std::string content;
    bool ended = false;
};

class Collecting : public PartSink {
public:
    void begin(const PartHead& head) override {
        require(parts.empty() || parts.back().ended);
        require(!head.name.empty() && dalate::findInvalidUtf8(head.name) == std::string_view::npos);
        for (const char c : head.name + head.fileName.value_or(""))
            require(static_cast<unsigned char>(c) >= 0x20 && c != 0x7f);
        parts.push_back({head, {}, false});
    }
    void content(std::string_view bytes) override {
        require(!bytes.empty() && !parts.back().ended);
        parts.back().content += bytes;
    }
    void end() override {
        require(!parts.back().ended);
        require(parts.back().content.find("\r\n--B") == std::string::npos);
        parts.back().ended = true;
    }
    std::vector<Part> parts;
};

struct Outcome {
    std::string refusal;
    std::vector<Part> parts;
};

Outcome read(std::string_view bytes, std::size_t piece) {
    Collecting sink;
    MultipartLimits limits;
    limits.parts = 8;
    limits.headBytes = 512;
    Multipart parser("B", sink, limits);
    for (std::string_view rest = bytes; !rest.empty(); rest.remove_prefix(std::min(piece, rest.size())))
        parser.feed(rest.substr(0, piece));
    const auto fault = parser.finish();
    std::string refusal;
    if (fault) refusal = fault->id() + std::string(fault->details()["reason"].text());
    require(sink.parts.size() <= limits.parts);
    return {refusal, std::move(sink.parts)};
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    const Outcome whole = read(bytes, size + 1);
    for (const std::size_t piece : {std::size_t(1), std::size_t(3), std::size_t(11)}) {
        const Outcome parts = read(bytes, piece);
        require(parts.refusal == whole.refusal && parts.parts.size() == whole.parts.size());
        for (std::size_t i = 0; i < parts.parts.size(); ++i) {
            require(parts.parts[i].head.name == whole.parts[i].head.name);
            require(parts.parts[i].ended == whole.parts[i].ended);
            if (parts.parts[i].ended) require(parts.parts[i].content == whole.parts[i].content);
        }
    }
    if (!whole.refusal.empty()) return 0;
    std::string again;
    for (const Part& part : whole.parts) {
        require(part.ended);
        again += "--B\r\nContent-Disposition: form-data; name=\"n\"\r\n\r\n" + part.content + "\r\n";
    }
    const Outcome second = read(again + "--B--\r\n", 7);
    require(second.refusal.empty() && second.parts.size() == whole.parts.size());
    for (std::size_t i = 0; i < second.parts.size(); ++i)
        require(second.parts[i].content == whole.parts[i].content);
    // The boundary comes from the client too.
    (void)Multipart::boundaryOf(bytes.substr(0, 200));
    return 0;
}
