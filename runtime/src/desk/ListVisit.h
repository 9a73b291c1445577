// SPDX-License-Identifier: Apache-2.0
// One request about a declared list, as each of its pages begins: the list of the path found among what is
// declared and switched on for this visitor, how far she sees into it, and the words of her language. It
// holds the declarations and texts of one moment.
#pragma once

#include "desk/CaseVisit.h"
#include "services/lists/Acts.h"
#include "services/lists/CellText.h"
#include "services/lists/Imports.h"
#include "services/lists/List.h"
#include "services/lists/UrlQuery.h"
#include "storage/PluginAccess.h"

#include <filesystem>

namespace dalate::desk {

/// What the pages of lists are made of. The references outlive the pages.
struct ListParts {
    const DeskParts& desk;
    const services::lists::Acts& acts;
    const services::lists::Imports& imports;
    /// Where temporary files of an export may lie.
    std::filesystem::path spool;
};

/// Used by one thread for one request.
class ListVisit {
public:
    /// Throws 404 `core.request.unknown` where the path names no list, its plugin is off for the visitor, or
    /// the list is not for her. Somebody who has not signed in may try: see `sendsToSignIn`.
    ListVisit(const ListParts& parts, gateway::Visit& visit);

    /// Somebody who has not signed in is sent to do so; then the page has been answered. First of all.
    bool sendsToSignIn();

    const ListParts& parts() const noexcept { return parts_; }
    gateway::Visit& visit() noexcept { return visit_; }
    const services::Declared& declared() const noexcept { return *declared_; }
    const services::lists::List& list() const noexcept { return *list_; }
    /// The rights that its statements run with.
    const storage::PluginAccess& access() const noexcept { return access_; }
    services::lists::Doer doer() const;
    /// Whether she holds what an act takes beside the list; an empty one is held by all.
    bool may(const std::string& permission) const;
    /// What the URL asks for. Throws 400 `core.list.query`.
    services::lists::UrlQuery query() const;
    services::lists::CellWords words() const;
    /// The words of the form that an import goes into, judged by the rules of that moment.
    services::forms::FormWords formWords(Micros rulesAt) const;
    const portal::Translator& texts() const noexcept { return templates_->texts(); }

    std::string text(std::string_view id, ValueView values = {}) const;
    std::string time(Micros at) const;
    /// `/lists/helpdesk/tickets`.
    std::string path() const;

    void send(const gateway::PageOrder& order);
    void goTo(const std::string& path);
    /// Writes into the audit record what was taken out of the house or changed in bulk.
    void record(storage::Tx& tx, std::string_view action, ValueView details) const;

private:
    const ListParts& parts_;
    gateway::Visit& visit_;
    std::shared_ptr<const services::Declared> declared_;
    const services::lists::List* list_ = nullptr;
    std::shared_ptr<const portal::TemplateStore> templates_;
    storage::PluginAccess access_;
};

} // namespace dalate::desk
