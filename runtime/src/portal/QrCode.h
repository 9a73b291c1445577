// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace dalate::portal {

/// How much of a printed code may be lost (ISO/IEC 18004): low 7 %, medium 15 %, quartile 25 %, high 30 %.
enum class QrCorrection { low, medium, quartile, high };

/// A QR code as one inline `<svg>`: black modules on white with the four-module quiet zone of ISO/IEC 18004,
/// without size of its own (the style sheet gives it), crisp at every scale, `<title>` as its name for screen
/// readers. Vetted form for a model's `html_qr`. Throws Error 400 `core.qr.too_long` when `text` does not fit
/// version 40 (2,331 bytes at medium), `core.qr.empty` when it is empty.
std::string qrSvg(std::string_view text, std::string_view title,
                  QrCorrection correction = QrCorrection::medium);

} // namespace dalate::portal
