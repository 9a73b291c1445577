// SPDX-License-Identifier: Apache-2.0
#include "http/Origin.h"

#include "http/HeadParser.h"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <stdexcept>

namespace dalate::http {

namespace {

std::string_view trimmed(std::string_view text) noexcept {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t'))
        text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t'))
        text.remove_suffix(1);
    return text;
}

/// The elements of all fields of that name, from the last to the first, while `take` returns true.
template <class Take>
void fromTheRight(const RequestHead& head, std::string_view name, Take take) {
    for (std::size_t i = head.fieldCount(); i-- > 0;) {
        const RequestHead::Field field = head.field(i);
        if (!equalsIgnoringCase(field.name, name)) continue;
        std::string_view rest = field.value;
        while (true) {
            const std::size_t comma = rest.rfind(',');
            if (!take(trimmed(comma == std::string_view::npos ? rest : rest.substr(comma + 1)))) return;
            if (comma == std::string_view::npos) break;
            rest = rest.substr(0, comma);
        }
    }
}

} // namespace

std::optional<Address> Address::parse(std::string_view text) {
    if (text.size() > 2 && text.front() == '[' && text.back() == ']') text = text.substr(1, text.size() - 2);
    char buffer[INET6_ADDRSTRLEN];
    if (text.empty() || text.size() >= sizeof buffer) return std::nullopt;
    std::memcpy(buffer, text.data(), text.size());
    buffer[text.size()] = '\0';
    Address address;
    if (::inet_pton(AF_INET6, buffer, address.octets.data()) == 1) return address;
    address.octets[10] = address.octets[11] = 0xff;
    std::fill_n(address.octets.begin(), 10, std::uint8_t{0});
    if (::inet_pton(AF_INET, buffer, address.octets.data() + 12) == 1) return address;
    return std::nullopt;
}

Address Address::of(const sockaddr_storage& socketAddress) noexcept {
    Address address;
    if (socketAddress.ss_family == AF_INET6) {
        const auto& v6 = reinterpret_cast<const sockaddr_in6&>(socketAddress);
        std::memcpy(address.octets.data(), &v6.sin6_addr, 16);
    } else if (socketAddress.ss_family == AF_INET) {
        const auto& v4 = reinterpret_cast<const sockaddr_in&>(socketAddress);
        address.octets[10] = address.octets[11] = 0xff;
        std::memcpy(address.octets.data() + 12, &v4.sin_addr, 4);
    }
    return address;
}

bool Address::isV4() const noexcept {
    return std::all_of(octets.begin(), octets.begin() + 10, [](std::uint8_t o) { return o == 0; }) &&
           octets[10] == 0xff && octets[11] == 0xff;
}

std::string Address::text() const {
    char buffer[INET6_ADDRSTRLEN] = "";
    if (isV4())
        ::inet_ntop(AF_INET, octets.data() + 12, buffer, sizeof buffer);
    else
        ::inet_ntop(AF_INET6, octets.data(), buffer, sizeof buffer);
    return buffer;
}

TrustedProxies::TrustedProxies(const std::vector<std::string>& networks) {
    for (const std::string& entry : networks) {
        const std::string_view text = entry;
        const std::size_t slash = std::min(text.find('/'), text.size());
        const std::optional<Address> base = Address::parse(text.substr(0, slash));
        unsigned bits = 128;
        bool valid = base.has_value();
        if (valid && slash < text.size()) {
            const unsigned most = base->isV4() ? 32 : 128;
            unsigned length = 0;
            const auto [end, error] =
                std::from_chars(text.data() + slash + 1, text.data() + text.size(), length);
            valid = error == std::errc() && end == text.data() + text.size() && length <= most;
            bits = length + (128 - most);
        }
        if (!valid) throw std::invalid_argument("not an address or network: " + entry);
        networks_.push_back({*base, bits});
    }
}

bool TrustedProxies::contains(const Address& address) const noexcept {
    return std::any_of(networks_.begin(), networks_.end(), [&](const Network& network) {
        const unsigned whole = network.bits / 8;
        if (!std::equal(network.base.octets.begin(), network.base.octets.begin() + whole,
                        address.octets.begin()))
            return false;
        const unsigned rest = network.bits % 8;
        if (rest == 0) return true;
        const auto mask = static_cast<std::uint8_t>(0xff << (8 - rest));
        return (network.base.octets[whole] & mask) == (address.octets[whole] & mask);
    });
}

Origin TrustedProxies::resolve(const Address& peer, const RequestHead& head) const {
    Origin origin{peer, false, false, head.host()};
    if (networks_.empty() || !contains(peer)) return origin;
    fromTheRight(head, "x-forwarded-for", [&](std::string_view element) {
        const std::optional<Address> address = Address::parse(element);
        if (!address) return false;
        origin.client = *address;
        origin.forwarded = true;
        return contains(*address);
    });
    fromTheRight(head, "x-forwarded-proto", [&](std::string_view element) {
        origin.secure = equalsIgnoringCase(element, "https");
        return false;
    });
    fromTheRight(head, "x-forwarded-host", [&](std::string_view element) {
        if (isHostAndPort(element)) origin.host = element;
        return false;
    });
    return origin;
}

} // namespace dalate::http
