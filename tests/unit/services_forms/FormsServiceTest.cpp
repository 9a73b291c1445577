// SPDX-License-Identifier: Apache-2.0
#include "FormFixture.h"
#include "unit/identity/TestDatabase.h"

#include "services/Declared.h"
#include "services/PluginCalls.h"
#include "services/Registry.h"
#include "services/cases/Case.h"
#include "services/forms/CaseAnswers.h"
#include "services/forms/DraftFiles.h"
#include "services/forms/Drafts.h"
#include "services/forms/FormsService.h"

using namespace dalate;
using namespace dalate::services;

namespace {

struct NoPlugins final : PluginCalls {
    bool has(std::string_view, Kind, std::string_view) const override { return false; }
    Value call(storage::Tx&, AfterCommit&, const Ask&) override { throw Error(503, "core.plugin.away"); }
};

struct Door {
    Door() {
        auto made = std::make_shared<Declared>();
        made->plugin = "helpdesk";
        made->forms.emplace("ticket",
                            std::make_shared<const forms::Form>(test::formOf(
                                R"({"form": "ticket", "title": "helpdesk.t", "way": "one", "fields": [
                                              {"name": "amount", "type": "money", "label": "helpdesk.amount"},
                                              {"name": "phone", "type": "phone", "label": "helpdesk.phone", "personal": true}]})")));
        made->forms.emplace("photo", std::make_shared<const forms::Form>(test::formOf(
                                         R"({"form": "photo", "title": "helpdesk.t", "way": "one", "fields": [
                                             {"name": "photo", "type": "file", "label": "helpdesk.photo"}]})",
                                         "forms/photo.json")));
        declared = made;
        forms::offerForms({database.pool(), registry, declarations, plugins, [] { return test::today(); }},
                          [this] { return store; });
        who.kind = identity::Principal::Kind::person;
        who.user = 7;
        database.write([](storage::Tx& tx) {
            tx.exec("INSERT INTO account (id, login, name, password_hash, created_at) VALUES (7, 'batu', "
                    "'巴图', '-', 1)");
        });
    }
    Value ask(const char* method, const std::string& arguments) {
        const auto service = registry.find("forms/1", method);
        return database.write([&](storage::Tx& tx) {
            ServiceContext context{"helpdesk", who, {}, {}, "zh-CN", "r", "", {}};
            context.tx = &tx;
            context.declared = declared;
            return service->answer(context, test::jsonOf(arguments));
        });
    }
    std::string refused(const char* method, const std::string& arguments) {
        try {
            ask(method, arguments);
        } catch (const Error& error) {
            return error.id();
        }
        return "";
    }

    Value check(forms::CaseAnswers& answers, const char* form, const std::string& posted) {
        return database.write([&](storage::Tx& tx) {
            AfterCommit after;
            const cases::Who caller{.principal = bySystem ? nullptr : &who,
                                    .after = after,
                                    .requestId = "r",
                                    .ip = {},
                                    .declared = declared};
            return answers.check(tx, caller, *declared, form, test::jsonOf(posted), test::today());
        });
    }
    /// A row as an upload of `user` leaves it; its id.
    std::string file(std::int64_t user, const std::string& plugin, const std::string& object,
                     std::int64_t organisation = 0) {
        const std::int64_t id = newId();
        database.write([&](storage::Tx& tx) {
            tx.exec("INSERT INTO file (id, sha256, size, type, name, plugin, object, visibility, owner_user,"
                    " owner_org, created_at) VALUES (:id, '-', 1, 'text/plain', 'a.txt', :plugin, :object,"
                    " 'owner', :user, :org, :at)",
                    {{"id", id},
                     {"plugin", plugin},
                     {"object", object},
                     {"user", user},
                     {"org", organisation},
                     {"at", test::today()}});
        });
        return std::to_string(id);
    }
    bool bySystem = false;

    test::TestDatabase database;
    Registry registry;
    Declarations declarations;
    NoPlugins plugins;
    identity::Principal who;
    std::shared_ptr<const Declared> declared;
    std::shared_ptr<const portal::TemplateStore> store = [] {
        const auto folder = std::filesystem::temp_directory_path() / ("dalate-forms-" + randomHex(8));
        std::filesystem::create_directories(folder);
        const std::filesystem::path source = DALATE_SOURCE_DIR;
        std::filesystem::copy(source / "templates/layout.mustache", folder / "layout.mustache");
        std::filesystem::copy(source / "templates/components", folder / "components");
        auto made = portal::TemplateStore::core(folder, source / "runtime/i18n", source / "runtime/static");
        std::filesystem::remove_all(folder);
        return made;
    }();
};

class FormsServiceTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(FormsServiceTest);
    CPPUNIT_TEST(validateSpeaksToPeopleAndPrograms);
    CPPUNIT_TEST(aModelComesBackWithWhatWasTyped);
    CPPUNIT_TEST(detailsAreMaskedUnlessAskedInFull);
    CPPUNIT_TEST(draftsAreTheCallersOwn);
    CPPUNIT_TEST(whatIsAskedWronglyIsRefused);
    CPPUNIT_TEST(aCaseTakesTheAnswersItsFormTakes);
    CPPUNIT_TEST(aFileAnswersForWhoBroughtItAlone);
    CPPUNIT_TEST(filesOfDraftsGoWhenTheDraftIsGone);
    CPPUNIT_TEST_SUITE_END();

