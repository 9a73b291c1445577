// SPDX-License-Identifier: Apache-2.0
#include "epcis/Query.h"

#include "epcis/Time.h"
#include "epcis/Uri.h"

#include <algorithm>
#include <charconv>

namespace dalate::traceability::epcis {

namespace {

struct MatchParameter {
    std::string_view name;
    std::vector<Field> fields;
};

// EPCIS 2.0 §8.2.7.1, table of MATCH_ parameters.
const std::vector<MatchParameter>& matchParameters() {
    static const std::vector<MatchParameter> table = {
        {"MATCH_epc", {Field::epc, Field::childEpc}},
        {"MATCH_parentID", {Field::parent}},
        {"MATCH_inputEPC", {Field::inputEpc}},
        {"MATCH_outputEPC", {Field::outputEpc}},
        {"MATCH_anyEPC", {Field::epc, Field::childEpc, Field::parent, Field::inputEpc, Field::outputEpc}},
        {"MATCH_epcClass", {Field::epcClass, Field::childClass}},
        {"MATCH_inputEPCClass", {Field::inputClass}},
        {"MATCH_outputEPCClass", {Field::outputClass}},
        {"MATCH_anyEPCClass", {Field::epcClass, Field::childClass, Field::inputClass, Field::outputClass}},
    };
    return table;
}

/// A parameter that EPCIS defines by its form, but that this repository does not answer.
bool isOfEpcis(std::string_view name) noexcept {
    constexpr std::string_view forms[] = {"EQ_", "GE_",    "GT_",     "LE_",      "LT_",
                                          "WD_", "MATCH_", "EXISTS_", "HASATTR_", "EQATTR_"};
    for (const std::string_view form : forms)
        if (name.substr(0, form.size()) == form) return true;
    return name == "orderBy" || name == "orderDirection" || name == "eventCountLimit" ||
           name == "maxEventCount";
}

std::vector<std::string_view> values(std::string_view text) {
    std::vector<std::string_view> out;
    for (;;) {
        const std::size_t bar = text.find('|');
        out.push_back(text.substr(0, bar));
        if (bar == std::string_view::npos) return out;
        text.remove_prefix(bar + 1);
    }
}

template <class T>
std::optional<T> wholeNumber(std::string_view text, int base = 10) {
    T number{};
    const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number, base);
    if (text.empty() || fault != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return number;
}

std::string hex(std::uint64_t number) {
    char digits[16];
    const auto [end, fault] = std::to_chars(digits, digits + sizeof digits, number, 16);
    return fault == std::errc() ? std::string(digits, end) : std::string();
}

/// `<fingerprint>.<first>.<second>`, hexadecimal.
std::optional<std::pair<std::uint64_t, Cursor>> readToken(std::string_view token) {
    const std::size_t one = token.find('.');
    const std::size_t two = one == std::string_view::npos ? one : token.find('.', one + 1);
    if (two == std::string_view::npos) return std::nullopt;
    const auto print = wholeNumber<std::uint64_t>(token.substr(0, one), 16);
    const auto first = wholeNumber<std::int64_t>(token.substr(one + 1, two - one - 1));
    const auto second = wholeNumber<std::int64_t>(token.substr(two + 1));
    if (!print || !first || !second) return std::nullopt;
    return std::pair(*print, Cursor{*first, *second});
}

class Reader {
public:
    explicit Reader(const Vocabulary& vocabulary) : vocabulary_(vocabulary) {}

    std::variant<Query, std::vector<ParameterProblem>> read(const Parameters& parameters) {
        std::vector<std::string_view> seen;
        for (const auto& [name, value] : parameters) {
            if (std::find(seen.begin(), seen.end(), name) != seen.end()) {
                refuse(name, "repeated", value);
                continue;
            }
            seen.push_back(name);
            if (value.empty())
                refuse(name, "empty", value);
            else
                parameter(name, value);
        }
        if (problems_.empty()) token();
        if (!problems_.empty()) return std::move(problems_);
        return std::move(query_);
    }

private:
    void refuse(std::string_view name, std::string_view code, std::string_view value, int status = 400) {
        problems_.push_back({std::string(name), std::string("traceability.query.").append(code),
                             std::string(value.substr(0, 80)), status});
    }

