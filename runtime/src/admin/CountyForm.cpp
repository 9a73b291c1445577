// SPDX-License-Identifier: Apache-2.0
#include "admin/CountyForm.h"

#include "gateway/FormFields.h"

#include <algorithm>

namespace dalate::admin {
namespace {

std::string_view kindName(CountyForm::Kind kind) noexcept {
    switch (kind) {
    case CountyForm::Kind::number:
        return "number";
    case CountyForm::Kind::date:
        return "date";
    case CountyForm::Kind::area:
        return "area";
    case CountyForm::Kind::select:
        return "select";
    case CountyForm::Kind::check:
        return "checks";
    case CountyForm::Kind::text:
        break;
    }
    return "text";
}

} // namespace

CountyForm::CountyForm(std::string heading, std::string lead, std::string action, std::string back)
    : heading_(std::move(heading)), lead_(std::move(lead)), action_(std::move(action)),
      back_(std::move(back)) {}

void CountyForm::ask(Question question) {
    questions_.push_back(std::move(question));
}

void CountyForm::keep(const gateway::Visit& visit) {
    for (Question& question : questions_)
        question.value = gateway::sent(visit, question.name);
}

void CountyForm::refuse(std::string_view name, std::string text) {
    faults_.push_back({std::string(name), std::move(text)});
}

void CountyForm::write(MapWriter& m, const Question& question) const {
    const std::string id = "f-" + question.name;
    m.set("id", id)
        .set("name", question.name)
        .set("label", question.label)
        .set(kindName(question.kind), true);
    if (!question.hint.empty()) m.set("hint", question.hint);
    if (!question.unit.empty()) m.set("unit", question.unit);
    if (!question.least.empty()) m.set("min", question.least);
    if (question.kind == Kind::number) m.set("step", "any");
    if (question.optional) m.set("optional", true);
    m.set("value", question.value);
    const auto fault = std::find_if(faults_.begin(), faults_.end(),
                                    [&](const Fault& each) { return each.name == question.name; });
    if (fault != faults_.end()) m.set("error", fault->text);
    if (question.options.empty()) return;
    m.list("options", [&](ListWriter& list) {
        for (const Option& option : question.options)
            list.map([&](MapWriter& one) {
                one.set("id", id + "-" + option.value)
                    .set("name", question.name)
                    .set("value", option.value)
                    .set("label", option.label)
                    .set(question.kind == Kind::check ? "checked" : "selected",
                         option.value == question.value);
            });
    });
}

void CountyForm::send(const gateway::Pages& pages, gateway::Visit& visit) const {
    const Value model = Value::map([&](MapWriter& m) {
        m.set("heading", heading_).set("lead", lead_).set("action", action_).set("back", back_);
        m.list("fields", [&](ListWriter& list) {
            for (const Question& question : questions_)
                list.map([&](MapWriter& one) { write(one, question); });
        });
        if (isWrong())
            m.list("problems", [&](ListWriter& list) {
                for (const Fault& fault : faults_)
                    list.map(
                        [&](MapWriter& one) { one.set("text", fault.text).set("href", "#f-" + fault.name); });
            });
    });
    gateway::PageOrder order;
    order.name = "pages/county-form";
    order.model = model;
    order.status = isWrong() ? 422 : 200;
    order.title = (isWrong() ? pages.text(visit.who, "core.form.error_prefix") : std::string()) + heading_;
    pages.send(visit.response, visit.who, order);
}

void sayDone(gateway::PageOrder& order, const gateway::Pages& pages, const gateway::Visit& visit,
             std::string_view area, std::initializer_list<std::string_view> words) {
    const std::string* done = gateway::firstOf(visit.query, "done");
    if (done == nullptr || std::find(words.begin(), words.end(), *done) == words.end()) return;
    order.notices.push_back(
        {portal::Notice::Kind::success,
         pages.text(visit.who, std::string("core.").append(area).append(".done.").append(*done))});
}

} // namespace dalate::admin
