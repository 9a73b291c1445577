// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "http/BodySpool.h"

#include <string>

namespace dalate::http {

/// A listening, non-blocking TCP socket on `address` (`host:port`, IPv6 in brackets; port 0 takes a free
/// one). Throws `std::system_error` or `Poco::Exception` that names the address.
Descriptor listenOn(const std::string& address);

/// Makes a socket that listens already fit for the loop. Throws `std::system_error` if it does not listen.
Descriptor adoptListener(int descriptor);

/// Where the socket listens, as `127.0.0.1:8080`.
std::string boundAddress(int descriptor);

} // namespace dalate::http
