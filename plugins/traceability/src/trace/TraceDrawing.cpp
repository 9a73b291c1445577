// SPDX-License-Identifier: Apache-2.0
#include "TraceDrawing.h"

#include <algorithm>
#include <cstdlib>
#include <map>
#include <set>
#include <string_view>

namespace dalate::traceability {

namespace {

constexpr int boxWidth = 190, columnStep = 260, rowGap = 18, margin = 12;
constexpr int firstLine = 19, lineStep = 17, belowLines = 10, textIndent = 10;
constexpr std::size_t mostUnits = 27; // half-widths of a Chinese character
constexpr std::size_t mostTitleLines = 3;

std::string escaped(std::string_view text) {
    std::string out;
    for (const char c : text) {
        switch (c) {
        case '&':
            out += "&amp;";
            break;
        case '<':
            out += "&lt;";
            break;
        case '>':
            out += "&gt;";
            break;
        case '"':
            out += "&quot;";
            break;
        default:
            out += c;
        }
    }
    return out;
}

/// Bytes of the beginning that fits a line: a Chinese character is twice as wide as a Latin one.
std::size_t fitting(std::string_view text) {
    std::size_t units = 0, end = 0;
    while (end < text.size()) {
        units += static_cast<unsigned char>(text[end]) >= 0xe0 ? 2 : 1;
        if (units > mostUnits) return end;
        do
            ++end;
        while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80);
    }
    return end;
}

struct Wrapped {
    std::vector<std::string> lines;
    bool cut = false;
};

/// `text` on at most `most` lines, broken at spaces where there are any.
Wrapped wrapped(std::string_view text, std::size_t most) {
    Wrapped out;
    while (!text.empty()) {
        std::size_t end = fitting(text);
        if (end < text.size() && out.lines.size() + 1 == most) {
            out.lines.push_back(std::string(text.substr(0, end)) + "…");
            out.cut = true;
            break;
        }
        if (end < text.size())
            // Looks one further: a word that ends just at the edge needs no break.
            if (const auto space = text.rfind(' ', end); space != std::string_view::npos && space > 0)
                end = space;
        out.lines.emplace_back(text.substr(0, end));
        text.remove_prefix(end);
        while (!text.empty() && text.front() == ' ')
            text.remove_prefix(1);
    }
    return out;
}

struct Box {
    const TracedNode* node = nullptr;
    int column = 0, row = 0;
    DrawnLabel label;
    Wrapped title;
};

class Sheet {
public:
    Sheet(const DrawingPlan& plan, Direction direction, const DrawingWords& words)
        : plan_(plan), forward_(direction == Direction::forward), words_(words) {
        std::size_t lines = 1;
        for (std::size_t c = 0; c < plan.columns.size(); ++c)
            for (const TracedNode* n : plan.columns[c].items) {
                Box box{
                    n, static_cast<int>(c), static_cast<int>(boxes_.size() - before(c)), words.label(*n), {}};
                box.title = wrapped(box.label.title, mostTitleLines);
                lines = std::max(lines, box.title.lines.size());
                at_[n->node] = boxes_.size();
                boxes_.push_back(std::move(box));
            }
        boxHeight_ = firstLine + static_cast<int>(lines) * lineStep + belowLines;
    }

