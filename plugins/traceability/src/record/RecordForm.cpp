// SPDX-License-Identifier: Apache-2.0
#include "record/RecordForm.h"

#include "log/EventLinksOf.h"

#include <algorithm>

namespace dalate::traceability {

std::vector<std::string_view> questionsOf(FarmRecord::Kind kind) {
    switch (kind) {
    case FarmRecord::Kind::harvest: return {"crop", "weight", "day"};
    case FarmRecord::Kind::pesticide: return {"crop", "pesticide", "dose", "interval", "day"};
    case FarmRecord::Kind::packing: return {"lot", "weight", "boxes", "day"};
    case FarmRecord::Kind::dispatch: return {"lot", "weight", "receiver", "vehicle", "day"};
    }
    return {};
}

bool RecordForm::canBeAnswered() const noexcept {
    const bool grows = kind_ == FarmRecord::Kind::harvest || kind_ == FarmRecord::Kind::pesticide;
    if (grows) return !choices_.crops.empty();
    return !choices_.lots.empty() && (kind_ != FarmRecord::Kind::dispatch || !choices_.receivers.empty());
}

const std::vector<RecordForm::Choice>& RecordForm::choicesOf(std::string_view name) const {
    return name == "crop" ? choices_.crops : name == "lot" ? choices_.lots : choices_.receivers;
}

std::string RecordForm::answer(std::string_view name) const {
    const auto found = answers_.find(name);
    return found == answers_.end() ? std::string() : found->second;
}

void RecordForm::wrong(std::string_view name, std::string_view problem) {
    problems_.emplace(name, "traceability.form." + std::string(problem));
}

std::string RecordForm::chosen(std::string_view name, const std::vector<Choice>& among) {
    const std::string value = answer(name);
    const auto is = [&](const Choice& c) { return c.value == value; };
    if (std::none_of(among.begin(), among.end(), is)) wrong(name, "choose");
    return value;
}

std::string RecordForm::words(std::string_view name, std::size_t most) {
    const std::string value = answer(name);
    if (value.empty()) wrong(name, "needed");
    if (value.size() > most) wrong(name, "long");
    return value;
}

std::string RecordForm::number(std::string_view name) {
    const auto value = positiveDecimal(answer(name));
    if (!value) wrong(name, "number");
    return value.value_or("");
}

std::string RecordForm::wholeNumber(std::string_view name, std::int64_t most) {
    const auto value = Value::of(answer(name)).view().integer();
    if (!value || *value < 0 || *value > most) wrong(name, "whole");
    return std::to_string(value.value_or(0));
}

Time RecordForm::day(Time now) {
    constexpr Time hour = 3'600'000'000;
    const auto start = startOfDay(answer("day"));
    if (!start) {
        wrong("day", "day");
        return now;
    }
    if (*start > now) wrong("day", "future");
    if (now - *start > 400 * 24 * hour) wrong("day", "old");
    // Today is now, so that records of one day keep their order; an earlier day is its noon.
    return Wording::date(now) == answer("day") ? now : *start + 12 * hour;
}

std::string RecordForm::submission() const {
    if (number_.empty()) return {};
    std::string text = number_ + '\n' + std::string(toText(kind_));
    for (const auto& [name, value] : answers_) text += '\n' + name + '=' + value;
    return text;
}

std::optional<FarmRecord> RecordForm::read(const Request& request) {
    number_ = request.form("form").value_or("").substr(0, 20);
    for (const std::string_view name : questionsOf(kind_)) {
        std::string value(request.form(name).value_or(""));
        value.erase(0, std::min(value.find_first_not_of(" \t\r\n"), value.size()));
        value.erase(value.find_last_not_of(" \t\r\n") + 1);
        answers_[std::string(name)] = std::move(value);
    }
    FarmRecord record;
    record.kind = kind_;
    record.at = day(request.now());
    if (kind_ == FarmRecord::Kind::harvest || kind_ == FarmRecord::Kind::pesticide) {
        const std::string crop = chosen("crop", choices_.crops);
        const std::string gtin = crop.substr(0, crop.find('|'));
        record.plot = crop.substr(std::min(crop.size(), gtin.size() + 1));
        record.plotLot = lotUri(gtin, plotLotNumber(record.plot, record.at));
    } else {
        record.lot = chosen("lot", choices_.lots);
    }
    if (kind_ != FarmRecord::Kind::pesticide) record.kilograms = number("weight");
    switch (kind_) {
    case FarmRecord::Kind::harvest: break;
    case FarmRecord::Kind::pesticide:
        record.pesticide = words("pesticide", 120);
        record.dose = words("dose", 60);
        record.safeIntervalDays = wholeNumber("interval", 365);
        break;
    case FarmRecord::Kind::packing: record.boxes = wholeNumber("boxes", 1000000); break;
    case FarmRecord::Kind::dispatch:
        record.receiver = chosen("receiver", choices_.receivers);
        if (record.vehicle = answer("vehicle"); record.vehicle.size() > 40) wrong("vehicle", "long");
        break;
    }
    return problems_.empty() ? std::optional(record) : std::nullopt;
}

void RecordForm::writeField(ListWriter& fields, std::string_view name) const {
    fields.map([&](MapWriter& m) {
        const std::string id = "f-" + std::string(name);
        const std::string label = "traceability.field." + std::string(name);
        m.set("id", id).set("name", name).set("label", wording_.text(label)).set("value", answer(name));
        if (const auto problem = problems_.find(name); problem != problems_.end())
            m.set("error", wording_.text(problem->second));
        if (name == "crop" || name == "lot" || name == "receiver") {
            m.set("select", true);
            m.list("options", [&](ListWriter& options) {
                options.map([&](MapWriter& o) {
                    o.set("value", "").set("label", wording_.text("traceability.form.pick"));
                });
                for (const Choice& c : choicesOf(name))
                    options.map([&](MapWriter& o) {
                        o.set("value", c.value).set("label", c.label).set("selected", c.value == answer(name));
                    });
            });
        } else if (name == "day") {
            m.set("date", true);
        } else if (name == "weight") {
            m.set("number", true).set("min", "0").set("step", "any").set("unit", wording_.text("traceability.unit.kgm"));
        } else if (name == "interval" || name == "boxes") {
            m.set("number", true).set("min", "0").set("step", "1");
            m.set("unit", wording_.text(name == "boxes" ? "traceability.unit.boxes" : "traceability.unit.days"));
        } else {
            m.set("text", true).set("max", name == "pesticide" ? 40 : 20);
            if (name == "vehicle") m.set("optional", true);
        }
        if (name == "interval" || name == "dose") m.set("hint", wording_.text(label + ".hint"));
    });
}

Value RecordForm::model(std::string_view action) const {
    return Value::map([&](MapWriter& m) {
        const std::string base = "traceability.form." + std::string(toText(kind_));
        m.set("heading", wording_.text(base + ".title")).set("lead", wording_.text(base + ".lead"));
        m.set("action", action).set("can", canBeAnswered()).set("number", number_);
        m.list("fields", [&](ListWriter& fields) {
            for (const std::string_view name : questionsOf(kind_)) writeField(fields, name);
        });
        m.list("problems", [&](ListWriter& list) {
            for (const std::string_view name : questionsOf(kind_))
                if (const auto problem = problems_.find(name); problem != problems_.end())
                    list.map([&](MapWriter& p) {
                        p.set("text", wording_.text("traceability.form.problem", Value::map([&](MapWriter& v) {
                                          v.set("field", wording_.text("traceability.field." + std::string(name)));
                                          v.set("problem", wording_.text(problem->second));
                                      })));
                        p.set("href", "#f-" + std::string(name));
                    });
        });
    });
}

} // namespace dalate::traceability
