// SPDX-License-Identifier: Apache-2.0
#include "app/Commands.h"
#include "app/Database.h"
#include "base/Clock.h"
#include "base/Result.h"
#include "identity/Accounts.h"
#include "identity/Audit.h"
#include "identity/Delegations.h"
#include "identity/Desks.h"
#include "identity/Organisations.h"
#include "identity/Passwords.h"
#include "identity/Tokens.h"
#include "services/rules/CivilDay.h"
#include "storage/Session.h"
#include "storage/Tx.h"

#include <iostream>

#include <Poco/NumberParser.h>
#include <Poco/StringTokenizer.h>

namespace dalate::app {

namespace {

using storage::Tx;

/// Whoever may run the tool on the machine acts as the operator.
identity::Principal commandLineActor() {
    identity::Principal actor;
    actor.kind = identity::Principal::Kind::person;
    actor.name = "dalate (command line)";
    actor.roles = {std::string(identity::role::operatorRole)};
    return actor;
}

[[noreturn]] void unknown(std::string_view id, std::string_view name) {
    throw Error(404, std::string(id), Value::map([&](MapWriter& m) { m.set("name", name); }));
}

std::int64_t organisationNamed(Tx& tx, const std::string& name) {
    const auto found = identity::Organisations::findByName(tx, name);
    if (!found) unknown("core.org.unknown", name);
    return found->id;
}

identity::Account accountNamed(Tx& tx, const std::string& login) {
    auto found = identity::Accounts::findByLogin(tx, login);
    if (!found) unknown("core.account.unknown", login);
    return *std::move(found);
}

std::vector<std::string> roles(const CommandLine& line) {
    const Poco::StringTokenizer parts(line.option("roles"), ",",
                                      Poco::StringTokenizer::TOK_TRIM | Poco::StringTokenizer::TOK_IGNORE_EMPTY);
    return {parts.begin(), parts.end()};
}

std::string passwordFromInput() {
    std::string password;
    std::getline(std::cin, password);
    identity::Passwords::check(password);
    return password;
}

services::rules::CivilDay dayOption(const CommandLine& line, std::string_view name) {
    const auto day = services::rules::parseDay(line.option(name));
    if (!day)
        throw Error(400, "core.command.bad_day", Value::map([&](MapWriter& m) { m.set("day", line.option(name)); }));
    return *day;
}

[[noreturn]] void unknownWord(const CommandLine& line) {
    throw Error(400, "core.command.unknown_word", Value::map([&](MapWriter& m) {
                    m.set("command", line.command).set("word", line.words.empty() ? "" : line.words.front());
                }));
}

/// Opens the database with an up-to-date core schema and runs `work` in one write transaction.
template <class Work>
int inTransaction(const Config& config, Work&& work) {
    const auto pool = openDatabase(config, 1);
    migrateCore(config, *pool);
    auto lease = pool->lease();
    Tx tx(*lease, Tx::Mode::write);
    work(tx);
    tx.commit();
    return 0;
}

} // namespace

int organisation(const CommandLine& line, const Config& config) {
    line.allow({"kind", "parent"});
    const std::string& verb = line.word(0, "add or list");
    if (verb != "add" && verb != "list") unknownWord(line);
    return inTransaction(config, [&](Tx& tx) {
        if (verb == "add") {
            const std::int64_t parent = line.has("parent") ? organisationNamed(tx, line.option("parent")) : 0;
            const std::int64_t id =
                identity::Organisations::create(tx, line.word(1, "NAME"), line.option("kind"), parent);
            identity::Audit::record(tx, commandLineActor(), "organisation.create", "organisation/" + std::to_string(id));
            std::cout << id << "\n";
            return;
        }
        for (const auto& each : identity::Organisations::list(tx))
            std::cout << each.id << "\t" << each.kind << "\t" << each.name << "\n";
    });
}

int user(const CommandLine& line, const Config& config) {
    line.allow({"name", "org", "roles"});
    const std::string& verb = line.word(0, "add, list, roles, password or disable");
    // Hashing takes 50 ms: it is done before the transaction, which would keep every writer waiting.
    std::string password, hash;
    if (verb == "add" || verb == "password") {
        password = passwordFromInput();
        hash = identity::Passwords::hash(password);
    }
    return inTransaction(config, [&](Tx& tx) {
        if (verb == "list") {
            for (const auto& each : identity::Accounts::list(tx))
                std::cout << each.id << "\t" << each.login << "\t" << each.name << (each.disabled ? "\tdisabled" : "")
                          << "\n";
            return;
        }
        const std::string& login = line.word(1, "LOGIN");
        if (verb == "add") {
            const std::int64_t id = identity::Accounts::create(
                tx, commandLineActor(),
                {login, line.option("name"), password, organisationNamed(tx, line.option("org")), roles(line)}, hash);
            std::cout << id << "\n";
        } else if (verb == "roles") {
            identity::Accounts::setRoles(tx, commandLineActor(), accountNamed(tx, login).id, roles(line));
        } else if (verb == "password") {
            identity::Accounts::setPassword(tx, commandLineActor(), accountNamed(tx, login).id, hash);
        } else if (verb == "disable") {
            identity::Accounts::disable(tx, commandLineActor(), accountNamed(tx, login).id);
        } else {
            unknownWord(line);
        }
    });
}

int desk(const CommandLine& line, const Config& config) {
    line.allow({"org", "title"});
    const std::string& verb = line.word(0, "add, member, remove or list");
    return inTransaction(config, [&](Tx& tx) {
        if (verb == "list") {
            for (const auto& each : identity::Desks::list(tx, 0)) {
                std::cout << each.id << "\t" << each.organisationName << "\t" << each.name << "\t" << each.title;
                for (const auto& member : identity::Desks::members(tx, each.id)) std::cout << "\t" << member.login;
                std::cout << "\n";
            }
            return;
        }
        if (verb != "add" && verb != "member" && verb != "remove") unknownWord(line);
        const std::string& name = line.word(1, "NAME");
        const std::int64_t organisation = organisationNamed(tx, line.option("org"));
        if (verb == "add") {
            std::cout << identity::Desks::create(tx, commandLineActor(), organisation, name, line.option("title"))
                      << "\n";
            return;
        }
        const auto found = identity::Desks::find(tx, organisation, name);
        if (!found) unknown("core.desk.unknown", name);
        const std::int64_t account = accountNamed(tx, line.word(2, "LOGIN")).id;
        if (verb == "member")
            identity::Desks::add(tx, commandLineActor(), found->id, account);
        else
            identity::Desks::remove(tx, commandLineActor(), found->id, account);
    });
}

int delegate(const CommandLine& line, const Config& config) {
    line.allow({"role", "from", "until"});
    const auto from = dayOption(line, "from"), until = dayOption(line, "until");
    return inTransaction(config, [&](Tx& tx) {
        identity::Delegations::New wanted;
        wanted.giver = accountNamed(tx, line.word(0, "FROM")).id;
        wanted.taker = accountNamed(tx, line.word(1, "TO")).id;
        wanted.role = line.option("role");
        wanted.starts = services::rules::startOf(from);
        wanted.ends = services::rules::startOf(until + std::chrono::days(1));
        std::cout << identity::Delegations::give(tx, commandLineActor(), wanted, now()) << "\n";
    });
}

int token(const CommandLine& line, const Config& config) {
    line.allow({"plugin", "scope", "org"});
    const std::string& verb = line.word(0, "issue, list or revoke");
    return inTransaction(config, [&](Tx& tx) {
        if (verb == "issue") {
            identity::Tokens::Issue issue;
            issue.name = line.word(1, "NAME");
            issue.plugin = line.option("plugin");
            issue.scope = line.option("scope");
            issue.organisation = organisationNamed(tx, line.option("org"));
            std::cout << identity::Tokens::issue(tx, commandLineActor(), issue) << "\n";
        } else if (verb == "list") {
            for (const auto& each : identity::Tokens::list(tx))
                std::cout << each.id << "\t" << each.plugin << "\t" << each.scope << "\t" << each.name
                          << (each.revoked ? "\trevoked" : "") << "\n";
        } else if (verb == "revoke") {
            Poco::Int64 id = 0;
            if (!Poco::NumberParser::tryParse64(line.word(1, "ID"), id)) unknown("core.token.unknown", line.words[1]);
            identity::Tokens::revoke(tx, commandLineActor(), id);
        } else {
            unknownWord(line);
        }
    });
}

int audit(const CommandLine& line, const Config& config) {
    line.allow({"object"});
    if (line.word(0, "list") != "list") unknownWord(line);
    return inTransaction(config, [&](Tx& tx) {
        for (const auto& each : identity::Audit::latest(tx, line.has("object") ? line.option("object") : "", 100))
            std::cout << toRfc3339(each.at) << "\t" << each.actorName << "\t" << each.action << "\t" << each.object
                      << "\t" << each.details << "\n";
    });
}

int printConfig(const CommandLine& line, const Config& config) {
    line.allow({});
    for (const ConfigKey& key : Config::keys()) {
        std::cout << key.name << " = " << config.text(key.name) << "\n    " << key.meaning << " Default: "
                  << (key.fallback.empty() ? "(empty)" : key.fallback) << "\n";
    }
    return 0;
}

} // namespace dalate::app
