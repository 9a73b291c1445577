// SPDX-License-Identifier: Apache-2.0
//
// Notices: what people are told. A plugin declares the kinds under `notices` in plugin.json (name, subject
// and text as ids of its texts, urgent); a machine's file sends them by name, and code sends them here. Each
// person reads hers in her own language at /inbox, and by mail or text message where the county has set these
// up. Callers of the code: traceability (whom a hold concerns), samples/helpdesk (what is due back).
//
//     notices::send(call, tx, {"answered", notices::To::account(owner), values, "ticket/" + id +
//     "/answered"});
#pragma once

#include <dalate/call.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace dalate {
namespace notices {

/// Whom a notice is for. Borrows the names it is made with.
class To {
public:
    /// One person.
    static To account(std::int64_t id) { return To("account", {}, id, 0); }
    /// Whoever holds a role, in one organisation or (0) in any; who acts for a holder is told too.
    static To role(std::string_view name, std::int64_t organisation = 0) {
        return To("role", name, 0, organisation);
    }
    /// Whoever sits at a desk.
    static To desk(std::string_view name, std::int64_t organisation = 0) {
        return To("desk", name, 0, organisation);
    }
    /// Whoever stands in a relation to a case of this plugin.
    static To relation(std::string_view name, std::int64_t caseId) { return To("relation", name, caseId, 0); }

    void write(MapWriter& m) const {
        if (name_.empty())
            m.set(kind_, id_);
        else
            m.set(kind_, name_);
        if (!name_.empty() && id_ != 0) m.set("case", id_);
        if (organisation_ != 0) m.set("organisation", organisation_);
    }

private:
    To(const char* kind, std::string_view name, std::int64_t id, std::int64_t organisation)
        : kind_(kind), name_(name), id_(id), organisation_(organisation) {}

    const char* kind_;
    std::string_view name_;
    std::int64_t id_;
    std::int64_t organisation_;
};

struct NewNotice {
    /// A name under `notices` in plugin.json.
    std::string_view notice;
    To to;
    /// A map: fills the gaps of the kind's texts. A member {"text": id} is said in the reader's language;
    /// `href` is the path on this site of what it is about.
    ValueView values;
    /// The same under every retry of the same thing, at most 200 bytes: nobody is told twice under one key.
    std::string_view key;
};

/// Tells people exactly when `tx` commits; how many had not been told under this key. Throws 404
/// `core.notice.unknown` for a kind that plugin.json does not declare, 422 `core.notice.asked` (details:
/// key). Service form: notices/1.send {notice, to, values, key} -> {people}.
inline std::int64_t send(const Call& call, Tx& tx, const NewNotice& notice) {
    return call
        .service(tx, "notices/1", "send", Value::map([&](MapWriter& m) {
                     m.set("notice", notice.notice).set("values", notice.values).set("key", notice.key);
                     m.map("to", [&](MapWriter& to) { notice.to.write(to); });
                 }))["people"]
        .integer()
        .value_or(0);
}

/// What the calling person has of this plugin's notices, newest first: {notices [{notice, name, subject,
/// text, values, href, urgent, sentAt, readAt}], unread}. `before` is the last id of the list before; empty:
/// from the newest. Service form: notices/1.list {limit, before}.
inline ValueView list(const Call& call, std::int64_t limit = 50, std::string_view before = {}) {
    return call.service("notices/1", "list", Value::map([&](MapWriter& m) {
                            m.set("limit", limit);
                            if (!before.empty()) m.set("before", before);
                        }));
}

/// Notes that the calling person has read one. Throws 404 `core.notice.unknown` for one that is not hers.
/// Service form: notices/1.read {notice} -> null.
inline void read(const Call& call, Tx& tx, std::string_view notice) {
    call.service(tx, "notices/1", "read", Value::map([&](MapWriter& m) { m.set("notice", notice); }));
}

} // namespace notices
} // namespace dalate
