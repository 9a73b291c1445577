// SPDX-License-Identifier: Apache-2.0
//
// The flat value form: one run of bytes that holds a tree. Page models, service arguments, events, job
// arguments and parsed JSON all travel in it, across the plugin boundary and through the database.
//
// A node is an 8-byte head, its key, its payload (integers little-endian, nothing aligned):
//
//     u32 size       of the whole node, head included
//     u16 keyLength  0 in lists and at the root
//     u8  tag        see Tag
//     u8  zero
//     key            keyLength bytes of UTF-8
//     payload        integer: 8 bytes; number: JSON number text, digit for digit; text: UTF-8;
//                    bytes: as they are; list and map: their child nodes one after another
//
// A reader steps over a child by its size, so nothing is parsed before it is asked for. Views never read
// outside their bytes: a child that does not fit its parent ends the iteration.
#pragma once

#include <charconv>
#include <cstdint>
#include <cstring>
#include <iterator>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace dalate {

enum class Tag : std::uint8_t { null = 0, no = 1, yes = 2, integer = 3, number = 4, text = 5, bytes = 6, list = 7, map = 8 };

/// A read-only look at one node. Borrows the bytes: valid as long as their owner is. Cheap to copy; safe to
/// read from several threads.
class ValueView {
public:
    static constexpr std::size_t headSize = 8;

    /// A null node without key.
    ValueView() noexcept = default;

    /// A look at the node that starts at `p`; a run of bytes that is no whole node reads as null.
    ValueView(const void* p, std::size_t n) noexcept {
        if (p == nullptr || n < headSize) return;
        const auto* bytes = static_cast<const char*>(p);
        const std::uint32_t whole = u32(bytes);
        const std::uint16_t keyLength = u16(bytes + 4);
        const auto tag = static_cast<std::uint8_t>(bytes[6]);
        if (whole > n || whole < headSize + keyLength || tag > static_cast<std::uint8_t>(Tag::map)) return;
        if (tag == static_cast<std::uint8_t>(Tag::integer) && whole != headSize + keyLength + 8) return;
        node_ = bytes;
    }
    explicit ValueView(std::string_view bytes) noexcept : ValueView(bytes.data(), bytes.size()) {}

    Tag tag() const noexcept { return node_ ? static_cast<Tag>(node_[6]) : Tag::null; }
    bool isNull() const noexcept { return tag() == Tag::null; }
    bool isText() const noexcept { return tag() == Tag::text; }
    bool isList() const noexcept { return tag() == Tag::list; }
    bool isMap() const noexcept { return tag() == Tag::map; }
    bool isNumber() const noexcept { return tag() == Tag::number || tag() == Tag::integer; }
    bool isBoolean() const noexcept { return tag() == Tag::no || tag() == Tag::yes; }

