// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "support/Client.h"
#include "support/Daemon.h"

#include <filesystem>
#include <memory>
#include <string>

namespace dalate::testing {

/// The demo county's account of a role, signed in, reading English.
std::unique_ptr<Client> signedIn(const Daemon& daemon, const std::string& role);

/// Adds a farmer with the operator's command line tool, while the daemon runs on `data`.
void addFarmer(const std::filesystem::path& data, const std::string& login, const std::string& organisation,
               const std::string& password);
/// The same for somebody of another role.
void addPerson(const std::filesystem::path& data, const std::string& login, const std::string& organisation,
               const std::string& role, const std::string& password);

/// The system of a cooperative: `traceability` or `traceability.county` of demo-access.json.
std::unique_ptr<Client> systemOf(const Daemon& daemon, const std::string& token = "traceability");

/// Registers master data through the catalogue API; throws unless the answer is 204.
void registerProduct(Client& system, const std::string& gtin, const std::string& name,
                     const std::string& category = "vegetable");
void registerParty(Client& system, const std::string& uri, const std::string& name);

} // namespace dalate::testing
