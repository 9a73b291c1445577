// SPDX-License-Identifier: Apache-2.0
//
// Reading: RapidJSON's iterative in-place reader calls TreeBuilder, which appends nodes to the flat form as
// they come. In place means on a copy of the text, so keys and texts are views into that copy and stay valid
// to the end. What the reader lets pass is checked here: encoding before it runs (so an error names its
// byte), lone low surrogates, duplicate keys, depth and number of nodes.
#include "base/Json.h"

#include "base/Utf8.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <vector>

#if defined(__SSE2__)
#define RAPIDJSON_SSE2
#endif
#include <rapidjson/error/en.h>
#include <rapidjson/reader.h>

namespace dalate::json {

namespace {

constexpr std::size_t none = std::string_view::npos;

bool isPlainName(std::string_view key) {
    const auto plain = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    };
    return !key.empty() && std::all_of(key.begin(), key.end(), plain);
}

/// Builds the tree; its members are RapidJSON's handler concept. A false answer ends the parse with
/// `error()`.
class TreeBuilder {
public:
    TreeBuilder(const char* text, const Limits& limits, std::string& out)
        : text_(text), limits_(limits), writer_(out) {}

    bool Null() { return scalar(Tag::null, {}); }
    bool Bool(bool b) { return scalar(b ? Tag::yes : Tag::no, {}); }
    bool RawNumber(const char* s, rapidjson::SizeType n, bool) { return scalar(Tag::number, {s, n}); }
    bool String(const char* s, rapidjson::SizeType n, bool) {
        return sound({s, n}) && scalar(Tag::text, {s, n});
    }
    bool Int(int) { return false; }
    bool Uint(unsigned) { return false; }
    bool Int64(std::int64_t) { return false; }
    bool Uint64(std::uint64_t) { return false; }
    bool Double(double) { return false; }

    bool StartObject() { return open(Tag::map); }
    bool StartArray() { return open(Tag::list); }

    bool Key(const char* s, rapidjson::SizeType n, bool) {
        const std::string_view key(s, n);
        if (!sound(key)) return false;
        if (n > 0xffff) return fail(413, "core.json.size", offsetOf(key), "key above 65535 bytes");
        const std::size_t first = frames_.back().firstKey;
        key_ = key;
        // Small objects, nearly all, are compared as they come; large ones are sorted when they close.
        if (keys_.size() - first < comparedAtOnce)
            for (std::size_t i = first; i < keys_.size(); ++i)
                if (keys_[i] == key) return duplicate(key);
        keys_.push_back(key);
        return true;
    }

    bool EndObject(rapidjson::SizeType) {
        const auto begin = keys_.begin() + static_cast<std::ptrdiff_t>(frames_.back().firstKey);
        if (static_cast<std::size_t>(keys_.end() - begin) > comparedAtOnce) {
            // By text, then by place, so that the later of two equal keys is the one reported.
            std::sort(begin, keys_.end(), [](std::string_view a, std::string_view b) {
                const int order = a.compare(b);
                return order != 0 ? order < 0 : a.data() < b.data();
            });
            const auto twin = std::adjacent_find(begin, keys_.end());
            if (twin != keys_.end()) {
                key_ = *(twin + 1);
                return duplicate(key_);
            }
        }
        keys_.erase(begin, keys_.end());
        return close();
    }
    bool EndArray(rapidjson::SizeType) { return close(); }

    const std::optional<Error>& error() const { return error_; }

    /// JSONPath of the value that is being read, e.g. `$.epcisBody.eventList[3]['x:y']`.
    std::string path() const {
        std::string text = "$";
        for (std::size_t i = 0; i < frames_.size(); ++i) {
            if (frames_[i].tag == Tag::list) {
                text.append("[").append(std::to_string(frames_[i].items)).append("]");
                continue;
            }
            const std::string_view key = i + 1 < frames_.size() ? frames_[i + 1].name : key_;
            if (key.data() == nullptr) continue; // an object whose first key is not read yet
            if (isPlainName(key))
                text.append(".").append(key);
            else
                text.append("['").append(key.substr(0, 200)).append("']");
        }
        return text;
    }