public:
    void validateSpeaksToPeopleAndPrograms() {
        Door door;
        const Value good = door.ask(
            "validate", R"({"form":"ticket","sent":"json","values":{"amount":5,"phone":"13912345678"}})");
        CPPUNIT_ASSERT_EQUAL(
            std::string(R"({"good":true,"answers":{"amount":5,"phone":"13912345678"},"problems":[]})"),
            json::write(good));
        const Value bad = door.ask(
            "validate", R"({"form":"ticket","sent":"json","values":{"amount":"5","phone":"x","z":1}})");
        const std::string text = json::write(bad);
        for (const char* part : {R"("good":false)", R"("path":"$.amount","id":"core.form.json_type")",
                                 R"("href":"#f-phone")", "要写手机号", R"("id":"core.form.unknown_field")"})
            CPPUNIT_ASSERT_MESSAGE(std::string(part) + " " + text, text.find(part) != std::string::npos);
    }

    void aModelComesBackWithWhatWasTyped() {
        Door door;
        const std::string raw = R"({"amount":["许多"],"phone":["13912345678"]})";
        const Value judged =
            door.ask("validate", R"({"form":"ticket","sent":"posted","values":)" + raw + "}");
        const Value model = door.ask("model", R"({"form":"ticket","action":"/helpdesk/new","raw":)" + raw +
                                                  R"(,"answers":)" + json::write(judged["answers"]) +
                                                  R"(,"problems":)" + json::write(judged["problems"]) + "}");
        const std::string text = json::write(model);
        for (const char* part : {R"("value":"许多")", R"("wrong":true)", R"("action":"/helpdesk/new")",
                                 R"("error":"“helpdesk.amount”要写金额)"})
            CPPUNIT_ASSERT_MESSAGE(std::string(part) + " " + text, text.find(part) != std::string::npos);
    }

    void detailsAreMaskedUnlessAskedInFull() {
        Door door;
        const std::string answers = R"("answers":{"amount":1250,"phone":"13912345678"}})";
        CPPUNIT_ASSERT(json::write(door.ask("details", R"({"form":"ticket","personal":"masked",)" + answers))
                           .find("139****5678") != std::string::npos);
        CPPUNIT_ASSERT(json::write(door.ask("details", R"({"form":"ticket","personal":"shown",)" + answers))
                           .find("13912345678") != std::string::npos);
        CPPUNIT_ASSERT_EQUAL(std::string("core.argument.missing"),
                             door.refused("details", R"({"form":"ticket",)" + answers));
        CPPUNIT_ASSERT_EQUAL(std::string("core.form.asked"),
                             door.refused("details", R"({"form":"ticket","personal":"half",)" + answers));
    }

    void draftsAreTheCallersOwn() {
        Door door;
        CPPUNIT_ASSERT(door.ask("draft", R"({"form":"ticket"})").view().isNull());
        CPPUNIT_ASSERT_EQUAL(
            std::string(R"({"version":1})"),
            json::write(door.ask("keep", R"({"form":"ticket","raw":{"amount":["1"]},"version":0})")));
        CPPUNIT_ASSERT_EQUAL(std::string("core.form.draft_newer"),
                             door.refused("keep", R"({"form":"ticket","raw":{"amount":["2"]},"version":0})"));
        CPPUNIT_ASSERT_EQUAL(std::string(R"({"amount":["1"]})"),
                             json::write(door.ask("draft", R"({"form":"ticket"})")["raw"]));
        CPPUNIT_ASSERT(door.ask("draft", R"({"form":"ticket","subject":"case/1"})").view().isNull());
        CPPUNIT_ASSERT_EQUAL(std::string(R"({"dropped":true})"),
                             json::write(door.ask("drop", R"({"form":"ticket"})")));
        CPPUNIT_ASSERT_EQUAL(std::string("core.form.asked"),
                             door.refused("keep", R"({"form":"ticket","raw":{"stranger":["1"]}})"));
        CPPUNIT_ASSERT_EQUAL(std::string("core.form.asked"),
                             door.refused("keep", R"({"form":"ticket","raw":{"amount":1}})"));
        door.who = {};
        CPPUNIT_ASSERT_EQUAL(std::string("core.form.no_draft"),
                             door.refused("draft", R"({"form":"ticket"})"));
    }

    void whatIsAskedWronglyIsRefused() {
        Door door;
        CPPUNIT_ASSERT_EQUAL(std::string("core.form.unknown"),
                             door.refused("validate", R"({"form":"none","sent":"json","values":{}})"));
        CPPUNIT_ASSERT_EQUAL(std::string("core.form.asked"),
                             door.refused("validate", R"({"form":"ticket","sent":"xml","values":{}})"));
        CPPUNIT_ASSERT_EQUAL(
            std::string("core.form.asked"),
            door.refused("validate", R"({"form":"ticket","sent":"json","values":{},"at":-1})"));
        CPPUNIT_ASSERT_EQUAL(
            std::string("core.argument.long"),
            door.refused("draft", R"({"form":"ticket","subject":")" + std::string(201, 's') + "\"}"));
        door.declared = nullptr;
        CPPUNIT_ASSERT_EQUAL(std::string("core.form.unknown"),
                             door.refused("validate", R"({"form":"ticket","sent":"json","values":{}})"));
    }

    void aCaseTakesTheAnswersItsFormTakes() {
        Door door;
        forms::CaseAnswers answers;
        const Value good = door.check(answers, "ticket", R"({"amount":5,"phone":"139 1234 5678"})");
        CPPUNIT_ASSERT_EQUAL(std::string(R"({"amount":5,"phone":"13912345678"})"), json::write(good));
        try {
            door.check(answers, "ticket", R"({"amount":5})");
            CPPUNIT_FAIL("a case took half a form");
        } catch (const Error& error) {
            CPPUNIT_ASSERT_EQUAL(std::string("core.case.answers"), error.id());
            CPPUNIT_ASSERT_EQUAL(
                std::string(
                    R"({"fields":[{"field":"phone","path":"$.phone","id":"core.form.missing","values":null}]})"),
                json::write(error.details()));
        }
        CPPUNIT_ASSERT_THROW(door.check(answers, "none", "{}"), Error);
    }

    void aFileAnswersForWhoBroughtItAlone() {
        Door door;
        forms::CaseAnswers answers;
        const std::string own = door.file(7, "helpdesk", "box/1"), others = door.file(8, "helpdesk", "box/2"),
                          elsewhere = door.file(7, "hotline", "box/3"),
                          nobodys = door.file(0, "helpdesk", "draft/r/open/ticket"),
                          before = door.file(0, "helpdesk", "draft/earlier/open/ticket"),
                          bureaus = door.file(0, "helpdesk", "box/4", 3);
        const auto takes = [&](const std::string& id) {
            const Value told =
                door.ask("validate", R"({"form":"photo","sent":"json","values":{"photo":")" + id + "\"}}");
            const bool good = told["good"].truth();
            try {
                door.check(answers, "photo", R"({"photo":")" + id + "\"}");
                CPPUNIT_ASSERT_MESSAGE(id, good || door.bySystem);
                return true;
            } catch (const Error& error) {
                CPPUNIT_ASSERT_EQUAL(std::string("core.case.answers"), std::string(error.id()));
                CPPUNIT_ASSERT_MESSAGE(id, !good);
                return false;
            }
        };
        CPPUNIT_ASSERT(takes(own));
        for (const std::string& id : {others, elsewhere, nobodys, before, bureaus, std::string("1"),
                                      std::string("0123456789abcdef0123456789abcdef")})
            CPPUNIT_ASSERT_MESSAGE(id, !takes(id));
        door.bySystem = true;
        CPPUNIT_ASSERT(takes(others) && !takes(elsewhere));
        door.bySystem = false;
        door.who = {};
        CPPUNIT_ASSERT(takes(nobodys) && !takes(before) && !takes(own));
        door.who.kind = identity::Principal::Kind::token;
        door.who.tokenPlugin = "helpdesk";
        door.who.organisation = 3;
        CPPUNIT_ASSERT(takes(bureaus) && !takes(own) && !takes(nobodys));
        door.who.organisation = 4;
        CPPUNIT_ASSERT(!takes(bureaus));
    }

    void filesOfDraftsGoWhenTheDraftIsGone() {
        Door door;
        const Micros born = test::today();
        const std::string drafted = door.file(7, "helpdesk", "draft/7/open/ticket"),
                          abandoned = door.file(7, "helpdesk", "draft/7/case/5/step"),
                          kept = door.file(7, "helpdesk", "case/5");
        const auto left = [&](Micros at) {
            return door.database.write([&](storage::Tx& tx) {
                forms::Drafts::expire(tx, at);
                forms::expireDraftFiles(tx, at);
                std::string all;
                auto rows = tx.query("SELECT object FROM file ORDER BY id");
                while (rows.next())
                    all += std::string(rows.text(0)) + " ";
                return all;
            });
        };
        door.database.write([&](storage::Tx& tx) {
            forms::Drafts::save(tx, {7, "helpdesk", "ticket", "open/ticket"}, test::jsonOf("{}"), 0, born);
        });
        CPPUNIT_ASSERT_EQUAL(std::string("draft/7/open/ticket draft/7/case/5/step case/5 "),
                             left(born + forms::draftFileKeep));
        CPPUNIT_ASSERT_EQUAL(std::string("draft/7/open/ticket case/5 "),
                             left(born + forms::draftFileKeep + 1));
        CPPUNIT_ASSERT_EQUAL(std::string("case/5 "), left(born + forms::Drafts::keep));
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(FormsServiceTest);

} // namespace
