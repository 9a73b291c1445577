// SPDX-License-Identifier: Apache-2.0
#include <dalate/plugin.hpp>

using namespace dalate;

/// Asks another plugin's service inside a transaction of its own and commits it, or does not.
class Asker : public Plugin {
public:
    using Plugin::Plugin;

    void bind(Binder& binder) override { binder.route("ask", this, &Asker::ask); }

private:
    Response ask(Request& request) {
        Tx tx = request.begin(TxMode::write);
        tx.exec("INSERT INTO asker_row (id) VALUES (:id)", {{"id", host().newId()}});
        std::string answer;
        try {
            answer = request
                         .service(tx, "worker/1", request.param("method"),
                                  Value::map([](MapWriter& m) { m.set("word", "asked"); }))["by"]
                         .asText();
        } catch (const Error& error) {
            if (request.param("end") != "anyway") throw;
            answer = error.id();
        }
        if (request.param("end") != "undo") tx.commit();
        return Response::text(answer);
    }
};

DALATE_PLUGIN(Asker)
