// SPDX-License-Identifier: Apache-2.0
#include "services/cases/Drawing.h"

#include "portal/Escape.h"
#include "services/cases/DrawingLayout.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

namespace dalate::services::cases {

namespace {

using Box = DrawingLayout::Box;
using Way = DrawingLayout::Way;

std::string escaped(std::string_view text) {
    std::string out;
    portal::escapeHtml(text, out);
    return out;
}

struct Point {
    double x = 0, y = 0;
};

class Pen {
public:
    Pen(const Machine& machine, const DrawingLayout& layout, std::string_view state,
        const std::vector<std::string>& past)
        : m_(machine), l_(layout), state_(state), past_(past) {
        ports();
    }

    std::string draw(std::string_view title) {
        out_ = fmt::format("<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"case-drawing\" role=\"img\" "
                           "aria-label=\"{0}\" width=\"{1:.0f}\" height=\"{2:.0f}\" viewBox=\"0 0 {1:.0f} {2:.0f}\" "
                           "font-size=\"14\"><title>{0}</title>",
                           escaped(title), l_.width, l_.height);
        for (std::size_t i = 0; i < l_.ways.size(); ++i)
            way(i);
        for (const Box& box : l_.boxes)
            if (box.kind != Box::Kind::bend) draw(box);
        out_ += "</svg>";
        return std::move(out_);
    }

private:
    /// Where each way touches the sides of its states: apart from one another, in the order in which they lead on.
    void ports() {
        struct Touch {
            std::size_t way;
            bool first;
            double toward;
        };
        std::map<std::pair<std::size_t, bool>, std::vector<Touch>> sides; // state, its right side
        for (std::size_t i = 0; i < l_.ways.size(); ++i) {
            const Way& way = l_.ways[i];
            const bool beside = way.course == Way::Course::beside;
            const std::size_t last = way.boxes.size() - 1;
            sides[{way.boxes[0], true}].push_back({i, true, l_.boxes[way.boxes[1]].middle()});
            sides[{way.boxes[last], beside}].push_back({i, false, l_.boxes[way.boxes[last - 1]].middle()});
        }
        begin_.resize(l_.ways.size());
        end_.resize(l_.ways.size());
        for (auto& [side, touches] : sides) {
            std::stable_sort(touches.begin(), touches.end(),
                             [](const Touch& a, const Touch& b) { return a.toward < b.toward; });
            const Box& box = l_.boxes[side.first];
            const double pitch = std::min(12.0, box.height / static_cast<double>(touches.size() + 1));
            for (std::size_t i = 0; i < touches.size(); ++i) {
                const double off = (static_cast<double>(i) - static_cast<double>(touches.size() - 1) / 2) * pitch;
                (touches[i].first ? begin_ : end_)[touches[i].way] = {side.second ? box.right() : box.x,
                                                                      box.middle() + off};
            }
        }
    }

    static std::string curve(Point a, Point b) {
        const double bend = std::max(10.0, (b.x - a.x) / 2);
        return fmt::format("C{:.1f} {:.1f} {:.1f} {:.1f} {:.1f} {:.1f}", a.x + bend, a.y, b.x - bend, b.y, b.x, b.y);
    }

    void way(std::size_t index) {
        const Way& way = l_.ways[index];
        const bool back = way.course == Way::Course::back;
        std::string path;
        if (way.course == Way::Course::beside) {
            const Box& label = l_.boxes[way.boxes[1]];
            const Point in{label.x, label.middle() - 3}, out{label.x, label.middle() + 3};
            path = fmt::format("M{:.1f} {:.1f}", begin_[index].x, begin_[index].y) + curve(begin_[index], in) +
                   fmt::format("M{:.1f} {:.1f}", end_[index].x, end_[index].y) + curve(end_[index], out);
        } else {
            Point at = begin_[index];
            path = fmt::format("M{:.1f} {:.1f}", at.x, at.y);
            for (std::size_t i = 1; i + 1 < way.boxes.size(); ++i) {
                const Box& box = l_.boxes[way.boxes[i]];
                path += curve(at, {box.x, box.middle()});
                at = {box.right(), box.middle()};
                // A line goes on behind a bend and begins anew behind a label.
                path += fmt::format("{}{:.1f} {:.1f}", box.kind == Box::Kind::bend ? 'L' : 'M', at.x, at.y);
            }
            path += curve(at, end_[index]);
        }
        out_ += fmt::format("<path class=\"case-way{}\" d=\"{}\" fill=\"none\" stroke=\"currentColor\"{}/>",
                            back ? " case-way--back" : "", path, back ? " stroke-dasharray=\"4 3\"" : "");
        // Forth it ends at the last state's left side; back and beside at the right side of the one it leads to.
        const Point tip = back ? begin_[index] : end_[index];
        const double wing = way.course == Way::Course::forth ? -7 : 7;
        out_ += fmt::format("<polygon class=\"case-way-tip\" fill=\"currentColor\" points=\"{:.1f},{:.1f} {:.1f},{:.1f} "
                            "{:.1f},{:.1f}\"/>",
                            tip.x, tip.y, tip.x + wing, tip.y - 4, tip.x + wing, tip.y + 4);
    }

