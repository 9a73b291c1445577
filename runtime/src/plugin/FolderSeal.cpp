// SPDX-License-Identifier: Apache-2.0
#include "plugin/FolderSeal.h"

#include "base/Json.h"
#include "base/Sha256.h"
#include "plugin/LibraryCache.h"

#include <algorithm>
#include <system_error>

namespace dalate::plugin {
namespace {

constexpr std::size_t mostBytesAFile = std::size_t{256} << 20;
constexpr std::size_t mostFiles = 20'000;
constexpr std::string_view sealName = "META/files.json";

Value about(std::string_view file, std::string_view what) {
    return Value::map([&](MapWriter& m) { m.set("file", file).set("what", what); });
}

} // namespace

std::string FolderContent::digest() const {
    std::string all;
    for (const auto& [path, sha256] : files)
        all += path + '\0' + sha256 + '\n';
    return sha256Hex(all);
}

FolderContent contentOf(const std::filesystem::path& folder) {
    FolderContent content;
    std::error_code fault;
    std::filesystem::recursive_directory_iterator walk(folder, fault);
    if (fault) {
        content.problems.emplace_back("core.plugin.unreadable", folder.string(),
                                      about(folder.string(), fault.message()));
        return content;
    }
    for (const auto end = std::filesystem::recursive_directory_iterator(); walk != end;
         walk.increment(fault)) {
        if (fault) break;
        const std::string name = walk->path().lexically_relative(folder).generic_string();
        const auto status = walk->symlink_status(fault);
        if (std::filesystem::is_directory(status)) continue;
        if (!std::filesystem::is_regular_file(status)) {
            content.problems.emplace_back("core.plugin.symlink", name, about(name, ""));
        } else if (content.files.size() == mostFiles) {
            content.problems.emplace_back("core.plugin.too_large", name,
                                          about(name, std::to_string(mostFiles)));
            return content;
        } else {
            try {
                content.files.emplace(name, sha256Hex(readFile(walk->path(), mostBytesAFile)));
            } catch (const Error& error) {
                content.problems.emplace_back(error, name);
            }
        }
    }
    if (fault)
        content.problems.emplace_back("core.plugin.unreadable", folder.string(),
                                      about(folder.string(), fault.message()));
    return content;
}

Problems checkSeal(const std::filesystem::path& folder, const FolderContent& content) {
    Problems problems;
    const auto tell = [&](std::string_view file, std::string_view what) {
        problems.emplace_back("core.plugin.tampered", std::string(file), about(file, what));
    };
    if (!content.files.contains(std::string(sealName))) return problems;
    Result<Value> seal = json::parse(readFile(folder / sealName, std::size_t{4} << 20));
    if (!seal || !seal->view().isMap()) {
        tell(sealName, "not a list of files");
        return problems;
    }
    for (const ValueView listed : seal->view()) {
        const auto found = content.files.find(std::string(listed.key()));
        if (found == content.files.end())
            tell(listed.key(), "missing");
        else if (found->second != listed["sha256"].text())
            tell(listed.key(), "changed");
    }
    for (const auto& [path, sha256] : content.files)
        if (!path.starts_with("META/") && !seal->view().has(path)) tell(path, "not in the package");
    return problems;
}

} // namespace dalate::plugin
