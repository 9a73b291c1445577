// SPDX-License-Identifier: Apache-2.0
#include "epcis/Canonical.h"
#include "epcis/Decimal.h"
#include "epcis/Fields.h"
#include "epcis/Normalize.h"
#include "epcis/Time.h"

#include <algorithm>

namespace dalate::traceability::epcis {

namespace {

bool isLeftOut(const Member& member) noexcept {
    return member.kind == Kind::context || member.name == "eventID" || member.name == "recordTime";
}

/// Writes texts with their length before them, so that no two different values run together into the same
/// form.
class Form {
public:
    explicit Form(const Context& context) : context_(context) {}

    std::string object(ValueView node, const Shape& shape) const {
        std::string out("{");
        for (const Member& member : shape) {
            const ValueView value = node[member.name];
            if (isLeftOut(member) || value.raw().empty()) continue;
            counted(out, member.name);
            out += field(value, member);
        }
        if (shape.extensions) out += extensions(node, &shape);
        return out.append("}");
    }

private:
    static void counted(std::string& out, std::string_view text) {
        out.append(std::to_string(text.size())).append(":").append(text);
    }

    std::string field(ValueView value, const Member& member) const {
        if (!value.isList())
            return member.count == Count::oneOrMany ? "[" + one(value, member) + "]" : one(value, member);
        // No list that EPCIS defines is an ordered one.
        std::vector<std::string> items;
        for (const ValueView item : value)
            items.push_back(one(item, member));
        std::sort(items.begin(), items.end());
        std::string out("[");
        for (const auto& item : items)
            out += item;
        return out.append("]");
    }

    std::string one(ValueView value, const Member& member) const {
        if (member.shape != nullptr && value.isMap()) return object(value, *member.shape);
        if (member.kind == Kind::masterData) return "{" + extensions(value, nullptr) + "}";
        std::string out;
        const auto instant = member.kind == Kind::time ? parseInstant(value.text()) : std::nullopt;
        if (instant)
            counted(out, std::to_string(instant->micros));
        else if (member.kind == Kind::text)
            counted(out, value.text());
        else if (member.kind == Kind::typeName)
            counted(out, context_.iri(value.text()));
        else
            counted(out, canonicalText(member.kind, value, context_));
        return out;
    }

    /// The members of `node` that `shape` does not name, by their full names, sorted.
    std::string extensions(ValueView node, const Shape* shape) const {
        std::vector<std::string> members;
        for (const ValueView child : node) {
            if (shape != nullptr && shape->find(child.key()) != nullptr) continue;
            std::string out;
            counted(out, context_.expand(child.key()).iri());
            members.push_back(out + json(child));
        }
        std::sort(members.begin(), members.end());
        std::string out;
        for (const auto& member : members)
            out += member;
        return out;
    }

    std::string json(ValueView value) const {
        std::string out;
        switch (value.tag()) {
        case Tag::null:
            return "z";
        case Tag::no:
            return "f";
        case Tag::yes:
            return "t";
        case Tag::integer:
        case Tag::number: {
            const auto number = Decimal::parse(value.asText());
            out = "n";
            counted(out, number ? number->text() : value.asText());
            return out;
        }
        case Tag::text:
        case Tag::bytes:
            out = "s";
            counted(out, value.text());
            return out;
        case Tag::list:
            out = "[";
            for (const ValueView item : value)
                out += json(item);
            return out.append("]");
        case Tag::map:
            return "{" + extensions(value, nullptr) + "}";
        }
        return out;
    }

    const Context& context_;
};

} // namespace

std::string contentForm(const Event& event) {
    return Form(event.context).object(event.raw, eventShape());
}

bool sameContent(const Event& a, const Event& b) {
    return contentForm(a) == contentForm(b);
}

} // namespace dalate::traceability::epcis
