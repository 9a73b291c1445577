// SPDX-License-Identifier: Apache-2.0
#include "plugin/ElfProbe.h"

#include <dalate/abi.h>

#include <algorithm>
#include <array>
#include <string_view>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || defined(DALATE_SANITIZED)
#define DALATE_ALLOW_SANITIZERS 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) ||                                   \
    __has_feature(undefined_behavior_sanitizer)
#define DALATE_ALLOW_SANITIZERS 1
#endif
#endif

namespace dalate::plugin {
namespace {

constexpr std::string_view entry = "dalate_plugin_v1_get";

/// The loader is among them because std::call_once and thread-local data need it.
constexpr std::array<std::string_view, 6> runtimeLibraries = {"libc.so.6",
                                                              "libm.so.6",
                                                              "libstdc++.so.6",
                                                              "libgcc_s.so.1",
                                                              "ld-linux-x86-64.so.2",
                                                              "ld-linux-aarch64.so.1"};

bool isAllowed(const std::string& library, std::span<const std::string> more) {
    if (std::find(runtimeLibraries.begin(), runtimeLibraries.end(), library) != runtimeLibraries.end())
        return true;
#ifdef DALATE_ALLOW_SANITIZERS
    for (const std::string_view prefix : {"libasan.so", "libubsan.so", "libtsan.so", "liblsan.so"})
        if (library.starts_with(prefix)) return true;
#endif
    return std::find(more.begin(), more.end(), library) != more.end();
}

/// The first names of a list, and how many there are: hundreds help nobody.
Value listed(const std::vector<std::string>& names) {
    return Value::map([&](MapWriter& m) {
        std::string text;
        for (std::size_t i = 0; i < names.size() && i < 8; ++i)
            text += (i ? ", " : "") + names[i];
        m.set("names", names.size() > 8 ? text + ", …" : text).set("count", names.size());
    });
}

void judgeNote(const ElfReport& report, Problems& problems) {
    if (report.notes.empty()) {
        problems.emplace_back("core.elf.no_note", "");
        return;
    }
    if (report.notes.size() > 1) {
        problems.emplace_back("core.elf.many_notes", "");
        return;
    }
    const ElfNote& note = report.notes.front();
    const Value numbers = Value::map([&](MapWriter& m) {
        m.set("plugin", std::to_string(note.major) + "." + std::to_string(note.minor))
            .set("runtime", std::to_string(DALATE_ABI_MAJOR) + "." + std::to_string(DALATE_ABI_MINOR))
            .set("sdk", note.sdk);
    });
    if (note.major != DALATE_ABI_MAJOR)
        problems.emplace_back("core.elf.other_major", "", numbers);
    else if (note.minor > DALATE_ABI_MINOR)
        problems.emplace_back("core.elf.newer_minor", "", numbers);
    else if (DALATE_ABI_MAJOR == 0 && note.minor != DALATE_ABI_MINOR)
        problems.emplace_back("core.elf.older_minor", "", numbers);
}

} // namespace

Problems judge(const ElfReport& report, std::span<const std::string> libraries) {
    Problems problems;
    judgeNote(report, problems);

    std::vector<std::string> foreign;
    for (const std::string& library : report.needed)
        if (!isAllowed(library, libraries)) foreign.push_back(library);
    if (!foreign.empty()) problems.emplace_back("core.elf.library", "", listed(foreign));

    std::vector<std::string> extra;
    for (const std::string& symbol : report.exported)
        if (symbol != entry) extra.push_back(symbol);
    if (!extra.empty()) problems.emplace_back("core.elf.exports", "", listed(extra));
    if (std::find(report.exported.begin(), report.exported.end(), entry) == report.exported.end())
        problems.emplace_back("core.elf.no_entry", "");

    if (!report.unique.empty()) problems.emplace_back("core.elf.unique", "", listed(report.unique));
    if (!report.hostImports.empty())
        problems.emplace_back("core.elf.host_import", "", listed(report.hostImports));
    if (!report.searchPaths.empty())
        problems.emplace_back("core.elf.search_path", "", listed(report.searchPaths));
    if (report.textRelocations) problems.emplace_back("core.elf.text_relocations", "");
    if (report.executableStack) problems.emplace_back("core.elf.executable_stack", "");
    return problems;
}

} // namespace dalate::plugin
