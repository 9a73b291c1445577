// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "desk/BulkPages.h"
#include "desk/ImportPages.h"
#include "desk/TablePages.h"

namespace dalate::desk {

/// The host's own pages of every list that a plugin declares. To whoever a list is not for, or whose bureau
/// has the plugin off, none of them exists. Made once at start; used from any thread.
class ListDesk {
public:
    ListDesk(DeskParts desk, services::Registry& registry, std::filesystem::path spool)
        : desk_(desk), acts_(desk_.engine, registry),
          imports_({desk_.pool, acts_, [] { return now(); }}), parts_{desk_, acts_, imports_,
                                                                      std::move(spool)},
          table_(parts_), bulk_(parts_), import_(parts_) {}
    ListDesk(const ListDesk&) = delete;
    ListDesk& operator=(const ListDesk&) = delete;

    void addTo(gateway::Gateway& gateway) {
        table_.addTo(gateway);
        bulk_.addTo(gateway);
        import_.addTo(gateway);
    }

private:
    DeskParts desk_;
    services::lists::Acts acts_;
    services::lists::Imports imports_;
    ListParts parts_;
    TablePages table_;
    BulkPages bulk_;
    ImportPages import_;
};

} // namespace dalate::desk
