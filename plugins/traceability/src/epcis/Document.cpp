// SPDX-License-Identifier: Apache-2.0
#include "epcis/Document.h"

#include "epcis/Event.h"
#include "epcis/Time.h"
#include "epcis/Uri.h"
#include "gs1/CheckDigit.h"

#include <initializer_list>

namespace dalate::traceability::epcis {

namespace {

using Names = std::initializer_list<std::string_view>;

/// `2.0`: digits with dots between.
bool isVersion(std::string_view text) {
    while (true) {
        const std::size_t dot = text.find('.');
        if (!gs1::isDigits(text.substr(0, dot))) return false;
        if (dot == std::string_view::npos) return true;
        text.remove_prefix(dot + 1);
    }
}

class Reader {
public:
    explicit Reader(std::vector<Problem>& problems) : problems_(0, problems) {}

    std::optional<Document> read(ValueView root) {
        const Path path("$");
        if (!root.isMap() || !root["type"].isText()) {
            problems_.add("document_type", path);
            return std::nullopt;
        }
        const std::string_view type = root["type"].text();
        Document out;
        if (type == "EPCISDocument") {
            out.form = Document::Form::document;
            readDocument(root, path, out);
        } else if (type == "EPCISQueryDocument") {
            out.form = Document::Form::queryDocument;
            readQueryDocument(root, path, out);
        } else if (eventType(type) || isUri(type)) {
            context(root, path);
            out.events.push_back(root);
        } else {
            problems_.add("document_type", Path(path, "type"), type);
        }
        if (problems_.any()) return std::nullopt;
        return out;
    }

private:
    void context(ValueView node, const Path& path) {
        const ValueView value = node["@context"];
        if (value.raw().empty())
            problems_.add("context_missing", path);
        else if (!isContext(value))
            problems_.add("context_invalid", Path(path, "@context"), value.text());
    }

    void names(ValueView node, const Path& path, Names allowed) {
        for (const ValueView member : node) {
            bool known = false;
            for (const std::string_view name : allowed)
                known = known || name == member.key();
            if (!known && !isExtensionKey(member.key()))
                problems_.add("field_unknown", Path(path, member.key()));
        }
    }

    /// The member of the form asked for; a problem and null where it is not.
    ValueView part(ValueView node, const Path& path, std::string_view name, Tag tag) {
        const ValueView value = node[name];
        if (value.raw().empty())
            problems_.add("field_missing", Path(path, name));
        else if (value.tag() != tag)
            problems_.add("field_type", Path(path, name), value.text());
        else
            return value;
        return {};
    }

    void frame(ValueView root, const Path& path) {
        context(root, path);
        const ValueView id = root["id"];
        if (!id.raw().empty() && !(id.isText() && isUri(id.text())))
            problems_.add("uri", Path(path, "id"), id.text());
        const ValueView version = root["schemaVersion"];
        if (version.isText() && !isVersion(version.text()))
            problems_.add("version_format", Path(path, "schemaVersion"), version.text());
        const ValueView created = root["creationDate"];
        if (created.isText() && !parseInstant(created.text()))
            problems_.add("time_format", Path(path, "creationDate"), created.text());
    }

    void events(ValueView holder, const Path& path, Document& out) {
        for (const ValueView event : part(holder, path, "eventList", Tag::list))
            out.events.push_back(event);
    }

    void readDocument(ValueView root, const Path& path, Document& out) {
        names(root, path,
              {"@context", "id", "type", "schemaVersion", "creationDate", "instanceIdentifier", "sender",
               "receiver", "epcisHeader", "epcisBody"});
        part(root, path, "schemaVersion", Tag::text);
        part(root, path, "creationDate", Tag::text);
        frame(root, path);
        const ValueView body = part(root, path, "epcisBody", Tag::map);
        if (!body.isNull()) events(body, Path(path, "epcisBody"), out);
        out.context = Context(root["@context"]);
    }

    void readQueryDocument(ValueView root, const Path& path, Document& out) {
        names(root, path, {"@context", "id", "type", "schemaVersion", "creationDate", "epcisBody"});
        frame(root, path);
        const Path bodyPath(path, "epcisBody");
        const Path resultsPath(bodyPath, "queryResults");
        const ValueView results =
            part(part(root, path, "epcisBody", Tag::map), bodyPath, "queryResults", Tag::map);
        if (!results.isNull()) {
            names(results, resultsPath, {"queryName", "subscriptionID", "resultsBody"});
            part(results, resultsPath, "queryName", Tag::text);
            const ValueView body = part(results, resultsPath, "resultsBody", Tag::map);
            if (!body.isNull()) events(body, Path(resultsPath, "resultsBody"), out);
        }
        out.context = Context(root["@context"]);
    }

    Problems problems_;
};

} // namespace

std::string Document::eventPath(std::size_t index) const {
    const std::string number = "[" + std::to_string(index) + "]";
    switch (form) {
    case Form::document:
        return "$.epcisBody.eventList" + number;
    case Form::queryDocument:
        return "$.epcisBody.queryResults.resultsBody.eventList" + number;
    case Form::event:
        break;
    }
    return "$";
}

std::optional<Document> readDocument(ValueView root, std::vector<Problem>& problems) {
    return Reader(problems).read(root);
}

} // namespace dalate::traceability::epcis
