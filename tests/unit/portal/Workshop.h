// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/Json.h"
#include "portal/Renderer.h"

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <string_view>

#include <unistd.h>

namespace dalate::portal::test {

/// A folder of templates, texts and assets in the temporary directory, gone with the object.
class Workshop {
public:
    Workshop() {
        std::string pattern = (std::filesystem::temp_directory_path() / "portal-XXXXXX").string();
        root_ = ::mkdtemp(pattern.data());
        write("static/portal.css", "body{}");
        write("i18n/zh-CN.json",
              R"({"core.name": "名", "core.hello": "你好，{who}", "core.odd": "<b>\"'&"})");
        write("i18n/en.json",
              R"({"core.name": "Name", "core.hello": "Hello, {who}", "core.odd": "<b>\"'&"})");
        write("templates/layout.mustache",
              head("page: layout") + "<html><title>{{>title}}</title><main>{{>content}}</main></html>");
        write("templates/components/csrf.mustache",
              head("component: components/csrf") +
                  "<input type=\"hidden\" name=\"csrf\" value=\"{{page.csrf}}\">");
    }
    ~Workshop() {
        std::error_code ec;
        std::filesystem::remove_all(root_, ec);
    }
    Workshop(const Workshop&) = delete;
    Workshop& operator=(const Workshop&) = delete;

    const std::filesystem::path& root() const { return root_; }

    void write(const std::string& name, std::string_view text) const {
        const auto file = root_ / name;
        std::filesystem::create_directories(file.parent_path());
        std::ofstream(file, std::ios::binary) << text;
    }

    static std::string head(const std::string& fields) { return "{{! " + fields + "\nexample: {}\n}}\n"; }

    void page(const std::string& name, const std::string& body,
              const std::string& fields = "layout: none\n") const {
        write("templates/pages/" + name + ".mustache",
              "{{! page: pages/" + name + "\n" + fields + "example: {}\n}}\n" + body);
    }
    void component(const std::string& name, const std::string& body,
                   const std::string& parameters = "") const {
        write("templates/components/" + name + ".mustache", "{{! component: components/" + name +
                                                                "\nparameters: " + parameters +
                                                                "\nexample: {}\n}}\n" + body);
    }

    std::shared_ptr<const TemplateStore> store() const {
        return TemplateStore::core(root_ / "templates", root_ / "i18n", root_ / "static");
    }
    /// What refuses the core, one problem a line; empty when it loads.
    std::string refusal() const {
        try {
            store();
            return {};
        } catch (const PortalError& error) {
            return error.what();
        }
    }
    std::string render(const std::string& name, std::string_view json, PageContext context = {}) const {
        return Renderer(store()).page("pages/" + name, model(json), context);
    }
    /// One page of that body, rendered.
    std::string rendered(const std::string& body, std::string_view json, PageContext context = {}) const {
        page("probe", body);
        return render("probe", json, std::move(context));
    }
    static Value model(std::string_view json) { return json::parse(json).take(); }

private:
    std::filesystem::path root_;
};

} // namespace dalate::portal::test
