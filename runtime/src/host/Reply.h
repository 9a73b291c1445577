// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <dalate/value.hpp>

#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace dalate::portal {
class TemplateStore;
}

namespace dalate::host {

/// What a call answered. Everything in it is the host's own memory: the plugin's lease may end.
struct Reply {
    enum class Form {
        none,    ///< nothing was answered
        bytes,   ///< `status`, `contentType`, `body`
        page,    ///< `status`, `page`, `model`: to be rendered
        value,   ///< `model` is the result of a job or a service call
        failure, ///< `status`, `messageId`, `model` as the text's values
    };
    /// Octets of body or model that one reply may hold; more is refused with 507.
    static constexpr std::size_t cap = 64u << 20;

    Form form = Form::none;
    int status = 0;
    std::string contentType;
    std::string body;
    /// Template name, `<plugin>/<page>`.
    std::string page;
    /// Of a page: the snapshot that holds the templates of the plugin's own generation.
    std::shared_ptr<const portal::TemplateStore> templates;
    Value model;
    std::string messageId;
    /// In the order set; checked by `HeaderRules`, so they can go out as they are.
    std::vector<std::pair<std::string, std::string>> headers;

    bool failed() const noexcept { return form == Form::failure; }
};

} // namespace dalate::host
