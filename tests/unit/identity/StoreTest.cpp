// SPDX-License-Identifier: Apache-2.0
#include "unit/identity/TestDatabase.h"

#include "identity/Accounts.h"
#include "identity/Activations.h"
#include "identity/Audit.h"
#include "identity/Organisations.h"
#include "identity/Sessions.h"
#include "identity/Tokens.h"
#include "identity/Uses.h"

#include <cppunit/extensions/HelperMacros.h>

using namespace dalate;
using namespace dalate::identity;
using storage::Tx;

namespace {

template <class F>
std::string refusal(F&& act) {
    try {
        act();
        return {};
    } catch (const Error& e) {
        return e.id();
    }
}

/// A database with a bureau, another one, and three people. Hashes are not real: nothing here verifies one.
struct House : test::TestDatabase {
    Principal system;
    std::int64_t bureau = write([](Tx& tx) { return Organisations::create(tx, "农牧局", "bureau", 0); });
    std::int64_t other = write([](Tx& tx) { return Organisations::create(tx, "文旅局", "bureau", 0); });
    std::int64_t clerk = account("wang", bureau, {"bureau_admin", "regulator"});
    std::int64_t citizen = account("li", 0, {"citizen"});

    std::int64_t account(const std::string& login, std::int64_t organisation,
                         std::vector<std::string> roles) {
        return write([&](Tx& tx) {
            return Accounts::create(
                tx, system, {login, "Name of " + login, "", organisation, std::move(roles)}, "$hash$");
        });
    }
    Principal principal(std::int64_t id) {
        return read([&](Tx& tx) {
            const Account account = *Accounts::find(tx, id);
            Principal p;
            p.kind = Principal::Kind::person;
            p.user = id;
            p.organisation = account.organisation;
            p.roles = account.roles;
            return p;
        });
    }
    Sessions::Opened open(std::int64_t id, Micros time, std::string_view replaced = {}) {
        const Principal p = principal(id);
        return write([&](Tx& tx) { return Sessions::open(tx, id, p, time, replaced); });
    }
    std::optional<Session> session(std::string_view id, Micros time) {
        return read([&](Tx& tx) { return Sessions::find(tx, id, time); });
    }
    bool active(std::string_view plugin, const Principal& caller) {
        return read([&](Tx& tx) {
            const bool one = Activations::isActive(tx, plugin, caller);
            CPPUNIT_ASSERT_EQUAL(one, Activations::activeFor(tx, caller).contains(plugin));
            return one;
        });
    }
};

constexpr Micros start = 1'800'000'000'000'000;

} // namespace

class AccountsTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(AccountsTest);
    CPPUNIT_TEST(aLoginIsFoundInAnyCase);
    CPPUNIT_TEST(badAndTakenLoginsAreRefused);
    CPPUNIT_TEST(changingRolesOrPasswordEndsSessions);
    CPPUNIT_TEST(aDisabledAccountHasNoSession);
    CPPUNIT_TEST(everyActIsAudited);
    CPPUNIT_TEST(theAuditRefusesChange);
    CPPUNIT_TEST(organisationsFormATree);
    CPPUNIT_TEST_SUITE_END();

