// SPDX-License-Identifier: Apache-2.0
//
// All pages in force, composed, checked and compiled when they are loaded; rendering never reads a file,
// never parses and never looks a template up by a name found in data.
//
// A template is Mustache (kainjow's parser decides what that is) plus tags that are gone after composing:
//
//     {{t:id}}              the text of that id in the page's language, escaped; `{name}` in it
//                           becomes {{name}}
//     {{static:portal.css}} the hashed address of a static file
//     {{>components/panel}} a component, expanded in place; its {{@title}} reads `title` of the scope
//                           it stands in
//     {{>components/panel title=t:core.home.try tone="info" body=note}}
//                           the same with arguments: a text, a literal, a name. Then each {{@title}} is the
//                           argument, and a parameter that is not given counts as absent
//     {{>content}} {{>title}}  in layout.mustache: where the page goes
//     {{#?rows}}…{{/?rows}} once if `rows` is not empty or false; opens no scope. {{^?rows}} is its reverse
//
// Every file begins with a head comment; its lines are
//
//     {{! page: pages/home            (or component: components/panel)
//     layout: none                    a fragment, a label, an SVG: nothing is put around it
//     title: t:core.home.title        the page's <title>, unless code gives one
//     parameters: title, tone         of a component, checked against its {{@…}} and its callers
//     example: {"rows": [{"name": "…"} ] }   to the end of the comment: a model that a test renders;
//                                            write `} }` with a blank
//     }}
//
// Other lines of the head are free text. Names resolve in the innermost map or row and nowhere else: a row
// never shows its parent's field. A scalar section ({{#note}}…{{/note}}) opens no scope; {{.}} is the scalar.
// From anywhere, `page.x` reads the page-wide values (Page.h) and `model.x` the top of the page's own model.
//
// What a template may not do is in TemplateLint.h; how a value is escaped follows from where it stands.
#pragma once

#include "portal/Problem.h"
#include "portal/StaticFiles.h"
#include "portal/Translator.h"

#include <dalate/value.hpp>

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace dalate::portal {

class PageProgram;
struct TemplateSource;

/// An immutable snapshot of pages with the texts and files they were composed with. Held by shared_ptr; a
/// plugin's generation keeps the snapshot it was published with, so its model always meets its own templates.
/// Safe to read from any thread.
class TemplateStore {
public:
    /// The core's part: `templates` holds layout.mustache, components/, pages/, errors/; `i18n` and `statics`
    /// its texts and files. Throws PortalError with every fault.
    static std::shared_ptr<const TemplateStore> core(const std::filesystem::path& templates,
                                                     const std::filesystem::path& i18n,
                                                     const std::filesystem::path& statics);

    /// This snapshot with plugin `id` from its gathered folder (`templates/ i18n/ static/`, each may be
    /// missing) in place of what it had. Null, and all faults in `problems`, when anything is wrong with
    /// them.
    std::shared_ptr<const TemplateStore> with(std::string_view id, const std::filesystem::path& folder,
                                              Problems& problems) const;

    /// This snapshot without plugin `id`.
    std::shared_ptr<const TemplateStore> without(std::string_view id) const;

    /// The compiled page `pages/home`, `errors/404` or `<plugin>/list`; null when there is none. An unknown
    /// language reads as zh-CN.
    const PageProgram* find(std::string_view name, std::string_view language) const;

    const Translator& texts() const noexcept { return texts_; }
    const StaticFiles& statics() const noexcept { return statics_; }

    /// Names of all pages, sorted.
    std::vector<std::string> names() const;
    /// The example model of a page's head comment.
    ValueView example(std::string_view name) const;

private:
    struct Page {
        std::shared_ptr<const TemplateSource> source;
        /// By position in languages().
        std::vector<std::shared_ptr<const PageProgram>> programs;
    };
    using Sources = std::map<std::string, std::shared_ptr<const TemplateSource>, std::less<>>;

    TemplateStore() = default;
    void compose(std::string_view owner, const Sources& added, Problems& problems);

    Translator texts_;
    StaticFiles statics_;
    Sources components_;
    std::map<std::string, Page, std::less<>> pages_;
};

} // namespace dalate::portal
