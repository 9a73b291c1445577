// SPDX-License-Identifier: Apache-2.0
#include "log/Identifiers.h"

#include "log/BatchedStatement.h"

namespace dalate::traceability {

namespace {

constexpr std::string_view stem = "https://id.gs1.org/";
constexpr std::string_view processStem = "urn:dalate:process:";

// A capture of a great document would otherwise remember every identifier in it.
constexpr std::size_t mostRemembered = 100000;

} // namespace

NodeKind kindOfIdentifier(std::string_view uri) noexcept {
    if (uri.substr(0, processStem.size()) == processStem) return NodeKind::process;
    if (uri.substr(0, 14) == "urn:epc:idpat:") return NodeKind::product;
    if (uri.substr(0, stem.size()) != stem) return NodeKind::other;
    uri.remove_prefix(stem.size());
    const std::string_view ai = uri.substr(0, uri.find('/'));
    const auto has = [uri](std::string_view part) { return uri.find(part) != std::string_view::npos; };
    if (ai == "01") return has("/21/") ? NodeKind::instance : has("/10/") ? NodeKind::lot : NodeKind::product;
    if (ai == "00" || ai == "8003" || ai == "8004" || ai == "401" || ai == "402") return NodeKind::container;
    if (ai == "8006" || ai == "8010") return has("/21/") || has("/8011/") ? NodeKind::instance : NodeKind::product;
    if (ai == "414" || ai == "254") return NodeKind::place;
    if (ai == "417") return NodeKind::party;
    return NodeKind::other;
}

Node Identifiers::intern(std::string_view uri) {
    return uri.empty() ? 0 : intern(uri, kindOfIdentifier(uri));
}

Node Identifiers::internProcess(std::string_view id) {
    return intern(std::string(processStem).append(id), NodeKind::process);
}

std::optional<Node> Identifiers::find(std::string_view uri) {
    std::string key(uri);
    if (const auto known = nodes_.find(key); known != nodes_.end()) return known->second;
    Rows rows = tx_.query("SELECT id FROM traceability_ident WHERE uri = :uri", {{"uri", uri}});
    if (!rows.next()) return std::nullopt;
    const Node node = rows.integer(0);
    if (nodes_.size() >= mostRemembered) nodes_.clear();
    nodes_.emplace(std::move(key), node);
    return node;
}

Node Identifiers::intern(std::string_view uri, NodeKind kind) {
    if (const auto known = find(uri)) return *known;
    if (sequence_ == 0) {
        Rows rows = tx_.query("SELECT MAX(id) FROM traceability_ident");
        sequence_ = rows.next() ? rows.integer(0) >> 3 : 0;
    }
    const Node node = ++sequence_ << 3 | static_cast<int>(kind);
    tx_.exec("INSERT INTO traceability_ident (id, uri) VALUES (:id, :uri)", {{"id", node}, {"uri", uri}});
    nodes_.emplace(uri, node);
    return node;
}

std::string Identifiers::uri(Node node) {
    Rows rows = tx_.query("SELECT uri FROM traceability_ident WHERE id = :id", {{"id", node}});
    return rows.next() ? std::string(rows.text(0)) : std::string();
}

std::unordered_map<Node, std::string> Identifiers::uris(const std::vector<Node>& nodes) {
    static const BatchedStatement named("SELECT id, uri FROM traceability_ident WHERE id IN (", ")");
    std::unordered_map<Node, std::string> found;
    found.reserve(nodes.size());
    named.each<Param>(tx_, nodes, [&](const Rows& row) { found.emplace(row.integer(0), row.text(1)); });
    return found;
}

} // namespace dalate::traceability
