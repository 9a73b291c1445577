// SPDX-License-Identifier: Apache-2.0
#include "unit/identity/TestDatabase.h"

#include "identity/Accounts.h"
#include "identity/Audit.h"
#include "identity/Delegations.h"
#include "identity/Desks.h"
#include "identity/Organisations.h"
#include "identity/Permissions.h"
#include "identity/Sessions.h"

#include <cppunit/extensions/HelperMacros.h>

using namespace dalate;
using namespace dalate::identity;
using storage::Tx;

namespace {

constexpr Micros hour = Micros{3600} * 1'000'000;
constexpr Micros day = 24 * hour;

/// Two bureaus; wang leads the first, li and zhao work there, qian in the other.
struct House : test::TestDatabase {
    Principal system;
    std::int64_t bureau = write([](Tx& tx) { return Organisations::create(tx, "农牧局", "bureau", 0); });
    std::int64_t other = write([](Tx& tx) { return Organisations::create(tx, "文旅局", "bureau", 0); });
    std::int64_t wang = account("wang", bureau, {"bureau_admin", "regulator", "operator"});
    std::int64_t li = account("li", bureau, {"agent"});
    std::int64_t zhao = account("zhao", bureau, {"regulator"});
    std::int64_t qian = account("qian", other, {"agent"});

    std::int64_t account(const std::string& login, std::int64_t organisation,
                         std::vector<std::string> roles) {
        return write([&](Tx& tx) {
            return Accounts::create(
                tx, system, {login, "Name of " + login, "", organisation, std::move(roles)}, "$hash$");
        });
    }
    template <class F>
    std::string refusal(F&& act) {
        try {
            write([&](Tx& tx) { act(tx); });
            return "accepted";
        } catch (const Error& e) {
            return e.id();
        }
    }
    std::int64_t give(std::int64_t from, std::int64_t to, const char* role, Micros starts, Micros ends) {
        return write([&](Tx& tx) {
            return Delegations::give(tx, system, {from, to, role, starts, ends}, now());
        });
    }
    std::string giving(std::int64_t from, std::int64_t to, const char* role, Micros starts, Micros ends) {
        return refusal([&](Tx& tx) { Delegations::give(tx, system, {from, to, role, starts, ends}, now()); });
    }
    std::string signIn(std::int64_t id) {
        Principal p;
        p.roles = {"agent"};
        return write([&](Tx& tx) { return Sessions::open(tx, id, p, now()).id; });
    }
    /// As a request at `time` would be recognised. The session stays young.
    Principal at(const std::string& session, Micros time) {
        write([&](Tx& tx) {
            tx.exec("UPDATE session SET used_at = :used, expires_at = :expires",
                    {{"used", time}, {"expires", time + hour}});
        });
        return read([&](Tx& tx) { return Sessions::find(tx, session, time).value().principal; });
    }
    std::vector<std::string> actions(const std::string& object) {
        std::vector<std::string> all;
        for (auto& entry : read([&](Tx& tx) { return Audit::latest(tx, object, 50); }))
            all.push_back(entry.action);
        return all;
    }
};

} // namespace

class CountyTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(CountyTest);
    CPPUNIT_TEST(aDeskHasMembersOfItsOrganisationOnly);
    CPPUNIT_TEST(aRequestKnowsWhereItsPersonSits);
    CPPUNIT_TEST(aDelegatedRoleIsHeldForItsTermAndIsMarked);
    CPPUNIT_TEST(whatIsGivenIsNeverMoreThanTheGiverHas);
    CPPUNIT_TEST(aDelegationEndsWithTheGiversRoleOrAccount);
    CPPUNIT_TEST(onlyTheGiverEndsHerOwn);
    CPPUNIT_TEST(anOwnRoleIsNotOnBehalfOfAnybody);
    CPPUNIT_TEST(seatsAndGivenRolesSurviveTheValueForm);
    CPPUNIT_TEST_SUITE_END();

