// SPDX-License-Identifier: Apache-2.0
#include "services/cases/DrawingLayout.h"

#include "base/Utf8.h"

#include <algorithm>
#include <map>

namespace dalate::services::cases {

namespace {

constexpr double stateFont = 14, labelFont = 12;
constexpr double stateEms = 8, labelEms = 9;
constexpr double columnGap = 26, boxGap = 14, margin = 12;

double emOf(std::string_view sequence) {
    // Below U+2E80 letters are narrow; beyond, Han, kana and full-width forms fill their square.
    return sequence.size() >= 3 && static_cast<unsigned char>(sequence[0]) >= 0xe2 &&
                   !(static_cast<unsigned char>(sequence[0]) == 0xe2 &&
                     static_cast<unsigned char>(sequence[1]) < 0xba)
               ? 1.0
               : 0.58;
}

std::size_t stepOf(std::string_view text, std::size_t at) {
    return std::max<std::size_t>(1, utf8Sequence(text, at));
}

using Box = DrawingLayout::Box;
using Way = DrawingLayout::Way;

class Layout {
public:
    Layout(const Machine& machine, const std::function<std::string(std::string_view)>& label)
        : m_(machine), label_(label) {}

    DrawingLayout make() {
        rank();
        for (std::size_t i = 0; i < m_.states.size(); ++i) {
            Box box;
            box.kind = Box::Kind::state;
            box.state = i;
            box.column = 2 * rank_[i];
            box.lines = wrapped(label_(m_.states[i].label), stateEms);
            size(box, stateFont, 26, 18);
            out_.boxes.push_back(std::move(box));
        }
        addWays();
        placeInColumns();
        order();
        placeX();
        placeY();
        return std::move(out_);
    }

private:
    /// Steps from the first state along the ways that do not lead back.
    void rank() {
        const std::size_t count = m_.states.size();
        rank_.assign(count, 0);
        std::vector<int> mark(count, 0); // 1: on the way down, 2: done
        std::vector<std::size_t> done;
        std::vector<std::pair<std::size_t, std::size_t>> stack;
        forth_.assign(count, {});
        std::vector<std::vector<std::size_t>> next(count);
        for (const Transition& t : m_.transitions)
            for (const std::size_t from : t.from)
                next[from].push_back(t.to);
        const auto visit = [&](std::size_t root) {
            if (mark[root]) return;
            mark[root] = 1;
            stack.emplace_back(root, 0);
            while (!stack.empty()) {
                auto& [state, at] = stack.back();
                if (at == next[state].size()) {
                    mark[state] = 2;
                    done.push_back(state);
                    stack.pop_back();
                    continue;
                }
                const std::size_t to = next[state][at++];
                if (mark[to] == 1) continue; // leads back
                forth_[state].push_back(to);
                if (mark[to] == 0) {
                    mark[to] = 1;
                    stack.emplace_back(to, 0);
                }
            }
        };
        visit(m_.opening.to);
        for (std::size_t i = 0; i < count; ++i)
            visit(i);
        for (auto state = done.rbegin(); state != done.rend(); ++state)
            for (const std::size_t to : forth_[*state])
                rank_[to] = std::max(rank_[to], rank_[*state] + 1);
    }

    static void size(Box& box, double font, double wide, double high) {
        double ems = 0;
        for (const std::string& line : box.lines)
            ems = std::max(ems, emsOf(line));
        box.width = ems * font + wide;
        box.height = static_cast<double>(box.lines.size()) * font * 1.3 + high;
    }

    std::size_t add(Box box) {
        out_.boxes.push_back(std::move(box));
        return out_.boxes.size() - 1;
    }

