// SPDX-License-Identifier: Apache-2.0
#include "support/Visitors.h"

#include "base/Json.h"

#include <cerrno>
#include <cstdio>
#include <stdexcept>
#include <system_error>

namespace dalate::testing {

namespace {

void put(Client& system, const std::string& path, const Value& body) {
    const Answer answer = system.send("PUT", path, "application/json", json::write(body));
    if (answer.status != 204)
        throw std::runtime_error(path + " answered " + std::to_string(answer.status) + ": " + answer.body);
}

} // namespace

std::unique_ptr<Client> signedIn(const Daemon& daemon, const std::string& role) {
    auto client = std::make_unique<Client>(daemon.url());
    client->always("Accept-Language", "en");
    const Value access = daemon.access();
    const ValueView account = access["accounts"][role];
    client->signIn(account["user"].asText(), account["password"].asText());
    return client;
}

void addFarmer(const std::filesystem::path& data, const std::string& login, const std::string& organisation,
               const std::string& password) {
    addPerson(data, login, organisation, "farmer", password);
}

void addPerson(const std::filesystem::path& data, const std::string& login, const std::string& organisation,
               const std::string& role, const std::string& password) {
    const Daemon::Options built = Daemon::built();
    const std::string command = built.binary.string() + " user add " + login + " --name " + login + " --org '" +
                                organisation + "' --roles " + role + " --data " + data.string() +
                                " --share " + built.share.string() + " >/dev/null";
    FILE* pipe = ::popen(command.c_str(), "w");
    if (!pipe) throw std::system_error(errno, std::generic_category(), command);
    std::fputs((password + "\n").c_str(), pipe);
    if (::pclose(pipe) != 0) throw std::runtime_error("failed: " + command);
}

std::unique_ptr<Client> systemOf(const Daemon& daemon, const std::string& token) {
    auto client = std::make_unique<Client>(daemon.url());
    client->bearer(daemon.access()["tokens"][token].asText());
    return client;
}

void registerProduct(Client& system, const std::string& gtin, const std::string& name,
                     const std::string& category) {
    put(system, "/traceability/api/products/" + gtin, Value::map([&](MapWriter& m) {
            m.map("name", [&](MapWriter& n) { n.set("zh", name).set("en", name).set("mn", ""); });
            m.set("category", category).set("grower", name);
        }));
}

void registerParty(Client& system, const std::string& uri, const std::string& name) {
    put(system, "/traceability/api/parties", Value::map([&](MapWriter& m) {
            m.set("id", uri).map("name",
                                 [&](MapWriter& n) { n.set("zh", name).set("en", name).set("mn", ""); });
        }));
}

} // namespace dalate::testing
