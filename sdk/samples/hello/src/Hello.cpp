// SPDX-License-Identifier: Apache-2.0
#include <dalate/plugin.hpp>

using namespace dalate;

/// A guest book: one page with a form, one table, and the number of guests for its tile.
class Hello : public Plugin {
public:
    using Plugin::Plugin;

    void bind(Binder& binder) override {
        binder.route("book", this, &Hello::book);
        binder.route("sign", this, &Hello::sign);
        binder.service("hello/1.guests", this, &Hello::guests);
    }

private:
    Response book(Request& request) const {
        Read rows = request.read("SELECT name FROM hello_guest ORDER BY id DESC LIMIT 20");
        return Response::page("hello/book", Value::map([&](MapWriter& page) {
                                  page.list("guests", [&](ListWriter& guests) {
                                      while (rows.next())
                                          guests.map(
                                              [&](MapWriter& guest) { guest.set("name", rows.text(0)); });
                                  });
                              }));
    }

    Response sign(Request& request) const {
        const std::string_view name = request.form("name").value_or("");
        if (name.empty() || name.size() > 60) throw Error(422, "hello.bad_name");
        request.write("INSERT INTO hello_guest (id, name) VALUES (:id, :name)",
                      {{"id", host().newId()}, {"name", name}});
        return Response::redirect("/hello");
    }

    Value guests(ServiceCall& call) const {
        Read rows = call.read("SELECT COUNT(*) FROM hello_guest");
        const std::int64_t count = rows.next() ? rows.integer(0) : 0;
        return Value::map(
            [&](MapWriter& answer) { answer.set("count", count).set("label", "hello.guests"); });
    }
};

DALATE_PLUGIN(Hello)
