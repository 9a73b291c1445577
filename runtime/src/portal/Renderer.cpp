// SPDX-License-Identifier: Apache-2.0
#include "portal/Renderer.h"

#include "base/Result.h"
#include "portal/PageProgram.h"

#include <utility>

namespace dalate::portal {

Renderer::Renderer(std::shared_ptr<const TemplateStore> store) : store_(std::move(store)) {}

std::string Renderer::page(std::string_view name, ValueView model, const PageContext& context) const {
    const PageProgram* program = store_->find(name, context.language);
    if (program == nullptr)
        throw Error(500, "core.template.unknown", Value::map([&](MapWriter& m) { m.set("template", name); }));
    const Value page = context.value();
    std::string out;
    out.reserve(16 * 1024);
    program->render({model, page.view(), context.baseUrl}, out);
    return out;
}

} // namespace dalate::portal
