// SPDX-License-Identifier: Apache-2.0
#include "http/PartHeadReader.h"

#include "base/Utf8.h"
#include "http/HeadParser.h"

#include <algorithm>

namespace dalate::http {

namespace {

Error malformed(std::string_view reason) {
    return Error(400, "core.form.multipart", Value::map([&](MapWriter& m) { m.set("reason", reason); }));
}

std::string_view trimmed(std::string_view text) noexcept {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t'))
        text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t'))
        text.remove_suffix(1);
    return text;
}

bool isPlainText(std::string_view text) noexcept {
    return findInvalidUtf8(text) == std::string_view::npos &&
           std::none_of(text.begin(), text.end(),
                        [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

/// Undoes what browsers do to a quote and to line ends in a name (WHATWG HTML, 4.10.21.8), and nothing else:
/// any other percent sign is the user's own.
std::string unescaped(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) {
        const std::string_view three = text.substr(0, 3);
        const bool quote = three == "%22";
        const bool lineEnd = equalsIgnoringCase(three, "%0d") || equalsIgnoringCase(three, "%0a");
        if (quote)
            out.push_back('"');
        else if (lineEnd)
            out.push_back(three[2] == 'd' || three[2] == 'D' ? '\r' : '\n');
        else
            out.push_back(text.front());
        text.remove_prefix(quote || lineEnd ? 3 : 1);
    }
    return out;
}

struct Disposition {
    std::optional<std::string> name, fileName;
};

Result<Disposition> readDisposition(std::string_view value) {
    const std::size_t semicolon = value.find(';');
    if (!equalsIgnoringCase(trimmed(value.substr(0, semicolon)), "form-data"))
        return malformed("disposition");
    std::string_view rest = semicolon == std::string_view::npos ? "" : value.substr(semicolon);
    Disposition found;
    while (!(rest = trimmed(rest)).empty()) {
        if (rest.front() != ';') return malformed("disposition");
        rest = trimmed(rest.substr(1));
        const std::size_t equals = rest.find('=');
        if (equals == std::string_view::npos || !isToken(rest.substr(0, equals)))
            return malformed("disposition");
        const std::string_view parameter = rest.substr(0, equals);
        rest.remove_prefix(equals + 1);
        const auto raw = takeParameterValue(rest);
        if (!raw) return malformed("disposition");
        if (equalsIgnoringCase(parameter, "filename*") || equalsIgnoringCase(parameter, "name*"))
            return malformed("extended_name");
        const bool name = equalsIgnoringCase(parameter, "name");
        if (!name && !equalsIgnoringCase(parameter, "filename")) continue;
        std::optional<std::string>& target = name ? found.name : found.fileName;
        if (target) return malformed("doubled");
        std::string text = unescaped(*raw);
        if (!isPlainText(text)) return malformed("name");
        target = std::move(text);
    }
    if (!found.name || found.name->empty()) return malformed("name");
    return found;
}

bool keepsContent(std::string_view encoding) noexcept {
    return equalsIgnoringCase(encoding, "binary") || equalsIgnoringCase(encoding, "8bit") ||
           equalsIgnoringCase(encoding, "7bit");
}

} // namespace

std::optional<std::string_view> takeParameterValue(std::string_view& text) {
    std::size_t size = 0;
    if (text.starts_with('"')) {
        const std::size_t end = text.find('"', 1);
        if (end == std::string_view::npos) return std::nullopt;
        const std::string_view value = text.substr(1, end - 1);
        if (value.find('\\') != std::string_view::npos) return std::nullopt;
        text.remove_prefix(end + 1);
        if (!text.empty() && text.front() != ';' && text.front() != ' ' && text.front() != '\t')
            return std::nullopt;
        return value;
    }
    while (size < text.size() && isToken(text.substr(size, 1)))
        ++size;
    if (size == 0) return std::nullopt;
    const std::string_view value = text.substr(0, size);
    text.remove_prefix(size);
    return value;
}

Result<PartHead> readPartHead(std::string_view lines, const MultipartLimits& limits) {
    PartHead head;
    std::optional<Disposition> disposition;
    bool typed = false;
    std::size_t fields = 0;
    while (!lines.empty()) {
        const std::size_t end = lines.find("\r\n");
        if (end == std::string_view::npos) return malformed("line_end");
        const std::string_view line = lines.substr(0, end);
        lines.remove_prefix(end + 2);
        if (++fields > limits.headFields) return malformed("fields");
        const std::size_t colon = line.find(':');
        if (colon == std::string_view::npos || !isToken(line.substr(0, colon))) return malformed("field");
        const std::string_view name = line.substr(0, colon);
        const std::string_view value = trimmed(line.substr(colon + 1));
        if (!isFieldValue(value)) return malformed("field");
        if (equalsIgnoringCase(name, "Content-Disposition")) {
            if (disposition) return malformed("doubled");
            auto read = readDisposition(value);
            if (!read) return read.error();
            disposition = std::move(*read);
        } else if (equalsIgnoringCase(name, "Content-Type")) {
            if (std::exchange(typed, true)) return malformed("doubled");
            head.contentType = value;
        } else if (equalsIgnoringCase(name, "Content-Transfer-Encoding") && !keepsContent(value)) {
            return malformed("encoding");
        }
    }
    if (!disposition) return malformed("disposition");
    head.name = std::move(*disposition->name);
    head.fileName = std::move(disposition->fileName);
    return head;
}

} // namespace dalate::http
