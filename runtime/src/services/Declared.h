// SPDX-License-Identifier: Apache-2.0
// What one version of a plugin declares in files beside plugin.json, read once when that version is opened
// and never changed after. The declarations of all active versions lie in one immutable map that is replaced
// as a whole together with the routes, so what a page, a deadline or a service sees is always of one moment.
#pragma once

#include "plugin/Manifest.h"

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace dalate::services::cases {
struct Machine;
}
namespace dalate::services::forms {
struct Form;
}
namespace dalate::services::lists {
struct List;
}
namespace dalate::services::rules {
class RuleBook;
}
namespace dalate::storage {
class TableRules;
}

namespace dalate::services {

/// The declarations of one version of one plugin. Immutable once published; safe from any thread.
struct Declared {
    template <class T>
    using Named = std::map<std::string, std::shared_ptr<const T>, std::less<>>;

    std::string plugin;
    std::string version;
    /// The gathered folder.
    std::filesystem::path folder;

    /// By the name in their files.
    Named<cases::Machine> machines;
    Named<forms::Form> forms;
    Named<lists::List> lists;
    /// All rules of the plugin; null where it declares none.
    std::shared_ptr<const rules::RuleBook> rules;

    /// The tables that the plugin may name: what its lists are read under. Null only in tests without lists.
    std::shared_ptr<const storage::TableRules> tables;

    /// Of plugin.json: jobs by name, events ("helpdesk.ticket_closed/1"), names of relations, kinds of
    /// notice.
    std::vector<std::string> jobs;
    std::vector<std::string> publishes;
    std::vector<std::string> subscribes;
    std::vector<std::string> relations;
    std::vector<plugin::NoticeRule> notices;

    /// By name; null where the plugin declares none of that name.
    const cases::Machine* machine(std::string_view name) const noexcept;
    const forms::Form* form(std::string_view name) const noexcept;
    const lists::List* list(std::string_view name) const noexcept;
    const plugin::NoticeRule* notice(std::string_view name) const noexcept;
    bool publishesEvent(std::string_view nameMajor) const noexcept;
    bool subscribesTo(std::string_view nameMajor) const noexcept;
};

/// What the active plugins declare. `find` and `all` cost one uncontended lock and are safe from any thread;
/// the answers stay valid, and unchanged, for as long as they are held. They hold no plugin's code, so they
/// may be kept over a call.
class Declarations {
public:
    /// The declarations of the active generation of a plugin, or null.
    std::shared_ptr<const Declared> find(std::string_view plugin) const;
    /// Those of every active plugin, by its id.
    std::vector<std::shared_ptr<const Declared>> all() const;

    /// Has `told` called after each change, on the thread that published; it must not throw and not wait.
    /// Before the first plugin comes up.
    void onChange(std::function<void()> told);

    /// Replaces everything; the host's, with each new snapshot.
    void publish(std::vector<std::shared_ptr<const Declared>> active);

private:
    using Map = std::map<std::string, std::shared_ptr<const Declared>, std::less<>>;
    std::shared_ptr<const Map> get() const;

    std::vector<std::function<void()>> listeners_;
    mutable std::mutex mutex_;
    std::shared_ptr<const Map> active_ = std::make_shared<const Map>();
};

} // namespace dalate::services
