// SPDX-License-Identifier: Apache-2.0
#include "epcis/Context.h"

#include "epcis/Uri.h"

namespace dalate::traceability::epcis {

namespace {

// What GS1's epcis-context.jsonld 2.0 declares.
constexpr std::pair<std::string_view, std::string_view> standard[] = {
    {"cbv", "https://ref.gs1.org/cbv/"},
    {"epcis", "https://ref.gs1.org/epcis/"},
    {"gs1", "https://gs1.org/voc/"},
    {"cbvmda", "urn:epcglobal:cbv:mda:"},
    {"rdf", "http://www.w3.org/1999/02/22-rdf-syntax-ns#"},
    {"rdfs", "http://www.w3.org/2000/01/rdf-schema#"},
    {"owl", "http://www.w3.org/2002/07/owl#"},
    {"xsd", "http://www.w3.org/2001/XMLSchema#"},
};

bool isStandard(ValueView entry) noexcept {
    return entry.isText() && entry.text().find("epcis-context.jsonld") != std::string_view::npos;
}

template <class F>
void eachEntry(ValueView node, F&& use) {
    if (node.isList())
        for (const ValueView entry : node)
            use(entry);
    else if (!node.isNull())
        use(node);
}

} // namespace

bool isContext(ValueView node) noexcept {
    const auto single = [](ValueView entry) {
        return entry.isMap() || (entry.isText() && isUri(entry.text()));
    };
    if (!node.isList()) return single(node);
    for (const ValueView entry : node)
        if (!single(entry)) return false;
    return true;
}

Context::Context() = default;

Context::Context(ValueView node) : document_(node) {
    read(node);
}

Context::Context(const Context& document, ValueView node)
    : prefixes_(document.prefixes_), document_(document.document_), event_(node) {
    read(node);
}

void Context::read(ValueView node) {
    eachEntry(node, [this](ValueView entry) {
        if (!entry.isMap()) return;
        for (const ValueView member : entry) {
            // A term may be given as an object with an @id (JSON-LD 1.1).
            const ValueView space = member.isMap() ? member["@id"] : member;
            if (space.isText() && !member.key().empty() && member.key().front() != '@')
                declare(member.key(), space.text());
        }
    });
}

void Context::declare(std::string_view prefix, std::string_view space) {
    prefixes_.emplace_back(std::string(prefix), std::string(space));
}

std::string_view Context::space(std::string_view prefix) const noexcept {
    for (auto at = prefixes_.rbegin(); at != prefixes_.rend(); ++at)
        if (at->first == prefix) return at->second;
    for (const auto& [name, uri] : standard)
        if (name == prefix) return uri;
    return {};
}

Name Context::expand(std::string_view name) const {
    const std::size_t colon = name.find(':');
    if (colon == std::string_view::npos) return {"", std::string(name)};
    // `https://…` is never a compact IRI, even where somebody declares a prefix `https` (JSON-LD 1.1).
    if (name.substr(colon + 1, 2) != "//") {
        const std::string_view declared = space(name.substr(0, colon));
        if (!declared.empty()) return {std::string(declared), std::string(name.substr(colon + 1))};
    }
    const std::size_t cut = name.find_last_of("/#:");
    return {std::string(name.substr(0, cut + 1)), std::string(name.substr(cut + 1))};
}

std::string Context::iri(std::string_view value) const {
    const std::size_t colon = value.find(':');
    if (colon == std::string_view::npos || value.substr(colon + 1, 2) == "//") return std::string(value);
    const std::string_view declared = space(value.substr(0, colon));
    if (declared.empty()) return std::string(value);
    return std::string(declared).append(value.substr(colon + 1));
}

Value Context::own() const {
    bool any = false;
    Value list = Value::list([&](ListWriter& out) {
        const auto copy = [&](ValueView entry) {
            if (isStandard(entry)) return;
            out.add(entry);
            any = true;
        };
        eachEntry(document_, copy);
        eachEntry(event_, copy);
    });
    return any ? list : Value();
}

} // namespace dalate::traceability::epcis
