// SPDX-License-Identifier: Apache-2.0
#include "services/cases/Machine.h"

#include <algorithm>
#include <array>
#include <utility>

namespace dalate::services::cases {

namespace {

using Kind = Actor::Kind;

constexpr std::array<std::pair<Kind, std::string_view>, 9> kinds{{{Kind::anyone, "anyone"},
                                                                  {Kind::applicant, "applicant"},
                                                                  {Kind::assignee, "assignee"},
                                                                  {Kind::role, "role"},
                                                                  {Kind::relation, "relation"},
                                                                  {Kind::desk, "desk"},
                                                                  {Kind::rule, "rule"},
                                                                  {Kind::token, "token"},
                                                                  {Kind::system, "system"}}};

bool isNamed(Kind kind) {
    return kind == Kind::role || kind == Kind::relation || kind == Kind::desk || kind == Kind::rule ||
           kind == Kind::token;
}

template <class All>
auto* named(All& all, std::string_view name) noexcept {
    const auto found = std::find_if(all.begin(), all.end(), [&](const auto& one) { return one.name == name; });
    return found == all.end() ? nullptr : &*found;
}

} // namespace

std::optional<Actor> Actor::read(std::string_view text) {
    const std::size_t colon = text.find(':');
    const std::string_view word = text.substr(0, colon);
    const auto found =
        std::find_if(kinds.begin(), kinds.end(), [&](const auto& pair) { return pair.second == word; });
    if (found == kinds.end() || isNamed(found->first) != (colon != std::string_view::npos)) return std::nullopt;
    Actor actor;
    actor.kind = found->first;
    if (!isNamed(actor.kind)) return actor;
    std::string_view name = text.substr(colon + 1);
    const std::size_t at = name.find('@');
    if (at != std::string_view::npos) {
        const std::string_view where = name.substr(at + 1);
        if (where != "origin" && where != "any") return std::nullopt;
        if (actor.kind != Kind::role && actor.kind != Kind::rule) return std::nullopt;
        actor.where = where == "any" ? Where::any : Where::origin;
        name = name.substr(0, at);
    }
    if (name.empty()) return std::nullopt;
    actor.name = name;
    return actor;
}

std::string Actor::text() const {
    const auto found =
        std::find_if(kinds.begin(), kinds.end(), [&](const auto& pair) { return pair.first == kind; });
    std::string out(found->second);
    if (isNamed(kind)) out.append(":").append(name);
    if (where == Where::origin) out += "@origin";
    if (where == Where::any) out += "@any";
    return out;
}

std::string_view name(StateKind kind) noexcept {
    switch (kind) {
    case StateKind::waiting:
        return "waiting";
    case StateKind::working:
        return "working";
    case StateKind::done:
        return "done";
    case StateKind::stopped:
        break;
    }
    return "stopped";
}

bool Transition::leaves(std::size_t state) const noexcept {
    return std::binary_search(from.begin(), from.end(), state);
}

bool Deadline::runsIn(std::size_t state) const noexcept {
    return std::binary_search(in.begin(), in.end(), state);
}

std::size_t Machine::stateIndex(std::string_view wanted) const noexcept {
    const State* found = state(wanted);
    return found ? static_cast<std::size_t>(found - states.data()) : none;
}

const State* Machine::state(std::string_view wanted) const noexcept {
    return named(states, wanted);
}

const Transition* Machine::transition(std::string_view wanted) const noexcept {
    return named(transitions, wanted);
}

const Transition* Machine::transition(std::string_view state, std::string_view wanted) const noexcept {
    const std::size_t index = stateIndex(state);
    const Transition* found = transition(wanted);
    return index != none && found && found->leaves(index) ? found : nullptr;
}

const Deadline* Machine::deadline(std::string_view wanted) const noexcept {
    return named(deadlines, wanted);
}

} // namespace dalate::services::cases
