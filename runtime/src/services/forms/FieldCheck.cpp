// SPDX-License-Identifier: Apache-2.0
#include "services/forms/FieldCheck.h"

#include "services/forms/Contact.h"
#include "services/forms/Figures.h"
#include "services/forms/IdCard.h"
#include "services/forms/Options.h"
#include "services/forms/TextShape.h"
#include "services/forms/Visibility.h"
#include "services/rules/CivilDay.h"

#include <algorithm>

namespace dalate::services::forms {
namespace {

constexpr std::int64_t usualLine = 200;
constexpr std::int64_t usualText = 4000;
/// 90 trillion fen, and a number that every reader of JSON holds exactly.
constexpr std::int64_t largest = 9'000'000'000'000'000;

/// 。 is where the point is on a Chinese keyboard.
std::string figures(std::string_view typed) {
    std::string text = narrowed(typed);
    for (std::size_t at; (at = text.find("。")) != text.npos;)
        text.replace(at, std::string_view("。").size(), ".");
    return text;
}

std::string withoutMarks(std::string text) {
    for (const std::string_view mark : {"¥", "￥", "元"})
        if (const std::size_t at = text.find(mark); at != text.npos) text.erase(at, mark.size());
    return narrowed(text);
}

bool isFileName(std::string_view id) noexcept {
    const auto all = [&](std::string_view among) { return id.find_first_not_of(among) == id.npos; };
    return (!id.empty() && id.size() <= 19 && all("0123456789")) ||
           (id.size() == 32 && all("0123456789abcdef"));
}

} // namespace

std::nullopt_t FieldCheck::refuse(std::string_view id, Value values) {
    fault.messageId = id;
    fault.values = std::move(values);
    return std::nullopt;
}

std::nullopt_t FieldCheck::refuse(std::string_view id, std::string_view key, std::string_view value) {
    return refuse(id, Value::map([&](MapWriter& m) { m.set(key, value); }));
}

std::int64_t FieldCheck::today() const {
    return rules::civilDayOf(time_.clock()).time_since_epoch().count();
}

std::optional<std::int64_t> FieldCheck::bound(const std::optional<Limit>& limit) const {
    if (!limit) return std::nullopt;
    if (limit->kind == Limit::Kind::fixed) return limit->value;
    if (limit->kind == Limit::Kind::today) return today();
    if (!time_.rules)
        throw Error(404, "core.rule.unknown", Value::map([&](MapWriter& m) { m.set("rule", limit->rule); }));
    const rules::RulesAt rules = time_.rules->at(time_.at);
    const rules::Rule* rule = time_.rules->find(limit->rule);
    if (field_.type == FieldType::money && rule && rule->type == rules::RuleType::money)
        return rules.money(limit->rule);
    const std::int64_t number = rules.integer(limit->rule);
    return field_.type == FieldType::decimal ? number * Decimal::one : number;
}

std::string FieldCheck::shown(std::int64_t bound) const {
    switch (field_.type) {
    case FieldType::decimal:
        return Decimal{bound}.text();
    case FieldType::money:
        return yuanText(bound);
    case FieldType::date:
        return civilDayText(bound);
    default:
        return std::to_string(bound);
    }
}

bool FieldCheck::within(std::int64_t number, std::optional<std::int64_t> least,
                        std::optional<std::int64_t> most, std::string_view tooLittle,
                        std::string_view tooMuch) {
    if (least && number < *least)
        refuse(tooLittle, "least", shown(*least));
    else if (most && number > *most)
        refuse(tooMuch, "most", shown(*most));
    return fault.messageId.empty();
}

std::optional<Value> FieldCheck::judge(ValueView sent, Sent how) {
    fault.field = field_.name;
    fault.path = "$." + field_.name;
    auto answer = how == Sent::posted ? posted(sent) : json(sent);
    if (answer && answer->view().isNull() && !field_.optional) return missing();
    return answer;
}

std::optional<Value> FieldCheck::missing() {
    const bool chosen = isChosen(field_.type) || field_.type == FieldType::yesno;
    return refuse(chosen                           ? "core.form.missing_choice"
                  : field_.type == FieldType::file ? "core.form.missing_file"
                                                   : "core.form.missing");
}

std::optional<Value> FieldCheck::posted(ValueView texts) {
    if (field_.type == FieldType::checks) return several(texts);
    if (texts.isText()) return ofText(texts.text());
    if (texts.size() > 1) return refuse("core.form.several");
    for (const ValueView text : texts)
        return ofText(text.text());
    return Value();
}

std::optional<Value> FieldCheck::json(ValueView value) {
    if (value.isNull()) return Value();
    const auto expect = [&](bool fits, std::string_view expected) {
        if (!fits) refuse("core.form.json_type", "expected", expected);
        return fits;
    };
    switch (field_.type) {
    case FieldType::integer:
    case FieldType::money: {
        const auto number = value.isNumber() ? value.integer() : std::nullopt;
        if (!expect(number.has_value(), "integer")) return std::nullopt;
        return field_.type == FieldType::money ? money(*number) : whole(*number);
    }
    case FieldType::decimal:
        if (!expect(value.isNumber(), "number")) return std::nullopt;
        return decimal(value.asText());
    case FieldType::yesno:
        if (!expect(value.isBoolean(), "boolean")) return std::nullopt;
        return Value(value);
    case FieldType::checks:
        if (!expect(value.isList(), "array")) return std::nullopt;
        return several(value);
    default:
        if (!expect(value.isText(), "string")) return std::nullopt;
        return ofText(value.text());
    }
}

std::optional<Value> FieldCheck::ofText(std::string_view typed) {
    auto tidied = tidy(typed);
    if (!tidied) return refuse("core.form.characters");
    if (tidied->empty()) return Value();
    switch (field_.type) {
    case FieldType::text:
    case FieldType::area:
        return line(std::move(*tidied));
    case FieldType::integer: {
        const auto number = parseWhole(figures(*tidied));
        return number ? whole(*number) : refuse("core.form.not_integer");
    }
    case FieldType::decimal:
        return decimal(figures(*tidied));
    case FieldType::money:
        return yuan(withoutMarks(figures(*tidied)));
    case FieldType::date:
        return date(narrowed(*tidied));
    case FieldType::yesno:
        if (*tidied != "yes" && *tidied != "no") return refuse("core.form.not_offered");
        return Value::of(*tidied == "yes");
    case FieldType::phone: {
        const auto number = parsePhone(narrowed(*tidied));
        return number ? std::optional(Value::of(*number)) : refuse("core.form.not_phone");
    }
    case FieldType::email: {
        const auto address = parseEmail(narrowed(*tidied));
        return address ? std::optional(Value::of(*address)) : refuse("core.form.not_email");
    }
    case FieldType::idcard:
        return idcard(narrowed(*tidied));
    case FieldType::file:
        return file(*tidied);
    default:
        return one(*tidied);
    }
}

std::optional<Value> FieldCheck::line(std::string text) {
    const bool area = field_.type == FieldType::area;
    if (!area && text.find_first_of("\n\t") != text.npos) return refuse("core.form.one_line");
    const auto count = static_cast<std::int64_t>(characters(text));
    const std::int64_t most = bound(field_.max).value_or(area ? usualText : usualLine);
    if (!within(count, bound(field_.min), most, "core.form.too_short", "core.form.too_long"))
        return std::nullopt;
    return Value::of(text);
}

std::optional<Value> FieldCheck::whole(std::int64_t number) {
    if (!within(number, bound(field_.min).value_or(-largest), bound(field_.max).value_or(largest),
                "core.form.too_small", "core.form.too_large"))
        return std::nullopt;
    return Value::of(number);
}

std::optional<Value> FieldCheck::decimal(std::string_view digits) {
    const auto number = parseDecimal(digits);
    if (!number) return refuse("core.form.not_decimal");
    if (number->places() > field_.decimals)
        return refuse("core.form.decimals", "decimals", std::to_string(field_.decimals));
    if (!within(number->millionths, bound(field_.min), bound(field_.max), "core.form.too_small",
                "core.form.too_large"))
        return std::nullopt;
    std::string bytes;
    ValueWriter(bytes).scalar({}, Tag::number, number->text());
    return Value::adopt(std::move(bytes));
}

std::optional<Value> FieldCheck::money(std::int64_t fen) {
    if (!within(fen, bound(field_.min).value_or(0), bound(field_.max).value_or(largest),
                "core.form.too_small", "core.form.too_large"))
        return std::nullopt;
    return Value::of(fen);
}

std::optional<Value> FieldCheck::yuan(std::string_view typed) {
    const auto amount = parseDecimal(typed);
    if (!amount || amount->places() > 2) return refuse("core.form.not_money");
    return money(amount->millionths / (Decimal::one / 100));
}

std::optional<Value> FieldCheck::date(std::string_view typed) {
    const auto day = parseCivilDay(typed);
    if (!day) return refuse("core.form.not_date");
    if (!within(*day, bound(field_.min), bound(field_.max), "core.form.too_early", "core.form.too_late"))
        return std::nullopt;
    return Value::of(civilDayText(*day));
}

std::optional<Value> FieldCheck::one(std::string_view value) {
    if (!isOffered(field_, value, answers_, time_)) return refuse("core.form.not_offered");
    return Value::of(value);
}

std::optional<Value> FieldCheck::several(ValueView values) {
    std::size_t at = 0;
    for (const ValueView value : values) {
        const std::string path = fault.path + "[" + std::to_string(at++) + "]";
        const bool empty = value.isText() && value.text().empty();
        if (empty) continue;
        if (!value.isText() || !isOffered(field_, value.text(), answers_, time_)) {
            fault.path = path;
            return refuse("core.form.not_offered");
        }
    }
    std::vector<std::string_view> chosen;
    for (const Choice& choice : choices(field_, answers_, time_))
        if (has(values, choice.value)) chosen.push_back(choice.value);
    if (chosen.empty()) return Value();
    if (!within(static_cast<std::int64_t>(chosen.size()), bound(field_.min), bound(field_.max),
                "core.form.too_few", "core.form.too_many"))
        return std::nullopt;
    return Value::list([&](ListWriter& l) {
        for (const std::string_view value : chosen)
            l.add(value);
    });
}

std::optional<Value> FieldCheck::idcard(std::string_view typed) {
    const IdCard::Read card = IdCard::read(typed, today());
    if (!card.fault) return Value::of(card.number);
    switch (*card.fault) {
    case IdCard::Fault::birth:
        return refuse("core.form.idcard_birth");
    case IdCard::Fault::check:
        return refuse("core.form.idcard_check");
    default:
        return refuse("core.form.not_idcard");
    }
}

std::optional<Value> FieldCheck::file(std::string_view id) {
    if (!isFileName(id) || (mayUseFile_ && !mayUseFile_(id))) return refuse("core.form.not_file");
    return Value::of(id);
}

} // namespace dalate::services::forms