public:
    void aLoginIsFoundInAnyCase() {
        House house;
        const auto account = house.read([](Tx& tx) { return Accounts::findByLogin(tx, "  WaNg "); });
        CPPUNIT_ASSERT(account.has_value());
        CPPUNIT_ASSERT_EQUAL(house.clerk, account->id);
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, account->roles.size());
        CPPUNIT_ASSERT(!house.read([](Tx& tx) { return Accounts::findByLogin(tx, "' OR 1=1 --"); }));
        CPPUNIT_ASSERT_EQUAL(house.citizen,
                             house.read([](Tx& tx) { return Accounts::firstWithRole(tx, "citizen"); })->id);
        CPPUNIT_ASSERT(!house.read([](Tx& tx) { return Accounts::firstWithRole(tx, "nobody"); }));
    }

    void badAndTakenLoginsAreRefused() {
        House house;
        for (const char* login : {"", "a b", "王", "-x", "x;y", "a'b"})
            CPPUNIT_ASSERT_EQUAL(std::string("core.account.login"),
                                 refusal([&] { house.account(login, 0, {}); }));
        CPPUNIT_ASSERT_EQUAL(std::string("core.account.taken"),
                             refusal([&] { house.account("WANG", 0, {}); }));
        CPPUNIT_ASSERT_EQUAL(std::string("core.account.role"),
                             refusal([&] { house.account("new", 0, {"a,b"}); }));
        CPPUNIT_ASSERT_EQUAL(std::string("core.org.unknown"), refusal([&] { house.account("new", 42, {}); }));
    }

    void changingRolesOrPasswordEndsSessions() {
        House house;
        auto opened = house.open(house.clerk, start);
        house.write([&](Tx& tx) { Accounts::setRoles(tx, house.system, house.clerk, {"auditor"}); });
        CPPUNIT_ASSERT(!house.session(opened.id, start + 1));
        opened = house.open(house.clerk, start);
        CPPUNIT_ASSERT(house.session(opened.id, start + 1)->principal.hasRole("auditor"));
        house.write([&](Tx& tx) { Accounts::setPassword(tx, house.system, house.clerk, "$other$"); });
        CPPUNIT_ASSERT(!house.session(opened.id, start + 1));
    }

    void aDisabledAccountHasNoSession() {
        House house;
        const auto opened = house.open(house.clerk, start);
        house.write([&](Tx& tx) { Accounts::disable(tx, house.system, house.clerk); });
        CPPUNIT_ASSERT(!house.session(opened.id, start + 1));
        CPPUNIT_ASSERT(!house.read([](Tx& tx) { return Accounts::firstWithRole(tx, "bureau_admin"); }));
    }

    void everyActIsAudited() {
        House house;
        house.write([&](Tx& tx) {
            Accounts::setRoles(tx, house.system, house.citizen, {"farmer"});
            Accounts::disable(tx, house.system, house.citizen);
        });
        const auto entries = house.read(
            [&](Tx& tx) { return Audit::latest(tx, "account/" + std::to_string(house.citizen), 10); });
        CPPUNIT_ASSERT_EQUAL(std::size_t{3}, entries.size());
        CPPUNIT_ASSERT_EQUAL(std::string("account.disable"), entries[0].action);
        CPPUNIT_ASSERT_EQUAL(std::string("account.roles"), entries[1].action);
        CPPUNIT_ASSERT_EQUAL(std::string(R"({"roles":["farmer"]})"), entries[1].details);
        CPPUNIT_ASSERT_EQUAL(std::string("account.create"), entries[2].action);
    }

    void theAuditRefusesChange() {
        House house;
        CPPUNIT_ASSERT_THROW(house.write([](Tx& tx) { tx.exec("UPDATE audit SET actor_name = 'nobody'"); }),
                             storage::StorageError);
        CPPUNIT_ASSERT_THROW(house.write([](Tx& tx) { tx.exec("DELETE FROM audit"); }),
                             storage::StorageError);
        CPPUNIT_ASSERT_EQUAL(std::size_t{2},
                             house.read([](Tx& tx) { return Audit::latest(tx, {}, 100); }).size());
    }

    void organisationsFormATree() {
        House house;
        const auto child = house.write(
            [&](Tx& tx) { return Organisations::create(tx, "树林召镇", "township", house.bureau); });
        const auto below = house.read([&](Tx& tx) { return Organisations::subtree(tx, house.bureau); });
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, below.size());
        CPPUNIT_ASSERT(std::find(below.begin(), below.end(), child) != below.end());
        CPPUNIT_ASSERT_EQUAL(std::string("core.org.parent_unknown"), refusal([&] {
                                 house.write(
                                     [](Tx& tx) { return Organisations::create(tx, "x", "bureau", 42); });
                             }));
        CPPUNIT_ASSERT_EQUAL(house.bureau,
                             house.read([](Tx& tx) { return Organisations::findByName(tx, "农牧局"); })->id);
    }
};
CPPUNIT_TEST_SUITE_REGISTRATION(AccountsTest);

class SessionsTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(SessionsTest);
    CPPUNIT_TEST(aSessionNamesItsPerson);
    CPPUNIT_TEST(idleAndAbsoluteLimitsHold);
    CPPUNIT_TEST(useProlongsButNotBeyondTheAbsoluteLimit);
    CPPUNIT_TEST(signingInAnewEndsTheOldId);
    CPPUNIT_TEST(theIdIsNowhereInTheDatabase);
    CPPUNIT_TEST(rubbishIsNoSession);
    CPPUNIT_TEST(purgeDeletesOnlyWhatIsOver);
    CPPUNIT_TEST_SUITE_END();

public:
    void aSessionNamesItsPerson() {
        House house;
        const auto opened = house.open(house.clerk, start);
        const auto session = house.session(opened.id, start + 1);
        CPPUNIT_ASSERT(session.has_value());
        CPPUNIT_ASSERT_EQUAL(house.clerk, session->principal.user);
        CPPUNIT_ASSERT_EQUAL(house.bureau, session->principal.organisation);
        CPPUNIT_ASSERT_EQUAL(std::string("农牧局"), session->principal.organisationName);
        CPPUNIT_ASSERT(session->principal.hasRole("bureau_admin") && session->principal.hasRole("regulator"));
        CPPUNIT_ASSERT(session->principal.isPerson());
        CPPUNIT_ASSERT_EQUAL(opened.csrfSecret, session->csrfSecret);
    }

    void idleAndAbsoluteLimitsHold() {
        House house;
        const auto staff = house.open(house.clerk, start);
        const auto citizen = house.open(house.citizen, start);
        CPPUNIT_ASSERT(house.session(staff.id, start + Sessions::idleStaff - 1));
        CPPUNIT_ASSERT(!house.session(staff.id, start + Sessions::idleStaff));
        CPPUNIT_ASSERT(house.session(citizen.id, start + Sessions::idlePublic - 1));
        CPPUNIT_ASSERT(!house.session(citizen.id, start + Sessions::idlePublic));
    }

    void useProlongsButNotBeyondTheAbsoluteLimit() {
        House house;
        const auto opened = house.open(house.clerk, start);
        Uses uses;
        Micros time = start;
        while (time + 10 * Sessions::minute < start + Sessions::absolute) {
            time += 10 * Sessions::minute;
            const auto session = house.session(opened.id, time);
            CPPUNIT_ASSERT(session.has_value());
            uses.noteSession(session->key, time);
            house.write([&](Tx& tx) { uses.write(tx); });
            CPPUNIT_ASSERT(uses.empty());
        }
        CPPUNIT_ASSERT(house.session(opened.id, start + Sessions::absolute - 1));
        CPPUNIT_ASSERT(!house.session(opened.id, start + Sessions::absolute));
    }

    void signingInAnewEndsTheOldId() {
        House house;
        const auto first = house.open(house.clerk, start);
        const auto second = house.open(house.citizen, start + 1, first.id);
        CPPUNIT_ASSERT(first.id != second.id);
        CPPUNIT_ASSERT(!house.session(first.id, start + 2));
        CPPUNIT_ASSERT(house.session(second.id, start + 2));
        house.write([&](Tx& tx) { Sessions::end(tx, second.id); });
        CPPUNIT_ASSERT(!house.session(second.id, start + 2));
    }

    void theIdIsNowhereInTheDatabase() {
        House house;
        const auto opened = house.open(house.clerk, start);
        CPPUNIT_ASSERT_EQUAL(std::size_t{64}, opened.id.size());
        const auto stored = house.read([&](Tx& tx) {
            auto rows = tx.query("SELECT COUNT(*) FROM session WHERE id_hash = :id", {{"id", opened.id}});
            rows.next();
            return rows.integer(0);
        });
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, stored);
    }

    void rubbishIsNoSession() {
        House house;
        house.open(house.clerk, start);
        for (const std::string& id :
             {std::string(), std::string("x"), std::string(64, '0'), std::string(64, 'G'),
              std::string(1 << 20, 'a'), std::string("' OR 1=1 --")})
            CPPUNIT_ASSERT(!house.session(id, start));
    }

    void purgeDeletesOnlyWhatIsOver() {
        House house;
        house.open(house.clerk, start);
        const auto citizen = house.open(house.citizen, start);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, house.write([](Tx& tx) {
            return Sessions::purge(tx, start + Sessions::idleStaff);
        }));
        CPPUNIT_ASSERT(house.session(citizen.id, start + Sessions::idleStaff));
    }
};
CPPUNIT_TEST_SUITE_REGISTRATION(SessionsTest);

class TokensTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(TokensTest);
    CPPUNIT_TEST(aTokenNamesPluginScopeAndOrganisation);
    CPPUNIT_TEST(wrongExpiredAndRevokedTokensAreNone);
    CPPUNIT_TEST(onlyTheHashIsStored);
    CPPUNIT_TEST_SUITE_END();

    static std::string issue(House& house, Micros expires) {
        return house.write([&](Tx& tx) {
            return Tokens::issue(
                tx, house.system,
                {"合作社系统", "traceability", "traceability.capture", house.bureau, expires});
        });
    }
    static std::optional<Tokens::Found> find(House& house, std::string_view text, Micros time) {
        return house.read([&](Tx& tx) { return Tokens::find(tx, text, time); });
    }

public:
    void aTokenNamesPluginScopeAndOrganisation() {
        House house;
        const std::string text = issue(house, 0);
        CPPUNIT_ASSERT(text.starts_with("dlt_"));
        const auto found = find(house, text, start);
        CPPUNIT_ASSERT(found.has_value());
        CPPUNIT_ASSERT(found->principal.isToken());
        CPPUNIT_ASSERT_EQUAL(std::string("traceability"), found->principal.tokenPlugin);
        CPPUNIT_ASSERT_EQUAL(std::string("traceability.capture"), found->principal.tokenScope);
        CPPUNIT_ASSERT_EQUAL(house.bureau, found->principal.organisation);
        CPPUNIT_ASSERT_EQUAL(Micros{0}, found->usedAt);
        Uses uses;
        uses.noteToken(found->principal.token, start);
        house.write([&](Tx& tx) { uses.write(tx); });
        CPPUNIT_ASSERT_EQUAL(start, find(house, text, start)->usedAt);
    }

    void wrongExpiredAndRevokedTokensAreNone() {
        House house;
        const std::string text = issue(house, start + 10);
        CPPUNIT_ASSERT(find(house, text, start + 9));
        CPPUNIT_ASSERT(!find(house, text, start + 10));
        std::string wrong = text;
        wrong.back() = wrong.back() == '0' ? '1' : '0';
        CPPUNIT_ASSERT(!find(house, wrong, start));
        for (const char* bad :
             {"", "dlt_", "dlt__", "dlt_1_", "dlt_-1_00", "dlt_99999999999999999999_0", "Bearer x"})
            CPPUNIT_ASSERT(!find(house, bad, start));
        CPPUNIT_ASSERT(!find(house, "dlt_1_" + std::string(64, '0'), start));
        const auto listed = house.read([](Tx& tx) { return Tokens::list(tx); });
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, listed.size());
        house.write([&](Tx& tx) { Tokens::revoke(tx, house.system, listed[0].id); });
        CPPUNIT_ASSERT(!find(house, text, start));
        CPPUNIT_ASSERT_EQUAL(std::string("core.token.unknown"), refusal([&] {
                                 house.write([&](Tx& tx) { Tokens::revoke(tx, house.system, listed[0].id); });
                             }));
    }

    void onlyTheHashIsStored() {
        House house;
        const std::string text = issue(house, 0);
        const std::string secret = text.substr(text.rfind('_') + 1);
        const auto stored = house.read([](Tx& tx) {
            auto rows = tx.query("SELECT secret_hash FROM machine_token");
            rows.next();
            return std::string(rows.text(0));
        });
        CPPUNIT_ASSERT(stored.size() == 64 && stored != secret);
    }
};
CPPUNIT_TEST_SUITE_REGISTRATION(TokensTest);

class ActivationsTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(ActivationsTest);
    CPPUNIT_TEST(withoutAnOwnerNobodySeesAPlugin);
    CPPUNIT_TEST(theOwnersSwitchRulesCitizensAndStaff);
    CPPUNIT_TEST(anotherOrganisationSwitchesItsOwnDesksOnly);
    CPPUNIT_TEST(theAuditNamesHer);
    CPPUNIT_TEST_SUITE_END();

    static void flip(House& house, std::int64_t organisation, Activations::Switch to) {
        house.write([&](Tx& tx) { Activations::set(tx, house.system, "traceability", organisation, to); });
    }
    static void own(House& house) {
        house.write([&](Tx& tx) { Activations::nameOwner(tx, house.system, "traceability", house.bureau); });
    }

public:
    void withoutAnOwnerNobodySeesAPlugin() {
        House house;
        CPPUNIT_ASSERT(!house.active("traceability", Principal{}));
        CPPUNIT_ASSERT(!house.active("traceability", house.principal(house.clerk)));
        CPPUNIT_ASSERT_EQUAL(std::string("core.plugin.not_owned"),
                             refusal([&] { flip(house, house.bureau, Activations::Switch::on); }));
    }

    void theOwnersSwitchRulesCitizensAndStaff() {
        House house;
        own(house);
        for (const bool on : {true, false, true}) {
            flip(house, house.bureau, on ? Activations::Switch::on : Activations::Switch::off);
            CPPUNIT_ASSERT_EQUAL(on, house.active("traceability", Principal{}));
            CPPUNIT_ASSERT_EQUAL(on, house.active("traceability", house.principal(house.citizen)));
            CPPUNIT_ASSERT_EQUAL(on, house.active("traceability", house.principal(house.clerk)));
            CPPUNIT_ASSERT_EQUAL(on, house.read([](Tx& tx) { return Activations::all(tx); })[0].active);
        }
        CPPUNIT_ASSERT(!house.active("referral", Principal{}));
    }

    void anotherOrganisationSwitchesItsOwnDesksOnly() {
        House house;
        own(house);
        const auto colleague = house.account("zhao", house.other, {"clerk"});
        const auto visitor = house.account("sun", house.other, {"citizen"});
        flip(house, house.other, Activations::Switch::off);
        CPPUNIT_ASSERT(!house.active("traceability", house.principal(colleague)));
        CPPUNIT_ASSERT(house.active("traceability", house.principal(visitor)));
        CPPUNIT_ASSERT(house.active("traceability", house.principal(house.clerk)));
        CPPUNIT_ASSERT(house.active("traceability", Principal{}));
    }

    void theAuditNamesHer() {
        House house;
        own(house);
        Principal she = house.principal(house.clerk);
        she.name = "王建国";
        house.write([&](Tx& tx) {
            Activations::set(tx, she, "traceability", house.bureau, Activations::Switch::off, "REQ1");
        });
        const auto entries = house.read([](Tx& tx) { return Audit::latest(tx, "plugin/traceability", 1); });
        CPPUNIT_ASSERT_EQUAL(std::string("plugin.activation.off"), entries.at(0).action);
        CPPUNIT_ASSERT_EQUAL(std::string("王建国"), entries[0].actorName);
        CPPUNIT_ASSERT_EQUAL(house.clerk, entries[0].actor);
        CPPUNIT_ASSERT_EQUAL(std::string("REQ1"), entries[0].requestId);
    }
};
CPPUNIT_TEST_SUITE_REGISTRATION(ActivationsTest);
