// SPDX-License-Identifier: Apache-2.0
#include "admin/RulePages.h"

#include "admin/RuleAnswer.h"
#include "gateway/FormFields.h"
#include "identity/Activations.h"
#include "services/rules/CivilDay.h"
#include "storage/Session.h"
#include "storage/Tx.h"

#include <algorithm>
#include <charconv>

namespace dalate::admin {
namespace {

using services::rules::CountyRules;
using services::rules::DatedValue;
using services::rules::Rule;
using services::rules::RuleBook;

constexpr const char* here = "/admin/rules";

std::vector<std::string> ownedBy(storage::Pool& pool, std::int64_t organisation) {
    std::vector<std::string> plugins;
    auto lease = pool.lease();
    storage::Tx tx(*lease, storage::Tx::Mode::read);
    for (auto& owned : identity::Activations::ownedBy(tx, organisation))
        plugins.push_back(std::move(owned.plugin));
    return plugins;
}

/// Again inside the transaction that changes something: between the look and the act the operator may have
/// named another owner.
void demandOwner(storage::Tx& tx, const std::string& plugin, std::int64_t organisation) {
    for (const auto& owned : identity::Activations::ownedBy(tx, organisation))
        if (owned.plugin == plugin) return;
    throw Error(404, "core.request.unknown");
}

} // namespace

/// One rule of one of the visitor's plugins. Holds the declarations that the rule is of.
struct RulePages::Place {
    std::shared_ptr<const services::Declared> declared;
    const Rule* rule = nullptr;