    void parameter(const std::string& name, const std::string& value) {
        for (const auto& match : matchParameters())
            if (match.name == name) return patterns(match, value);
        if (name == "GE_eventTime") return time(name, value, query_.eventTimeFrom);
        if (name == "LT_eventTime") return time(name, value, query_.eventTimeBefore);
        if (name == "EQ_bizStep") return words(name, "biz_step", Kind::bizStep, value, query_.bizSteps);
        if (name == "EQ_disposition")
            return words(name, "disposition", Kind::disposition, value, query_.dispositions);
        if (name == "EQ_action") return actions(name, value);
        if (name == "eventType") return types(name, value);
        if (name == "perPage") return perPage(name, value);
        if (name == "nextPageToken") {
            token_ = value;
            return;
        }
        if (isOfEpcis(name))
            refuse(name, "unsupported", value, 501);
        else
            refuse(name, "unknown_parameter", value);
    }

    void patterns(const MatchParameter& parameter, std::string_view value) {
        Match match{parameter.fields, {}};
        for (const std::string_view one : values(value)) {
            std::vector<Pattern> found = patternsOf(one);
            if (found.empty()) refuse(parameter.name, "pattern", one);
            match.anyOf.insert(match.anyOf.end(), found.begin(), found.end());
        }
        query_.matches.push_back(std::move(match));
    }

    void time(std::string_view name, std::string_view value, std::optional<Micros>& out) {
        std::string text(value);
        // A plus sign that was not percent-encoded arrives as a space.
        if (text.size() > 6 && text[text.size() - 6] == ' ') text[text.size() - 6] = '+';
        const auto instant = parseInstant(text);
        if (!instant) return refuse(name, "time", value);
        out = instant->micros;
    }

    void words(std::string_view name, std::string_view code, Kind kind, std::string_view value,
               std::vector<std::string>& out) {
        const Context context;
        for (const std::string_view one : values(value)) {
            const auto term = vocabulary_.classify(kind, one, context);
            if (term == Vocabulary::Term::unknown || term == Vocabulary::Term::malformed)
                refuse(name, code, one);
            else
                out.push_back(vocabularyIri(kind, one, context));
        }
    }

    void actions(std::string_view name, std::string_view value) {
        for (const std::string_view one : values(value)) {
            const std::size_t before = query_.actions.size();
            for (const Action action : {Action::observe, Action::add, Action::remove})
                if (toText(action) == one) query_.actions.push_back(action);
            if (query_.actions.size() == before) refuse(name, "action", one);
        }
    }

    void types(std::string_view name, std::string_view value) {
        for (const std::string_view one : values(value)) {
            if (eventType(one) || isUri(one))
                query_.eventTypes.emplace_back(one);
            else
                refuse(name, "event_type", one);
        }
    }

    void perPage(std::string_view name, std::string_view value) {
        const auto number = wholeNumber<int>(value);
        if (!number || *number < 1) return refuse(name, "per_page", value);
        // The OpenAPI lets a server return fewer than asked for.
        query_.perPage = std::min(*number, Query::maxPerPage);
    }

    void token() {
        if (token_.empty()) return;
        const auto read = readToken(token_);
        if (!read || read->first != query_.fingerprint())
            return refuse("nextPageToken", "page_token", token_);
        query_.after = read->second;
    }

    const Vocabulary& vocabulary_;
    Query query_;
    std::string token_;
    std::vector<ParameterProblem> problems_;
};

} // namespace

std::uint64_t Query::fingerprint() const {
    std::uint64_t hash = 14695981039346656037u; // FNV-1a: only to notice a token of another query
    const auto add = [&hash](std::string_view text) {
        for (const char c : text)
            hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211u;
        hash = (hash ^ 0xffu) * 1099511628211u;
    };
    for (const auto& type : eventTypes)
        add(type);
    add(eventTimeFrom ? std::to_string(*eventTimeFrom) : "-");
    add(eventTimeBefore ? std::to_string(*eventTimeBefore) : "-");
    for (const Action action : actions)
        add(toText(action));
    for (const auto& step : bizSteps)
        add(step);
    add("|");
    for (const auto& disposition : dispositions)
        add(disposition);
    for (const auto& match : matches) {
        for (const Field field : match.fields)
            add(std::to_string(static_cast<int>(field)));
        for (const auto& pattern : match.anyOf)
            add(pattern.text);
    }
    return hash;
}

std::string Query::nextPageToken(const Cursor& last) const {
    return hex(fingerprint()) + "." + std::to_string(last.first) + "." + std::to_string(last.second);
}

std::variant<Query, std::vector<ParameterProblem>> parseQuery(const Parameters& parameters,
                                                              const Vocabulary& vocabulary) {
    return Reader(vocabulary).read(parameters);
}

} // namespace dalate::traceability::epcis