    void addWays() {
        std::map<std::pair<std::size_t, std::size_t>, std::vector<std::string>> labels;
        std::vector<std::pair<std::size_t, std::size_t>> pairs;
        for (const Transition& t : m_.transitions)
            for (const std::size_t from : t.from) {
                auto& lines = labels[{from, t.to}];
                if (lines.empty()) pairs.emplace_back(from, t.to);
                for (std::string& line : wrapped(label_(t.label), labelEms))
                    lines.push_back(std::move(line));
            }
        for (const auto& pair : pairs) {
            Way way;
            way.from = pair.first;
            way.to = pair.second;
            Box label;
            label.kind = Box::Kind::label;
            label.lines = labels[pair];
            size(label, labelFont, 10, 4);
            const std::size_t a = rank_[way.from], b = rank_[way.to];
            if (a == b) {
                way.course = Way::Course::beside;
                label.column = 2 * a + 1;
                way.boxes = {way.from, add(std::move(label)), way.to};
            } else {
                way.course = a < b ? Way::Course::forth : Way::Course::back;
                const std::size_t left = std::min(a, b), right = std::max(a, b);
                // Beside the state from which it goes.
                const std::size_t at = a < b ? 2 * left + 1 : 2 * right - 1;
                way.boxes.push_back(a < b ? way.from : way.to);
                for (std::size_t column = 2 * left + 1; column < 2 * right; ++column) {
                    if (column == at) {
                        label.column = column;
                        way.boxes.push_back(add(label));
                        continue;
                    }
                    Box bend;
                    bend.column = column;
                    bend.height = 4;
                    way.boxes.push_back(add(std::move(bend)));
                }
                way.boxes.push_back(a < b ? way.to : way.from);
            }
            out_.ways.push_back(std::move(way));
        }
    }

    void placeInColumns() {
        near_.assign(out_.boxes.size(), {});
        for (const Way& way : out_.ways)
            for (std::size_t i = 1; i < way.boxes.size(); ++i) {
                near_[way.boxes[i - 1]].push_back(way.boxes[i]);
                near_[way.boxes[i]].push_back(way.boxes[i - 1]);
            }
        std::size_t columns = 0;
        for (const Box& box : out_.boxes)
            columns = std::max(columns, box.column + 1);
        columns_.assign(columns, {});
        for (std::size_t i = 0; i < out_.boxes.size(); ++i)
            columns_[out_.boxes[i].column].push_back(i);
    }

    /// Sorts each column by where its neighbours stand, some times over, so that few lines cross.
    void order() {
        std::vector<double> place(out_.boxes.size(), 0);
        const auto number = [&](const std::vector<std::size_t>& column) {
            for (std::size_t i = 0; i < column.size(); ++i)
                place[column[i]] = (static_cast<double>(i) + 0.5) / static_cast<double>(column.size());
        };
        for (const auto& column : columns_)
            number(column);
        for (int sweep = 0; sweep < 8; ++sweep)
            for (std::size_t c = 0; c < columns_.size(); ++c) {
                auto& column = columns_[sweep % 2 ? columns_.size() - 1 - c : c];
                std::map<std::size_t, double> wanted;
                for (const std::size_t box : column) {
                    double sum = 0;
                    for (const std::size_t other : near_[box])
                        sum += place[other];
                    wanted[box] = near_[box].empty() ? place[box] : sum / static_cast<double>(near_[box].size());
                }
                std::stable_sort(column.begin(), column.end(),
                                 [&](std::size_t a, std::size_t b) { return wanted[a] < wanted[b]; });
                number(column);
            }
    }

    void placeX() {
        double x = margin;
        for (const auto& column : columns_) {
            double widest = 0;
            for (const std::size_t i : column)
                widest = std::max(widest, out_.boxes[i].width);
            for (const std::size_t i : column) {
                Box& box = out_.boxes[i];
                if (box.kind == Box::Kind::bend) box.width = widest;
                box.x = x + (widest - box.width) / 2;
            }
            x += widest + columnGap;
        }
        out_.width = x - columnGap + margin;
    }

