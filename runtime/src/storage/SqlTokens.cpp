// SPDX-License-Identifier: Apache-2.0
#include "storage/SqlTokens.h"

#include "storage/StorageError.h"

#include <algorithm>

namespace dalate::storage {

namespace {

constexpr std::size_t none = std::string_view::npos;

char lower(char c) noexcept {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}
bool isDigit(char c) noexcept {
    return c >= '0' && c <= '9';
}
bool isSpace(char c) noexcept {
    return c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\r';
}
bool isWordStart(char c) noexcept {
    return (lower(c) >= 'a' && lower(c) <= 'z') || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}
bool isWordPart(char c) noexcept {
    return isWordStart(c) || isDigit(c) || c == '$';
}

class Cutter {
public:
    explicit Cutter(std::string_view sql) : sql_(sql) {}

    std::vector<SqlToken> all() {
        if (sql_.find('\0') != none) refuse("NUL in the statement");
        std::vector<SqlToken> tokens;
        tokens.reserve(sql_.size() / 4);
        for (skip(); at_ < sql_.size(); skip())
            tokens.push_back(next());
        return tokens;
    }

private:
    [[noreturn]] void refuse(std::string_view reason) const { throw StorageError::refusal(sql_, reason); }

    char peek(std::size_t ahead = 0) const noexcept {
        return at_ + ahead < sql_.size() ? sql_[at_ + ahead] : '\0';
    }

    void skip() {
        for (;;) {
            if (isSpace(peek())) {
                ++at_;
            } else if (peek() == '-' && peek(1) == '-') {
                at_ = std::min(sql_.find('\n', at_), sql_.size());
            } else if (peek() == '/' && peek(1) == '*') {
                const std::size_t end = sql_.find("*/", at_ + 2);
                if (end == none) refuse("comment without end");
                at_ = end + 2;
            } else {
                return;
            }
        }
    }

    SqlToken take(SqlToken::Kind kind, std::size_t length, std::size_t nameStart = 0,
                  std::size_t nameLength = 0) {
        const SqlToken token{kind, sql_.substr(at_, length), sql_.substr(at_ + nameStart, nameLength)};
        at_ += length;
        return token;
    }

    std::size_t wordEnd(std::size_t from) const noexcept {
        while (from < sql_.size() && isWordPart(sql_[from]))
            ++from;
        return from;
    }

    /// Length of the quoted run that begins at `start`; a doubled quote stands for itself.
    std::size_t quotedLength(char quote, std::size_t start) const {
        for (std::size_t i = start + 1; i < sql_.size(); ++i) {
            if (sql_[i] != quote) continue;
            if (i + 1 < sql_.size() && sql_[i + 1] == quote)
                ++i;
            else
                return i + 1 - start;
        }
        refuse("quote without end");
    }

    SqlToken next() {
        using Kind = SqlToken::Kind;
        const char c = peek();
        if ((c == 'x' || c == 'X') && peek(1) == '\'')
            return take(Kind::string, 1 + quotedLength('\'', at_ + 1));
        if (isWordStart(c)) {
            const std::size_t length = wordEnd(at_) - at_;
            return take(Kind::word, length, 0, length);
        }
        if (isDigit(c) || (c == '.' && isDigit(peek(1)))) return number();
        switch (c) {
        case '\'':
            return take(Kind::string, quotedLength('\'', at_));
        case '"':
        case '`':
            return quotedName(quotedLength(c, at_));
        case '[': {
            const std::size_t end = sql_.find(']', at_);
            if (end == none) refuse("quote without end");
            return quotedName(end + 1 - at_);
        }
        case '(':
            return take(Kind::open, 1);
        case ')':
            return take(Kind::close, 1);
        case ',':
            return take(Kind::comma, 1);
        case '.':
            return take(Kind::dot, 1);
        case ';':
            return take(Kind::semicolon, 1);
        case ':':
            return parameter();
        case '{':
            return scope();
        case '?':
        case '@':
        case '$':
        case '#':
            refuse("parameters are named :name");
        default:
            return take(Kind::other, 1);
        }
    }

    SqlToken quotedName(std::size_t length) { return take(SqlToken::Kind::quoted, length, 1, length - 2); }

    SqlToken number() {
        std::size_t end = at_;
        while (end < sql_.size() && (isWordPart(sql_[end]) || sql_[end] == '.' ||
                                     ((sql_[end] == '+' || sql_[end] == '-') && lower(sql_[end - 1]) == 'e' &&
                                      lower(sql_[at_ + 1]) != 'x')))
            ++end;
        return take(SqlToken::Kind::number, end - at_);
    }

    SqlToken parameter() {
        const std::size_t end = wordEnd(at_ + 1);
        if (end == at_ + 1) return take(SqlToken::Kind::other, 1);
        if (end < sql_.size() && (sql_[end] == '(' || (sql_[end] == ':' && sql_.substr(end, 2) == "::")))
            refuse("a parameter's name ends before ( and :");
        return take(SqlToken::Kind::parameter, end - at_, 1, end - at_ - 1);
    }

    SqlToken scope() {
        constexpr std::string_view head = "{scope:";
        if (sql_.substr(at_, head.size()) != head) refuse("{ stands only in {scope:alias}");
        const std::size_t start = at_ + head.size();
        const std::size_t end = wordEnd(start);
        if (end == start || isDigit(sql_[start]) || end >= sql_.size() || sql_[end] != '}')
            refuse("{scope:alias} needs a plain alias");
        return take(SqlToken::Kind::scope, end + 1 - at_, head.size(), end - start);
    }

    std::string_view sql_;
    std::size_t at_ = 0;
};

} // namespace

bool SqlToken::is(std::string_view keyword) const noexcept {
    return kind == Kind::word && sameName(text, keyword);
}

bool sameName(std::string_view a, std::string_view b) noexcept {
    return a.size() == b.size() &&
           std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) { return lower(x) == lower(y); });
}

std::vector<SqlToken> tokenize(std::string_view sql) {
    return Cutter(sql).all();
}

std::vector<std::string_view> splitScript(std::string_view script) {
    using Kind = SqlToken::Kind;
    const std::vector<SqlToken> tokens = tokenize(script);
    std::vector<std::string_view> pieces;
    std::size_t first = 0; // token that starts the piece
    bool trigger = false;
    int depth = 0; // BEGIN … END and CASE … END of a trigger's body

    const auto end = [&](std::size_t past) {
        if (past > first) {
            const char* begin = tokens[first].text.data();
            const std::string_view last = tokens[past - 1].text;
            pieces.emplace_back(begin, static_cast<std::size_t>(last.data() + last.size() - begin));
        }
        trigger = false;
        depth = 0;
    };
    for (std::size_t i = 0; i < tokens.size(); ++i) {
        const SqlToken& t = tokens[i];
        if (t.is("TRIGGER") && i <= first + 2) trigger = tokens[first].is("CREATE");
        if (trigger && (t.is("BEGIN") || t.is("CASE"))) ++depth;
        if (trigger && t.is("END")) --depth;
        if (t.kind != Kind::semicolon || depth > 0) continue;
        end(i);
        first = i + 1;
    }
    end(tokens.size());
    return pieces;
}

} // namespace dalate::storage
