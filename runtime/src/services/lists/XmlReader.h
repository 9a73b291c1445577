// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <string_view>

namespace dalate::services::lists {

/// The attributes of an element that has just begun: name and value by turns, ended by null.
class XmlAttributes {
public:
    explicit XmlAttributes(const char** all) noexcept : all_(all) {}
    /// By name with its prefix; empty where there is none.
    std::string_view operator[](std::string_view name) const noexcept;

private:
    const char** all_;
};

/// What is told of an XML document. Names come without their prefix. The calls may throw; the reading then
/// ends with that.
struct XmlEars {
    std::function<void(std::string_view name, const XmlAttributes&)> begin;
    std::function<void(std::string_view name)> end;
    std::function<void(std::string_view text)> text;
};

/// Reads one XML document that comes in pieces (expat). A document type is refused. Throws `Error` 422
/// `core.import.unreadable` (details: fault `xml`). One thread.
class XmlReader {
public:
    explicit XmlReader(XmlEars ears);
    ~XmlReader();
    XmlReader(const XmlReader&) = delete;
    XmlReader& operator=(const XmlReader&) = delete;

    void add(std::string_view piece);
    /// The document must have ended.
    void finish();

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

} // namespace dalate::services::lists
