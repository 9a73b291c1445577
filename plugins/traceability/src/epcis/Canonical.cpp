// SPDX-License-Identifier: Apache-2.0
#include "epcis/Canonical.h"

#include "epcis/Decimal.h"
#include "epcis/Time.h"
#include "epcis/Vocabulary.h"
#include "gs1/CheckDigit.h"
#include "gs1/Identifier.h"

namespace dalate::traceability::epcis {

namespace {

std::string plainDecimal(ValueView value) {
    const std::string text = value.asText();
    const auto number = Decimal::parse(text);
    return number ? number->text() : text;
}

/// `-?digits.digits`: the only text that is taken for a number, so that a lot `007` stays what it is.
bool isFraction(std::string_view text) noexcept {
    if (!text.empty() && text.front() == '-') text.remove_prefix(1);
    const std::size_t dot = text.find('.');
    return dot != std::string_view::npos && gs1::isDigits(text.substr(0, dot)) &&
           gs1::isDigits(text.substr(dot + 1));
}

std::string withoutTrailingZeros(std::string_view fraction) {
    fraction = fraction.substr(0, fraction.find_last_not_of('0') + 1);
    if (fraction.back() == '.') fraction.remove_suffix(1);
    return std::string(fraction);
}

} // namespace

std::string_view trimmed(std::string_view text) noexcept {
    constexpr std::string_view white = " \t\r\n\v\f";
    const std::size_t first = text.find_first_not_of(white);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(white) - first + 1);
}

std::string canonicalText(Kind kind, ValueView value, const Context& context) {
    if (isVocabulary(kind)) return vocabularyIri(kind, value.text(), context);
    switch (kind) {
    case Kind::time: {
        const auto instant = parseInstant(value.text());
        return instant ? toUtcMillis(instant->micros) : std::string(value.text());
    }
    case Kind::identifier:
    case Kind::epc:
    case Kind::epcClass:
        return gs1::canonicalId(context.iri(value.text()));
    case Kind::decimal:
    case Kind::amount:
        return plainDecimal(value);
    default:
        break;
    }
    return value.isText() ? std::string(trimmed(value.text())) : value.asText();
}

std::string canonicalExtensionText(ValueView value, const Context& context) {
    if (value.isNumber()) return plainDecimal(value);
    if (!value.isText()) return value.asText();
    const std::string_view text = trimmed(value.text());
    if (isFraction(text)) return withoutTrailingZeros(text);
    const std::string_view prefix = text.substr(0, text.find(':'));
    if (prefix.size() < text.size() && (prefix == "gs1" || prefix == "cbv")) return context.iri(text);
    return gs1::canonicalId(text);
}

} // namespace dalate::traceability::epcis
