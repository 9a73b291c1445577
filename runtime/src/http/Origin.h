// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "http/RequestHead.h"

#include <netinet/in.h>

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dalate::http {

/// An IPv4 or IPv6 address in 16 octets; IPv4 is kept mapped (RFC 4291, 2.5.5.2), so both compare alike.
struct Address {
    std::array<std::uint8_t, 16> octets{};

    static std::optional<Address> parse(std::string_view text);
    static Address of(const sockaddr_storage& socketAddress) noexcept;
    bool isV4() const noexcept;
    std::string text() const;
    bool operator==(const Address&) const = default;
};

/// Who asked, under which name and over what, once the trusted proxies have been believed.
struct Origin {
    Address client;
    /// Told by a proxy, so its port is not known.
    bool forwarded = false;
    bool secure = false;
    std::string_view host;
};

/// The networks whose X-Forwarded-* fields are believed. Immutable, so shared freely.
class TrustedProxies {
public:
    /// Throws `std::invalid_argument` naming the entry that is no address or network.
    explicit TrustedProxies(const std::vector<std::string>& networks);

    bool contains(const Address& address) const noexcept;

    /// X-Forwarded-For is read from the right: the first address that is not itself a trusted proxy is the
    /// client (whatever stands left of it, the client may have made up). A part that is no address ends the
    /// reading.
    Origin resolve(const Address& peer, const RequestHead& head) const;

private:
    struct Network {
        Address base;
        unsigned bits;
    };
    std::vector<Network> networks_;
};

} // namespace dalate::http
