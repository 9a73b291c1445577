// SPDX-License-Identifier: Apache-2.0
//
// A composed page in the form it is rendered from: a row of small operations over one pool of bytes.
//
//     markup   copy bytes of the pool
//     value    look a path up, escape it as its place asks, append it
//     section  look a path up; false: go on behind `end`; list: run the inside once a row, each row its own
//     scope;
//              map: run it with the map as scope; other: run it in the same scope, the value as `.`
//     inverted run the inside when the path is false
//     once     as section, but neither repeats nor opens a scope
//
// kainjow's parser reads the Mustache, so its grammar is the grammar. Its renderer is not used: it looks each
// partial up in the data, parses lambdas' results, falls back to the parent's fields and keeps state in the
// tree, so that every thread would need its own copy of every page in every language.
#pragma once

#include "portal/TemplateSource.h"

#include <dalate/value.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace dalate::portal {

/// Immutable; rendered by any number of threads at once.
class PageProgram {
public:
    /// Markup and tags in their order, gathered while a page is composed.
    class Builder {
    public:
        void markup(std::string_view bytes);
        void value(std::string_view name, Escape escape);
        void open(std::string_view name, Piece::Kind kind, bool once);
        void close(std::string_view name, bool once);

        /// Bytes of markup so far.
        std::size_t size() const noexcept;
        /// Parses what was gathered. On failure returns null and says why in `why`.
        std::shared_ptr<const PageProgram> build(std::string& why);

    private:
        void flush();

        std::string pending_;
        std::string mustache_;
        std::string pool_;
        std::vector<std::pair<std::uint32_t, std::uint32_t>> runs_;
        bool preformatted_ = false;
    };

    /// What a render reads: the page's own model, and the page-wide values.
    struct Input {
        ValueView model;
        ValueView page;
        std::string_view baseUrl;
    };

    /// Appends the page to `out`. Values that may not stand where they are asked for (an address with another
    /// scheme, `html_` values that are no plain SVG) are left out and logged as
    /// `core.template.value_refused`.
    void render(const Input& input, std::string& out) const;

    /// Bytes that this program holds.
    std::size_t footprint() const noexcept;

private:
    enum class Do : std::uint8_t { markup, value, section, inverted, once };
    enum class Root : std::uint8_t { scope, self, page, model };

    struct Operation {
        Do what;
        Escape escape;
        /// Markup: offset into the pool. Otherwise index into paths_.
        std::uint32_t a;
        /// Markup: length. Sections: index behind the last operation inside.
        std::uint32_t b;
    };
    struct Path {
        Root root;
        std::uint32_t first;
        std::uint32_t count;
    };
    struct Scope {
        ValueView names;
        ValueView self;
    };
    struct Span {
        std::uint32_t offset;
        std::uint32_t length;
    };
    class Compiler;

    ValueView find(std::uint32_t path, const Scope& scope, const Input& input) const;
    void run(std::uint32_t from, std::uint32_t to, const Scope& scope, const Input& input,
             std::string& out) const;
    void put(ValueView value, Escape escape, const Input& input, std::string& out) const;

    std::string pool_;
    std::vector<Operation> operations_;
    std::vector<Path> paths_;
    std::vector<Span> segments_;
};

} // namespace dalate::portal
