// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "portal/PageProgram.h"
#include "portal/StaticFiles.h"
#include "portal/TemplateSource.h"
#include "portal/Translator.h"

#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace dalate::portal {

using TemplateSources = std::map<std::string, std::shared_ptr<const TemplateSource>, std::less<>>;

/// Puts one page together in one language: layout around it, components and texts in place, and compiles it.
/// Used by one thread for one composition; everything it refers to must outlive it.
class Composer {
public:
    /// `components` holds `layout` and all components in force; `owner` may use those of the core and its
    /// own.
    Composer(std::string_view owner, std::string_view language, const TemplateSources& components,
             const Translator& texts, const StaticFiles& statics, Problems& problems);

    /// Null when it added to the problems.
    std::shared_ptr<const PageProgram> compose(const TemplateSource& page);

private:
    /// How `{{@name}}` is read in the component at hand.
    struct Parameters {
        /// True: from the scope. False: from `given`, absent when not there.
        bool fromScope = true;
        std::map<std::string, Argument, std::less<>> given;
    };

    /// Where a text goes. In content, one borrowed from another language says so (WCAG 2.2, 3.1.2).
    struct Place {
        Escape escape;
        bool inContent;
    };

    void fault(const TemplateSource& source, int line, std::string what, std::string remedy);
    void range(const TemplateSource& source, std::size_t from, std::size_t to, const Parameters& parameters);
    void value(const TemplateSource& source, const Piece& piece, const Parameters& parameters);
    void section(const TemplateSource& source, std::size_t at, const Parameters& parameters);
    void partial(const TemplateSource& source, const Piece& piece, const Parameters& parameters);
    void title();
    void text(const TemplateSource& source, int line, std::string_view id, Place place);
    void literal(const TemplateSource& source, int line, std::string_view bytes, Escape escape);
    Parameters arguments(const TemplateSource& source, const Piece& piece, const TemplateSource& component,
                         const Parameters& outer);

    std::string_view owner_;
    std::string_view language_;
    const TemplateSources& components_;
    const Translator& texts_;
    const StaticFiles& statics_;
    Problems& problems_;
    std::size_t faults_ = 0;
    const TemplateSource* page_ = nullptr;
    std::vector<std::string_view> open_;
    PageProgram::Builder builder_;
};

} // namespace dalate::portal