public:
    void aDeskHasMembersOfItsOrganisationOnly() {
        House house;
        const auto create = [&](std::int64_t organisation, const char* name, const char* title) {
            return house.refusal([&](Tx& tx) { Desks::create(tx, house.system, organisation, name, title); });
        };
        CPPUNIT_ASSERT_EQUAL(std::string("accepted"), create(house.bureau, "intake", "综合受理窗口"));
        CPPUNIT_ASSERT_EQUAL(std::string("core.desk.taken"), create(house.bureau, "intake", "另一个"));
        CPPUNIT_ASSERT_EQUAL(std::string("accepted"), create(house.other, "intake", "文旅窗口"));
        CPPUNIT_ASSERT_EQUAL(std::string("core.desk.name"), create(house.bureau, "In take", "x"));
        CPPUNIT_ASSERT_EQUAL(std::string("core.desk.name"), create(house.bureau, "", "x"));
        CPPUNIT_ASSERT_EQUAL(std::string("core.desk.title"), create(house.bureau, "archive", ""));
        CPPUNIT_ASSERT_EQUAL(std::string("core.org.unknown"), create(99, "intake", "x"));

        const std::int64_t desk =
            house.read([&](Tx& tx) { return Desks::find(tx, house.bureau, "intake").value().id; });
        const auto add = [&](std::int64_t at, std::int64_t who) {
            return house.refusal([&](Tx& tx) { Desks::add(tx, house.system, at, who); });
        };
        CPPUNIT_ASSERT_EQUAL(std::string("accepted"), add(desk, house.li));
        CPPUNIT_ASSERT_EQUAL(std::string("accepted"), add(desk, house.li));
        CPPUNIT_ASSERT_EQUAL(std::string("core.desk.organisation"), add(desk, house.qian));
        CPPUNIT_ASSERT_EQUAL(std::string("core.account.unknown"), add(desk, 99));
        CPPUNIT_ASSERT_EQUAL(std::string("core.desk.unknown"), add(99, house.li));
        house.write([&](Tx& tx) { Accounts::disable(tx, house.system, house.zhao); });
        CPPUNIT_ASSERT_EQUAL(std::string("core.account.barred"), add(desk, house.zhao));
        const auto members = [&] { return house.read([&](Tx& tx) { return Desks::members(tx, desk); }); };
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, members().size());
        CPPUNIT_ASSERT_EQUAL(std::string("li"), members().front().login);
        const auto remove = [&] {
            return house.refusal([&](Tx& tx) { Desks::remove(tx, house.system, desk, house.li); });
        };
        CPPUNIT_ASSERT_EQUAL(std::string("accepted"), remove());
        CPPUNIT_ASSERT_EQUAL(std::string("core.desk.no_member"), remove());
        CPPUNIT_ASSERT(members().empty());
        // The second giving of the same seat changed nothing and is no act.
        CPPUNIT_ASSERT((std::vector<std::string>{"desk.member.remove", "desk.member.add", "desk.create"}) ==
                       house.actions("desk/" + std::to_string(desk)));
        CPPUNIT_ASSERT_EQUAL(std::size_t{1},
                             house.read([&](Tx& tx) { return Desks::list(tx, house.bureau).size(); }));
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, house.read([&](Tx& tx) { return Desks::list(tx, 0).size(); }));
    }

    void aRequestKnowsWhereItsPersonSits() {
        House house;
        const std::string session = house.signIn(house.li);
        CPPUNIT_ASSERT(house.at(session, now()).desks.empty());
        const auto desk = house.write([&](Tx& tx) {
            const auto id = Desks::create(tx, house.system, house.bureau, "intake", "窗口");
            Desks::add(tx, house.system, id, house.li);
            return id;
        });
        const Principal li = house.at(session, now());
        CPPUNIT_ASSERT((std::vector<Seat>{{desk, house.bureau, "intake"}}) == li.desks);
        CPPUNIT_ASSERT(li.sitsAt("intake"));
        CPPUNIT_ASSERT(li.sitsAt("intake", house.bureau));
        CPPUNIT_ASSERT(!li.sitsAt("intake", house.other));
        CPPUNIT_ASSERT(!li.sitsAt("archive"));
        house.write([&](Tx& tx) { Desks::remove(tx, house.system, desk, house.li); });
        CPPUNIT_ASSERT(house.at(session, now()).desks.empty());
    }

    void aDelegatedRoleIsHeldForItsTermAndIsMarked() {
        House house;
        const Micros starts = now() + hour, ends = starts + 5 * day;
        const std::int64_t id = house.give(house.wang, house.li, "bureau_admin", starts, ends);
        const std::string session = house.signIn(house.li);
        CPPUNIT_ASSERT(!house.at(session, starts - 1).hasRole("bureau_admin"));
        const Principal li = house.at(session, starts);
        CPPUNIT_ASSERT(li.hasRole("bureau_admin") && !li.hasOwnRole("bureau_admin"));
        CPPUNIT_ASSERT(!li.hasRole("regulator"));
        const DelegatedRole* behalf = li.onBehalf("bureau_admin");
        CPPUNIT_ASSERT(behalf != nullptr);
        CPPUNIT_ASSERT_EQUAL(house.wang, behalf->giver);
        CPPUNIT_ASSERT_EQUAL(std::string("Name of wang"), behalf->giverName);
        CPPUNIT_ASSERT_EQUAL(ends, behalf->until);
        CPPUNIT_ASSERT(li.onBehalf("agent") == nullptr);
        CPPUNIT_ASSERT(house.at(session, ends - 1).hasRole("bureau_admin"));
        CPPUNIT_ASSERT(!house.at(session, ends).hasRole("bureau_admin"));
        CPPUNIT_ASSERT((std::vector<std::string>{"delegation.give"}) ==
                       house.actions("delegation/" + std::to_string(id)));
        const Permissions permissions(
            {{"traceability.bureau", "write", "organisation", {"bureau_admin"}, {}}});
        CPPUNIT_ASSERT(permissions.holds(li, "traceability.bureau"));
        CPPUNIT_ASSERT(!permissions.holds(house.at(session, ends), "traceability.bureau"));
    }

    void whatIsGivenIsNeverMoreThanTheGiverHas() {
        House house;
        const Micros starts = now(), ends = starts + day;
        CPPUNIT_ASSERT_EQUAL(std::string("core.delegation.role"),
                             house.giving(house.li, house.zhao, "bureau_admin", starts, ends));
        CPPUNIT_ASSERT_EQUAL(std::string("core.delegation.not_delegable"),
                             house.giving(house.wang, house.li, "operator", starts, ends));
        CPPUNIT_ASSERT_EQUAL(std::string("core.delegation.not_delegable"),
                             house.giving(house.wang, house.li, "citizen", starts, ends));
        CPPUNIT_ASSERT_EQUAL(std::string("core.delegation.organisation"),
                             house.giving(house.wang, house.qian, "regulator", starts, ends));
        CPPUNIT_ASSERT_EQUAL(std::string("core.delegation.organisation"),
                             house.giving(house.wang, house.wang, "regulator", starts, ends));
        CPPUNIT_ASSERT_EQUAL(std::string("core.account.unknown"),
                             house.giving(house.wang, 99, "regulator", starts, ends));
        CPPUNIT_ASSERT_EQUAL(std::string("core.delegation.term"),
                             house.giving(house.wang, house.li, "regulator", starts, starts));
        CPPUNIT_ASSERT_EQUAL(std::string("core.delegation.term"),
                             house.giving(house.wang, house.li, "regulator", starts - 2 * day, starts - day));
        CPPUNIT_ASSERT_EQUAL(std::string("core.delegation.term"),
                             house.giving(house.wang, house.li, "regulator", starts, starts + 367 * day));
        // Given on: li acts as bureau_admin but has nothing of her own to give.
        house.give(house.wang, house.li, "bureau_admin", starts, ends);
        CPPUNIT_ASSERT_EQUAL(std::string("core.delegation.role"),
                             house.giving(house.li, house.zhao, "bureau_admin", starts, ends));
    }

    void aDelegationEndsWithTheGiversRoleOrAccount() {
        House house;
        const Micros starts = now(), ends = starts + day;
        house.give(house.wang, house.li, "bureau_admin", starts, ends);
        house.give(house.zhao, house.li, "regulator", starts, ends);
        const std::string session = house.signIn(house.li);
        CPPUNIT_ASSERT(house.at(session, starts + 1).hasRole("bureau_admin"));
        CPPUNIT_ASSERT(house.at(session, starts + 1).hasRole("regulator"));
        house.write([&](Tx& tx) { Accounts::setRoles(tx, house.system, house.wang, {"agent"}); });
        CPPUNIT_ASSERT(!house.at(session, starts + 1).hasRole("bureau_admin"));
        CPPUNIT_ASSERT(house.at(session, starts + 1).hasRole("regulator"));
        house.write([&](Tx& tx) { Accounts::disable(tx, house.system, house.zhao); });
        CPPUNIT_ASSERT(house.at(session, starts + 1).delegated.empty());
    }

    void onlyTheGiverEndsHerOwn() {
        House house;
        const Micros starts = now(), ends = starts + day;
        const std::int64_t id = house.give(house.wang, house.li, "bureau_admin", starts, ends);
        const std::string session = house.signIn(house.li);
        const auto end = [&](std::int64_t giver, Micros time) {
            return house.refusal([&](Tx& tx) { Delegations::end(tx, house.system, giver, id, time); });
        };
        CPPUNIT_ASSERT_EQUAL(std::string("core.delegation.unknown"), end(house.li, starts + 5));
        CPPUNIT_ASSERT_EQUAL(std::string("core.delegation.unknown"), end(house.zhao, starts + 5));
        CPPUNIT_ASSERT(house.at(session, starts + 6).hasRole("bureau_admin"));
        CPPUNIT_ASSERT_EQUAL(std::string("accepted"), end(house.wang, starts + 7));
        CPPUNIT_ASSERT(!house.at(session, starts + 7).hasRole("bureau_admin"));
        CPPUNIT_ASSERT_EQUAL(std::string("core.delegation.unknown"), end(house.wang, starts + 8));
        CPPUNIT_ASSERT_EQUAL(std::string("core.delegation.unknown"), end(0, starts + 8));
        CPPUNIT_ASSERT(
            house.read([&](Tx& tx) { return Delegations::givenBy(tx, house.wang, starts + 8); }).empty());
        const auto before = house.read([&](Tx& tx) { return Delegations::givenTo(tx, house.li, starts); });
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, before.size());
        CPPUNIT_ASSERT(before.front().ended);
        CPPUNIT_ASSERT_EQUAL(std::string("Name of wang"), before.front().giverName);
    }

    void anOwnRoleIsNotOnBehalfOfAnybody() {
        House house;
        const Micros starts = now(), ends = starts + day;
        house.give(house.wang, house.zhao, "regulator", starts, ends);
        const Principal zhao = house.at(house.signIn(house.zhao), starts + 1);
        CPPUNIT_ASSERT(zhao.hasOwnRole("regulator") && zhao.onBehalf("regulator") == nullptr);
        CPPUNIT_ASSERT(zhao.delegated.empty());
    }

    void seatsAndGivenRolesSurviveTheValueForm() {
        Principal p;
        p.kind = Principal::Kind::person;
        p.user = 5;
        p.roles = {"agent"};
        p.delegated = {{"regulator", 9, "王建国", 77}};
        p.desks = {{3, 2, "intake"}};
        const Value value = p.toValue();
        const Principal back = Principal::fromValue(value);
        CPPUNIT_ASSERT(back.roles == p.roles);
        CPPUNIT_ASSERT(back.delegated == p.delegated);
        CPPUNIT_ASSERT(back.desks == p.desks);
        // A plugin that asks for the role finds it.
        std::vector<std::string> seen;
        for (const ValueView role : value["roles"])
            seen.emplace_back(role.text());
        CPPUNIT_ASSERT((std::vector<std::string>{"agent", "regulator"}) == seen);
        CPPUNIT_ASSERT(!Principal().toValue().view().has("desks"));
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(CountyTest);
