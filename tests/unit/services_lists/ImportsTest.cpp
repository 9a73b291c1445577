// SPDX-License-Identifier: Apache-2.0
#include "ListFixture.h"
#include "unit/services_cases/County.h"

#include "portal/TemplateStore.h"
#include "services/lists/Imports.h"

#include <cppunit/extensions/HelperMacros.h>

using namespace dalate;
using namespace dalate::services;
using namespace dalate::services::lists;

namespace {

/// A county whose plugin keeps stock in a table, one row an import's row.
struct Store {
    Store() {
        county.sql("CREATE TABLE desk_stock (id BIGINT PRIMARY KEY, name TEXT, amount BIGINT)");
        auto made = std::make_shared<Declared>(*county.declared);
        made->forms.emplace("stock", std::make_shared<const forms::Form>(test::formOf(
                                         R"({"form": "stock", "title": "helpdesk.t", "way": "one", "fields": [
            {"name": "name", "type": "text", "label": "helpdesk.name"},
            {"name": "amount", "type": "money", "label": "helpdesk.amount"},
            {"name": "kind", "type": "choice", "label": "helpdesk.kind", "optional": true, "options": [
                {"value": "dry", "label": "helpdesk.dry"}, {"value": "wet", "label": "helpdesk.wet"}]},
            {"name": "tags", "type": "checks", "label": "helpdesk.tags", "optional": true, "options": [
                {"value": "new", "label": "helpdesk.new"}, {"value": "old", "label": "helpdesk.old"}]},
            {"name": "mine", "type": "yesno", "label": "helpdesk.mine", "optional": true}]})",
                                         "forms/stock.json")));
        declared = made;
        registry.publish(
            {{"desk", "desk/1", "take", Touch::own,
              [this](ServiceContext& context, ValueView in) {
                  if (in["answers"]["name"].text() == "crash") throw Error(500, "core.plugin.threw");
                  const std::int64_t id = newId();
                  context.tx->exec("INSERT INTO desk_stock (id, name, amount) VALUES (:id, :name, :amount)",
                                   {{"id", id},
                                    {"name", in["answers"]["name"].text()},
                                    {"amount", *in["answers"]["amount"].integer()}});
                  // After the row was written: it must be gone with the refusal.
                  if (in["answers"]["name"].text() == "bad") throw Error(422, "desk.bad");
                  if (die) throw std::runtime_error("the process dies here");
                  return Value::map([&](MapWriter& m) { m.set("key", std::to_string(id)); });
              }},
             {"desk", "desk/1", "drop", Touch::own, [](ServiceContext& context, ValueView in) {
                  const std::string key = in["key"].asText();
                  if (context.tx->exec("DELETE FROM desk_stock WHERE id = :id AND name <> 'sold'",
                                       {{"id", std::stoll(key)}}) != 1)
                      throw Error(409, "desk.sold");
                  return Value();
              }}});
        list.name = "stock";
        list.import = ImportRule{"stock", "", "desk/1", "take", "drop", "lists/stock.json", ""};
    }
    Doer doer() const { return {declared, who, {}, "zh-CN", "r", "", ""}; }
    std::int64_t bring(const std::string& csv) {
        const forms::FormWords words(store->texts(), "zh-CN", {test::today(), nullptr, test::today()});
        return county.write([&](storage::Tx& tx, AfterCommit&) {
            return imports.read(tx, doer(), list, words, readSheet(csv), "stock.csv", std::string(64, 'a'));
        });
    }
    Batch batch(std::int64_t id) {
        return county.read([&](storage::Tx& tx) { return imports.find(tx, doer(), list, id); });
    }
    void begin(std::int64_t id) {
        const Batch found = batch(id);
        county.write([&](storage::Tx& tx, AfterCommit&) { imports.begin(tx, found); });
    }
    void undo(std::int64_t id) {
        const Batch found = batch(id);
        county.write([&](storage::Tx& tx, AfterCommit&) { imports.beginUndo(tx, list, found); });
    }
    bool goOn(std::int64_t id, int milliseconds = 10'000) {
        return imports.goOn(doer(), list, id, std::chrono::milliseconds(milliseconds));
    }
    std::int64_t stock() {
        return county.read([](storage::Tx& tx) {
            auto rows = tx.query("SELECT COUNT(*) FROM desk_stock");
            rows.next();
            return rows.integer(0);
        });
    }
    template <class F>
    static std::string refused(F&& call) {
        try {
            call();
        } catch (const Error& error) {
            return error.id();
        }
        return "";
    }

    test::County county;
    Registry registry;
    Acts acts{county.engine, registry};
    Imports imports{{county.pool, acts, [] { return test::today(); }}};
    std::shared_ptr<const Declared> declared;
    identity::Principal who = test::County::agent();
    List list;
    bool die = false;
    std::shared_ptr<const portal::TemplateStore> store = [] {
        const auto folder = std::filesystem::temp_directory_path() / ("dalate-lists-" + randomHex(8));
        std::filesystem::create_directories(folder);
        const std::filesystem::path source = DALATE_SOURCE_DIR;
        std::filesystem::copy(source / "templates/layout.mustache", folder / "layout.mustache");
        std::filesystem::copy(source / "templates/components", folder / "components");
        auto made = portal::TemplateStore::core(folder, source / "runtime/i18n", source / "runtime/static");
        std::filesystem::remove_all(folder);
        return made;
    }();
};

class ImportsTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(ImportsTest);
    CPPUNIT_TEST(everyRowIsJudgedAndNothingHappensYet);
    CPPUNIT_TEST(goodRowsComeInAndARefusedOneLeavesNothing);
    CPPUNIT_TEST(anImportThatWasCutOffGoesOnWithoutDoubling);
    CPPUNIT_TEST(aBatchIsTakenBackRowByRow);
    CPPUNIT_TEST(headingsAreTheForms);
    CPPUNIT_TEST(anotherPersonsImportIsNotFound);
    CPPUNIT_TEST(statesGoOneWay);
    CPPUNIT_TEST_SUITE_END();

public:
    void everyRowIsJudgedAndNothingHappensYet() {
        Store s;
        const std::int64_t id =
            s.bring("name,amount,kind,tags,mine\nmelon,12.50,helpdesk.wet,helpdesk.new；old,是\n"
                    "pepper,many,,,\n,1,,,\nrice,1,gone,,\n");
        const Batch batch = s.batch(id);
        CPPUNIT_ASSERT_EQUAL(std::string("read"), batch.state);
        CPPUNIT_ASSERT_EQUAL(std::int64_t(1), batch.good);
        CPPUNIT_ASSERT_EQUAL(std::int64_t(3), batch.faulty);
        CPPUNIT_ASSERT_EQUAL(std::int64_t(0), s.stock());
        s.county.read([&](storage::Tx& tx) {
            const auto good = Imports::rows(tx, id, "good", 0, 10);
            CPPUNIT_ASSERT_EQUAL(
                std::string(
                    R"({"name":"melon","amount":1250,"kind":"wet","tags":["new","old"],"mine":true})"),
                json::write(good.front().answers));
            const auto faulty = Imports::rows(tx, id, "faulty", 0, 10);
            CPPUNIT_ASSERT_EQUAL(std::int64_t(3), faulty.front().line);
            CPPUNIT_ASSERT(faulty.front().answers.view().isNull());
            CPPUNIT_ASSERT_EQUAL(std::size_t(1), faulty.front().faults.view().size());
        });
    }

    void goodRowsComeInAndARefusedOneLeavesNothing() {
        Store s;
        const std::int64_t id = s.bring("name,amount\nmelon,1\nbad,2\nrice,3\n");
        CPPUNIT_ASSERT(s.goOn(id)); // Not begun: nothing to do.
        CPPUNIT_ASSERT_EQUAL(std::int64_t(0), s.stock());
        s.begin(id);
        CPPUNIT_ASSERT(s.goOn(id));
        const Batch batch = s.batch(id);
        CPPUNIT_ASSERT_EQUAL(std::string("done"), batch.state);
        CPPUNIT_ASSERT_EQUAL(std::int64_t(2), batch.done);
        CPPUNIT_ASSERT_EQUAL(std::int64_t(1), batch.failed);
        CPPUNIT_ASSERT_EQUAL(std::int64_t(2), s.stock());
        s.county.read([&](storage::Tx& tx) {
            const auto failed = Imports::rows(tx, id, "failed", 0, 10);
            CPPUNIT_ASSERT_EQUAL(std::int64_t(3), failed.front().line);
            for (const ValueView fault : failed.front().faults.view())
                CPPUNIT_ASSERT_EQUAL(std::string("desk.bad"), fault["id"].asText());
            // The answers are kept nowhere twice.
            auto rows = tx.query("SELECT COUNT(*) FROM import_row WHERE answers <> ''");
            rows.next();
            CPPUNIT_ASSERT_EQUAL(std::int64_t(0), rows.integer(0));
        });
    }

    void anImportThatWasCutOffGoesOnWithoutDoubling() {
        Store s;
        const std::int64_t id = s.bring("name,amount\na,1\nb,2\nc,3\nd,4\n");
        s.begin(id);
        CPPUNIT_ASSERT(!s.goOn(id, 0));
        CPPUNIT_ASSERT_EQUAL(std::int64_t(1), s.stock());
        s.die = true;
        CPPUNIT_ASSERT_THROW(s.goOn(id), std::runtime_error);
        CPPUNIT_ASSERT_EQUAL(std::int64_t(1), s.stock());
        s.die = false;
        s.begin(id);
        CPPUNIT_ASSERT(s.goOn(id));
        CPPUNIT_ASSERT(s.goOn(id));
        CPPUNIT_ASSERT_EQUAL(std::int64_t(4), s.stock());
        CPPUNIT_ASSERT_EQUAL(std::int64_t(4), s.batch(id).done);
        // What is the house's own trouble is no verdict over the row.
        const std::int64_t other = s.bring("name,amount\ncrash,1\n");
        s.begin(other);
        CPPUNIT_ASSERT_EQUAL(std::string("core.plugin.threw"), Store::refused([&] { s.goOn(other); }));
        CPPUNIT_ASSERT_EQUAL(std::int64_t(1), s.batch(other).good);
    }

    void aBatchIsTakenBackRowByRow() {
        Store s;
        const std::int64_t id = s.bring("name,amount\na,1\nsold,2\nc,3\n");
        s.begin(id);
        s.goOn(id);
        s.undo(id);
        CPPUNIT_ASSERT(s.goOn(id));
        const Batch batch = s.batch(id);
        CPPUNIT_ASSERT_EQUAL(std::string("undone"), batch.state);
        CPPUNIT_ASSERT_EQUAL(std::int64_t(2), batch.undone);
        CPPUNIT_ASSERT_EQUAL(std::int64_t(1), batch.kept);
        CPPUNIT_ASSERT_EQUAL(std::int64_t(1), s.stock());
    }

    void headingsAreTheForms() {
        Store s;
        CPPUNIT_ASSERT_EQUAL(std::string("core.import.heading"),
                             Store::refused([&] { s.bring("name,amount,colour\na,1,red\n"); }));
        CPPUNIT_ASSERT_EQUAL(std::string("core.import.heading"),
                             Store::refused([&] { s.bring("name,amount,name\na,1,b\n"); }));
        CPPUNIT_ASSERT_EQUAL(std::string("core.import.missing_column"),
                             Store::refused([&] { s.bring("name\na\n"); }));
        CPPUNIT_ASSERT_EQUAL(std::string("core.import.empty"),
                             Store::refused([&] { s.bring("name,amount\n"); }));
        CPPUNIT_ASSERT_EQUAL(std::int64_t(1), s.batch(s.bring("helpdesk.amount,helpdesk.name\n1,a\n")).good);
    }

    void anotherPersonsImportIsNotFound() {
        Store s;
        const std::int64_t id = s.bring("name,amount\na,1\n");
        s.who = test::County::agent(4);
        CPPUNIT_ASSERT_EQUAL(std::int64_t(1), s.batch(id).good); // A colleague of the same office.
        s.who = test::County::citizen();
        CPPUNIT_ASSERT_EQUAL(std::string("core.import.unknown"), Store::refused([&] { s.batch(id); }));
        s.who = test::County::person(5, 71, {"agent"});
        CPPUNIT_ASSERT_EQUAL(std::string("core.import.unknown"), Store::refused([&] { s.batch(id); }));
    }

    void statesGoOneWay() {
        Store s;
        const std::int64_t id = s.bring("name,amount\na,1\n");
        CPPUNIT_ASSERT_EQUAL(std::string("core.import.state"), Store::refused([&] { s.undo(id); }));
        s.begin(id);
        s.goOn(id);
        CPPUNIT_ASSERT_EQUAL(std::string("core.import.state"), Store::refused([&] { s.begin(id); }));
        s.list.import->undo.clear();
        CPPUNIT_ASSERT_EQUAL(std::string("core.import.state"), Store::refused([&] { s.undo(id); }));
        const std::int64_t faulty = s.bring("name,amount\na,x\n");
        CPPUNIT_ASSERT_EQUAL(std::string("core.import.state"), Store::refused([&] { s.begin(faulty); }));
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(ImportsTest);

} // namespace