    std::string svg() const {
        std::size_t rows = 1;
        for (const DrawnColumn& column : plan_.columns)
            rows = std::max(rows, column.items.size() + (column.further ? 1 : 0));
        const int last = static_cast<int>(plan_.columns.size()) - 1;
        const std::string width = std::to_string(2 * margin + last * columnStep + boxWidth);
        const std::string height =
            std::to_string(2 * margin + static_cast<int>(rows) * (boxHeight_ + rowGap) - rowGap);
        std::string out = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 " + width + " " + height +
                          "\" width=\"" + width + "\" height=\"" + height + "\" role=\"group\"><title>" +
                          escaped(words_.title) + "</title>";
        std::set<std::string> paths; // in an order that does not depend on the numbers of nodes
        for (const auto& [from, to] : plan_.links)
            paths.insert(line(boxes_[at_.at(from)], boxes_[at_.at(to)]));
        for (const std::string& path : paths)
            out += path;
        for (const Box& box : boxes_)
            out += drawn(box);
        for (std::size_t c = 0; c < plan_.columns.size(); ++c)
            if (const DrawnColumn& column = plan_.columns[c]; column.further)
                out += text(left(static_cast<int>(c)) + textIndent,
                            top(static_cast<int>(column.items.size())) + firstLine, 13,
                            words_.further(column.further));
        return out + "</svg>";
    }

private:
    std::size_t before(std::size_t column) const {
        std::size_t count = 0;
        for (std::size_t c = 0; c < column; ++c)
            count += plan_.columns[c].items.size();
        return count;
    }
    int left(int column) const {
        const int last = static_cast<int>(plan_.columns.size()) - 1;
        return margin + (forward_ ? column : last - column) * columnStep;
    }
    int top(int row) const { return margin + row * (boxHeight_ + rowGap); }

    std::string line(const Box& a, const Box& b) const {
        const int x1 = left(a.column) + boxWidth, y1 = top(a.row) + boxHeight_ / 2;
        const int x2 = left(b.column), y2 = top(b.row) + boxHeight_ / 2;
        const int bend = std::max(30, std::abs(x2 - x1) / 2);
        return "<path d=\"M" + std::to_string(x1) + " " + std::to_string(y1) + "C" +
               std::to_string(x1 + bend) + " " + std::to_string(y1) + " " + std::to_string(x2 - bend) + " " +
               std::to_string(y2) + " " + std::to_string(x2) + " " + std::to_string(y2) +
               "\" fill=\"none\" stroke=\"currentColor\" stroke-opacity=\"0.45\" stroke-width=\"2\"/>";
    }

    static std::string text(int x, int y, int size, std::string_view words) {
        return "<text x=\"" + std::to_string(x) + "\" y=\"" + std::to_string(y) + "\" font-size=\"" +
               std::to_string(size) + "\" fill=\"currentColor\"" +
               (size < 13 ? " fill-opacity=\"0.75\"" : "") + ">" + escaped(words) + "</text>";
    }

    std::string drawn(const Box& box) const {
        const int x = left(box.column), y = top(box.row);
        const Wrapped line = wrapped(box.label.line, 1);
        std::string out = box.label.href.empty() ? "<g>" : "<a href=\"" + escaped(box.label.href) + "\">";
        if (box.title.cut || line.cut)
            out += "<title>" + escaped(box.label.title + " " + box.label.line) + "</title>";
        out += "<rect x=\"" + std::to_string(x) + "\" y=\"" + std::to_string(y) + "\" width=\"" +
               std::to_string(boxWidth) + "\" height=\"" + std::to_string(boxHeight_) +
               "\" rx=\"8\" fill=\"none\" stroke=\"currentColor\" stroke-width=\"" +
               (box.node->depth == 0 ? "3" : "1.5") + "\"" +
               (box.node->carriedOnly ? " stroke-dasharray=\"5 4\"" : "") + "/>";
        int baseline = y + firstLine;
        for (const std::string& each : box.title.lines) {
            out += text(x + textIndent, baseline, 13, each);
            baseline += lineStep;
        }
        for (const std::string& each : line.lines)
            out += text(x + textIndent, baseline, 12, each);
        return out + (box.label.href.empty() ? "</g>" : "</a>");
    }

    const DrawingPlan& plan_;
    bool forward_;
    const DrawingWords& words_;
    std::vector<Box> boxes_; // column after column
    std::map<Node, std::size_t> at_;
    int boxHeight_ = 0;
};

} // namespace

Drawing draw(const Trace& trace, const DrawingWords& words, DrawingLimits limits) {
    const DrawingPlan plan = planDrawing(trace, words.sort, limits);
    return {Sheet(plan, trace.direction, words).svg(), plan.drawn, plan.left};
}

} // namespace dalate::traceability
