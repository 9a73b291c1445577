// SPDX-License-Identifier: Apache-2.0
//
// Live pages: a page that is open is told when something it shows has changed. The plugin names a topic,
// hands its page the topic sealed for whoever reads it, and says after each change that there was one:
//
//     m.set("live", live::topic(request, "lots"));                      in the route's handler
//     <section data-live="{{live}}" data-live-reload>…</section>        in its template
//     live::changed(call, tx, "lots");                                  where lots change
//
// Without script the page is as it was when it was loaded. Callers: traceability (lots), the zoo's zoo_jobs.
#pragma once

#include <dalate/call.hpp>

#include <string>
#include <string_view>

namespace dalate {
namespace live {

/// A topic of this plugin for the page of whoever asks: hers alone, so give it only to whom the page may be
/// shown. For an element's `data-live`; what lies in the element follows by
///   `data-live-reload`  the page is loaded again once the topic changes, unless somebody is writing on it,
///   `data-live-changed` on a hidden part of it: the part is shown once the topic changes,
///   `data-live-text="member"`, `data-live-value="member"`  of the core's topics: a member of the state.
/// `name`: 1 to 100 of a-z, 0-9, `_`, `-` and `/`; else 422 `core.live.name` is thrown. Empty where nobody is
/// signed in. Service form: live/1.topic {name} -> {topic}.
inline std::string topic(const Call& call, std::string_view name) {
    return call.service("live/1", "topic", Value::map([&](MapWriter& m) { m.set("name", name); }))["topic"]
        .asText();
}

/// Says to all who follow the topic that it has changed, once `tx` commits. May be said often: pages are told
/// a few times a second at most. Service form: live/1.changed {name} -> null.
inline void changed(const Call& call, Tx& tx, std::string_view name) {
    call.service(tx, "live/1", "changed", Value::map([&](MapWriter& m) { m.set("name", name); }));
}

} // namespace live
} // namespace dalate
