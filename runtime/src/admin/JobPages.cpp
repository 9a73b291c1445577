// SPDX-License-Identifier: Apache-2.0
#include "admin/JobPages.h"

#include "admin/CountyForm.h"
#include "gateway/FormFields.h"
#include "identity/Audit.h"
#include "services/jobs/DeadJobs.h"
#include "services/jobs/JobView.h"
#include "storage/Session.h"
#include "storage/Tx.h"

#include <charconv>

namespace dalate::admin {
namespace {

using services::jobs::DeadJob;
using services::jobs::DeadJobs;
using services::jobs::JobView;

constexpr const char* here = "/admin/jobs";
constexpr std::int64_t pageLength = 50;

std::int64_t after(const gateway::Visit& visit) {
    std::int64_t id = 0;
    const std::string* text = gateway::firstOf(visit.query, "after");
    if (text == nullptr) return 0;
    const auto [end, fault] = std::from_chars(text->data(), text->data() + text->size(), id);
    return fault == std::errc() && end == text->data() + text->size() && id > 0 ? id : 0;
}

} // namespace

void JobPages::addTo(gateway::Gateway& gateway) {
    using gateway::Visit;
    const std::string role(identity::role::operatorRole);
    gateway.add({"GET", "/jobs/{id}", std::string(gateway::CorePage::anybodySignedIn),
                 [this](Visit& visit) { show(visit); }});
    gateway.add({"GET", here, role, [this](Visit& visit) { dead(visit); }});
    gateway.add({"POST", "/admin/jobs/{id}/replay", role, [this](Visit& visit) { replay(visit); }});
    gateway.add({"POST", "/admin/jobs/{id}/drop", role, [this](Visit& visit) { drop(visit); }});
}

std::string JobPages::label(const gateway::Visitor& who, const std::string& plugin,
                            const std::string& name) const {
    const plugin::Lease lease = plugins_.get()->find(plugin);
    const plugin::JobRule* rule = lease ? lease->manifest().job(name) : nullptr;
    return rule && !rule->label.empty() ? pages_.text(who, rule->label) : plugin + "." + name;
}

std::string JobPages::reason(const gateway::Visitor& who, ValueView error) const {
    const std::string id = error["id"].asText();
    // A plugin's refusal is a text of its own; the core's stand in the catalogue.
    return messages_.has(id) ? messages_.text(id, error["details"], who.language)
                             : pages_.text(who, id, error["details"]);
}

void JobPages::show(gateway::Visit& visit) const {
    const std::int64_t id = pathNumber(visit, "id");
    std::optional<JobView> view;
    {
        auto lease = pool_.lease();
        storage::Tx tx(*lease, storage::Tx::Mode::read);
        view = services::jobs::viewJob(tx, visit.who.principal, id);
    }
    if (!view) throw Error(404, "core.request.unknown");
    const bool isOver = view->isOver();
    const Value model = Value::map([&](MapWriter& m) {
        m.set("id", std::to_string(id)).set("version", view->version());
        m.set("label", label(visit.who, view->plugin, view->name));
        m.set("state", pages_.text(visit.who, "core.job.state." + view->state)).set("over", isOver);
        m.set("good", view->state == "done").set("bad", view->state == "failed");
        m.set("done", view->progress.done);
        if (view->progress.total > 0) m.set("total", view->progress.total);
        if (const auto part = view->percent()) m.map("part", [&](MapWriter& p) { p.set("percent", *part); });
        if (!view->error.view().isNull() && view->state != "done") {
            m.set("reason", reason(visit.who, view->error.view()));
            m.set("again", !isOver);
        }
        if (const std::string href = view->href(); !href.empty()) m.set("href", href);
        m.set("created", toLocalMinute(view->createdAt, utcOffset_))
            .set("created_iso", toRfc3339(view->createdAt));
        if (view->finishedAt > 0)
            m.set("finished", toLocalMinute(view->finishedAt, utcOffset_))
                .set("finished_iso", toRfc3339(view->finishedAt));
        m.set("here", "/jobs/" + std::to_string(id));
    });
    gateway::PageOrder order;
    order.name = "pages/job";
    order.model = model;
    pages_.send(visit.response, visit.who, order);
}

void JobPages::dead(gateway::Visit& visit) const {
    std::vector<DeadJob> jobs;
    std::int64_t count = 0;
    {
        auto lease = pool_.lease();
        storage::Tx tx(*lease, storage::Tx::Mode::read);
        jobs = DeadJobs::list(tx, after(visit), pageLength + 1);
        count = DeadJobs::count(tx);
    }
    const bool more = jobs.size() > static_cast<std::size_t>(pageLength);
    if (more) jobs.pop_back();
    const Value model = Value::map([&](MapWriter& m) {
        m.set("count", count);
        m.list("jobs", [&](ListWriter& list) {
            for (const DeadJob& job : jobs)
                list.map([&](MapWriter& one) {
                    const std::string id = std::to_string(job.id);
                    const std::string name = job.plugin + "." + job.name;
                    const std::string words = label(visit.who, job.plugin, job.name);
                    one.set("id", id).set("label", words).set("href", "/jobs/" + id);
                    if (words != name) one.set("name", name);
                    one.set("reason", reason(visit.who, job.error.view()))
                        .set("error", job.error.view()["id"]);
                    one.set("attempts", job.attempts);
                    if (job.replays > 0) one.set("replays", job.replays);
                    one.set("time", toLocalMinute(job.diedAt, utcOffset_)).set("iso", toRfc3339(job.diedAt));
                    one.set("replay", std::string(here) + "/" + id + "/replay");
                    one.set("drop", std::string(here) + "/" + id + "/drop");
                });
        });
        if (more) m.set("more_href", std::string(here) + "?after=" + std::to_string(jobs.back().id));
    });
    gateway::PageOrder order;
    order.name = "pages/admin-jobs";
    order.model = model;
    sayDone(order, pages_, visit, "dead_jobs", {"replay", "drop"});
    pages_.send(visit.response, visit.who, order);
}

void JobPages::replay(gateway::Visit& visit) const {
    const std::int64_t id = pathNumber(visit, "id");
    {
        auto lease = pool_.lease();
        storage::Tx tx(*lease, storage::Tx::Mode::write);
        DeadJobs::replay(tx, id, now());
        identity::Audit::record(tx, visit.who.principal, "job.replay", "job/" + std::to_string(id), {},
                                visit.who.requestId);
        tx.commit();
    }
    wake_();
    goTo(visit, here, "replay");
}

void JobPages::drop(gateway::Visit& visit) const {
    const std::int64_t id = pathNumber(visit, "id");
    {
        auto lease = pool_.lease();
        storage::Tx tx(*lease, storage::Tx::Mode::write);
        DeadJobs::drop(tx, id);
        identity::Audit::record(tx, visit.who.principal, "job.drop", "job/" + std::to_string(id), {},
                                visit.who.requestId);
        tx.commit();
    }
    goTo(visit, here, "drop");
}

} // namespace dalate::admin
