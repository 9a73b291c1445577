// SPDX-License-Identifier: Apache-2.0
#include "portal/TemplateStore.h"

#include "portal/Composer.h"
#include "portal/PageProgram.h"
#include "portal/TemplateLint.h"
#include "portal/TemplateSource.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <utility>

namespace dalate::portal {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t maxTemplateBytes = 256 * 1024;
constexpr std::array<std::string_view, 5> reserved{"core", "components", "pages", "errors", "layout"};

/// Reads the templates of one folder, not below it, in the order of their names.
void readFolder(const fs::path& folder, const std::string& prefix, const std::string& shown,
                TemplateSources& into, Problems& problems) {
    std::error_code ec;
    std::vector<fs::path> files;
    for (const auto& entry : fs::directory_iterator(folder, ec))
        if (entry.path().extension() == ".mustache") files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    for (const fs::path& file : files) {
        const std::string name = prefix + file.stem().string();
        const std::string told = shown + file.filename().string();
        if (fs::file_size(file, ec) > maxTemplateBytes) {
            problems.push_back({told, 0, "the template is larger than 256 KiB", "split it"});
            continue;
        }
        std::ifstream in(file, std::ios::binary);
        const std::string text{std::istreambuf_iterator<char>(in), {}};
        if (!in) {
            problems.push_back({told, 0, "the file cannot be read", "check its rights"});
            continue;
        }
        auto source = std::make_shared<TemplateSource>(parseTemplate(name, told, text, problems));
        lint(*source, problems);
        into.emplace(name, std::move(source));
    }
}

std::size_t languageIndex(std::string_view tag) {
    const auto& all = languages();
    for (std::size_t i = 0; i < all.size(); ++i)
        if (all[i].tag == tag) return i;
    return 0;
}

} // namespace

std::shared_ptr<const TemplateStore> TemplateStore::core(const fs::path& templates, const fs::path& i18n,
                                                         const fs::path& statics) {
    Problems problems;
    auto store = std::shared_ptr<TemplateStore>(new TemplateStore);
    store->texts_ = Translator().with("core", i18n, problems);
    store->statics_ = StaticFiles().with("", statics, problems);
    Sources added;
    readFolder(templates, "", "templates/", added, problems);
    for (const char* part : {"components", "pages", "errors"})
        readFolder(templates / part, std::string(part) + "/", std::string("templates/") + part + "/", added,
                   problems);
    if (const auto layout = added.find("layout"); layout != added.end()) {
        store->components_.insert(*layout);
        added.erase(layout);
    } else {
        problems.push_back(
            {"templates/layout.mustache", 0, "there is no layout", "install the core's templates"});
    }
    store->compose("core", added, problems);
    if (!problems.empty()) throw PortalError(std::move(problems));
    return store;
}

std::shared_ptr<const TemplateStore> TemplateStore::with(std::string_view id, const fs::path& folder,
                                                         Problems& problems) const {
    const std::size_t before = problems.size();
    if (std::find(reserved.begin(), reserved.end(), id) != reserved.end()) {
        problems.push_back(
            {std::string(id), 0, "the plugin's id is a name of the portal's own", "choose another id"});
        return nullptr;
    }
    const std::string own = std::string(id) + "/";
    auto store = std::shared_ptr<TemplateStore>(new TemplateStore(*without(id)));
    store->texts_ = texts_.with(id, folder / "i18n", problems);
    store->statics_ = statics_.with(id, folder / "static", problems);
    Sources added;
    readFolder(folder / "templates", own, own + "templates/", added, problems);
    store->compose(id, added, problems);
    if (problems.size() > before) return nullptr;
    return store;
}

std::shared_ptr<const TemplateStore> TemplateStore::without(std::string_view id) const {
    auto store = std::shared_ptr<TemplateStore>(new TemplateStore(*this));
    const std::string own = std::string(id) + "/";
    std::erase_if(store->pages_, [&](const auto& entry) { return entry.first.starts_with(own); });
    std::erase_if(store->components_, [&](const auto& entry) { return entry.first.starts_with(own); });
    store->texts_ = texts_.without(id);
    store->statics_ = statics_.without(id);
    return store;
}

void TemplateStore::compose(std::string_view owner, const Sources& added, Problems& problems) {
    for (const auto& [name, source] : added)
        if (source->component) components_[name] = source;
    for (const auto& [name, source] : added) {
        Page page;
        page.source = source;
        // Components are composed as well, each as a page of its own: so their faults are found here and not
        // by the first plugin that uses them, and their examples can be rendered.
        for (const Language& language : languages())
            page.programs.push_back(
                Composer(owner, language.tag, components_, texts_, statics_, problems).compose(*source));
        pages_[name] = std::move(page);
    }
}

const PageProgram* TemplateStore::find(std::string_view name, std::string_view language) const {
    const auto page = pages_.find(name);
    return page == pages_.end() ? nullptr : page->second.programs[languageIndex(language)].get();
}

std::vector<std::string> TemplateStore::names() const {
    std::vector<std::string> all;
    for (const auto& [name, page] : pages_)
        all.push_back(name);
    return all;
}

ValueView TemplateStore::example(std::string_view name) const {
    const auto page = pages_.find(name);
    return page == pages_.end() ? ValueView() : page->second.source->example.view();
}

} // namespace dalate::portal
