// SPDX-License-Identifier: Apache-2.0
// Keeps whatever files a form brings, in a transaction with a row of its own, and says what it saw.
#include <dalate/files.hpp>
#include <dalate/plugin.hpp>

using namespace dalate;

class Drop : public Plugin {
public:
    using Plugin::Plugin;

    void bind(Binder& binder) override {
        binder.route("form", this, &Drop::form);
        binder.route("put", this, &Drop::put);
        binder.route("narrow", this, &Drop::put);
        binder.route("list", this, &Drop::list);
        binder.route("remove", this, &Drop::remove);
        binder.service("drop/1.file_readable", this, &Drop::readable);
    }

private:
    Response form(Request&) { return Response::page("drop/form", Value::map()); }

    Response put(Request& request) {
        const std::string object(request.form("object").value_or("box/1"));
        const std::string word(request.form("visibility").value_or("owner"));
        const auto came = files::uploads(request);
        std::vector<std::string> kept;
        Tx tx = request.begin(TxMode::write);
        tx.exec("INSERT INTO drop_note (id, note) VALUES (:id, :note)",
                {{"id", host().newId()}, {"note", request.form("note").value_or("")}});
        for (const files::Upload& upload : came) {
            if (upload.field() == "ignored") continue;
            kept.push_back(files::keep(request, tx, upload.token(), object, visibility(word)));
        }
        if (request.form("forge")) files::keep(request, tx, std::string(32, 'a'), object, visibility(word));
        if (request.form("refuse")) throw Error(422, "drop.refused");
        tx.commit();
        return Response::json(Value::map([&](MapWriter& m) {
            m.set("note", request.form("note").value_or(""));
            m.set("fields", request.formFields());
            m.list("files", [&](ListWriter& l) {
                for (std::size_t i = 0; i < kept.size(); ++i)
                    l.map([&](MapWriter& one) {
                        one.set("file", kept[i]).set("field", came[i].field()).set("name", came[i].name());
                        one.set("type", came[i].type()).set("size", came[i].size());
                        one.set("thumb", files::info(request, kept[i]).thumb());
                    });
            });
        }));
    }

    Response list(Request& request) {
        const auto found = files::list(request, "box/" + std::string(request.param("object")));
        return Response::json(Value::list([&](ListWriter& l) {
            for (const files::File& file : found)
                l.add(file.record());
        }));
    }

    Response remove(Request& request) {
        Tx tx = request.begin(TxMode::write);
        files::remove(request, tx, request.param("file"));
        tx.commit();
        return Response::empty(204);
    }

    /// Regulators may read what lies in a box that is theirs.
    Value readable(ServiceCall& call) {
        const bool yes =
            call.arguments()["object"].text() == "box/regulators" && call.principal().hasRole("regulator");
        return Value::map([&](MapWriter& m) { m.set("readable", yes); });
    }

    static files::Visibility visibility(std::string_view word) {
        for (const auto each : {files::Visibility::organisation, files::Visibility::caseReaders,
                                files::Visibility::object, files::Visibility::open})
            if (word == files::nameOf(each)) return each;
        return files::Visibility::owner;
    }
};

DALATE_PLUGIN(Drop)
