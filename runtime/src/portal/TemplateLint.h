// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "portal/TemplateSource.h"

namespace dalate::portal {

/// Walks the markup of a template as a browser's tokenizer would (HTML Living Standard, 13.2.5, as far as
/// well-formed markup needs it), refuses what must not be there and marks each value with the escaping its
/// place asks for.
///
/// Refused: `{{{` and `{{&` but for `html_svg`, `html_qr`, `html_chart`, `html_map`, `html_figure` between
/// tags; content in
/// `<script>`, `<style>` elements, `style=`, `on…=`, `srcdoc=`, `srcset=` with a tag in it; `<base> <object>
/// <embed> <applet> <iframe> <frame>` and `<meta http-equiv>`; scripts and style sheets that are no
/// `{{static:…}}`; `javascript:` and `data:` in addresses; a tag in an unquoted attribute, in a tag's or
/// attribute's name, in a comment; a component inside a tag; a section whose end stands in another place of
/// the markup than its beginning; a form that posts and carries no `{{>components/csrf}}`.
void lint(TemplateSource& source, Problems& problems);

} // namespace dalate::portal
