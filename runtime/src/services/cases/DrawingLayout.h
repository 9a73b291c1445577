// SPDX-License-Identifier: Apache-2.0
// A machine as columns of boxes. States stand in even columns by how many steps they are from the first; the labels of
// the ways between them stand in odd columns as boxes of their own, so no label lies over a state or another label. A
// way that passes further columns has a bend in each, which keeps a place free for its line. A way back is laid out
// from its end to its beginning.
#pragma once

#include "services/cases/Machine.h"

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace dalate::services::cases {

struct DrawingLayout {
    struct Box {
        enum class Kind { state, label, bend } kind = Kind::bend;
        /// Index in `Machine::states`; of states only.
        std::size_t state = 0;
        std::vector<std::string> lines;
        std::size_t column = 0;
        double x = 0, y = 0, width = 0, height = 0; ///< left, top
        double middle() const { return y + height / 2; }
        double right() const { return x + width; }
    };
    /// From one state to another, with all transitions that go so.
    struct Way {
        std::size_t from = 0, to = 0;
        /// Boxes from left to right, the two states' included; of a way within one column: state, label, state.
        std::vector<std::size_t> boxes;
        enum class Course { forth, back, beside } course = Course::forth;
    };

    std::vector<Box> boxes; ///< the first are the machine's states in its order
    std::vector<Way> ways;
    double width = 0, height = 0;
};

/// Lays a machine out; `label` gives the text for a text id. Pure; same machine, same layout.
DrawingLayout layOut(const Machine& machine, const std::function<std::string(std::string_view)>& label);

/// Breaks a text into lines of at most `ems` (a Han character is one em wide): between words, within a word only where
/// it is longer than a line. Nothing is cut away.
std::vector<std::string> wrapped(std::string_view text, double ems);
/// The width of a text in ems, roughly.
double emsOf(std::string_view text);

} // namespace dalate::services::cases
