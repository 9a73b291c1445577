// SPDX-License-Identifier: Apache-2.0
#include "epcis/Decimal.h"

#include <algorithm>
#include <charconv>

namespace dalate::traceability::epcis {

namespace {

std::size_t digitRun(std::string_view text, std::size_t at) noexcept {
    std::size_t end = at;
    while (end < text.size() && text[end] >= '0' && text[end] <= '9')
        ++end;
    return end - at;
}

} // namespace

std::optional<Decimal> Decimal::parse(std::string_view text) {
    Decimal out;
    std::size_t at = 0;
    if (at < text.size() && text[at] == '-') {
        out.negative_ = true;
        ++at;
    }
    const std::size_t whole = digitRun(text, at);
    if (whole == 0 || (whole > 1 && text[at] == '0')) return std::nullopt;
    out.digits_ = text.substr(at, whole);
    out.point_ = static_cast<int>(whole);
    at += whole;
    if (at < text.size() && text[at] == '.') {
        const std::size_t fraction = digitRun(text, at + 1);
        if (fraction == 0) return std::nullopt;
        out.digits_.append(text.substr(at + 1, fraction));
        at += 1 + fraction;
    }
    if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
        ++at;
        if (at < text.size() && text[at] == '+') ++at;
        int exponent = 0;
        const auto [end, fault] = std::from_chars(text.data() + at, text.data() + text.size(), exponent);
        if (fault != std::errc() || exponent < -400 || exponent > 400) return std::nullopt;
        out.point_ += exponent;
        at = static_cast<std::size_t>(end - text.data());
    }
    if (at != text.size()) return std::nullopt;
    out.settle();
    return out;
}

void Decimal::settle() {
    const std::size_t first = digits_.find_first_not_of('0');
    if (first == std::string::npos) {
        *this = Decimal();
        return;
    }
    digits_.erase(0, first);
    point_ -= static_cast<int>(first);
    digits_.erase(digits_.find_last_not_of('0') + 1);
}

std::string Decimal::text() const {
    if (isZero()) return "0";
    std::string out = negative_ ? "-" : "";
    const auto count = static_cast<int>(digits_.size());
    if (point_ <= 0) return out.append("0.").append(static_cast<std::size_t>(-point_), '0').append(digits_);
    if (point_ >= count) return out.append(digits_).append(static_cast<std::size_t>(point_ - count), '0');
    const auto split = static_cast<std::size_t>(point_);
    return out.append(digits_, 0, split).append(".").append(digits_, split);
}

Decimal Decimal::negated() const {
    Decimal out = *this;
    out.negative_ = !negative_ && !isZero();
    return out;
}

int Decimal::compare(const Decimal& a, const Decimal& b) {
    if (a.negative_ != b.negative_) return a.negative_ ? -1 : 1;
    const int sign = a.negative_ ? -1 : 1;
    if (a.isZero() || b.isZero()) return a.isZero() == b.isZero() ? 0 : (a.isZero() ? -sign : sign);
    if (a.point_ != b.point_) return a.point_ < b.point_ ? -sign : sign;
    const int order = a.digits_.compare(b.digits_);
    return order == 0 ? 0 : (order < 0 ? -sign : sign);
}

Decimal operator+(const Decimal& a, const Decimal& b) {
    if (a.isZero()) return b;
    if (b.isZero()) return a;
    // Both on one grid: the same number of digits before and behind the point, one spare in front for a
    // carry.
    const int point = std::max(a.point_, b.point_) + 1;
    const int behind = std::max(static_cast<int>(a.digits_.size()) - a.point_,
                                static_cast<int>(b.digits_.size()) - b.point_);
    const auto grid = [&](const Decimal& d) {
        std::string out(static_cast<std::size_t>(point - d.point_), '0');
        out += d.digits_;
        out.resize(static_cast<std::size_t>(point + behind), '0');
        return out;
    };
    std::string big = grid(a);
    std::string small = grid(b);
    Decimal out;
    out.point_ = point;
    const bool subtract = a.negative_ != b.negative_;
    out.negative_ = a.negative_;
    if (subtract && big < small) {
        std::swap(big, small);
        out.negative_ = b.negative_;
    }
    int carry = 0;
    for (std::size_t i = big.size(); i-- > 0;) {
        const int other = (small[i] - '0') + carry;
        int digit = subtract ? (big[i] - '0') - other : (big[i] - '0') + other;
        carry = digit < 0 || digit > 9 ? 1 : 0;
        if (carry != 0) digit += subtract ? 10 : -10;
        big[i] = static_cast<char>('0' + digit);
    }
    out.digits_ = std::move(big);
    out.settle();
    return out;
}

Decimal operator*(const Decimal& a, const Decimal& b) {
    if (a.isZero() || b.isZero()) return {};
    std::string product(a.digits_.size() + b.digits_.size(), '\0');
    for (std::size_t i = a.digits_.size(); i-- > 0;) {
        int carry = 0;
        for (std::size_t j = b.digits_.size(); j-- > 0;) {
            const int value = product[i + j + 1] + (a.digits_[i] - '0') * (b.digits_[j] - '0') + carry;
            product[i + j + 1] = static_cast<char>(value % 10);
            carry = value / 10;
        }
        product[i] = static_cast<char>(product[i] + carry);
    }
    for (char& c : product)
        c = static_cast<char>(c + '0');
    Decimal out;
    out.digits_ = std::move(product);
    out.point_ = a.point_ + b.point_;
    out.negative_ = a.negative_ != b.negative_;
    out.settle();
    return out;
}

} // namespace dalate::traceability::epcis
