// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <dalate/value.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace dalate::traceability::epcis {

/// True when `node` has a form that `@context` may have: an address, an object, or a list of these.
bool isContext(ValueView node) noexcept;

/// An expanded extension name: the namespace as declared and the local part.
struct Name {
    std::string space; ///< empty where the name has no prefix
    std::string local;

    /// The full IRI, or the bare local name.
    std::string iri() const { return space + local; }
};

/// The prefixes in force for one event (JSON-LD 1.1 `@context` as EPCIS 2.0 uses it): those that GS1's
/// own context declares, over them the document's, over them the event's. Remote contexts are never fetched.
///
/// An event's context copies its document's, so it lives on its own; the views `document()` and `event()`
/// borrow the parsed JSON. Read-only after construction, safe from several threads.
class Context {
public:
    /// GS1's prefixes alone.
    Context();

    /// The context of a document: `node` is the value of its `@context` (string, object, array, or null for
    /// none).
    explicit Context(ValueView node);

    /// The context of an event inside `document`; `node` is the event's own `@context` or null.
    Context(const Context& document, ValueView node);

    /// The namespace behind a prefix; empty when no context declares it.
    std::string_view space(std::string_view prefix) const noexcept;

    /// The parts of a key or a compact IRI: `example:myField` gives the declared namespace and `myField`; a
    /// name with an undeclared prefix and a full URI are split behind their last `/`, `#` or `:`.
    Name expand(std::string_view name) const;

    /// The full IRI of a value written as a compact IRI (`cbv:Comp-x`); a value without declared prefix is
    /// returned as it is.
    std::string iri(std::string_view value) const;

    /// What an event needs beside GS1's own context to be read alone: one list of the document's entries and
    /// the event's, in that order. Null when there is nothing but GS1's context.
    Value own() const;

private:
    void read(ValueView node);
    void declare(std::string_view prefix, std::string_view space);

    std::vector<std::pair<std::string, std::string>> prefixes_; // later entries hide earlier ones
    ValueView document_;
    ValueView event_;
};

} // namespace dalate::traceability::epcis
