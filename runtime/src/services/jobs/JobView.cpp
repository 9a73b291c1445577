// SPDX-License-Identifier: Apache-2.0
#include "services/jobs/JobView.h"

#include "services/notices/Notices.h"

#include <algorithm>

namespace dalate::services::jobs {

namespace {

Value kept(std::string_view bytes) {
    return bytes.empty() ? Value() : Value::adopt(std::string(bytes));
}

} // namespace

std::optional<std::int64_t> JobView::percent() const noexcept {
    if (state == "done") return 100;
    if (progress.total <= 0) return std::nullopt;
    const long double part =
        static_cast<long double>(progress.done) / static_cast<long double>(progress.total);
    return static_cast<std::int64_t>(100 * std::clamp<long double>(part, 0, 1));
}

std::string JobView::href() const {
    const std::string_view path = result.view()["href"].text();
    return notices::isOwnPath(path) ? std::string(path) : std::string();
}

std::string JobView::version() const {
    return state + (progress.total > 0 ? "-long" : "");
}

Value JobView::live() const {
    return Value::map([&](MapWriter& m) {
        m.set("version", version()).set("done", progress.done).set("total", progress.total);
        if (const auto part = percent()) m.set("percent", *part);
    });
}

std::optional<JobView> viewJob(storage::Tx& tx, const identity::Principal& who, std::int64_t id) {
    auto rows = tx.query(
        "SELECT plugin, name, state, progress_done, progress_total, result, error, dead_at, created_at,"
        " finished_at, owner_user FROM job WHERE id = :id",
        {{"id", id}});
    if (!who.isPerson() || who.user == 0 || !rows.next()) return std::nullopt;
    if (rows.integer(10) != who.user && !who.hasRole(identity::role::operatorRole)) return std::nullopt;
    JobView view;
    view.id = id;
    view.plugin = rows.text(0);
    view.name = rows.text(1);
    view.state = rows.text(2);
    view.progress = {rows.integer(3), rows.integer(4)};
    view.result = kept(rows.text(5));
    view.error = kept(rows.text(6));
    view.dead = rows.integer(7) > 0;
    view.createdAt = rows.integer(8);
    view.finishedAt = rows.integer(9);
    return view;
}

} // namespace dalate::services::jobs