    Value details(std::size_t offset, std::string_view reason) const {
        return Value::map(
            [&](MapWriter& m) { m.set("offset", offset).set("path", path()).set("reason", reason); });
    }

private:
    static constexpr std::size_t comparedAtOnce = 16;

    struct Frame {
        Tag tag;
        std::size_t mark;
        std::size_t firstKey;  ///< in keys_
        std::size_t items = 0; ///< of a list: read so far
        std::string_view name; ///< the key under which it stands in its parent
    };

    bool scalar(Tag tag, std::string_view payload) {
        if (!countNode()) return false;
        writer_.scalar(nameHere(), tag, payload);
        if (!frames_.empty()) ++frames_.back().items;
        return true;
    }

    bool open(Tag tag) {
        if (!countNode()) return false;
        if (frames_.size() >= limits_.depth) return fail(400, "core.json.depth", none, "nested too deep");
        const std::string_view name = nameHere();
        const std::size_t mark = writer_.open(name, tag);
        frames_.push_back({tag, mark, keys_.size(), 0, name});
        key_ = {};
        return true;
    }

    bool close() {
        writer_.close(frames_.back().mark);
        key_ = frames_.back().name;
        frames_.pop_back();
        if (!frames_.empty()) ++frames_.back().items;
        return true;
    }

    std::string_view nameHere() const {
        return !frames_.empty() && frames_.back().tag == Tag::map ? key_ : std::string_view();
    }

    bool countNode() {
        if (++nodes_ <= limits_.nodes) return true;
        return fail(413, "core.json.size", none, "too many values");
    }

    /// The text was UTF-8, so the bytes of a surrogate can only come from an escape.
    bool sound(std::string_view s) {
        for (std::size_t at = s.find('\xed'); at != none; at = s.find('\xed', at + 1))
            if (at + 1 < s.size() && static_cast<unsigned char>(s[at + 1]) >= 0xa0)
                return fail(400, "core.json.encoding", offsetOf(s), "lone surrogate");
        return true;
    }

    bool duplicate(std::string_view key) {
        return fail(400, "core.json.duplicate_key", offsetOf(key), "key stands twice in one object");
    }

    std::size_t offsetOf(std::string_view part) const {
        return static_cast<std::size_t>(part.data() - text_);
    }

    bool fail(int status, const char* id, std::size_t offset, std::string_view reason) {
        Value about = offset == none
                          ? Value::map([&](MapWriter& m) { m.set("path", path()).set("reason", reason); })
                          : details(offset, reason);
        error_.emplace(status, id, std::move(about));
        return false;
    }

    const char* text_;
    const Limits& limits_;
    ValueWriter writer_;
    std::vector<Frame> frames_;
    std::vector<std::string_view> keys_; ///< of all open objects, innermost last
    std::string_view key_;               ///< the last key read in the innermost object
    std::size_t nodes_ = 0;
    std::optional<Error> error_;
};

Error encodingFault(std::size_t offset, std::string_view reason) {
    return Error(400, "core.json.encoding",
                 Value::map([&](MapWriter& m) { m.set("offset", offset).set("reason", reason); }));
}

} // namespace

Result<Value> parse(std::string_view text, const Limits& limits) {
    if (text.size() > limits.bytes)
        return Error(413, "core.json.size", Value::map([&](MapWriter& m) { m.set("most", limits.bytes); }));
    if (text.substr(0, 3) == "\xef\xbb\xbf") return encodingFault(0, "byte order mark");
    if (const std::size_t at = findInvalidUtf8(text); at != none) return encodingFault(at, "not UTF-8");
    // The reader takes NUL for the end of its input.
    if (const std::size_t at = text.find('\0'); at != none) return encodingFault(at, "NUL");

    // Room for the reader's 16-byte steps behind the terminator.
    std::string inPlace;
    inPlace.reserve(text.size() + 32);
    inPlace.append(text).append(32, '\0');

    std::string bytes;
    bytes.reserve(text.size() + text.size() / 4 + 64);
    TreeBuilder builder(inPlace.data(), limits, bytes);
    rapidjson::InsituStringStream stream(inPlace.data());
    rapidjson::Reader reader;
    constexpr unsigned flags =
        rapidjson::kParseInsituFlag | rapidjson::kParseIterativeFlag | rapidjson::kParseNumbersAsStringsFlag;
    const rapidjson::ParseResult result = reader.Parse<flags>(stream, builder);
    if (!result) {
        if (builder.error()) return *builder.error();
        const bool surrogate = result.Code() == rapidjson::kParseErrorStringUnicodeSurrogateInvalid;
        return Error(400, surrogate ? "core.json.encoding" : "core.json.syntax",
                     builder.details(result.Offset(), rapidjson::GetParseError_En(result.Code())));
    }
    return Value::adopt(std::move(bytes));
}

