// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace dalate::traceability::epcis {

/// One way in which a canonical identifier can fit what a MATCH_ parameter asks for (EPCIS 2.0 §8.2.7.1.1),
/// made so that a store can put it into SQL with bound values.
struct Pattern {
    enum class Form {
        exact,  ///< id = text
        prefix, ///< text <= id AND id < upper(): an index range
        glob,   ///< id GLOB text: `[0-9]` stands for a digit, `*` at the end for any rest, all else for itself
    };
    Form form;
    std::string text;

    /// The first text behind the range of a prefix.
    std::string upper() const;
    bool matches(std::string_view id) const noexcept;

    friend bool operator==(const Pattern& a, const Pattern& b) {
        return a.form == b.form && a.text == b.text;
    }
};

/// The patterns, any of which an identifier may fit: one for a plain URI, two for a pattern of a class
/// (`urn:epc:idpat:sgtin:4012345.098765.*`: the class itself and each of its things), one prefix for all lots of
/// a product (`urn:epc:idpat:lgtin:4012345.098765.*`), globs for a pattern with more stars, one prefix for a
/// Digital Link that ends in `/*`. Case counts everywhere. Empty for what is neither URI nor pattern.
std::vector<Pattern> patternsOf(std::string_view value);

} // namespace dalate::traceability::epcis