    std::string_view key() const noexcept {
        return node_ ? std::string_view(node_ + headSize, u16(node_ + 4)) : std::string_view();
    }
    /// The node's own bytes, head and key included.
    std::string_view raw() const noexcept {
        return node_ ? std::string_view(node_, u32(node_)) : std::string_view();
    }
    /// The bytes behind head and key.
    std::string_view payload() const noexcept {
        if (!node_) return {};
        const std::size_t start = headSize + u16(node_ + 4);
        return {node_ + start, u32(node_) - start};
    }
    /// The bytes of a text, a number or a byte run; empty for every other tag.
    std::string_view text() const noexcept {
        const Tag t = tag();
        return t == Tag::text || t == Tag::number || t == Tag::bytes ? payload() : std::string_view();
    }
    /// Text of any scalar, as a page shows it: numbers in digits, `true`/`false`, nothing for null.
    std::string asText() const {
        switch (tag()) {
        case Tag::no: return "false";
        case Tag::yes: return "true";
        case Tag::integer: return std::to_string(*integer());
        default: return std::string(text());
        }
    }
    /// The whole number of an integer, or of a number or text that is written as one.
    std::optional<std::int64_t> integer() const noexcept {
        if (tag() == Tag::integer) {
            std::uint64_t bits = 0;
            const std::string_view p = payload();
            for (int i = 7; i >= 0; --i) bits = bits << 8 | static_cast<unsigned char>(p[static_cast<std::size_t>(i)]);
            return static_cast<std::int64_t>(bits);
        }
        const std::string_view digits = text();
        std::int64_t number = 0;
        const auto [end, fault] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
        if (digits.empty() || fault != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
        return number;
    }
    /// What a template's section asks: null, `false`, empty text and empty lists are false.
    bool truth() const noexcept {
        switch (tag()) {
        case Tag::null:
        case Tag::no: return false;
        case Tag::text:
        case Tag::bytes:
        case Tag::list: return !payload().empty();
        default: return true;
        }
    }

    class Iterator {
    public:
        using iterator_category = std::forward_iterator_tag;
        using value_type = ValueView;
        using difference_type = std::ptrdiff_t;
        using pointer = const ValueView*;
        using reference = ValueView;

        Iterator() = default;
        explicit Iterator(std::string_view rest) noexcept : rest_(rest) { settle(); }
        ValueView operator*() const noexcept { return ValueView(rest_); }
        Iterator& operator++() noexcept {
            rest_.remove_prefix(ValueView(rest_).raw().size());
            settle();
            return *this;
        }
        Iterator operator++(int) noexcept {
            Iterator before = *this;
            ++*this;
            return before;
        }
        bool operator==(const Iterator& o) const noexcept { return rest_.size() == o.rest_.size(); }
        bool operator!=(const Iterator& o) const noexcept { return !(*this == o); }

    private:
        void settle() noexcept {
            if (ValueView(rest_).raw().empty()) rest_ = {};
        }
        std::string_view rest_;
    };

    /// The children of a list or a map, in their order; nothing for a scalar.
    Iterator begin() const noexcept { return isList() || isMap() ? Iterator(payload()) : Iterator(); }
    Iterator end() const noexcept { return {}; }

    /// Number of children. Walks them.
    std::size_t size() const noexcept { return static_cast<std::size_t>(std::distance(begin(), end())); }

    /// The member of a map, or null. Walks the members: keep maps small or iterate.
    ValueView operator[](std::string_view name) const noexcept {
        if (isMap())
            for (const ValueView child : *this)
                if (child.key() == name) return child;
        return {};
    }
    bool has(std::string_view name) const noexcept { return !(*this)[name].raw().empty(); }

    static std::uint32_t u32(const char* p) noexcept {
        const auto* b = reinterpret_cast<const unsigned char*>(p);
        return static_cast<std::uint32_t>(b[0]) | static_cast<std::uint32_t>(b[1]) << 8 |
               static_cast<std::uint32_t>(b[2]) << 16 | static_cast<std::uint32_t>(b[3]) << 24;
    }
    static std::uint16_t u16(const char* p) noexcept {
        const auto* b = reinterpret_cast<const unsigned char*>(p);
        return static_cast<std::uint16_t>(b[0] | b[1] << 8);
    }

private:
    const char* node_ = nullptr;
};

/// Appends nodes to a byte run. The typed writers below are the way to use it; a parser uses it directly.
/// Throws std::length_error when a key passes 65,535 bytes or a node 4 GiB.
class ValueWriter {
public:
    explicit ValueWriter(std::string& out) noexcept : out_(out) {}

    void scalar(std::string_view key, Tag tag, std::string_view payload = {}) {
        const std::size_t mark = open(key, tag);
        out_.append(payload);
        close(mark);
    }
    void integer(std::string_view key, std::int64_t number) {
        char bytes[8];
        auto bits = static_cast<std::uint64_t>(number);
        for (char& b : bytes) {
            b = static_cast<char>(bits & 0xff);
            bits >>= 8;
        }
        scalar(key, Tag::integer, {bytes, 8});
    }
    /// Writes `node` under another key.
    void copy(std::string_view key, ValueView node) { scalar(key, node.tag(), node.payload()); }

    /// Starts a node; what is appended until `close` with the mark returned is its payload.
    std::size_t open(std::string_view key, Tag tag) {
        if (key.size() > 0xffff) throw std::length_error("dalate::ValueWriter: key too long");
        const std::size_t mark = out_.size();
        const char head[8] = {0, 0, 0, 0, static_cast<char>(key.size() & 0xff), static_cast<char>(key.size() >> 8),
                              static_cast<char>(tag), 0};
        out_.append(head, sizeof head);
        out_.append(key);
        return mark;
    }
    void close(std::size_t mark) {
        const std::size_t size = out_.size() - mark;
        if (size > 0xffffffffu) throw std::length_error("dalate::ValueWriter: node too large");
        for (std::size_t i = 0; i < 4; ++i) out_[mark + i] = static_cast<char>(size >> (8 * i) & 0xff);
    }

private:
    std::string& out_;
};

class ListWriter;
class MapWriter;
class Value;

namespace detail {

inline void put(ValueWriter& w, std::string_view key, std::nullptr_t) { w.scalar(key, Tag::null); }
inline void put(ValueWriter& w, std::string_view key, std::string_view text) { w.scalar(key, Tag::text, text); }
inline void put(ValueWriter& w, std::string_view key, const std::string& text) { w.scalar(key, Tag::text, text); }
inline void put(ValueWriter& w, std::string_view key, const char* text) { w.scalar(key, Tag::text, text); }
inline void put(ValueWriter& w, std::string_view key, ValueView node) { w.copy(key, node); }
inline void put(ValueWriter& w, std::string_view key, const Value& value);
template <class T, std::enable_if_t<std::is_integral_v<T>, int> = 0>
void put(ValueWriter& w, std::string_view key, T number) {
    if constexpr (std::is_same_v<T, bool>)
        w.scalar(key, number ? Tag::yes : Tag::no);
    else
        w.integer(key, static_cast<std::int64_t>(number));
}
template <class T>
void put(ValueWriter& w, std::string_view key, const std::optional<T>& maybe) {
    if (maybe)
        put(w, key, *maybe);
    else
        w.scalar(key, Tag::null);
}

} // namespace detail

/// Writes the members of a map. Keys are the caller's to keep distinct.
class MapWriter {
public:
    explicit MapWriter(ValueWriter& w) noexcept : w_(w) {}

