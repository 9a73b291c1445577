// SPDX-License-Identifier: Apache-2.0
#include "plugin/Catalog.h"

#include "base/Log.h"
#include "base/Sha256.h"
#include "plugin/ElfProbe.h"
#include "plugin/FolderSeal.h"
#include "plugin/LibraryCache.h"

#include <algorithm>

namespace dalate::plugin {
namespace {

#if defined(__aarch64__)
constexpr const char* triplet = "aarch64-linux-gnu";
#else
constexpr const char* triplet = "x86_64-linux-gnu";
#endif

} // namespace

std::filesystem::path libraryPath(const std::filesystem::path& folder) {
    return folder / "bin" / triplet / "plugin.so";
}

std::vector<Candidate> Catalog::scan() const {
    std::vector<Candidate> found;
    for (const std::filesystem::path& home : folders_) {
        std::error_code fault;
        for (std::filesystem::directory_iterator at(home, fault), end; !fault && at != end;
             at.increment(fault)) {
            if (!std::filesystem::is_regular_file(at->path() / "plugin.json")) continue;
            const std::string id = at->path().filename().string();
            const auto same =
                std::find_if(found.begin(), found.end(), [&](const Candidate& c) { return c.id == id; });
            if (same == found.end())
                found.push_back(look(at->path()));
            else
                log::warning("core.plugin.shadowed", Value::map([&](MapWriter& m) {
                                 m.set("plugin", id)
                                     .set("folder", at->path().string())
                                     .set("used", same->folder.string());
                             }));
        }
        if (fault)
            log::warning("core.plugin.folder", Value::map([&](MapWriter& m) {
                             m.set("folder", home.string()).set("what", fault.message());
                         }));
    }
    std::sort(found.begin(), found.end(), [](const Candidate& a, const Candidate& b) { return a.id < b.id; });
    return found;
}

Candidate Catalog::look(const std::filesystem::path& folder) const {
    Candidate c;
    c.id = folder.filename().string();
    c.folder = std::filesystem::absolute(folder);
    try {
        const FolderContent content = contentOf(folder);
        c.problems = content.problems;
        c.digest = content.digest();
        for (Problem& p : checkSeal(folder, content))
            c.problems.push_back(std::move(p));
        ManifestReader::Outcome read = reader_.read(readFile(folder / "plugin.json", 1u << 20));
        c.manifest = std::move(read.manifest);
        for (Problem& p : read.problems)
            c.problems.push_back(std::move(p));
        if (c.manifest && c.manifest->id != c.id)
            c.problems.emplace_back("core.plugin.folder_name", "$.id", Value::map([&](MapWriter& m) {
                                        m.set("id", c.manifest->id).set("folder", c.id);
                                    }));
        if (std::filesystem::exists(libraryPath(folder))) {
            const std::string bytes = readFile(libraryPath(folder), mostLibraryBytes);
            c.librarySha256 = sha256Hex(bytes);
            judgeLibrary(c, bytes);
        } else if (c.manifest && c.manifest->needsCode()) {
            c.problems.emplace_back("core.plugin.no_library", libraryPath({}).string());
        }
    } catch (const Error& error) {
        c.problems.emplace_back(error);
    }
    return c;
}

void Catalog::judgeLibrary(Candidate& c, std::string_view bytes) const {
    const std::string where = libraryPath({}).string();
    Result<ElfReport> report = probe(asBytes(bytes));
    if (!report) {
        c.problems.emplace_back(report.error(), where);
        return;
    }
    for (Problem& p : judge(*report, libraries_)) {
        p.where = where;
        c.problems.push_back(std::move(p));
    }
    if (c.manifest && report->notes.size() == 1 &&
        (report->notes[0].major != c.manifest->apiMajor || report->notes[0].minor != c.manifest->apiMinor))
        c.problems.emplace_back("core.plugin.api_differs", "$.api", Value::map([&](MapWriter& m) {
                                    m.set("library", std::to_string(report->notes[0].major) + "." +
                                                         std::to_string(report->notes[0].minor));
                                }));
}

} // namespace dalate::plugin
