// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <string>

#include <dalate/call.hpp>

namespace dalate {

/// A request to one of the plugin's routes. The host has checked access, the CSRF token, the body's size and
/// type, and the declared query parameters before the handler sees it.
class Request : public Call {
public:
    using Call::Call;

    std::string_view method() const { return text(DALATE_FIELD_METHOD).value_or(""); }
    /// As sent, without the query.
    std::string_view path() const { return text(DALATE_FIELD_PATH).value_or(""); }
    /// A parameter of the route's path, percent-decoded: "/lots/{lot}" has `param("lot")`.
    std::string_view param(std::string_view name) const {
        return text(DALATE_FIELD_PARAM, name).value_or("");
    }
    /// First value of a query parameter.
    std::optional<std::string_view> query(std::string_view name) const {
        return text(DALATE_FIELD_QUERY, name);
    }
    /// First value of a form field.
    std::optional<std::string_view> form(std::string_view name) const {
        return text(DALATE_FIELD_FORM, name);
    }
    /// A request header; any case.
    std::optional<std::string_view> header(std::string_view name) const {
        return text(DALATE_FIELD_HEADER, name);
    }

    /// All query parameters and all form fields: a map of lists of texts.
    ValueView queries() const { return part(DALATE_PART_QUERY); }
    ValueView formFields() const { return part(DALATE_PART_FORM); }

    /// The files of a multipart body, in the form's order; `files::uploads` gives them types.
    ValueView uploads() const { return part(DALATE_PART_UPLOADS); }

    /// The body as JSON, parsed strictly by the host. Throws 400 where it is not JSON.
    ValueView json() const { return part(DALATE_PART_JSON); }

    std::int64_t bodySize() const noexcept { return table().body_size(handle()); }
    /// Bytes of the body from `offset`, at most `most`; short only at the end.
    std::string_view readBody(std::int64_t offset, std::size_t most) const {
        dalate_str out{};
        check(table().body_read(handle(), offset, most, &out));
        return detail::view(out);
    }
    /// The whole body. Its size is bounded by the route's declared `body.max`.
    std::string body() const {
        constexpr std::size_t step = 1u << 18;
        std::string whole;
        const std::int64_t size = bodySize();
        while (static_cast<std::int64_t>(whole.size()) < size) {
            const std::string_view bytes = readBody(static_cast<std::int64_t>(whole.size()), step);
            if (bytes.empty()) break;
            whole.append(bytes);
        }
        return whole;
    }
};

} // namespace dalate
