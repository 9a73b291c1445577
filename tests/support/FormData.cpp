// SPDX-License-Identifier: Apache-2.0
#include "support/FormData.h"

#include <stdexcept>

#include <zlib.h>

namespace dalate::testing {

namespace {

constexpr std::string_view boundary = "----DalateTestBoundary7MA4YWxkTrZu0gW";

std::string bigEndian(std::uint32_t number) {
    return {static_cast<char>(number >> 24), static_cast<char>(number >> 16), static_cast<char>(number >> 8),
            static_cast<char>(number)};
}

std::string littleEndian(std::uint64_t number, unsigned size) {
    std::string bytes;
    for (unsigned i = 0; i < size; ++i)
        bytes += static_cast<char>(number >> (8 * i));
    return bytes;
}

std::uint32_t crcOf(std::string_view bytes) {
    return static_cast<std::uint32_t>(
        ::crc32(0, reinterpret_cast<const Bytef*>(bytes.data()), static_cast<uInt>(bytes.size())));
}

std::string deflated(std::string_view bytes, int window) {
    z_stream stream{};
    if (deflateInit2(&stream, 9, Z_DEFLATED, window, 9, Z_DEFAULT_STRATEGY) != Z_OK)
        throw std::runtime_error("deflate");
    std::string out(deflateBound(&stream, static_cast<uLong>(bytes.size())), '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream.avail_in = static_cast<uInt>(bytes.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    const int result = deflate(&stream, Z_FINISH);
    out.resize(out.size() - stream.avail_out);
    deflateEnd(&stream);
    if (result != Z_STREAM_END) throw std::runtime_error("deflate");
    return out;
}

std::string chunk(std::string_view type, std::string_view data) {
    const std::string named = std::string(type) + std::string(data);
    return bigEndian(static_cast<std::uint32_t>(data.size())) + named + bigEndian(crcOf(named));
}

} // namespace

FormData& FormData::field(std::string_view name, std::string_view value) {
    parts_.append("--").append(boundary).append("\r\nContent-Disposition: form-data; name=\"").append(name);
    parts_.append("\"\r\n\r\n").append(value).append("\r\n");
    return *this;
}

FormData& FormData::file(std::string_view field, std::string_view name, std::string_view type,
                         std::string_view bytes) {
    parts_.append("--").append(boundary).append("\r\nContent-Disposition: form-data; name=\"").append(field);
    parts_.append("\"; filename=\"").append(name).append("\"\r\nContent-Type: ").append(type);
    parts_.append("\r\n\r\n").append(bytes).append("\r\n");
    return *this;
}

std::string FormData::type() {
    return "multipart/form-data; boundary=" + std::string(boundary);
}

std::string FormData::body() const {
    return parts_ + "--" + std::string(boundary) + "--\r\n";
}

std::string pngFile(unsigned width, unsigned height, std::string_view more) {
    std::string rows;
    for (unsigned y = 0; y < height; ++y) {
        rows += '\0';
        for (unsigned x = 0; x < width; ++x)
            rows += {static_cast<char>(x * 7), static_cast<char>(y * 5), static_cast<char>(x ^ y)};
    }
    const std::string head = bigEndian(width) + bigEndian(height) + std::string("\x08\x02\0\0\0", 5);
    return std::string("\x89PNG\r\n\x1a\n") + chunk("IHDR", head) + chunk("IDAT", deflated(rows, 15)) +
           chunk("IEND", "") + std::string(more);
}

std::string pdfFile(std::string_view text) {
    const std::string stream = "BT /F1 24 Tf 40 100 Td (" + std::string(text) + ") Tj ET";
    const std::vector<std::string> objects = {
        "<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 200] /Contents 4 0 R"
        " /Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>",
        "<< /Length " + std::to_string(stream.size()) + " >>\nstream\n" + stream + "\nendstream"};
    std::string pdf = "%PDF-1.4\n", table = "xref\n0 5\n0000000000 65535 f \n";
    for (std::size_t i = 0; i < objects.size(); ++i) {
        std::string place = std::to_string(pdf.size());
        table += std::string(10 - place.size(), '0') + place + " 00000 n \n";
        pdf += std::to_string(i + 1) + " 0 obj\n" + objects[i] + "\nendobj\n";
    }
    const std::string start = std::to_string(pdf.size());
    return pdf + table + "trailer << /Size 5 /Root 1 0 R >>\nstartxref\n" + start + "\n%%EOF\n";
}

std::string zipFile(const std::vector<std::pair<std::string, std::string>>& entries, unsigned copies) {
    std::string zip, directory;
    unsigned count = 0;
    for (const auto& [name, content] : entries) {
        const std::string data = deflated(content, -15);
        const std::string sizes =
            littleEndian(crcOf(content), 4) + littleEndian(data.size(), 4) + littleEndian(content.size(), 4);
        for (unsigned copy = 0; copy < copies; ++copy, ++count) {
            const std::string own = copies == 1 ? name : std::to_string(copy) + name;
            const std::string common = littleEndian(20, 2) + littleEndian(0, 2) + littleEndian(8, 2) +
                                       littleEndian(0, 4) + sizes + littleEndian(own.size(), 2) +
                                       littleEndian(0, 2);
            directory += "PK\1\2" + littleEndian(20, 2) + common + littleEndian(0, 2) + littleEndian(0, 2) +
                         littleEndian(0, 2) + littleEndian(0, 4) + littleEndian(zip.size(), 4) + own;
            zip += "PK\3\4" + common + own + data;
        }
    }
    return zip + directory + "PK\5\6" + littleEndian(0, 4) + littleEndian(count, 2) + littleEndian(count, 2) +
           littleEndian(directory.size(), 4) + littleEndian(zip.size(), 4) + littleEndian(0, 2);
}

std::string eicarFile() {
    // In two halves: a scanner must not take this source file for one.
    return std::string("X5O!P%@AP[4\\PZX54(P^)7CC)7}$") + "EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*";
}

} // namespace dalate::testing
