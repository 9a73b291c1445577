// SPDX-License-Identifier: Apache-2.0
#include "services/forms/Contact.h"

#include <algorithm>

namespace dalate::services::forms {
namespace {

bool isDigit(char c) noexcept {
    return c >= '0' && c <= '9';
}

bool isLetterOrDigit(char c) noexcept {
    return isDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// 010 and 02x have three digits, the others four (YD/T 1205).
std::optional<std::string> landline(std::string_view digits, std::string_view extension) {
    if (digits.size() < 10 || digits[1] == '0') return std::nullopt;
    const std::size_t area = digits[1] == '1' || digits[1] == '2' ? 3 : 4;
    const std::string_view local = digits.substr(area);
    if (local.size() < 7 || local.size() > 8 || local[0] == '0' || local[0] == '1') return std::nullopt;
    std::string number = std::string(digits.substr(0, area)) + "-" + std::string(local);
    if (!extension.empty()) number.append("-").append(extension);
    return number;
}

bool isLabel(std::string_view label) noexcept {
    return !label.empty() && label.size() <= 63 && isLetterOrDigit(label.front()) &&
           isLetterOrDigit(label.back()) &&
           std::all_of(label.begin(), label.end(), [](char c) { return isLetterOrDigit(c) || c == '-'; });
}

bool isDomain(std::string_view domain) noexcept {
    int labels = 0;
    for (;; ++labels) {
        const std::size_t dot = domain.find('.');
        if (!isLabel(domain.substr(0, dot))) return false;
        if (dot == domain.npos) return labels > 0;
        domain.remove_prefix(dot + 1);
    }
}

} // namespace

std::optional<std::string> parsePhone(std::string_view text) {
    bool abroad = text.starts_with('+');
    if (abroad) text.remove_prefix(1);
    // An extension is what follows a second hyphen or 转: 0477-3123456-801.
    std::string digits, extension;
    std::size_t hyphens = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (isDigit(c)) {
            (extension.empty() && hyphens < 2 ? digits : extension).push_back(c);
        } else if (c == '-' && !digits.empty()) {
            ++hyphens;
        } else if (text.substr(i).starts_with("转") && digits.size() >= 10) {
            hyphens = 2;
            i += std::string_view("转").size() - 1;
        } else if (c != ' ' && c != '(' && c != ')') {
            return std::nullopt;
        }
    }
    // 139-1234-5678 and 400-800-1234 are written with two hyphens and have no extension.
    const bool mobile = digits.starts_with('1') && digits.size() + extension.size() == 11;
    if (mobile || ((digits.starts_with("400") || digits.starts_with("800")) && digits.size() < 10)) {
        digits += extension;
        extension.clear();
    }
    if (digits.starts_with("00")) {
        abroad = true;
        digits.erase(0, 2);
    }
    if (abroad && digits.starts_with("86")) {
        abroad = false;
        digits.erase(0, 2);
        if (!digits.starts_with('1') && !digits.starts_with('0')) digits.insert(0, "0");
    }
    if (digits.size() + extension.size() > 18 || extension.size() > 6) return std::nullopt;
    if (abroad) {
        const bool plausible =
            digits.size() >= 7 && digits.size() <= 15 && digits[0] != '0' && extension.empty();
        return plausible ? std::optional("+" + digits) : std::nullopt;
    }
    if (digits.size() == 11 && digits[0] == '1')
        return digits[1] >= '3' && extension.empty() ? std::optional(digits) : std::nullopt;
    if (digits.size() == 10 && (digits.starts_with("400") || digits.starts_with("800")))
        return extension.empty() ? std::optional(digits) : std::nullopt;
    if (digits.starts_with('0')) return landline(digits, extension);
    return std::nullopt;
}

std::optional<std::string> parseEmail(std::string_view text) {
    const std::size_t at = text.find('@');
    if (at == text.npos || at == 0 || at > 64 || text.size() > 254) return std::nullopt;
    const std::string_view local = text.substr(0, at);
    const bool plain = std::all_of(local.begin(), local.end(), [](char c) {
        return isLetterOrDigit(c) ||
               std::string_view(".!#$%&'*+/=?^_`{|}~-").find(c) != std::string_view::npos;
    });
    if (!plain || !isDomain(text.substr(at + 1))) return std::nullopt;
    return std::string(text);
}

} // namespace dalate::services::forms
