// SPDX-License-Identifier: Apache-2.0
#include "plugin/Generation.h"

#include "base/Log.h"
#include "plugin/CrashCrumb.h"
#include "plugin/HostPort.h"

#include <boost/dll/shared_library.hpp>

#include <algorithm>
#include <cstring>
#include <dlfcn.h>
#include <map>
#include <mutex>

namespace dalate::plugin {
namespace {

using Library = boost::dll::shared_library;

Error loadError(std::string_view id, std::string_view key, std::string_view text) {
    return Error(422, std::string(id), Value::map([&](MapWriter& m) { m.set(key, text); }));
}

/// Every library that was ever loaded, by path. Never emptied, also not at the end of the process: a plugin's
/// thread-local destructors, at-exit functions and unique symbols may need the code as long as there is a
/// thread.
Library& loaded(const std::filesystem::path& path) {
    static std::mutex mutex;
    static auto& libraries = *new std::map<std::string, Library>;
    const std::lock_guard lock(mutex);
    const auto [at, isNew] = libraries.try_emplace(path.string());
    if (!isNew) return at->second;
    boost::dll::fs::error_code failed;
    dlerror();
    at->second.load(path.string(), failed,
                    boost::dll::load_mode::rtld_now | boost::dll::load_mode::rtld_local);
    if (failed) {
        // Boost keeps no more than a number; the loader's own words say which symbol or library is missing.
        const char* words = dlerror();
        const std::string what = words ? words : failed.message();
        libraries.erase(at);
        throw loadError("core.plugin.dlopen", "what", what);
    }
    return at->second;
}

std::string_view kindName(int32_t kind) noexcept {
    switch (kind) {
    case DALATE_BIND_ROUTE:
        return "route";
    case DALATE_BIND_JOB:
        return "job";
    case DALATE_BIND_EVENT:
        return "event";
    case DALATE_BIND_SERVICE:
        return "service";
    case DALATE_BIND_GUARD:
        return "guard";
    case DALATE_BIND_EFFECT:
        return "effect";
    default:
        return "unknown kind";
    }
}

/// Calls into a plugin outside of a request; what comes through the table is logged and answered with 500.
template <class Call>
dalate_status outside(const Generation& generation, std::string_view step, Call&& call) noexcept {
    try {
        const CrumbScope crumb(generation.id(), "life", step, generation.number());
        return call();
    } catch (const std::exception& fault) {
        log::error("core.plugin.threw", Value::map([&](MapWriter& m) {
                       m.set("plugin", generation.id())
                           .set("kind", "life")
                           .set("name", step)
                           .set("what", fault.what());
                   }));
    } catch (...) {
        log::error("core.plugin.threw", Value::map([&](MapWriter& m) {
                       m.set("plugin", generation.id()).set("kind", "life").set("name", step);
                   }));
    }
    return 500;
}

} // namespace

/// What a plugin's bind call talks to: the generation's slots, and what did not fit them.
struct Generation::Binding {
    Generation& generation;
    std::string undeclared;
};

Generation::Generation(Manifest manifest, std::filesystem::path folder, std::uint64_t number)
    : manifest_(std::move(manifest)), folder_(std::move(folder)), number_(number),
      rules_(manifest_.id, manifest_.tables), routes_(manifest_.routes.size(), noHandler),
      jobs_(manifest_.jobs.size(), noHandler) {
    for (const Provided& p : manifest_.provides)
        for (const std::string& method : p.methods)
            services_.emplace_back(p.service + "." + method, noHandler);
}

Generation::~Generation() {
    if (self_) outside(*this, "destroy", [&] { return table_.destroy(self_), DALATE_OK; });
    place_.reset();
}

std::unique_ptr<Generation> Generation::load(Manifest manifest, const std::filesystem::path& folder,
                                             const std::filesystem::path& library, std::uint64_t number,
                                             HostPort& port) {
    std::unique_ptr<Generation> generation(new Generation(std::move(manifest), folder, number));
    if (!library.empty()) generation->attach(library);
    generation->place_ = port.open(generation->manifest_, folder);
    generation->prepareNamed();
    if (!library.empty()) {
        generation->create(port);
        generation->bind();
    }
    generation->demandAll();
    return generation;
}

void Generation::attach(const std::filesystem::path& path) {
    const CrumbScope crumb(id(), "life", "load", number_); // static constructors run in there
    Library& library = loaded(path);
    if (!library.has("dalate_plugin_v1_get"))
        throw loadError("core.plugin.no_entry", "symbol", "dalate_plugin_v1_get");
    const dalate_plugin_v1* given = nullptr;
    const auto entry = library.get<const dalate_plugin_v1*()>("dalate_plugin_v1_get");
    outside(*this, "get", [&] { return given = entry(), DALATE_OK; });
    if (!given) throw loadError("core.plugin.table", "what", "no table");
    // An older plugin's table is shorter: what it does not have stays null.
    std::memcpy(&table_, given, std::min<std::size_t>(given->size, sizeof table_));
    if (table_.major != DALATE_ABI_MAJOR || table_.minor > DALATE_ABI_MINOR)
        throw loadError("core.plugin.table", "what", "another version than its note says");
    if (!table_.create || !table_.bind || !table_.start || !table_.quiesce || !table_.stop ||
        !table_.destroy || !table_.invoke)
        throw loadError("core.plugin.table", "what", "an entry is missing");
}

void Generation::create(HostPort& port) {
    void* self = nullptr;
    const dalate_status status =
        outside(*this, "create", [&] { return table_.create(port.table(), place_->handle(), &self); });
    if (status != DALATE_OK || !self)
        throw loadError("core.plugin.create_failed", "status", std::to_string(status));
    self_ = self;
}

void Generation::bind() {
    Binding binding{*this, {}};
    const dalate_status status = outside(*this, "bind", [&] {
        return table_.bind(self_, &Generation::bindOne, reinterpret_cast<dalate_binder*>(&binding));
    });
    if (!binding.undeclared.empty()) throw loadError("core.plugin.undeclared", "name", binding.undeclared);
    if (status != DALATE_OK) throw loadError("core.plugin.bind_failed", "status", std::to_string(status));
}

/// What the declarations ask for, and the events that plugin.json names.
void Generation::prepareNamed() {
    for (const Need& need : place_->needs())
        named_.push_back({need.kind, need.name, need.where});
    for (std::size_t i = 0; i < manifest_.subscribes.size(); ++i)
        named_.push_back(
            {DALATE_BIND_EVENT, manifest_.subscribes[i], "$.subscribes[" + std::to_string(i) + "]"});
}

void Generation::demandAll() const {
    std::string missing;
    const auto demand = [&](std::uint32_t handler, std::string_view kind, std::string_view name) {
        if (handler == noHandler)
            missing += (missing.empty() ? "" : ", ") + std::string(kind) + " " + std::string(name);
    };
    // Without a library plugin.json has none of these: the catalog has seen to it.
    for (std::size_t i = 0; self_ && i < routes_.size(); ++i)
        demand(routes_[i], "route", manifest_.routes[i].name);
    for (std::size_t i = 0; self_ && i < jobs_.size(); ++i)
        demand(jobs_[i], "job", manifest_.jobs[i].name);
    if (self_)
        for (const auto& [name, handler] : services_)
            demand(handler, "service", name);
    Problems problems;
    if (!missing.empty())
        problems.emplace_back("core.plugin.unbound", "",
                              Value::map([&](MapWriter& m) { m.set("names", missing); }));
    for (const Named& one : named_)
        if (one.handler == noHandler)
            problems.emplace_back("core.plugin.unbound", one.where, Value::map([&](MapWriter& m) {
                                      m.set("names", std::string(kindName(one.kind)) + " " + one.name);
                                  }));
    if (!problems.empty()) throw Faulty(std::move(problems));
}

std::uint32_t* Generation::slot(int32_t kind, std::string_view name) noexcept {
    if (kind == DALATE_BIND_ROUTE) {
        for (std::size_t i = 0; i < routes_.size(); ++i)
            if (manifest_.routes[i].name == name) return &routes_[i];
    } else if (kind == DALATE_BIND_JOB) {
        for (std::size_t i = 0; i < jobs_.size(); ++i)
            if (manifest_.jobs[i].name == name) return &jobs_[i];
    } else if (kind == DALATE_BIND_SERVICE) {
        for (auto& [service, handler] : services_)
            if (service == name) return &handler;
    } else {
        for (Named& one : named_)
            if (one.kind == kind && one.name == name) return &one.handler;
    }
    return nullptr;
}

dalate_status Generation::bindOne(dalate_binder* binder, int32_t kind, dalate_str name, uint32_t handler) {
    auto& binding = *reinterpret_cast<Binding*>(binder);
    const std::string_view text(name.p, name.p ? name.n : 0);
    std::uint32_t* slot = binding.generation.slot(kind, text);
    if (slot && *slot == noHandler && handler != noHandler) {
        *slot = handler;
        return DALATE_OK;
    }
    try {
        binding.undeclared += (binding.undeclared.empty() ? "" : ", ") + std::string(kindName(kind)) + " " +
                              std::string(text.substr(0, 120));
        return 400;
    } catch (...) {
        return 503; // called from C: nothing may be thrown through the plugin
    }
}

std::uint32_t Generation::jobHandler(std::string_view job) const noexcept {
    for (std::size_t i = 0; i < jobs_.size(); ++i)
        if (manifest_.jobs[i].name == job) return jobs_[i];
    return noHandler;
}

std::uint32_t Generation::serviceHandler(std::string_view nameMajorMethod) const noexcept {
    for (const auto& [name, handler] : services_)
        if (name == nameMajorMethod) return handler;
    return noHandler;
}

std::uint32_t Generation::namedHandler(int32_t kind, std::string_view name) const noexcept {
    for (const Named& one : named_)
        if (one.kind == kind && one.name == name) return one.handler;
    return noHandler;
}

void Generation::quiesce() const noexcept {
    if (self_) outside(*this, "quiesce", [&] { return table_.quiesce(self_), DALATE_OK; });
}

void Generation::stop() const noexcept {
    if (self_) outside(*this, "stop", [&] { return table_.stop(self_), DALATE_OK; });
}

} // namespace dalate::plugin
