// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/Json.h"
#include "plugin/HostPort.h"
#include "plugin/LibraryCache.h"
#include "plugin/Snapshot.h"

#include <cstdlib>
#include <filesystem>
#include <string>

namespace dalate::plugin::test {

/// A host that gives a place and nothing else: enough for generations without a library.
class TestPort : public HostPort {
public:
    const dalate_host_v1* table() noexcept override { return nullptr; }
    bool offers(std::string_view service) const override { return service == "jobs/1"; }
    std::unique_ptr<HostPlace> open(const Manifest&, const std::filesystem::path&) override {
        struct Place : HostPlace {
            dalate_host* handle() noexcept override { return nullptr; }
            const std::vector<Need>& needs() const noexcept override { return named; }
            std::vector<Need> named;
        };
        auto place = std::make_unique<Place>();
        place->named = needs;
        return place;
    }
    void install(const Manifest&, HostPlace&, const std::filesystem::path&) override {}
    std::optional<Error> start(const Generation&) override { return std::nullopt; }
    void published(const std::shared_ptr<const Snapshot>&) noexcept override {}

    /// What every place says that its declarations need.
    std::vector<Need> needs;
};

/// A folder that is gone with its owner.
class TempFolder {
public:
    TempFolder() {
        std::string name = (std::filesystem::temp_directory_path() / "dalate-XXXXXX").string();
        path_ = mkdtemp(name.data());
    }
    ~TempFolder() { std::filesystem::remove_all(path_); }
    TempFolder(const TempFolder&) = delete;
    TempFolder& operator=(const TempFolder&) = delete;
    const std::filesystem::path& path() const noexcept { return path_; }

private:
    std::filesystem::path path_;
};

inline const ManifestReader& reader() {
    static const ManifestReader r(
        readFile(std::filesystem::path(DALATE_SOURCE_DIR) / "sdk/schema/plugin.schema.json", 1u << 20));
    return r;
}

/// The manifest of a text that has no problems.
inline Manifest manifestOf(const std::string& text) {
    auto outcome = reader().read(text);
    if (!outcome.manifest)
        throw std::runtime_error("test manifest: " + json::write(toValue(outcome.problems)));
    return std::move(*outcome.manifest);
}

/// "id@where" of each problem, one a line.
inline std::string lines(const Problems& problems) {
    std::string out;
    for (const Problem& p : problems)
        out += p.id + "@" + p.where + "\n";
    return out;
}

} // namespace dalate::plugin::test
