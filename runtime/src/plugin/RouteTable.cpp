// SPDX-License-Identifier: Apache-2.0
#include "plugin/RouteTable.h"

#include "base/Utf8.h"

#include <algorithm>
#include <map>
#include <optional>

namespace dalate::plugin {
namespace {

/// Deeper paths are nobody's; the bound keeps the search, which may go two ways at a node, small.
constexpr std::size_t mostSegments = 32;

using Segments = std::vector<std::string_view>;

/// "/a/b" and "/a/b/" as {a, b}. Nothing where the path is no path, has an empty or a dot segment, or is too
/// deep.
std::optional<Segments> split(std::string_view path) {
    if (path.empty() || path.front() != '/') return std::nullopt;
    path.remove_prefix(1);
    if (path.ends_with('/')) path.remove_suffix(1);
    Segments segments;
    while (!path.empty() || !segments.empty()) {
        const std::size_t slash = path.find('/');
        const std::string_view segment = path.substr(0, slash);
        if (segment.empty() || segment == "." || segment == ".." || segments.size() == mostSegments)
            return std::nullopt;
        segments.push_back(segment);
        if (slash == path.npos) break;
        path.remove_prefix(slash + 1);
    }
    return segments;
}

int hexDigit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

/// Percent-decoded text; nothing where an escape is broken or the result is not UTF-8 or holds NUL.
std::optional<std::string> decoded(std::string_view segment) {
    std::string out;
    out.reserve(segment.size());
    for (std::size_t i = 0; i < segment.size(); ++i) {
        if (segment[i] != '%') {
            out += segment[i];
            continue;
        }
        if (i + 2 >= segment.size()) return std::nullopt;
        const int high = hexDigit(segment[i + 1]), low = hexDigit(segment[i + 2]);
        if (high < 0 || low < 0) return std::nullopt;
        out += static_cast<char>(high * 16 + low);
        i += 2;
    }
    if (out.find('\0') != out.npos || findInvalidUtf8(out) != out.npos) return std::nullopt;
    return out;
}

bool isParameter(std::string_view segment) {
    return segment.front() == '{';
}

} // namespace

struct RouteTable::Node {
    struct End {
        std::string method;
        Lease lease;
        std::size_t route;
        std::vector<std::string> names; // of the parameters on the way, in their order
    };
    std::map<std::string, Node, std::less<>> literals;
    std::unique_ptr<Node> parameter;
    std::vector<End> ends;

    /// The node that the segments lead to and that has routes; `values` are the parameters' raw texts.
    const Node* find(const Segments& segments, std::size_t depth, Segments& values) const {
        if (depth == segments.size()) return ends.empty() ? nullptr : this;
        if (const auto next = literals.find(segments[depth]); next != literals.end())
            if (const Node* found = next->second.find(segments, depth + 1, values)) return found;
        if (!parameter) return nullptr;
        values.push_back(segments[depth]);
        if (const Node* found = parameter->find(segments, depth + 1, values)) return found;
        values.pop_back();
        return nullptr;
    }

    const End* end(std::string_view method) const {
        for (const End& e : ends)
            if (e.method == method) return &e;
        return nullptr;
    }

    Node& grow(std::string_view path, std::vector<std::string>& names) {
        Node* node = this;
        for (const std::string_view segment : split(path).value_or(Segments())) {
            if (isParameter(segment)) {
                names.emplace_back(segment.substr(1, segment.size() - 2));
                if (!node->parameter) node->parameter = std::make_unique<Node>();
                node = node->parameter.get();
            } else {
                node = &node->literals[std::string(segment)];
            }
        }
        return *node;
    }

