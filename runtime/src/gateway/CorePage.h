// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/Visitor.h"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace dalate::gateway {

/// A page or an act of the core itself: sign-in, the operator's and the bureau's pages.
struct CorePage {
    /// A role that everybody who is signed in has.
    static constexpr std::string_view anybodySignedIn = "*";

    std::string method;
    /// `/admin/plugins/{id}/load`: a segment in braces takes one segment.
    std::string path;
    /// The role that it is for; to everybody else it does not exist. Empty: for everybody;
    /// `anybodySignedIn`: for whoever has a session.
    std::string role;
    /// Answers; what it throws becomes a refusal. Unsafe methods come with their CSRF token checked.
    std::function<void(Visit&)> answer;
    /// Octets of its body, from whom the runtime knows; everybody else may send 64 KiB.
    std::uint64_t maxBody = 64 * 1024;
    /// Whether a form may bring files (`Visit::uploads`).
    bool takesFiles = false;
    /// The fields whose files are taken from this visitor: asked with the form read and before any file is
    /// looked at; the others' files are left unread. What it throws becomes a refusal. None: every field's.
    std::function<std::vector<std::string>(Visit&)> fileFields{};
};

/// The core's pages by path. Filled at start, then only read.
class CorePages {
public:
    void add(CorePage page);

    struct Found {
        const CorePage* page = nullptr;
        std::vector<std::pair<std::string, std::string>> params;
        /// Of a path that exists, the methods, as in the Allow field; empty: no such path.
        std::string allow;
        /// Any of the pages behind the path, where the method is not allowed: whether it may be known is its
        /// role's.
        const CorePage* beside = nullptr;
    };
    /// HEAD finds GET's page.
    Found find(std::string_view method, std::string_view path) const;

private:
    std::vector<CorePage> pages_;
};

} // namespace dalate::gateway
