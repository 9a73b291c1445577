// SPDX-License-Identifier: Apache-2.0
#include "support/Page.h"

#include <array>
#include <string_view>
#include <utility>

namespace dalate::testing {

namespace {

std::vector<std::string> cells(const std::string& row) {
    std::vector<std::string> all;
    for (std::size_t at = row.find("<td"); at != std::string::npos; at = row.find("<td", at + 1)) {
        std::string text;
        bool tag = false;
        for (const char c : row.substr(at, row.find("</td>", at) - at)) {
            if (c == '<') tag = true;
            if (!tag) text += c;
            if (c == '>') tag = false;
        }
        all.push_back(unescaped(text));
    }
    return all;
}

} // namespace

std::string unescaped(const std::string& html) {
    static constexpr std::array<std::pair<std::string_view, char>, 9> known = {{
        {"&amp;", '&'},
        {"&lt;", '<'},
        {"&gt;", '>'},
        {"&quot;", '"'},
        {"&apos;", '\''},
        {"&#39;", '\''},
        {"&#x27;", '\''},
        {"&#x2F;", '/'},
        {"&#34;", '"'},
    }};
    std::string text;
    for (std::size_t at = 0; at < html.size();) {
        std::size_t step = 0;
        for (const auto& [written, meant] : known)
            if (html.compare(at, written.size(), written) == 0) {
                text += meant;
                step = written.size();
                break;
            }
        if (step == 0) text += html[at];
        at += step == 0 ? 1 : step;
    }
    return text;
}

std::string mainOf(const std::string& page) {
    return between(page, "<main", "</main>");
}

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

std::size_t countOf(const std::string& text, const std::string& part) {
    std::size_t count = 0;
    for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + part.size()))
        ++count;
    return count;
}

std::string between(const std::string& text, const std::string& before, const std::string& after,
                    std::size_t from) {
    const std::size_t start = text.find(before, from);
    if (start == std::string::npos) return {};
    const std::size_t end = text.find(after, start + before.size());
    return end == std::string::npos ? std::string()
                                    : text.substr(start + before.size(), end - start - before.size());
}

std::vector<std::vector<std::string>> tableIn(const std::string& html) {
    std::vector<std::vector<std::string>> rows;
    const std::string body = between(html, "<tbody>", "</tbody>");
    for (std::size_t at = body.find("<tr"); at != std::string::npos; at = body.find("<tr", at + 1))
        rows.push_back(cells(body.substr(at, body.find("</tr>", at) - at)));
    return rows;
}

std::vector<std::string> choices(const std::string& page, const std::string& name) {
    const std::string select = between(page, "<select id=\"f-" + name + "\"", "</select>");
    std::vector<std::string> values;
    for (std::size_t at = select.find("<option"); at != std::string::npos;
         at = select.find("<option", at + 1))
        if (const std::string value = unescaped(between(select, "value=\"", "\"", at)); !value.empty())
            values.push_back(value);
    return values;
}

} // namespace dalate::testing
