// SPDX-License-Identifier: Apache-2.0
#include "portal/QrCode.h"

#include "base/Result.h"
#include "portal/Escape.h"

#include <qrencode.h>

#include <fmt/format.h>

#include <iterator>
#include <memory>

namespace dalate::portal {

namespace {

constexpr int quietZone = 4;

QRecLevel level(QrCorrection correction) {
    switch (correction) {
    case QrCorrection::low:
        return QR_ECLEVEL_L;
    case QrCorrection::medium:
        return QR_ECLEVEL_M;
    case QrCorrection::quartile:
        return QR_ECLEVEL_Q;
    case QrCorrection::high:
        return QR_ECLEVEL_H;
    }
    return QR_ECLEVEL_M;
}

} // namespace

std::string qrSvg(std::string_view text, std::string_view title, QrCorrection correction) {
    if (text.empty()) throw Error(400, "core.qr.empty");
    const std::unique_ptr<QRcode, decltype(&QRcode_free)> code(
        QRcode_encodeData(static_cast<int>(text.size()), reinterpret_cast<const unsigned char*>(text.data()),
                          0, level(correction)),
        QRcode_free);
    if (!code)
        throw Error(400, "core.qr.too_long", Value::map([&](MapWriter& m) { m.set("bytes", text.size()); }));

    const int width = code->width;
    std::string svg = fmt::format(
        "<svg class=\"qr\" viewBox=\"0 0 {0} {0}\" role=\"img\" shape-rendering=\"crispEdges\"><title>",
        width + 2 * quietZone);
    escapeHtml(title, svg);
    svg += fmt::format("</title><rect width=\"{0}\" height=\"{0}\" fill=\"#fff\"/><path fill=\"#000\" d=\"",
                       width + 2 * quietZone);
    // One subpath a run of dark modules in a row: a third of the bytes of one square each.
    for (int y = 0; y < width; ++y) {
        for (int x = 0; x < width;) {
            const int from = x;
            while (x < width && (code->data[y * width + x] & 1) != 0)
                ++x;
            if (x > from)
                fmt::format_to(std::back_inserter(svg), "M{} {}h{}v1h-{}z", from + quietZone, y + quietZone,
                               x - from, x - from);
            if (x == from) ++x;
        }
    }
    svg += "\"/></svg>";
    return svg;
}

} // namespace dalate::portal