    std::string path() const { return std::string(here) + "/" + declared->plugin + "/" + rule->name; }
};

RulePages::RulePages(storage::Pool& pool, const plugin::Current& plugins,
                     const services::Declarations& declarations, CountyRules& county,
                     const gateway::Pages& pages)
    : pool_(pool), plugins_(plugins), declarations_(declarations), county_(county), pages_(pages) {}

void RulePages::addTo(gateway::Gateway& gateway) {
    using gateway::Visit;
    const std::string role(identity::role::bureauAdmin);
    gateway.add({"GET", here, role, [this](Visit& visit) { show(visit); }});
    gateway.add({"GET", "/admin/rules/{plugin}/{rule}", role, [this](Visit& visit) { ask(visit); }});
    gateway.add({"POST", "/admin/rules/{plugin}/{rule}", role, [this](Visit& visit) { take(visit); }});
    gateway.add(
        {"POST", "/admin/rules/{plugin}/{rule}/withdraw", role, [this](Visit& visit) { withdraw(visit); }});
}

std::string RulePages::nameOf(const Rule& rule, const gateway::Visitor& who) const {
    return rule.label.empty() ? rule.name : pages_.text(who, rule.label);
}

std::string RulePages::shown(const Rule& rule, ValueView value, const gateway::Visitor& who) const {
    return ruleValueText(rule.type, value, who.language,
                         [&](std::string_view id, ValueView values) { return pages_.text(who, id, values); });
}

void RulePages::show(gateway::Visit& visit) const {
    const gateway::Visitor& who = visit.who;
    struct Shelf {
        std::shared_ptr<const services::Declared> declared;
        std::vector<CountyRules::Row> rows;
    };
    std::vector<Shelf> shelves;
    {
        auto lease = pool_.lease();
        storage::Tx tx(*lease, storage::Tx::Mode::read);
        for (const auto& owned : identity::Activations::ownedBy(tx, who.principal.organisation))
            if (auto declared = declarations_.find(owned.plugin); declared && declared->rules)
                shelves.push_back({declared, CountyRules::list(tx, owned.plugin)});
    }
    const auto snapshot = plugins_.get();
    const Value model = Value::map([&](MapWriter& m) {
        m.list("plugins", [&](ListWriter& list) {
            for (const Shelf& shelf : shelves)
                list.map([&](MapWriter& one) {
                    const std::string& id = shelf.declared->plugin;
                    const plugin::Lease generation = snapshot->find(id);
                    one.set("id", id).set("name",
                                          generation ? pages_.text(who, generation->manifest().name) : id);
                    one.list("rules", [&](ListWriter& rules) {
                        for (const Rule& rule : shelf.declared->rules->all())
                            rules.map([&](MapWriter& each) {
                                writeRule(each, *shelf.declared->rules, rule, shelf.rows, who);
                            });
                    });
                });
        });
    });
    gateway::PageOrder order;
    order.name = "pages/admin-rules";
    order.model = model;
    sayDone(order, pages_, visit, "rules", {"added", "withdrawn"});
    pages_.send(visit.response, who, order);
}

void RulePages::writeRule(MapWriter& m, const RuleBook& book, const Rule& rule,
                          const std::vector<CountyRules::Row>& rows, const gateway::Visitor& who) const {
    const Micros time = now();
    const DatedValue* inForce = book.valueAt(rule.name, time);
    const std::string path = std::string(here) + "/" + book.plugin() + "/" + rule.name;
    m.set("id", book.plugin() + "-" + rule.name).set("label", nameOf(rule, who)).set("path", path);
    if (inForce != nullptr) m.set("now", shown(rule, inForce->value, who));
    const auto values = book.valuesOf(rule.name);
    m.list("values", [&](ListWriter& list) {
        // The newest first: what is coming and what holds is what people look for.
        for (auto value = values.rbegin(); value != values.rend(); ++value)
            list.map([&](MapWriter& one) {
                const bool toCome = value->from > time,
                           holds = inForce != nullptr && inForce->from == value->from;
                one.set("from", services::rules::dayText(services::rules::civilDayOf(value->from)))
                    .set("value", shown(rule, value->value, who))
                    .set("source", value->source)
                    .set("unread", !value->textRead);
                one.map("state", [&](MapWriter& state) {
                    state.set("kind", toCome  ? "busy"
                                      : holds ? "good"
                                              : "off")
                        .set("text", pages_.text(who, toCome  ? "core.rules.to_come"
                                                      : holds ? "core.rules.in_force"
                                                              : "core.rules.over"));
                });
                const auto row = std::find_if(rows.begin(), rows.end(), [&](const CountyRules::Row& each) {
                    return each.rule == rule.name && each.value.from == value->from;
                });
                if (!value->county || row == rows.end()) return;
                one.set("by", row->changedBy);
                if (toCome)
                    one.map("withdraw", [&](MapWriter& act) {
                        act.set("path", path + "/withdraw").set("id", std::to_string(row->id));
                    });
            });
    });
}

RulePages::Place RulePages::placeOf(const gateway::Visit& visit) const {
    const std::string plugin = pathParameter(visit, "plugin");
    const auto owned = ownedBy(pool_, visit.who.principal.organisation);
    Place place;
    if (std::find(owned.begin(), owned.end(), plugin) != owned.end())
        place.declared = declarations_.find(plugin);
    if (place.declared && place.declared->rules)
        place.rule = place.declared->rules->find(pathParameter(visit, "rule"));
    if (place.rule == nullptr) throw Error(404, "core.request.unknown");
    return place;
}

CountyForm RulePages::formOf(const Place& place, const gateway::Visitor& who) const {
    const Words words = [&](std::string_view id, ValueView values) { return pages_.text(who, id, values); };
    const auto word = [&](std::string_view id) { return pages_.text(who, id); };
    const std::string tomorrow =
        services::rules::dayText(services::rules::civilDayOf(now()) + std::chrono::days(1));
    CountyForm form(pages_.text(who, "core.rules.add_to",
                                Value::map([&](MapWriter& m) { m.set("rule", nameOf(*place.rule, who)); })),
                    word("core.rules.add_lead"), place.path(), here);
    CountyForm::Question from;
    from.name = "from";
    from.kind = CountyForm::Kind::date;
    from.label = word("core.rules.from");
    from.hint = word("core.rules.from_hint");
    from.least = tomorrow;
    form.ask(std::move(from));
    askRuleValue(form, place.rule->type, words);
    CountyForm::Question source;
    source.name = "source";
    source.label = word("core.rules.source");
    source.hint = word("core.rules.source_hint");
    form.ask(std::move(source));
    CountyForm::Question read;
    read.name = "read";
    read.kind = CountyForm::Kind::check;
    read.label = word("core.rules.read");
    read.options = {{"yes", word("core.rules.read_yes")}};
    read.optional = true;
    form.ask(std::move(read));
    return form;
}

void RulePages::ask(gateway::Visit& visit) const {
    formOf(placeOf(visit), visit.who).send(pages_, visit);
}

void RulePages::take(gateway::Visit& visit) const {
    const Place place = placeOf(visit);
    CountyForm form = formOf(place, visit.who);
    form.keep(visit);
    const auto refuse = [&](std::string_view name, std::string_view id) {
        form.refuse(name, pages_.text(visit.who, id));
    };
    const auto day = services::rules::parseDay(gateway::sent(visit, "from"));
    const auto value =
        services::rules::readRuleValue(place.rule->type, ruleValueFrom(visit, place.rule->type));
    const std::string source = gateway::sent(visit, "source");
    if (!day) refuse("from", "core.rules.from_wrong");
    if (!value)
        refuse("value",
               std::string("core.rules.wrong.") + std::string(services::rules::name(place.rule->type)));
    if (source.empty()) refuse("source", "core.rule.source");
    if (form.isWrong()) return form.send(pages_, visit);

    try {
        auto lease = pool_.lease();
        storage::Tx tx(*lease, storage::Tx::Mode::write);
        demandOwner(tx, place.declared->plugin, visit.who.principal.organisation);
        CountyRules::add(tx, visit.who.principal,
                         {place.declared->plugin, place.rule, services::rules::startOf(*day), *value, source,
                          gateway::sent(visit, "read") == "yes"},
                         visit.who.requestId);
        tx.commit();
    } catch (const Error& error) {
        const bool ofSource = error.id() == "core.rule.source";
        const bool said = ofSource || error.id() == "core.rule.past" || error.id() == "core.rule.taken" ||
                          error.id() == "core.rule.many";
        if (!said) throw;
        refuse(ofSource ? "source" : "from", error.id());
        return form.send(pages_, visit);
    }
    county_.reload(pool_);
    goTo(visit, here, "added");
}

void RulePages::withdraw(gateway::Visit& visit) const {
    const Place place = placeOf(visit);
    const std::string sent = gateway::sent(visit, "id");
    std::int64_t id = 0;
    std::from_chars(sent.data(), sent.data() + sent.size(), id);
    {
        auto lease = pool_.lease();
        storage::Tx tx(*lease, storage::Tx::Mode::write);
        demandOwner(tx, place.declared->plugin, visit.who.principal.organisation);
        CountyRules::withdraw(tx, visit.who.principal, place.declared->plugin, id, visit.who.requestId);
        tx.commit();
    }
    county_.reload(pool_);
    goTo(visit, here, "withdrawn");
}

} // namespace dalate::admin
