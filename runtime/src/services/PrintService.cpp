// SPDX-License-Identifier: Apache-2.0
#include "base/Result.h"
#include "portal/QrCode.h"
#include "services/CoreServices.h"

namespace dalate::services {

void offerPrint(Registry& registry) {
    registry.offer({"core", "print/1", "qr", Touch::nothing, [](ServiceContext&, ValueView in) {
                        const std::string_view text = in["text"].text();
                        const std::string_view title = in["title"].text();
                        const std::string svg = portal::qrSvg(text, title.empty() ? text : title);
                        return Value::map([&](MapWriter& m) { m.set("svg", svg); });
                    }});
}

} // namespace dalate::services