    template <class T>
    MapWriter& set(std::string_view key, const T& value) {
        detail::put(w_, key, value);
        return *this;
    }
    /// A number by its digits, e.g. "12.50"; the text must be a JSON number.
    MapWriter& number(std::string_view key, std::string_view digits) {
        w_.scalar(key, Tag::number, digits);
        return *this;
    }
    MapWriter& bytes(std::string_view key, std::string_view run) {
        w_.scalar(key, Tag::bytes, run);
        return *this;
    }
    template <class F>
    MapWriter& map(std::string_view key, F&& fill);
    template <class F>
    MapWriter& list(std::string_view key, F&& fill);

private:
    ValueWriter& w_;
};

/// Writes the items of a list.
class ListWriter {
public:
    explicit ListWriter(ValueWriter& w) noexcept : w_(w) {}

    template <class T>
    ListWriter& add(const T& value) {
        detail::put(w_, {}, value);
        return *this;
    }
    template <class F>
    ListWriter& map(F&& fill);
    template <class F>
    ListWriter& list(F&& fill);

private:
    ValueWriter& w_;
};

template <class F>
MapWriter& MapWriter::map(std::string_view key, F&& fill) {
    const std::size_t mark = w_.open(key, Tag::map);
    MapWriter inner(w_);
    fill(inner);
    w_.close(mark);
    return *this;
}
template <class F>
MapWriter& MapWriter::list(std::string_view key, F&& fill) {
    const std::size_t mark = w_.open(key, Tag::list);
    ListWriter inner(w_);
    fill(inner);
    w_.close(mark);
    return *this;
}
template <class F>
ListWriter& ListWriter::map(F&& fill) {
    const std::size_t mark = w_.open({}, Tag::map);
    MapWriter inner(w_);
    fill(inner);
    w_.close(mark);
    return *this;
}
template <class F>
ListWriter& ListWriter::list(F&& fill) {
    const std::size_t mark = w_.open({}, Tag::list);
    ListWriter inner(w_);
    fill(inner);
    w_.close(mark);
    return *this;
}

/// A value that owns its bytes. Moves and copies as a string does.
class Value {
public:
    /// Null.
    Value() = default;
    /// A copy of the node, without its key.
    explicit Value(ValueView node) {
        ValueWriter w(bytes_);
        w.copy({}, node);
    }

    /// `Value::map([&](MapWriter& m) { m.set("name", name); })`
    template <class F>
    static Value map(F&& fill) {
        return container<MapWriter>(Tag::map, std::forward<F>(fill));
    }
    static Value map() {
        return map([](MapWriter&) {});
    }
    template <class F>
    static Value list(F&& fill) {
        return container<ListWriter>(Tag::list, std::forward<F>(fill));
    }
    template <class T>
    static Value of(const T& scalar) {
        Value v;
        ValueWriter w(v.bytes_);
        detail::put(w, {}, scalar);
        return v;
    }
    /// Takes over a byte run made by a ValueWriter.
    static Value adopt(std::string bytes) {
        Value v;
        v.bytes_ = std::move(bytes);
        return v;
    }

    ValueView view() const noexcept { return ValueView(bytes_); }
    operator ValueView() const noexcept { return view(); }
    ValueView operator[](std::string_view name) const noexcept { return view()[name]; }
    const std::string& bytes() const noexcept { return bytes_; }

private:
    template <class Writer, class F>
    static Value container(Tag tag, F&& fill) {
        Value v;
        v.bytes_.reserve(firstRoom);
        ValueWriter w(v.bytes_);
        const std::size_t mark = w.open({}, tag);
        Writer inner(w);
        fill(inner);
        w.close(mark);
        return v;
    }
    // Most maps are a few short members: one allocation instead of a string's growth by doubling.
    static constexpr std::size_t firstRoom = 240;

    std::string bytes_;
};

namespace detail {
inline void put(ValueWriter& w, std::string_view key, const Value& value) { w.copy(key, value.view()); }
} // namespace detail

} // namespace dalate
