// SPDX-License-Identifier: Apache-2.0
#include "Parts.h"

#include <dalate/audit.hpp>
#include <dalate/files.hpp>
#include <dalate/forms.hpp>

using namespace dalate;

namespace {

constexpr const char* path = "/helpdesk/assets";

std::string objectOf(std::int64_t asset) {
    return "asset/" + std::to_string(asset);
}

void writeAsset(MapWriter& m, const Request& request, Tx& tx, const Rows& rows) {
    const std::string_view state = rows.text(3);
    m.set("tag", rows.text(1)).set("model", rows.text(2));
    m.set("state", request.tr("helpdesk.asset." + std::string(state)));
    m.set("tone", state == "free" ? "good" : state == "lent" ? "busy" : "warn");
    if (!rows.text(4).empty())
        m.set("number", rows.text(4)).set("href", cases::href(request, "ticket", rows.integer(5)));
    m.list("papers", [&](ListWriter& papers) {
        for (const files::File& file : files::list(request, tx, objectOf(rows.integer(0))))
            papers.add(file.record());
    });
}

/// `form` is the form's model; the page adds what is there already.
Response page(Request& request, ValueView form, int status = 200) {
    Tx tx = request.begin(TxMode::read);
    Rows rows = tx.query("SELECT a.id, a.tag, a.model, a.state, c.number, c.id FROM helpdesk_asset a "
                         "LEFT JOIN helpdesk_case c ON c.id = a.kase AND {scope:c} "
                         "WHERE {scope:a} ORDER BY a.tag LIMIT 200");
    return Response::page("helpdesk/assets", Value::map([&](MapWriter& m) {
                              for (const ValueView member : form)
                                  m.set(member.key(), member);
                              m.set("saved", request.query("saved").has_value());
                              m.set("may_add", request.can("helpdesk.asset.write"));
                              m.list("assets", [&](ListWriter& assets) {
                                  while (rows.next())
                                      assets.map([&](MapWriter& one) { writeAsset(one, request, tx, rows); });
                              });
                          }),
                          status);
}

bool isThere(Request& request, std::string_view tag) {
    return request.read("SELECT a.id FROM helpdesk_asset a WHERE {scope:a} AND a.tag = :tag", {{"tag", tag}})
        .next();
}

Response show(Request& request) {
    return page(request, forms::Form(request, "asset").model(path));
}

/// Registers one, keeps the papers that came with it, records who did it.
Response add(Request& request) {
    const forms::Form form(request, "asset");
    const forms::Judged judged = form.posted(request.formFields());
    if (!judged) return page(request, form.model(path, judged, request.formFields()), 422);
    const ValueView answers = judged.answers();
    const std::string_view tag = answers["tag"].text();
    if (isThere(request, tag))
        return page(request, form.model(path, judged, request.formFields(), {"tag", "helpdesk.asset_there"}),
                    422);
    const std::int64_t id = request.host().newId();
    Tx tx = request.begin(TxMode::write);
    tx.exec("INSERT INTO helpdesk_asset "
            "(id, tag, kind, model, price, bought, organisation, state, kase, holder, due_at) "
            "VALUES (:id, :tag, :kind, :model, :price, :bought, :organisation, 'free', 0, 0, 0)",
            {{"id", id},
             {"tag", tag},
             {"kind", answers["kind"].text()},
             {"model", answers["model"].text()},
             {"price", answers["price"].integer().value_or(0)},
             {"bought", answers["bought"].text()},
             {"organisation", request.principal().organisation()}});
    for (const files::Upload& paper : files::uploads(request, "_paper"))
        files::keep(request, tx, paper.token(), objectOf(id), files::Visibility::object);
    audit::record(request, tx, "helpdesk.asset.add", objectOf(id));
    tx.commit();
    return Response::redirect(std::string(path) + "?saved=1");
}

/// helpdesk/1.file_readable {object, file} -> {readable}: the papers are the service desk's.
Value fileReadable(ServiceCall& call) {
    return Value::map([&](MapWriter& m) { m.set("readable", call.can("helpdesk.desk.read")); });
}

} // namespace

void bindAssets(Binder& binder) {
    binder.route("assets", show);
    binder.route("asset_add", add);
    binder.service("helpdesk/1.file_readable", fileReadable);
}
