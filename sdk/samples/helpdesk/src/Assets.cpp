// SPDX-License-Identifier: Apache-2.0
#include "Parts.h"

#include <dalate/audit.hpp>
#include <dalate/files.hpp>
#include <dalate/forms.hpp>

using namespace dalate;

namespace {

constexpr const char* path = "/helpdesk/assets/new";
constexpr const char* permission = "helpdesk.asset.write";

std::string objectOf(std::string_view asset) {
    return "asset/" + std::string(asset);
}

bool isThere(Tx& tx, std::string_view tag) {
    return tx.query("SELECT a.id FROM helpdesk_asset a WHERE {scope:a} AND a.tag = :tag", {{"tag", tag}})
        .next();
}

/// Enters what the form asked, free to be lent, and records who did it; its id.
std::string enter(const Call& call, Tx& tx, ValueView answers) {
    const std::int64_t id = call.host().newId();
    tx.exec("INSERT INTO helpdesk_asset "
            "(id, tag, kind, model, price, bought, organisation, state, kase, holder, due_at) "
            "VALUES (:id, :tag, :kind, :model, :price, :bought, :organisation, 'free', 0, 0, 0)",
            {{"id", id},
             {"tag", answers["tag"].text()},
             {"kind", answers["kind"].text()},
             {"model", answers["model"].text()},
             {"price", answers["price"].integer().value_or(0)},
             {"bought", answers["bought"].text()},
             {"organisation", call.principal().organisation()}});
    audit::record(call, tx, "helpdesk.asset.add", objectOf(std::to_string(id)));
    return std::to_string(id);
}

/// One, with its papers and the ticket that has it. Throws 404 `core.request.unknown`.
Response show(Request& request) {
    Tx tx = request.begin(TxMode::read);
    Rows rows = tx.query("SELECT a.tag, a.model, a.state, c.number, c.id FROM helpdesk_asset a "
                         "LEFT JOIN helpdesk_case c ON c.id = a.kase AND {scope:c} "
                         "WHERE {scope:a} AND a.id = :id",
                         {{"id", Value::of(request.param("asset")).view().integer().value_or(0)}});
    if (!rows.next()) throw Error(404, "core.request.unknown");
    return Response::page(
        "helpdesk/asset", Value::map([&](MapWriter& m) {
            m.set("tag", rows.text(0)).set("model", rows.text(1));
            m.set("state", request.tr("helpdesk.asset." + std::string(rows.text(2))));
            if (!rows.text(3).empty())
                m.set("number", rows.text(3)).set("href", cases::href(request, "ticket", rows.integer(4)));
            m.list("papers", [&](ListWriter& papers) {
                for (const auto& file : files::list(request, tx, objectOf(request.param("asset"))))
                    papers.add(file.record());
            });
        }));
}

Response empty(Request& request) {
    return Response::page("helpdesk/asset-new", Value(forms::Form(request, "asset").model(path)));
}

/// Registers one and keeps the papers that came with it.
Response add(Request& request) {
    const forms::Form form(request, "asset");
    const forms::Judged judged = form.posted(request.formFields());
    const auto again = [](ValueView model) {
        return Response::page("helpdesk/asset-new", Value(model), 422);
    };
    if (!judged) return again(form.model(path, judged, request.formFields()));
    Tx tx = request.begin(TxMode::write);
    if (isThere(tx, judged.answers()["tag"].text()))
        return again(form.model(path, judged, request.formFields(), {"tag", "helpdesk.asset_there"}));
    const std::string id = enter(request, tx, judged.answers());
    for (const files::Upload& paper : files::uploads(request, "_paper"))
        files::keep(request, tx, paper.token(), objectOf(id), files::Visibility::object);
    tx.commit();
    return Response::redirect("/helpdesk/assets/" + id);
}

/// helpdesk/1.asset_in {answers} -> {key}: a row of a table that is brought. Throws 409
/// `helpdesk.asset_there`.
Value bringIn(ServiceCall& call) {
    call.require(permission);
    const ValueView answers = call.arguments()["answers"];
    Tx tx = call.begin(TxMode::write);
    if (isThere(tx, answers["tag"].text())) throw Error(409, "helpdesk.asset_there");
    const std::string id = enter(call, tx, answers);
    tx.commit();
    return Value::map([&](MapWriter& m) { m.set("key", id); });
}

/// helpdesk/1.asset_out {key}: retires one with its papers. Throws 409 `helpdesk.asset_in_use` unless it is
/// free.
Value takeOut(ServiceCall& call) {
    call.require(permission);
    const ValueView key = call.arguments()["key"];
    Tx tx = call.begin(TxMode::write);
    if (tx.exec("DELETE FROM helpdesk_asset WHERE {scope:helpdesk_asset} AND id = :id AND state = 'free'",
                {{"id", key.integer().value_or(0)}}) == 0)
        throw Error(409, "helpdesk.asset_in_use");
    for (const files::File& paper : files::list(call, tx, objectOf(key.text())))
        files::remove(call, tx, paper.id());
    audit::record(call, tx, "helpdesk.asset.retire", objectOf(key.text()));
    tx.commit();
    return Value::map();
}

/// helpdesk/1.file_readable {object, file} -> {readable}: the papers are the service desk's.
Value fileReadable(ServiceCall& call) {
    return Value::map([&](MapWriter& m) { m.set("readable", call.can("helpdesk.desk.read")); });
}

} // namespace

void bindAssets(Binder& binder) {
    binder.route("asset", show);
    binder.route("asset_new", empty);
    binder.route("asset_add", add);
    binder.service("helpdesk/1.asset_in", bringIn);
    binder.service("helpdesk/1.asset_out", takeOut);
    binder.service("helpdesk/1.file_readable", fileReadable);
}
