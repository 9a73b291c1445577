// SPDX-License-Identifier: Apache-2.0
#include "app/DemoCounty.h"

#include "base/Ids.h"
#include "base/Json.h"
#include "base/Result.h"
#include "identity/Accounts.h"
#include "identity/Activations.h"
#include "identity/Organisations.h"
#include "identity/Passwords.h"
#include "identity/Tokens.h"
#include "storage/Session.h"
#include "storage/Tx.h"

#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include <fcntl.h>
#include <unistd.h>

namespace dalate::app {

namespace {

namespace fs = std::filesystem;
using identity::Accounts;
using identity::Organisations;

/// A fictional person of the demo, one a role.
struct Person {
    const char* login;
    const char* name;
    const char* organisation;
    const char* role;
};

struct Body {
    const char* name;
    const char* kind;
    const char* parent;
};

constexpr Body bodies[] = {
    {"达拉特旗(演示)", "county", ""},
    {"旗农牧局(演示)", "bureau", "达拉特旗(演示)"},
    {"旗数据局(演示)", "bureau", "达拉特旗(演示)"},
    {"旗接诉即办中心(演示)", "bureau", "达拉特旗(演示)"},
    {"第一示范镇", "township", "达拉特旗(演示)"},
    {"第一示范村合作社", "cooperative", "第一示范镇"},
    {"示范农产品流通联合社", "cooperative", "达拉特旗(演示)"},
};

/// A machine's way in: its key in the file, what it may use, its name and for whom it speaks.
struct Machine {
    const char* key;
    const char* plugin;
    const char* scope;
    const char* name;
    const char* organisation;
};

constexpr Machine machines[] = {
    {"traceability", "traceability", "traceability.capture", "第一示范村合作社系统", "第一示范村合作社"},
    {"traceability.county", "traceability", "traceability.capture", "流通联合社系统", "示范农产品流通联合社"},
    {"helpdesk", "helpdesk", "helpdesk.monitor", "机房监控系统", "旗数据局(演示)"},
};

constexpr Person people[] = {
    {"citizen", "演示居民甲", "第一示范镇", "citizen"},
    {"farmer", "演示农户甲", "第一示范村合作社", "farmer"},
    {"cooperative", "演示合作社管理员", "第一示范村合作社", "cooperative"},
    {"regulator", "演示监管员", "旗农牧局(演示)", "regulator"},
    {"quality", "演示质监股长", "旗农牧局(演示)", "quality_lead"},
    {"bureau", "演示局管理员", "旗农牧局(演示)", "bureau_admin"},
    {"operator", "演示运维员", "旗数据局(演示)", "operator"},
    {"auditor", "演示审计员", "旗数据局(演示)", "auditor"},
    {"hotline", "演示热线受理员", "旗接诉即办中心(演示)", "hotline_desk"},
    {"handler", "演示热线办理员", "旗接诉即办中心(演示)", "hotline_handler"},
    {"supervisor", "演示热线督办员", "旗接诉即办中心(演示)", "hotline_supervisor"},
    {"agent", "演示服务台坐席", "旗数据局(演示)", "helpdesk_agent"},
    {"lead", "演示服务台负责人", "旗数据局(演示)", "helpdesk_lead"},
};

/// A plugin and the bureau that answers for it.
struct Ownership {
    const char* plugin;
    const char* bureau;
};

constexpr Ownership plugins[] = {
    {"traceability", "旗农牧局(演示)"},
    {"hello", "旗农牧局(演示)"},
    {"hotline", "旗接诉即办中心(演示)"},
    {"helpdesk", "旗数据局(演示)"},
};

identity::Principal demoActor() {
    identity::Principal actor;
    actor.kind = identity::Principal::Kind::person;
    actor.name = "dalate demo";
    actor.roles = {std::string(identity::role::operatorRole)};
    return actor;
}

/// Replaces the file in one step, so that a reader never sees half of it and nobody else ever could.
void writePrivately(const fs::path& file, const std::string& text) {
    const fs::path beside = file.string() + ".new";
    const int descriptor = ::open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (descriptor < 0) throw std::system_error(errno, std::generic_category(), beside.string());
    const bool written = ::write(descriptor, text.data(), text.size()) == static_cast<ssize_t>(text.size());
    const bool synced = ::fsync(descriptor) == 0;
    ::close(descriptor);
    if (!written || !synced) throw std::system_error(EIO, std::generic_category(), beside.string());
    fs::rename(beside, file);
}

std::string readAll(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

void bringUrlUpToDate(const fs::path& file, const std::string& url) {
    const Value before = json::parse(readAll(file)).take();
    const std::string old = before["url"].asText();
    if (old == url) return;
    writePrivately(file, json::write(Value::map([&](MapWriter& m) {
                       for (const ValueView member : before.view()) {
                           if (member.key() == "url")
                               m.set("url", url);
                           else if (member.key() == "examples")
                               m.list("examples", [&](ListWriter& list) {
                                   for (const ValueView each : member)
                                       list.add(url + each.asText().substr(std::min(old.size(), each.asText().size())));
                               });
                           else
                               m.set(member.key(), member);
                       }
                   })));
}

struct Access {
    std::map<std::string, std::pair<std::string, std::string>> accounts; // role -> login, password
    std::map<std::string, std::string> tokens;                           // as in Machine::key
};

Access makeCounty(storage::Pool& pool) {
    Access access;
    std::map<std::string, std::string> hashes;
    for (const Person& person : people) {
        const std::string password = randomHex(12);
        access.accounts[person.role] = {person.login, password};
        hashes[person.login] = identity::Passwords::hash(password);
    }

    auto lease = pool.lease();
    storage::Tx tx(*lease, storage::Tx::Mode::write);
    std::map<std::string, std::int64_t> organisations;
    for (const Body& body : bodies) {
        const std::int64_t parent = *body.parent ? organisations.at(body.parent) : 0;
        const auto there = Organisations::findByName(tx, body.name);
        organisations[body.name] =
            there ? there->id : Organisations::create(tx, body.name, body.kind, parent);
    }
    for (const Person& person : people) {
        const auto& [login, password] = access.accounts.at(person.role);
        // There already when a start was cut off before it could write down the passwords.
        if (const auto there = Accounts::findByLogin(tx, login))
            Accounts::setPassword(tx, demoActor(), there->id, hashes.at(login));
        else
            Accounts::create(tx, demoActor(),
                             {login, person.name, password, organisations.at(person.organisation), {person.role}},
                             hashes.at(login));
    }
    for (const Ownership& owned : plugins)
        identity::Activations::nameOwner(tx, demoActor(), owned.plugin, organisations.at(owned.bureau));
    for (const Machine& machine : machines) {
        identity::Tokens::Issue issue;
        issue.name = machine.name;
        issue.plugin = machine.plugin;
        issue.scope = machine.scope;
        issue.organisation = organisations.at(machine.organisation);
        access.tokens[machine.key] = identity::Tokens::issue(tx, demoActor(), issue);
    }
    tx.commit();
    return access;
}

} // namespace

void DemoCounty::prepare(const Config& config, storage::Pool& pool, const std::string& url) {
    const fs::path file = config.path("data.dir") / "demo-access.json";
    if (fs::exists(file)) {
        bringUrlUpToDate(file, url);
        return;
    }
    const Access access = makeCounty(pool);
    writePrivately(file, json::write(Value::map([&](MapWriter& m) {
                       m.set("url", url);
                       m.map("accounts", [&](MapWriter& accounts) {
                           for (const auto& [role, account] : access.accounts)
                               accounts.map(role, [&](MapWriter& one) {
                                   one.set("user", account.first).set("password", account.second);
                               });
                       });
                       m.map("tokens", [&](MapWriter& tokens) {
                           for (const auto& [plugin, text] : access.tokens) tokens.set(plugin, text);
                       });
                       m.list("examples", [&](ListWriter& list) { list.add(url + "/"); });
                   })));
}

std::vector<gateway::DemoLabel> DemoCounty::labels(const Config& config) {
    std::vector<gateway::DemoLabel> all;
    for (const Ownership& owned : plugins) {
        const fs::path file = config.path("plugins.dir") / owned.plugin / "demo/stories.json";
        if (!fs::exists(file)) continue;
        const Value stories = json::parse(readAll(file)).take();
        for (const ValueView label : stories["labels"])
            all.push_back({label["address"].asText(), label["label"].asText(), label["note"].asText()});
    }
    return all;
}

} // namespace dalate::app
