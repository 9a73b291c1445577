// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace dalate::testing {

/// A multipart/form-data body as a browser writes it.
class FormData {
public:
    FormData& field(std::string_view name, std::string_view value);
    FormData& file(std::string_view field, std::string_view name, std::string_view type,
                   std::string_view bytes);
    /// Content-Type, with the boundary.
    static std::string type();
    std::string body() const;

private:
    std::string parts_;
};

// Small sound files of the kinds that people attach.

/// A PNG of some colours; `more` stands behind its end.
std::string pngFile(unsigned width, unsigned height, std::string_view more = {});
/// One page with a line of text.
std::string pdfFile(std::string_view text = "Dalate");
/// A ZIP of deflated entries. `copies` of each, under names of their own.
std::string zipFile(const std::vector<std::pair<std::string, std::string>>& entries, unsigned copies = 1);
/// What every virus scanner knows and nothing is harmed by (eicar.org).
std::string eicarFile();

} // namespace dalate::testing
