// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace dalate::portal {

/// Whether `text` is one whole, well-nested `<svg>` of shapes, text and links within the site: no scripts, no
/// event attributes, no style attribute, no foreign content, no reference that leaves the site. Values of the
/// `html_` names are put into a page only when this holds, so user text cannot become markup by that way
/// either.
bool isPlainSvg(std::string_view text);

} // namespace dalate::portal
