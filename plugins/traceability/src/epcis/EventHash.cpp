// SPDX-License-Identifier: Apache-2.0
#include "epcis/EventHash.h"

#include "epcis/Canonical.h"
#include "epcis/Fields.h"

#include <algorithm>
#include <vector>

namespace dalate::traceability::epcis {

namespace {

using Parts = std::vector<std::string>;

void appendSorted(std::string& out, Parts& parts) {
    std::sort(parts.begin(), parts.end());
    for (const auto& part : parts)
        out += part;
}

bool isComment(std::string_view key) noexcept {
    return key == "rdfs:comment" || key == "comment";
}

class Writer {
public:
    explicit Writer(const Context& context) : context_(context) {}

    /// The members of an object: those of its shape in the table's order, then the extensions, sorted.
    std::string object(ValueView node, const Shape& shape) const {
        std::string out;
        for (const Member& member : shape) {
            if (!member.hashed) continue;
            const ValueView value = node[member.name];
            if (!value.isNull()) out += field(value, member);
        }
        if (shape.extensions) {
            Parts parts;
            for (const ValueView child : node)
                if (shape.find(child.key()) == nullptr) extension(child.key(), child, parts);
            appendSorted(out, parts);
        }
        return out;
    }

private:
    std::string field(ValueView value, const Member& member) const {
        if (member.kind == Kind::masterData) {
            const std::string inner = members(value);
            return inner.empty() ? std::string() : std::string(member.item) + inner;
        }
        Parts parts;
        if (value.isList())
            for (const ValueView one : value)
                item(one, member, parts);
        else
            item(value, member, parts);
        if (parts.empty()) return {};
        std::string out(member.list);
        appendSorted(out, parts);
        return out;
    }

    void item(ValueView value, const Member& member, Parts& parts) const {
        std::string text(member.item);
        if (member.shape != nullptr) {
            const std::string inner = object(value, *member.shape);
            if (inner.empty()) return;
            text += inner;
        } else {
            text.append("=").append(canonicalText(member.kind, value, context_));
        }
        parts.push_back(std::move(text));
    }

    std::string members(ValueView map) const {
        Parts parts;
        for (const ValueView child : map)
            extension(child.key(), child, parts);
        std::string out;
        appendSorted(out, parts);
        return out;
    }

    /// An array says its name once an item, as repeated elements in XML do.
    void extension(std::string_view key, ValueView value, Parts& parts) const {
        if (isComment(key)) return;
        if (value.isList()) {
            for (const ValueView one : value)
                extension(key, one, parts);
            return;
        }
        const Name name = context_.expand(key);
        std::string text;
        if (!name.space.empty()) text.append("{").append(name.space).append("}");
        text += name.local;
        if (value.isMap()) {
            text += members(value);
        } else {
            const std::string scalar = canonicalExtensionText(value, context_);
            if (!scalar.empty()) text.append("=").append(scalar);
        }
        parts.push_back(std::move(text));
    }

    const Context& context_;
};

} // namespace

std::string preHash(ValueView event, const Context& context) {
    std::string out("eventType=");
    out += context.iri(event["type"].text());
    out += Writer(context).object(event, eventShape());
    return out;
}

std::string eventHashId(ValueView event, const Context& context, const Sha256& sha256) {
    constexpr char hex[] = "0123456789abcdef";
    std::string out("ni:///sha-256;");
    for (const char c : sha256(preHash(event, context))) {
        const auto byte = static_cast<unsigned char>(c);
        out += hex[byte >> 4];
        out += hex[byte & 15];
    }
    return out.append("?ver=CBV2.0");
}

} // namespace dalate::traceability::epcis