    void placeY() {
        for (const auto& column : columns_) {
            double y = 0;
            for (const std::size_t i : column) {
                out_.boxes[i].y = y;
                y += out_.boxes[i].height + boxGap;
            }
        }
        for (int sweep = 0; sweep < 12; ++sweep)
            for (std::size_t c = 0; c < columns_.size(); ++c)
                settle(columns_[sweep % 2 ? columns_.size() - 1 - c : c]);
        double top = 1e9, bottom = 0;
        for (const Box& box : out_.boxes)
            top = std::min(top, box.y);
        for (Box& box : out_.boxes) {
            box.y += margin - top;
            bottom = std::max(bottom, box.y + box.height);
        }
        out_.height = bottom + margin;
    }

    /// Each box towards the middle of its neighbours as far as those above and below let it: the mean of pushing all
    /// downwards and of pushing all upwards keeps every gap.
    void settle(const std::vector<std::size_t>& column) {
        std::vector<double> down, up(column.size());
        for (const std::size_t i : column) {
            double sum = 0;
            for (const std::size_t other : near_[i])
                sum += out_.boxes[other].middle();
            const Box& box = out_.boxes[i];
            const double wanted =
                near_[i].empty() ? box.y : sum / static_cast<double>(near_[i].size()) - box.height / 2;
            down.push_back(wanted);
        }
        up = down;
        for (std::size_t i = 1; i < column.size(); ++i)
            down[i] = std::max(down[i], down[i - 1] + out_.boxes[column[i - 1]].height + boxGap);
        for (std::size_t i = column.size(); i-- > 1;)
            up[i - 1] = std::min(up[i - 1], up[i] - out_.boxes[column[i - 1]].height - boxGap);
        for (std::size_t i = 0; i < column.size(); ++i)
            out_.boxes[column[i]].y = (down[i] + up[i]) / 2;
    }

    const Machine& m_;
    const std::function<std::string(std::string_view)>& label_;
    DrawingLayout out_;
    std::vector<std::size_t> rank_;
    std::vector<std::vector<std::size_t>> forth_, near_, columns_;
};

} // namespace

double emsOf(std::string_view text) {
    double ems = 0;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t step = stepOf(text, at);
        ems += emOf(text.substr(at, step));
        at += step;
    }
    return ems;
}

std::vector<std::string> wrapped(std::string_view text, double ems) {
    std::vector<std::string> lines;
    std::string line;
    double filled = 0;
    const auto flush = [&] {
        while (!line.empty() && line.back() == ' ')
            line.pop_back();
        if (!line.empty()) lines.push_back(std::move(line));
        line.clear();
        filled = 0;
    };
    for (std::size_t at = 0; at < text.size();) {
        // A word: narrow letters up to a space; or one wide character.
        std::size_t end = at + stepOf(text, at);
        const bool narrow = emOf(text.substr(at, end - at)) < 1;
        while (narrow && text[end - 1] != ' ' && end < text.size()) {
            const std::size_t step = stepOf(text, end);
            if (emOf(text.substr(end, step)) == 1) break;
            end += step;
        }
        std::string_view word = text.substr(at, end - at);
        at = end;
        if (filled + emsOf(word) > ems && filled > 0) flush();
        while (emsOf(word) > ems) {
            std::size_t cut = 0;
            for (double width = 0; cut < word.size(); cut += stepOf(word, cut)) {
                width += emOf(word.substr(cut, stepOf(word, cut)));
                if (width > ems && cut > 0) break;
            }
            line = word.substr(0, cut);
            flush();
            word.remove_prefix(cut);
        }
        if (line.empty() && word == " ") continue;
        line += word;
        filled += emsOf(word);
    }
    flush();
    if (lines.empty()) lines.emplace_back();
    return lines;
}

DrawingLayout layOut(const Machine& machine, const std::function<std::string(std::string_view)>& label) {
    return Layout(machine, label).make();
}

} // namespace dalate::services::cases
