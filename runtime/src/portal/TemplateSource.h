// SPDX-License-Identifier: Apache-2.0
//
// One template file as read: its head (see TemplateStore.h) and its body in pieces, one a tag or run of text
// between tags. A section's opening piece knows the index of its closing one. The lint marks each value with
// how it must be escaped where it stands; composing then only copies pieces.
#pragma once

#include "portal/Problem.h"

#include <dalate/value.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace dalate::portal {

/// What a value must go through, decided by where its tag stands.
enum class Escape : std::uint8_t {
    html,
    /// Begins an `href`, `src`, `action`, …: checked by isSafeUrl, then as html.
    url,
    /// Follows fixed text in such an attribute: one component of the address.
    urlPart,
    /// `{{{html_…}}}`: put in as it is when isPlainSvg.
    svg,
};

/// What a component is given for one of its parameters.
struct Argument {
    enum class Kind : std::uint8_t { text, literal, name };
    Kind kind = Kind::name;
    std::string value;
};

struct Piece {
    enum class Kind : std::uint8_t { markup, value, section, inverted, end, partial, text, asset };
    Kind kind = Kind::markup;
    Escape escape = Escape::html;
    int line = 0;
    /// Markup: the bytes. Otherwise the name, without `@` and `?`.
    std::string name;
    /// Written with `@`: a parameter of the component.
    bool parameter = false;
    /// Written with `?`: a section that opens no scope and does not repeat.
    bool once = false;
    /// Stands between tags, where an element can be put around it.
    bool inContent = false;
    /// Of a section: index of its end.
    std::size_t end = 0;
    std::map<std::string, Argument, std::less<>> arguments;
};

struct TemplateSource {
    /// `pages/home`, `components/field`, `traceability/list`.
    std::string name;
    /// For messages.
    std::string file;
    bool component = false;
    bool layout = true;
    std::string titleText;
    std::vector<std::string> parameters;
    Value example;
    std::vector<Piece> pieces;

    bool declares(std::string_view parameter) const;
};

/// Reads head and pieces; faults of either go to `problems`.
TemplateSource parseTemplate(std::string name, std::string file, std::string_view text, Problems& problems);

} // namespace dalate::portal