    void draw(const Box& box) {
        const bool isState = box.kind == Box::Kind::state;
        const double font = isState ? 14 : 12;
        if (isState) frame(box);
        const double high = font * 1.3;
        double y = box.middle() - high * static_cast<double>(box.lines.size()) / 2 + font;
        out_ += fmt::format("<text class=\"{}\" text-anchor=\"middle\" font-size=\"{:.0f}\" fill=\"currentColor\"{}>",
                            isState ? "case-state-label" : "case-way-label", font,
                            isState && isHere(box) ? " font-weight=\"bold\"" : "");
        for (const std::string& line : box.lines) {
            out_ += fmt::format("<tspan x=\"{:.1f}\" y=\"{:.1f}\">{}</tspan>", box.x + box.width / 2, y, escaped(line));
            y += high;
        }
        out_ += "</text>";
    }

    bool isHere(const Box& box) const { return m_.states[box.state].name == state_; }

    void frame(const Box& box) {
        const State& state = m_.states[box.state];
        std::string classes = "case-state";
        if (isHere(box)) classes += " case-state--here";
        if (std::find(past_.begin(), past_.end(), state.name) != past_.end()) classes += " case-state--past";
        if (!state.isLive()) classes += state.kind == StateKind::done ? " case-state--done" : " case-state--stopped";
        // Seen without colour too: where the case is has a thick frame, an end has round sides, a stop a broken line.
        out_ += fmt::format("<rect class=\"{}\" x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\" "
                            "rx=\"{:.0f}\" fill=\"none\" stroke=\"currentColor\" stroke-width=\"{}\"{}/>",
                            classes, box.x, box.y, box.width, box.height, state.isLive() ? 4 : box.height / 2,
                            isHere(box) ? 4 : 1, state.kind == StateKind::stopped ? " stroke-dasharray=\"6 3\"" : "");
    }

    const Machine& m_;
    const DrawingLayout& l_;
    std::string_view state_;
    const std::vector<std::string>& past_;
    std::vector<Point> begin_, end_;
    std::string out_;
};

} // namespace

Drawing draw(const Machine& machine, std::string_view state, const std::vector<std::string>& past,
             std::string_view title, const std::function<std::string(std::string_view)>& text) {
    const DrawingLayout layout = layOut(machine, text);
    Drawing drawing;
    drawing.svg = Pen(machine, layout, state, past).draw(title);
    drawing.words = Value::map([&](MapWriter& m) {
        m.list("states", [&](ListWriter& states) {
            for (std::size_t i = 0; i < machine.states.size(); ++i) {
                const State& one = machine.states[i];
                states.map([&](MapWriter& item) {
                    item.set("state", one.name).set("label", text(one.label)).set("kind", name(one.kind));
                    item.set("here", one.name == state);
                    item.set("past", std::find(past.begin(), past.end(), one.name) != past.end());
                    item.list("moves", [&](ListWriter& moves) {
                        for (const Transition& t : machine.transitions)
                            if (t.leaves(i))
                                moves.map([&](MapWriter& move) {
                                    move.set("label", text(t.label)).set("to", text(machine.states[t.to].label));
                                });
                    });
                });
            }
        });
    });
    return drawing;
}

} // namespace dalate::services::cases
