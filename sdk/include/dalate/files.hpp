// SPDX-License-Identifier: Apache-2.0
//
// Files: what people attach. A route whose `body.types` names `multipart/form-data` is called with each file
// looked at, scanned and stored already; the handler keeps those it wants in its own transaction, and what
// it does not keep is gone an hour later. Callers: traceability (certificates), samples/helpdesk (papers of
// an asset).
//
//     for (const files::Upload& upload : files::uploads(request, "attachment"))
//         files::keep(request, tx, upload.token(), "ticket/" + id, files::Visibility::object);
//
// A kept file is read at `/files/<id>` (`?thumb` for a small picture of it): the host serves it to whoever
// may see it, always as a download.
#pragma once

#include <dalate/request.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace dalate::files {

/// A file that came with the request. A look at the call's arena.
class Upload {
public:
    explicit Upload(ValueView record) noexcept : record_(record) {}
    /// The form's field.
    std::string_view field() const noexcept { return record_["field"].text(); }
    /// As the sender called it, without a path.
    std::string_view name() const noexcept { return record_["name"].text(); }
    /// By its content: `application/pdf`, `image/jpeg`.
    std::string_view type() const noexcept { return record_["type"].text(); }
    /// Octets as stored.
    std::int64_t size() const noexcept { return record_["size"].integer().value_or(0); }
    /// What `keep` takes; good for this call only.
    std::string_view token() const noexcept { return record_["upload"].text(); }

private:
    ValueView record_;
};

/// The files of a request, all or those of one field, in the form's order.
inline std::vector<Upload> uploads(const Request& request, std::string_view field = {}) {
    std::vector<Upload> found;
    for (const ValueView record : request.uploads())
        if (field.empty() || record["field"].text() == field) found.emplace_back(record);
    return found;
}

/// Who may read a file besides the account that brought it.
enum class Visibility {
    owner,        ///< nobody
    organisation, ///< staff of the organisation that it was brought for
    caseReaders,  ///< whoever may see the case; the object is `case/<id>`
    object, ///< whoever this plugin's service `<plugin>/1.file_readable {object, file} -> {readable}` says
    open    ///< everybody
};

inline std::string_view nameOf(Visibility visibility) noexcept {
    switch (visibility) {
    case Visibility::owner:
        return "owner";
    case Visibility::organisation:
        return "organisation";
    case Visibility::caseReaders:
        return "case";
    case Visibility::object:
        return "object";
    case Visibility::open:
        return "public";
    }
    return "owner";
}

/// A kept file of this plugin. A look at the call's arena.
class File {
public:
    explicit File(ValueView record) noexcept : record_(record) {}
    std::string_view id() const noexcept { return record_["file"].text(); }
    std::string_view name() const noexcept { return record_["name"].text(); }
    std::string_view type() const noexcept { return record_["type"].text(); }
    std::int64_t size() const noexcept { return record_["size"].integer().value_or(0); }
    std::string_view object() const noexcept { return record_["object"].text(); }
    std::string_view visibility() const noexcept { return record_["visibility"].text(); }
    /// Account that brought it; 0 for none.
    std::int64_t owner() const noexcept { return record_["owner"].integer().value_or(0); }
    /// Microseconds since 1970.
    std::int64_t created() const noexcept { return record_["created"].integer().value_or(0); }
    /// Path of the download, and of the small picture (empty where there is none).
    std::string_view href() const noexcept { return record_["href"].text(); }
    std::string_view thumb() const noexcept { return record_["thumb"].text(); }
    /// All of it, for a page's model.
    ValueView record() const noexcept { return record_; }

private:
    ValueView record_;
};

/// Keeps a file of this request for an object of this plugin; it exists once `tx` commits. Returns its id.
/// Throws 404 `core.file.upload` for a token that is not of this call, 413 `core.file.quota`. Service form:
/// files/1.keep {upload, object, visibility} -> {file}.
inline std::string keep(const Call& call, Tx& tx, std::string_view upload, std::string_view object,
                        Visibility visibility) {
    return call
        .service(tx, "files/1", "keep", Value::map([&](MapWriter& m) {
                     m.set("upload", upload).set("object", object).set("visibility", nameOf(visibility));
                 }))["file"]
        .asText();
}

/// One file of this plugin; throws 404 `core.file.unknown`.
/// Service form: files/1.info {file} -> {file, name, type, size, object, visibility, owner, created, href,
/// thumb}.
inline File info(const Call& call, std::string_view file) {
    return File(call.service("files/1", "info", Value::map([&](MapWriter& m) { m.set("file", file); })));
}
inline File info(const Call& call, Tx& tx, std::string_view file) {
    return File(call.service(tx, "files/1", "info", Value::map([&](MapWriter& m) { m.set("file", file); })));
}

/// The files of one object of this plugin, oldest first.
/// Service form: files/1.list {object} -> {files: [as info]}.
inline std::vector<File> list(const Call& call, std::string_view object) {
    std::vector<File> found;
    for (const ValueView record :
         call.service("files/1", "list", Value::map([&](MapWriter& m) { m.set("object", object); }))["files"])
        found.emplace_back(record);
    return found;
}
inline std::vector<File> list(const Call& call, Tx& tx, std::string_view object) {
    std::vector<File> found;
    for (const ValueView record : call.service(
             tx, "files/1", "list", Value::map([&](MapWriter& m) { m.set("object", object); }))["files"])
        found.emplace_back(record);
    return found;
}

/// Takes a file of this plugin away once `tx` commits. Throws 404 `core.file.unknown`.
/// Service form: files/1.remove {file} -> null.
inline void remove(const Call& call, Tx& tx, std::string_view file) {
    call.service(tx, "files/1", "remove", Value::map([&](MapWriter& m) { m.set("file", file); }));
}

} // namespace dalate::files
