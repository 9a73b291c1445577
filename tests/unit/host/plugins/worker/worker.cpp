// SPDX-License-Identifier: Apache-2.0
#include <dalate/plugin.hpp>
#include <dalate/settings.hpp>

using namespace dalate;

/// Jobs that succeed, fail and forget to commit; a service that writes in its caller's transaction.
class Worker : public Plugin {
public:
    using Plugin::Plugin;

    void bind(Binder& binder) override {
        binder.route("page", this, &Worker::page);
        binder.route("put", this, &Worker::put);
        binder.route("see", this, &Worker::see);
        binder.job("fill", this, &Worker::fill);
        binder.job("refuse", [](JobContext&) -> Value {
            throw Error(422, "worker.refused", Value::map([](MapWriter& m) { m.set("why", "asked to"); }));
        });
        binder.job("forget", [this](JobContext& job) {
            Tx tx = job.begin(TxMode::write);
            add(tx, "forgotten");
        });
        binder.job("sweep", [](JobContext&) {});
        binder.service("worker/1.add", [this](ServiceCall& call) {
            Tx tx = call.begin(TxMode::write);
            add(tx, call.arguments()["word"].text());
            tx.commit();
            return Value::map([&](MapWriter& m) { m.set("by", call.principal().name()); });
        });
        binder.service("worker/1.refuse", [this](ServiceCall& call) -> Value {
            Tx tx = call.begin(TxMode::write);
            add(tx, "refused");
            throw Error(409, "worker.taken");
        });
    }

    void start(Call& call) override {
        Tx tx = call.begin(TxMode::write);
        add(tx, "started");
        tx.commit();
    }

private:
    void add(Tx& tx, std::string_view word) {
        tx.exec("INSERT INTO worker_word (id, word) VALUES (:id, :word)", {{"id", host().newId()}, {"word", word}});
    }

    Response page(Request& request) {
        Tx tx = request.begin(TxMode::read);
        Rows rows = tx.query("SELECT word FROM worker_word ORDER BY id");
        return Response::page("worker/words", Value::map([&](MapWriter& page) {
            page.list("words", [&](ListWriter& words) {
                while (rows.next()) words.map([&](MapWriter& word) { word.set("word", rows.text(0)); });
            });
        }));
    }

    Response put(Request& request) {
        Tx tx = request.begin(TxMode::write);
        const std::string job = jobs::enqueue(request, tx, request.param("name"));
        tx.commit();
        return Response::empty(202).header("Location", "/worker/jobs/" + job);
    }

    Response see(Request& request) {
        const jobs::Status status = jobs::status(request, request.param("job"));
        return Response::json(Value::map([&](MapWriter& m) {
            m.set("state", status.state()).set("done", status.done()).set("total", status.total());
            m.set("result", status.result()).set("error", status.error());
        }));
    }

    Value fill(JobContext& job) {
        const std::int64_t chunks = settings::integer(host(), "chunks");
        for (std::int64_t i = 0; i < chunks; ++i) {
            Tx tx = job.begin(TxMode::write);
            for (int n = 0; n < 10; ++n) add(tx, "word");
            job.progress(tx, i + 1, chunks);
            tx.commit();
        }
        job.progress(chunks, chunks);
        return Value::map([&](MapWriter& m) { m.set("stored", chunks * 10); });
    }
};

DALATE_PLUGIN(Worker)
