// SPDX-License-Identifier: Apache-2.0
#include "support/Visitors.h"

#include "base/Json.h"

#include <array>
#include <stdexcept>

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

std::unique_ptr<Client> systemOf(const Daemon& daemon, const std::string& token) {
    auto client = std::make_unique<Client>(daemon.url());
    client->bearer(daemon.access()["tokens"][token].asText());
    return client;
}

void registerProduct(Client& system, const std::string& gtin, const std::string& name, const std::string& category) {
    put(system, "/traceability/api/products/" + gtin, Value::map([&](MapWriter& m) {
            m.map("name", [&](MapWriter& n) { n.set("zh", name).set("en", name).set("mn", ""); });
            m.set("category", category).set("grower", name);
        }));
}

void registerParty(Client& system, const std::string& uri, const std::string& name) {
    put(system, "/traceability/api/parties", Value::map([&](MapWriter& m) {
            m.set("id", uri).map("name", [&](MapWriter& n) { n.set("zh", name).set("en", name).set("mn", ""); });
        }));
}

std::string unescaped(const std::string& html) {
    static constexpr std::array<std::pair<std::string_view, char>, 9> known = {{
        {"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&apos;", '\''},
        {"&#39;", '\''}, {"&#x27;", '\''}, {"&#x2F;", '/'}, {"&#34;", '"'},
    }};
    std::string text;
    for (std::size_t at = 0; at < html.size();) {
        std::size_t step = 0;
        for (const auto& [written, meant] : known)
            if (html.compare(at, written.size(), written) == 0) {
                text += meant;
                step = written.size();
                break;
            }
        if (step == 0) text += html[at];
        at += step == 0 ? 1 : step;
    }
    return text;
}

std::string mainOf(const std::string& page) { return between(page, "<main", "</main>"); }

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

std::size_t countOf(const std::string& text, const std::string& part) {
    std::size_t count = 0;
    for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + part.size())) ++count;
    return count;
}

std::string between(const std::string& text, const std::string& before, const std::string& after, std::size_t from) {
    const std::size_t start = text.find(before, from);
    if (start == std::string::npos) return {};
    const std::size_t end = text.find(after, start + before.size());
    return end == std::string::npos ? std::string() : text.substr(start + before.size(), end - start - before.size());
}

} // namespace dalate::testing
