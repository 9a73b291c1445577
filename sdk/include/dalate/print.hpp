// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <dalate/call.hpp>

/// Things for paper.
namespace dalate::print {

/// A QR code (GB/T 18284, ISO/IEC 18004) of `text` as a whole SVG document, error correction level M, with
/// its quiet zone. Throws 400 where the text is too long for a code. Service form: print/1.qr {text} ->
/// {svg}.
inline std::string_view qr(const Call& call, std::string_view text) {
    return call.service("print/1", "qr", Value::map([&](MapWriter& m) { m.set("text", text); }))["svg"]
        .text();
}

} // namespace dalate::print
