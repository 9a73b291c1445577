// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace dalate::traceability::epcis {

/// One thing that is wrong with a document. What a capture job reports (GS1 OpenAPI, EPCISCaptureJob
/// `errors`).
struct Problem {
    std::string code; ///< a message id: `traceability.epcis.gtin_check_digit`
    std::size_t
        event;        ///< index in the event list; 0 for a bare event and for problems of the document itself
    std::string path; ///< JSON path from the document's root: `$.epcisBody.eventList[2].epcList[0]`
    std::string value; ///< what was found there, at most 80 bytes of it; empty where nothing was
};

/// A step of a JSON path, kept on the stack while a document is walked, so that paths cost nothing until one
/// is told.
class Path {
public:
    explicit Path(std::string_view root) noexcept : key_(root) {}
    Path(const Path& up, std::string_view key) noexcept : up_(&up), key_(key) {}
    Path(const Path& up, std::size_t index) noexcept : up_(&up), index_(index), isIndex_(true) {}

    std::string text() const;

private:
    const Path* up_ = nullptr;
    std::string_view key_;
    std::size_t index_ = 0;
    bool isIndex_ = false;
};

/// Gathers the problems of one event, the first `limit` of them.
class Problems {
public:
    static constexpr std::size_t limit = 20;

    Problems(std::size_t event, std::vector<Problem>& out) noexcept : event_(event), out_(out) {}

    /// `code` without `traceability.epcis.`.
    void add(std::string_view code, const Path& path, std::string_view value = {});
    bool any() const noexcept { return count_ > 0; }

private:
    std::size_t event_;
    std::vector<Problem>& out_;
    std::size_t count_ = 0;
};

} // namespace dalate::traceability::epcis
