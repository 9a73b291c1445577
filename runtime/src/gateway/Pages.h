// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/Headers.h"
#include "gateway/Parts.h"
#include "gateway/Visitor.h"
#include "portal/Page.h"

#include <dalate/value.hpp>

#include <memory>
#include <string>
#include <string_view>

namespace dalate::gateway {

/// One page to be made.
struct PageOrder {
    std::string_view name;
    ValueView model;
    int status = 200;
    /// Stands before the portal's name in the title; empty: the template's own.
    std::string title;
    /// The page holds a form for somebody who may not be signed in: it needs a form cookie and is never kept.
    bool holdsForm = false;
    std::vector<portal::Notice> notices;
};

/// Makes pages and sends them with their fields and cookies. Safe from any thread.
class Pages {
public:
    Pages(const GatewayConfig& config, const GatewayParts& parts) : config_(config), parts_(parts) {}

    /// Sends a page of the templates in force. No transaction may be open on this thread: throws 500
    /// `core.gateway.page_in_tx`, which stands in the log then.
    void send(http::Response& response, Visitor who, const PageOrder& order,
              std::string_view ifNoneMatch = {}) const;
    /// Sends a page of a plugin's own generation of templates.
    void send(http::Response& response, Visitor who, const PageOrder& order, std::string_view ifNoneMatch,
              const std::shared_ptr<const portal::TemplateStore>& templates) const;

    /// The text of an id in the visitor's language.
    std::string text(const Visitor& who, std::string_view id, ValueView values = {}) const;

    /// One service on the home page, or one entry of the menu.
    struct Entry {
        std::string plugin;
        std::string href;
        std::string label;
        std::string note;
        std::string icon;
        std::string tone;
        bool tile = false;
        /// The service method that answers the tile's number; empty: none.
        std::string count;
    };
    /// A role in the visitor's words; its bare name where nobody has given it any.
    std::string roleName(const Visitor& who, const std::string& role) const;

    /// What the plugins that are on offer to this visitor, in order.
    std::vector<Entry> offers(const Visitor& who) const;

    /// A tile's number in the visitor's words.
    struct Count {
        std::string number; ///< grouped: 1,284; empty: none to be had now
        std::string label;
    };
    /// The numbers of the entries that are tiles, in the order of `entries`. Waits for plugins a moment at
    /// most (`services::LiveCounts`).
    std::vector<Count> counts(const Visitor& who, const std::vector<Entry>& entries) const;

private:
    portal::PageContext context(const Visitor& who, const PageOrder& order,
                                const portal::TemplateStore& texts) const;

    const GatewayConfig& config_;
    const GatewayParts& parts_;
};

} // namespace dalate::gateway
