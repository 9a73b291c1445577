// SPDX-License-Identifier: Apache-2.0
#include "admin/AuditPage.h"

#include "gateway/FormFields.h"
#include "identity/Audit.h"
#include "storage/Session.h"
#include "storage/Tx.h"

namespace dalate::admin {
namespace {

constexpr std::int64_t shown = 100;

} // namespace

void AuditPage::addTo(gateway::Gateway& gateway) {
    gateway.add({"GET", "/audit", std::string(identity::role::auditor),
                 [this](gateway::Visit& visit) { show(visit); }});
}

void AuditPage::show(gateway::Visit& visit) const {
    const std::string* wanted = gateway::firstOf(visit.query, "object");
    const std::string object = wanted != nullptr ? *wanted : std::string();
    std::vector<identity::Audit::Entry> entries;
    {
        auto lease = pool_.lease();
        storage::Tx tx(*lease, storage::Tx::Mode::read);
        entries = identity::Audit::latest(tx, object, shown);
    }
    const Value model = Value::map([&](MapWriter& m) {
        m.set("object", object);
        m.list("entries", [&](ListWriter& rows) {
            for (const identity::Audit::Entry& entry : entries)
                rows.map([&](MapWriter& row) {
                    row.set("time", toLocalMinute(entry.at, utcOffset_))
                        .set("iso", toRfc3339(entry.at))
                        .set("actor", entry.actorName)
                        .set("organisation", entry.organisationName)
                        .set("action", entry.action)
                        .set("object", entry.object)
                        .set("details", entry.details == "{}" ? std::string() : entry.details)
                        .set("request", entry.requestId);
                });
        });
    });
    gateway::PageOrder order;
    order.name = "pages/audit";
    order.model = model;
    pages_.send(visit.response, visit.who, order);
}

} // namespace dalate::admin
