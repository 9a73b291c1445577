// SPDX-License-Identifier: Apache-2.0
//
// All routes of all active plugins as a trie of path segments, built once and never changed. A node has its
// literal children sorted by text, at most one child for a parameter, and the routes that end there by
// method. A literal wins over a parameter; where the literal's branch leads nowhere the parameter's is tried.
#pragma once

#include "plugin/Generation.h"

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace dalate::plugin {

/// What a path and a method lead to.
struct Match {
    enum class Kind { found, notFound, methodNotAllowed };
    Kind kind = Kind::notFound;
    Lease lease;                  ///< of the plugin; also where only the method is wrong
    const Route* route = nullptr; ///< lives as long as the lease
    std::uint32_t handler = Generation::noHandler;
    /// Path parameters, percent-decoded after matching, checked to be UTF-8 without NUL.
    std::vector<std::pair<std::string, std::string>> params;
    /// For the Allow header, where the method is not allowed: "GET, HEAD, POST".
    std::string allow;
};

class RouteTable {
public:
    RouteTable();
    ~RouteTable();
    RouteTable(RouteTable&&) noexcept;

    /// Adds every route and alias of a generation. Throws Error 500 `core.plugin.route_conflict`, which
    /// resolving with `pathConflicts` has excluded.
    void add(const Lease& generation);

    /// `path` as sent, without query. HEAD finds GET's route where there is none of its own. One slash at the
    /// end makes no difference.
    Match match(std::string_view method, std::string_view path) const;

private:
    struct Node;
    std::unique_ptr<Node> root_;
};

/// Where a manifest's paths meet each other or those of `others` (`core.plugin.route_conflict`; details:
/// path, method, other). For resolving, before anything is loaded.
Problems pathConflicts(const Manifest& manifest, std::span<const Manifest* const> others);

} // namespace dalate::plugin
