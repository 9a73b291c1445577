// SPDX-License-Identifier: Apache-2.0
#include "epcis/Vocabulary.h"

#include "epcis/Uri.h"

#include <algorithm>
#include <iterator>

namespace dalate::traceability::epcis {

namespace {

struct Naming {
    Kind kind;
    std::string_view list; ///< in the data file
    std::string_view web;
    std::string_view older; ///< another beginning of the same words; empty for none
    std::string_view oldest;
};

constexpr Naming namings[] = {
    {Kind::bizStep, "bizStep", "https://ref.gs1.org/cbv/BizStep-",
     "urn:epcglobal:cbv:bizstep:", "https://ns.gs1.org/cbv/BizStep-"},
    {Kind::disposition, "disposition", "https://ref.gs1.org/cbv/Disp-",
     "urn:epcglobal:cbv:disp:", "https://ns.gs1.org/cbv/Disp-"},
    {Kind::transactionType, "bizTransactionType", "https://ref.gs1.org/cbv/BTT-",
     "urn:epcglobal:cbv:btt:", "https://ns.gs1.org/cbv/BTT-"},
    {Kind::partyType, "sourceDestinationType", "https://ref.gs1.org/cbv/SDT-",
     "urn:epcglobal:cbv:sdt:", "https://ns.gs1.org/cbv/SDT-"},
    {Kind::errorReason, "errorReason", "https://ref.gs1.org/cbv/ER-",
     "urn:epcglobal:cbv:er:", "https://ns.gs1.org/cbv/ER-"},
    {Kind::measurement, "measurementType", "https://gs1.org/voc/", "https://ref.gs1.org/voc/",
     "https://www.gs1.org/voc/"},
    {Kind::alert, "sensorAlertType", "https://gs1.org/voc/", "https://ref.gs1.org/voc/",
     "https://www.gs1.org/voc/"},
    {Kind::component, "component", "https://ref.gs1.org/cbv/Comp-", "", "https://ns.gs1.org/cbv/Comp-"},
};

std::size_t indexOf(Kind kind) noexcept {
    for (std::size_t i = 0; i < std::size(namings); ++i)
        if (namings[i].kind == kind) return i;
    return std::size(namings);
}

/// The standard word inside a URI; empty when the URI belongs to another vocabulary.
std::string_view wordIn(const Naming& naming, std::string_view iri) noexcept {
    for (const std::string_view start : {naming.web, naming.older, naming.oldest})
        if (!start.empty() && iri.size() > start.size() && iri.substr(0, start.size()) == start)
            return iri.substr(start.size());
    return {};
}

bool isBare(std::string_view value) noexcept {
    return value.find(':') == std::string_view::npos;
}

} // namespace

Vocabulary::Vocabulary(ValueView data) {
    for (std::size_t i = 0; i < std::size(namings); ++i) {
        for (const ValueView word : data[namings[i].list])
            lists_[i].emplace_back(word.text());
        std::sort(lists_[i].begin(), lists_[i].end());
    }
}

const std::vector<std::string>& Vocabulary::words(Kind kind) const {
    return lists_.at(indexOf(kind));
}

Vocabulary::Term Vocabulary::classify(Kind kind, std::string_view value, const Context& context) const {
    const std::size_t index = indexOf(kind);
    const auto known = [&](std::string_view word) {
        return std::binary_search(lists_.at(index).begin(), lists_.at(index).end(), word) ? Term::standard
                                                                                          : Term::unknown;
    };
    if (isBare(value)) return known(value);
    if (!isUri(value)) return Term::malformed;
    const std::string iri = context.iri(value);
    const std::string_view word = wordIn(namings[index], iri);
    return word.empty() ? Term::foreign : known(word);
}

std::string vocabularyIri(Kind kind, std::string_view value, const Context& context) {
    const Naming& naming = namings[indexOf(kind)];
    if (isBare(value)) return std::string(naming.web).append(value);
    std::string iri = context.iri(value);
    const std::string_view word = wordIn(naming, iri);
    return word.empty() ? iri : std::string(naming.web).append(word);
}

bool isVocabulary(Kind kind) noexcept {
    return indexOf(kind) < std::size(namings);
}

} // namespace dalate::traceability::epcis