    std::string allow() const {
        std::vector<std::string> methods;
        for (const End& e : ends)
            methods.push_back(e.method);
        if (end("GET") && !end("HEAD")) methods.emplace_back("HEAD");
        std::sort(methods.begin(), methods.end());
        std::string text;
        for (const std::string& method : methods)
            text += (text.empty() ? "" : ", ") + method;
        return text;
    }
};

RouteTable::RouteTable() : root_(std::make_unique<Node>()) {}
RouteTable::~RouteTable() = default;
RouteTable::RouteTable(RouteTable&&) noexcept = default;

void RouteTable::add(const Lease& generation) {
    const Manifest& manifest = generation->manifest();
    const auto place = [&](std::string_view path, std::size_t route) {
        std::vector<std::string> names;
        Node& node = root_->grow(path, names);
        const std::string& method = manifest.routes[route].method;
        if (node.end(method))
            throw Error(500, "core.plugin.route_conflict",
                        Value::map([&](MapWriter& m) { m.set("path", path).set("method", method); }));
        node.ends.push_back({method, generation, route, std::move(names)});
    };
    for (std::size_t i = 0; i < manifest.routes.size(); ++i)
        place(manifest.routes[i].path, i);
    for (const Alias& alias : manifest.aliases)
        place(alias.path, alias.route);
}

Match RouteTable::match(std::string_view method, std::string_view path) const {
    Match match;
    const std::optional<Segments> segments = split(path);
    if (!segments) return match;
    Segments values;
    const Node* node = root_->find(*segments, 0, values);
    if (!node) return match;
    const Node::End* end = node->end(method);
    if (!end && method == "HEAD") end = node->end("GET");
    if (!end) {
        match.kind = Match::Kind::methodNotAllowed;
        match.lease = node->ends.front().lease;
        match.allow = node->allow();
        return match;
    }
    for (std::size_t i = 0; i < values.size(); ++i) {
        std::optional<std::string> value = decoded(values[i]);
        if (!value) return Match();
        match.params.emplace_back(end->names[i], std::move(*value));
    }
    match.kind = Match::Kind::found;
    match.lease = end->lease;
    match.route = &end->lease->manifest().routes[end->route];
    match.handler = end->lease->routeHandler(end->route);
    return match;
}

namespace {

/// A path with its parameters' names taken out: what two routes must not share.
std::string shape(std::string_view path) {
    std::string out;
    for (const std::string_view segment : split(path).value_or(Segments()))
        out += isParameter(segment) ? "/{}" : "/" + std::string(segment);
    return out;
}

/// Calls visit(JSON path, method, path) for every route and alias.
template <class Visit>
void eachPath(const Manifest& m, Visit&& visit) {
    for (std::size_t i = 0; i < m.routes.size(); ++i)
        visit("$.routes[" + std::to_string(i) + "]", m.routes[i].method, m.routes[i].path);
    for (std::size_t i = 0; i < m.aliases.size(); ++i)
        if (m.aliases[i].route < m.routes.size())
            visit("$.aliases[" + std::to_string(i) + "]", m.routes[m.aliases[i].route].method,
                  m.aliases[i].path);
}

} // namespace

Problems pathConflicts(const Manifest& manifest, std::span<const Manifest* const> others) {
    std::map<std::pair<std::string, std::string>, const Manifest*> taken;
    for (const Manifest* other : others)
        eachPath(*other, [&](const std::string&, const std::string& method, const std::string& path) {
            taken.emplace(std::pair(method, shape(path)), other);
        });
    Problems problems;
    eachPath(manifest, [&](const std::string& where, const std::string& method, const std::string& path) {
        const auto [at, isNew] = taken.emplace(std::pair(method, shape(path)), &manifest);
        if (!isNew)
            problems.emplace_back("core.plugin.route_conflict", where, Value::map([&](MapWriter& m) {
                                      m.set("path", path).set("method", method).set("other", at->second->id);
                                  }));
    });
    // Below another plugin's prefix an alias would take that plugin's future paths.
    for (std::size_t i = 0; i < manifest.aliases.size(); ++i)
        for (const Manifest* other : others)
            if (split(manifest.aliases[i].path).value_or(Segments{""}).front() == other->id)
                problems.emplace_back(
                    "core.manifest.alias", "$.aliases[" + std::to_string(i) + "].path",
                    Value::map([&](MapWriter& m) { m.set("path", manifest.aliases[i].path); }));
    return problems;
}

} // namespace dalate::plugin
