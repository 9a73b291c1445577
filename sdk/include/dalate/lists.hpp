// SPDX-License-Identifier: Apache-2.0
//
// Lists: what `lists/<name>.json` declares, read from a plugin's own code. The host shows a list, exports it and acts on its
// rows by itself at /lists/<plugin>/<list>; none of that needs code. Callers: traceability (its book of
// records as JSON); samples/hotline and samples/helpdesk declare lists that need none of this.
//
//     const lists::List tickets(request, "tickets");
//     return Response::page("desk", tickets.table("/helpdesk/desk", request.queries()));
//
// Rows come as far as the call sees: of a route as its permission reaches.
#pragma once

#include <dalate/call.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace dalate::lists {

/// Rows of a page. A look at the call's arena.
class Rows {
public:
    explicit Rows(ValueView page) noexcept : page_(page) {}
    /// {key, case?, cells}: ids are text; `cells` is a map by column of what it holds: text, integer, number, boolean or null.
    ValueView rows() const noexcept { return page_["rows"]; }
    /// The query of the page behind, "?sort=…&after=…"; empty: there is none.
    std::string_view next() const noexcept { return page_["next"].text(); }
    /// The query of the page before, "?sort=…&before=…"; empty: this is the first.
    std::string_view previous() const noexcept { return page_["previous"].text(); }

private:
    ValueView page_;
};

/// One of the plugin's lists, by its name. Borrows the call. Each method is one call of the host and throws 404
/// `core.list.unknown` where the plugin declares no such list, 400 `core.list.query` (details: name) for a query that
/// the list does not have.
class List {
public:
    List(const Call& call, std::string_view name) : call_(call), name_(name) {}

    /// `query`: a map of texts (or of lists of one text) as the list's own URL has them: filters by column, `sort`, `after`, `before`.
    /// `limit`: 1 to 500. Service form: lists/1.rows {list, query, limit?} -> {rows, previous?, next?}.
    Rows rows(ValueView query = {}, std::int64_t limit = 50) const {
        return Rows(call_.service("lists/1", "rows", Value::map([&](MapWriter& m) {
                                      m.set("list", name_).set("query", query).set("limit", limit);
                                  })));
    }

    /// The model of a page of the plugin's own: `columns` and `rows` for components/table, `filters` for components/field,
    /// `first_href`, `previous_href` and `next_href`. `path`: where that page stands. Service form: lists/1.table {list, query, path, limit?}
    /// -> map.
    ValueView table(std::string_view path, ValueView query = {}, std::int64_t limit = 50) const {
        return call_.service("lists/1", "table", Value::map([&](MapWriter& m) {
                                 m.set("list", name_).set("query", query).set("path", path).set("limit", limit);
                             }));
    }

private:
    const Call& call_;
    std::string name_;
};

} // namespace dalate::lists
