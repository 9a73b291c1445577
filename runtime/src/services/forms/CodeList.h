// SPDX-License-Identifier: Apache-2.0
//
// A code list is a file of a plugin: {"source": "GB/T 2260", "codes": [{"value": "150621", "label": {"zh-CN":
// "达拉特旗"}, "of": ["1506"]?, "from": "2000-01-01"?, "until": "2030-01-01"?}]}. `of` names the answers of
// another field under which a code may be chosen (旗 of a 市, a village of a township); `from` and `until`
// are its first day and the day after its last, so that a code that is given up keeps its meaning in old
// answers.
#pragma once

#include "base/Clock.h"
#include "plugin/Problem.h"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace dalate::services::forms {

struct Code {
    std::string value;
    /// By language tag; zh-CN is there.
    std::map<std::string, std::string, std::less<>> label;
    /// Empty: under every answer.
    std::vector<std::string> of;
    /// Nothing: without beginning or end.
    std::optional<Micros> from;
    std::optional<Micros> until;

    bool holdsAt(Micros time) const noexcept { return (!from || *from <= time) && (!until || time < *until); }
    bool isUnder(std::string_view answer) const noexcept;
    /// In `language`, else in zh-CN.
    std::string_view labelIn(std::string_view language) const noexcept;
};

/// Immutable; safe from any thread.
class CodeList {
public:
    /// Reads the text of a code file. Null, and every fault in `problems` with file, line and path, where it
    /// is not of the form above, has no code, or names a value twice.
    static std::shared_ptr<const CodeList> read(std::string_view text, std::string_view file,
                                                plugin::Problems& problems);

    /// By value, whether it holds or not; null where there is none.
    const Code* find(std::string_view value) const noexcept;
    /// In the file's order.
    const std::vector<Code>& all() const noexcept { return codes_; }
    /// Whether any code has `of`.
    bool isDependent() const noexcept { return dependent_; }

private:
    explicit CodeList(std::vector<Code> codes);
    std::vector<Code> codes_;
    std::unordered_map<std::string_view, std::size_t> byValue_; ///< keys look into codes_
    bool dependent_ = false;
};

} // namespace dalate::services::forms
