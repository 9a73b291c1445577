// SPDX-License-Identifier: Apache-2.0
#include "TraceDrawing.h"

#include <algorithm>
#include <map>
#include <set>

namespace dalate::traceability {

namespace {

constexpr int boxWidth = 190, boxHeight = 46, columnStep = 260, rowStep = 64, margin = 12;
constexpr std::size_t mostUnits = 27; // half-widths of a Chinese character

std::string escaped(const std::string& text) {
    std::string out;
    for (const char c : text) {
        switch (c) {
        case '&': out += "&amp;"; break;
        case '<': out += "&lt;"; break;
        case '>': out += "&gt;"; break;
        case '"': out += "&quot;"; break;
        default: out += c;
        }
    }
    return out;
}

/// As much of the beginning as fits `most` half-widths: a Chinese character is twice as wide as a Latin one.
std::string beginning(const std::string& text, std::size_t most) {
    std::size_t units = 0, end = 0;
    while (end < text.size()) {
        units += static_cast<unsigned char>(text[end]) >= 0xe0 ? 2 : 1;
        if (units > most) return text.substr(0, end) + "…";
        do ++end;
        while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80);
    }
    return text;
}

struct Box {
    const TracedNode* node = nullptr;
    int column = 0;
    double wish = 0; // where its neighbours of the column before stand
    int row = 0;
};

/// Links between items, with the processes between them left out.
std::set<std::pair<Node, Node>> itemLinks(const Trace& trace) {
    std::map<Node, std::vector<Node>> into, outOf;
    std::set<std::pair<Node, Node>> links;
    for (const Edge& e : trace.edges) {
        if (e.kind == LinkKind::input)
            into[e.to].push_back(e.from);
        else if (e.kind == LinkKind::output)
            outOf[e.from].push_back(e.to);
        else
            links.emplace(e.from, e.to);
    }
    for (const auto& [process, made] : outOf)
        for (const Node from : into[process])
            for (const Node to : made)
                if (from != to) links.emplace(from, to);
    return links;
}

} // namespace

Drawing draw(const Trace& trace, const std::function<DrawnLabel(const TracedNode&)>& label, const std::string& title,
             std::size_t most) {
    const auto links = itemLinks(trace);
    std::map<Node, Box> boxes;
    std::map<int, int> columnOfDepth; // depths at which items stand, numbered without gaps
    Drawing drawing;
    for (const TracedNode& n : trace.nodes) {
        if (kindOf(n.node) == NodeKind::process) continue;
        if (drawing.drawn == most) {
            ++drawing.left;
            continue;
        }
        ++drawing.drawn;
        const int column = columnOfDepth.try_emplace(n.depth, static_cast<int>(columnOfDepth.size())).first->second;
        boxes[n.node] = {&n, column, 0, 0};
    }

    std::map<int, std::vector<Box*>> columns;
    for (const TracedNode& n : trace.nodes)
        if (const auto box = boxes.find(n.node); box != boxes.end()) columns[box->second.column].push_back(&box->second);
    int rows = 1;
    for (auto& [number, column] : columns) {
        for (Box* box : column) {
            int neighbours = 0, sum = 0;
            for (const auto& [from, to] : links) {
                const Node other = from == box->node->node ? to : to == box->node->node ? from : 0;
                const auto there = boxes.find(other);
                if (other == 0 || there == boxes.end() || there->second.column >= number) continue;
                sum += there->second.row;
                ++neighbours;
            }
            box->wish = neighbours ? static_cast<double>(sum) / neighbours : 0;
        }
        std::stable_sort(column.begin(), column.end(), [](const Box* a, const Box* b) { return a->wish < b->wish; });
        for (std::size_t i = 0; i < column.size(); ++i) column[i]->row = static_cast<int>(i);
        rows = std::max(rows, static_cast<int>(column.size()));
    }

    const int last = static_cast<int>(columns.size()) - 1;
    const int width = 2 * margin + last * columnStep + boxWidth, height = 2 * margin + (rows - 1) * rowStep + boxHeight;
    const auto left = [&](const Box& b) {
        const int column = trace.direction == Direction::forward ? b.column : last - b.column;
        return margin + column * columnStep;
    };
    const auto top = [&](const Box& b) { return margin + b.row * rowStep; };

    std::string svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 " + std::to_string(width) + " " +
                      std::to_string(height) + "\" width=\"" + std::to_string(width) + "\" height=\"" +
                      std::to_string(height) + "\" role=\"group\"><title>" + escaped(title) + "</title>";
    std::set<std::string> paths; // in an order that does not depend on the numbers of nodes
    for (const auto& [from, to] : links) {
        const auto a = boxes.find(from), b = boxes.find(to);
        if (a == boxes.end() || b == boxes.end()) continue;
        const int x1 = left(a->second) + boxWidth, y1 = top(a->second) + boxHeight / 2;
        const int x2 = left(b->second), y2 = top(b->second) + boxHeight / 2;
        const int bend = std::max(30, std::abs(x2 - x1) / 2);
        paths.insert("<path d=\"M" + std::to_string(x1) + " " + std::to_string(y1) + "C" + std::to_string(x1 + bend) + " " +
                     std::to_string(y1) + " " + std::to_string(x2 - bend) + " " + std::to_string(y2) + " " +
                     std::to_string(x2) + " " + std::to_string(y2) +
                     "\" fill=\"none\" stroke=\"currentColor\" stroke-opacity=\"0.45\" stroke-width=\"2\"/>");
    }
    for (const std::string& path : paths) svg += path;
    for (const TracedNode& n : trace.nodes) {
        const auto found = boxes.find(n.node);
        if (found == boxes.end()) continue;
        const Box& box = found->second;
        const DrawnLabel text = label(n);
        const std::string x = std::to_string(left(box)), y = std::to_string(top(box));
        if (!text.href.empty()) svg += "<a href=\"" + escaped(text.href) + "\">";
        svg += "<rect x=\"" + x + "\" y=\"" + y + "\" width=\"" + std::to_string(boxWidth) + "\" height=\"" +
               std::to_string(boxHeight) + "\" rx=\"8\" fill=\"none\" stroke=\"currentColor\" stroke-width=\"" +
               (n.node == trace.start ? "3" : "1.5") + "\"" + (n.carriedOnly ? " stroke-dasharray=\"5 4\"" : "") + "/>";
        const std::string textX = std::to_string(left(box) + 10);
        svg += "<text x=\"" + textX + "\" y=\"" + std::to_string(top(box) + 19) +
               "\" font-size=\"13\" fill=\"currentColor\">" + escaped(beginning(text.title, mostUnits)) + "</text>";
        svg += "<text x=\"" + textX + "\" y=\"" + std::to_string(top(box) + 37) +
               "\" font-size=\"12\" fill=\"currentColor\" fill-opacity=\"0.75\">" +
               escaped(beginning(text.line, mostUnits)) + "</text>";
        if (!text.href.empty()) svg += "</a>";
    }
    drawing.svg = svg + "</svg>";
    return drawing;
}

} // namespace dalate::traceability
