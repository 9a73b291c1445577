// SPDX-License-Identifier: Apache-2.0
// A file is a row (`file`: name, type, owner, the object it belongs to, who may see it) and a blob (Blobs.h).
// It comes in two steps, because nothing slow may happen inside a transaction: `take` looks at the bytes,
// scans and stores them before any transaction is begun; `keep` adds the row in the caller's. What is taken
// and not kept is an orphan, and collected.
#pragma once

#include "base/Clock.h"
#include "base/Result.h"
#include "identity/Principal.h"
#include "services/files/Blobs.h"
#include "services/files/Intake.h"
#include "services/files/Upload.h"

#include <array>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace dalate::storage {
class Tx;
}

namespace dalate::services::files {

/// Who may read a file besides the account that brought it.
enum class Visibility {
    owner,        ///< nobody
    organisation, ///< staff of the organisation that it was brought for, and its tokens for that plugin
    caseReaders,  ///< whoever may see the case that `object` names: `case/<id>`
    object,       ///< whoever the plugin says may see `object`
    open          ///< everybody, signed in or not
};

/// `owner`, `organisation`, `case`, `object`, `public`; throws `Error` 400 `core.file.visibility`.
Visibility visibilityOf(std::string_view word);
std::string_view nameOf(Visibility visibility) noexcept;

/// One kept file.
struct File {
    std::int64_t id = 0;
    std::string sha256;
    std::string thumb; ///< empty: none
    std::uint64_t size = 0;
    std::string type;
    std::string name;
    std::string plugin; ///< `core` for the core's own
    /// What it belongs to, in the plugin's words: `case/715…`, `lot/12`.
    std::string object;
    Visibility visibility = Visibility::owner;
    std::int64_t ownerUser = 0;         ///< 0 for none
    std::int64_t ownerOrganisation = 0; ///< 0 for none
    Micros createdAt = 0;
};

/// What a file belongs to and whose it is.
struct Owner {
    std::string_view plugin;
    std::string_view object;
    Visibility visibility = Visibility::owner;
    const identity::Principal& principal;
};

/// Whether somebody may read a file, decided by whoever knows the object. Runs in a read transaction.
using Readable = std::function<bool(storage::Tx&, const identity::Principal&, const File&)>;

/// How much one may keep, in octets; 0: no limit.
struct Quotas {
    std::uint64_t account = 0;
    std::uint64_t organisation = 0;
    /// What must stay free on the disk, for the database above all.
    std::uint64_t leaveFree = 0;
};

/// All files. Safe from any thread once its readers are set.
class FileStore {
public:
    struct Options {
        std::filesystem::path folder;
        IntakeOptions intake;
        Quotas quotas;
    };
    explicit FileStore(Options options);

    /// Sets who answers for `Visibility::caseReaders` or `object`; before the first request. Without one
    /// nobody but the owner may read.
    void readers(Visibility visibility, Readable decides);

    /// Looks at, scans and stores a file. No transaction may be open on this thread. Throws `Error` 413
    /// `core.file.size`, 422 `core.file.name`, `.empty`, `.type`, `.content`, `.infected`, 503
    /// `core.file.busy`, `core.file.no_scanner`, 507 `core.file.no_space`.
    Upload take(const Part& part);

    /// Adds the row in the caller's write transaction; the file is there once that commits. Throws `Error`
    /// 400 `core.file.object`, 413 `core.file.quota`.
    std::int64_t keep(storage::Tx& tx, const Upload& upload, const Owner& owner);

    static std::optional<File> find(storage::Tx& tx, std::int64_t id);
    /// Those of one object, oldest first.
    static std::vector<File> of(storage::Tx& tx, std::string_view plugin, std::string_view object);
    /// Those of any plugin that were kept before `before` and whose object begins with `prefix`, which ends
    /// with a slash.
    static std::vector<File> below(storage::Tx& tx, std::string_view prefix, Micros before);
    /// Whether `who` may read it.
    bool mayRead(storage::Tx& tx, const identity::Principal& who, const File& file) const;

    /// Gives a file another object and visibility: a draft's that becomes a case's. Whether there was one.
    static bool hand(storage::Tx& tx, std::string_view plugin, std::int64_t id, std::string_view to,
                     Visibility visibility);
    /// Takes the row away; the bytes go with the collector's next round. Whether there was one.
    static bool remove(storage::Tx& tx, std::string_view plugin, std::int64_t id);
    /// The same of all of one object but those named; how many.
    static std::int64_t removeBut(storage::Tx& tx, std::string_view plugin, std::string_view object,
                                  std::span<const std::int64_t> kept);

    /// The bytes, or the thumbnail's. Throws `Error` 500 `core.file.lost`.
    Blobs::Opened open(const File& file) const { return blobs_.open(file.sha256); }
    Blobs::Opened openThumb(const File& file) const { return blobs_.open(file.thumb); }

    Blobs& blobs() noexcept { return blobs_; }
    std::uint64_t maxBytes() const noexcept { return options_.intake.maxBytes; }

private:
    void demandRoom(storage::Tx& tx, const identity::Principal& principal, std::uint64_t bytes) const;

    Options options_;
    Blobs blobs_;
    Intake intake_;
    std::array<Readable, 5> readers_;
};

} // namespace dalate::services::files
