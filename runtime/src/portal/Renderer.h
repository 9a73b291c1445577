// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "portal/Page.h"
#include "portal/TemplateStore.h"

#include <dalate/value.hpp>

#include <memory>
#include <string>
#include <string_view>

namespace dalate::portal {

/// Makes pages of models. Cheap to construct: it is one pointer to a snapshot. Safe to use from any thread.
class Renderer {
public:
    explicit Renderer(std::shared_ptr<const TemplateStore> store);

    /// The page `name` (`pages/home`, `errors/404`, `<plugin>/list`) in the context's language as HTML
    /// (UTF-8). `model` is a map and only read. Throws Error 500 `core.template.unknown` when there is no
    /// such page.
    std::string page(std::string_view name, ValueView model, const PageContext& context) const;

    const TemplateStore& store() const noexcept { return *store_; }

private:
    std::shared_ptr<const TemplateStore> store_;
};

} // namespace dalate::portal
