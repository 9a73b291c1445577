// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "support/Client.h"
#include "support/Daemon.h"

#include <memory>
#include <string>

namespace dalate::testing {

/// The demo county's account of a role, signed in, reading English.
std::unique_ptr<Client> signedIn(const Daemon& daemon, const std::string& role);

/// The system of a cooperative: `traceability` or `traceability.county` of demo-access.json.
std::unique_ptr<Client> systemOf(const Daemon& daemon, const std::string& token = "traceability");

/// Registers master data through the catalogue API; throws unless the answer is 204.
void registerProduct(Client& system, const std::string& gtin, const std::string& name,
                     const std::string& category = "vegetable");
void registerParty(Client& system, const std::string& uri, const std::string& name);

/// What HTML text means: `&amp;`, `&#x27;` and their kind written out.
std::string unescaped(const std::string& html);

/// The page's own part, from `<main` to `</main>`.
std::string mainOf(const std::string& page);

bool contains(const std::string& text, const std::string& part);
std::size_t countOf(const std::string& text, const std::string& part);

/// What stands between the first `before` from `from` on and the next `after`; empty where either is missing.
std::string between(const std::string& text, const std::string& before, const std::string& after, std::size_t from = 0);

} // namespace dalate::testing
