// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "epcis/Context.h"
#include "epcis/Fields.h"

#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace dalate::traceability::epcis {

/// The standard words of the Core Business Vocabulary (核心业务词汇), as `data/core-business-vocabulary.json`
/// lists them. A word may be written bare (`shipping`), as a web URI or compact IRI, or as the older URN;
/// other vocabularies use URIs of their own. Read-only after construction.
class Vocabulary {
public:
    /// Reads the parsed data file; lists that are missing stay empty. Copies what it needs.
    explicit Vocabulary(ValueView data);

    enum class Term {
        standard, ///< a word of the list, in any of its forms
        unknown,  ///< a bare word, or a word in GS1's own namespace, that the list does not have
        foreign,  ///< a URI of another vocabulary
        malformed ///< neither a word nor a URI
    };

    Term classify(Kind kind, std::string_view value, const Context& context) const;

    /// The words of a list, sorted.
    const std::vector<std::string>& words(Kind kind) const;

private:
    std::array<std::vector<std::string>, 8> lists_;
};

/// The one form of a vocabulary value: the full web URI (https://ref.gs1.org/cbv/BizStep-shipping for
/// `shipping`, `cbv:BizStep-shipping` and urn:epcglobal:cbv:bizstep:shipping); foreign values with their
/// prefix expanded.
std::string vocabularyIri(Kind kind, std::string_view value, const Context& context);

/// True for the kinds that hold vocabulary words.
bool isVocabulary(Kind kind) noexcept;

} // namespace dalate::traceability::epcis