namespace {

void writeText(std::string_view text, std::string& out) {
    static constexpr char digits[] = "0123456789abcdef";
    out += '"';
    std::size_t plain = 0; // start of the run that needs no escape
    std::size_t at = 0;
    const auto flush = [&] { out.append(text.substr(plain, at - plain)); };
    while (at < text.size()) {
        const auto c = static_cast<unsigned char>(text[at]);
        if (c >= 0x20 && c < 0x7f && c != '"' && c != '\\') {
            ++at;
            continue;
        }
        if (c >= 0x80) {
            const std::size_t length = utf8Sequence(text, at);
            if (length != 0) {
                at += length;
                continue;
            }
        }
        flush();
        switch (c) {
        case '"':
            out += "\\\"";
            break;
        case '\\':
            out += "\\\\";
            break;
        case '\b':
            out += "\\b";
            break;
        case '\f':
            out += "\\f";
            break;
        case '\n':
            out += "\\n";
            break;
        case '\r':
            out += "\\r";
            break;
        case '\t':
            out += "\\t";
            break;
        default:
            if (c >= 0x80) {
                out += "\\ufffd"; // JSON is UTF-8; a byte that is none must not leave
            } else {
                out += "\\u00";
                out += digits[c >> 4];
                out += digits[c & 15];
            }
        }
        plain = ++at;
    }
    flush();
    out += '"';
}

void writeBase64(std::string_view bytes, std::string& out) {
    static constexpr char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    out += '"';
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        const auto byte = [&](std::size_t at) -> unsigned {
            return at < bytes.size() ? static_cast<unsigned char>(bytes[at]) : 0u;
        };
        const unsigned triple = byte(i) << 16 | byte(i + 1) << 8 | byte(i + 2);
        out += letters[triple >> 18];
        out += letters[triple >> 12 & 63];
        out += i + 1 < bytes.size() ? letters[triple >> 6 & 63] : '=';
        out += i + 2 < bytes.size() ? letters[triple & 63] : '=';
    }
    out += '"';
}

void writeScalar(ValueView value, std::string& out) {
    switch (value.tag()) {
    case Tag::no:
        out += "false";
        return;
    case Tag::yes:
        out += "true";
        return;
    case Tag::integer: {
        char digits[24];
        const auto end = std::to_chars(digits, digits + sizeof digits, *value.integer()).ptr;
        out.append(digits, end);
        return;
    }
    case Tag::number:
        out.append(value.text());
        return;
    case Tag::text:
        writeText(value.text(), out);
        return;
    case Tag::bytes:
        writeBase64(value.text(), out);
        return;
    default:
        out += "null";
        return;
    }
}

} // namespace

void write(ValueView value, std::string& out) {
    struct Open {
        ValueView::Iterator next;
        bool map;
        bool first;
    };
    // A stack of its own: a plugin's value may be nested deeper than a thread's stack goes.
    std::vector<Open> open;
    const auto put = [&](ValueView node) {
        if (!node.isMap() && !node.isList()) return writeScalar(node, out);
        out += node.isMap() ? '{' : '[';
        open.push_back({node.begin(), node.isMap(), true});
    };
    put(value);
    while (!open.empty()) {
        Open& top = open.back();
        if (top.next == ValueView::Iterator()) {
            out += top.map ? '}' : ']';
            open.pop_back();
            continue;
        }
        const ValueView child = *top.next;
        ++top.next;
        if (!top.first) out += ',';
        top.first = false;
        if (top.map) {
            writeText(child.key(), out);
            out += ':';
        }
        put(child); // may move `open`: `top` is not used below
    }
}

std::string write(ValueView value) {
    std::string out;
    write(value, out);
    return out;
}

} // namespace dalate::json
