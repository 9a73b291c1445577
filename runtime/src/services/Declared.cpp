// SPDX-License-Identifier: Apache-2.0
#include "services/Declared.h"

#include <algorithm>

namespace dalate::services {

namespace {

template <class T>
const T* named(const Declared::Named<T>& all, std::string_view name) noexcept {
    const auto at = all.find(name);
    return at == all.end() ? nullptr : at->second.get();
}

bool holds(const std::vector<std::string>& names, std::string_view name) noexcept {
    return std::find(names.begin(), names.end(), name) != names.end();
}

} // namespace

const cases::Machine* Declared::machine(std::string_view name) const noexcept {
    return named(machines, name);
}

const forms::Form* Declared::form(std::string_view name) const noexcept {
    return named(forms, name);
}

const lists::List* Declared::list(std::string_view name) const noexcept {
    return named(lists, name);
}

const plugin::NoticeRule* Declared::notice(std::string_view name) const noexcept {
    for (const plugin::NoticeRule& rule : notices)
        if (rule.name == name) return &rule;
    return nullptr;
}

bool Declared::publishesEvent(std::string_view nameMajor) const noexcept {
    return holds(publishes, nameMajor);
}

bool Declared::subscribesTo(std::string_view nameMajor) const noexcept {
    return holds(subscribes, nameMajor);
}

std::shared_ptr<const Declarations::Map> Declarations::get() const {
    const std::lock_guard lock(mutex_);
    return active_;
}

std::shared_ptr<const Declared> Declarations::find(std::string_view plugin) const {
    const auto map = get();
    const auto at = map->find(plugin);
    return at == map->end() ? nullptr : at->second;
}

std::vector<std::shared_ptr<const Declared>> Declarations::all() const {
    const auto map = get();
    std::vector<std::shared_ptr<const Declared>> list;
    list.reserve(map->size());
    for (const auto& [id, declared] : *map)
        list.push_back(declared);
    return list;
}

void Declarations::publish(std::vector<std::shared_ptr<const Declared>> active) {
    auto next = std::make_shared<Map>();
    for (auto& declared : active) {
        const std::string id = declared->plugin;
        next->insert_or_assign(id, std::move(declared));
    }
    {
        const std::lock_guard lock(mutex_);
        active_ = std::move(next);
    }
    for (const auto& told : listeners_)
        told();
}

void Declarations::onChange(std::function<void()> told) {
    listeners_.push_back(std::move(told));
}

} // namespace dalate::services
