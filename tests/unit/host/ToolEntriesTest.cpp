// SPDX-License-Identifier: Apache-2.0
#include "HostFixture.h"

#include "base/Clock.h"
#include "base/Log.h"

namespace {

using namespace dalate;
using namespace dalate::test;
using host::Call;
using host::CallRequest;

class ToolEntriesTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(ToolEntriesTest);
    CPPUNIT_TEST(theTableIsWhole);
    CPPUNIT_TEST(permissionsAreThePrincipalsAndThePlugins);
    CPPUNIT_TEST(settingsAreDeclaredOnes);
    CPPUNIT_TEST(jsonComesBackDigitByDigit);
    CPPUNIT_TEST(digestsAreTheStandards);
    CPPUNIT_TEST(dataFilesAreReadOnceAndKept);
    CPPUNIT_TEST(dataPathsStayInTheFolder);
    CPPUNIT_TEST(idsGrowAndTheClockRuns);
    CPPUNIT_TEST(textsNeedTheirFiles);
    CPPUNIT_TEST(oddLogLinesDoNoHarm);
    CPPUNIT_TEST_SUITE_END();

    HostFixture f_;
    CallRequest request_;

public:
    void theTableIsWhole() {
        CPPUNIT_ASSERT_EQUAL(std::uint32_t(sizeof(dalate_host_v1)), table().size);
        CPPUNIT_ASSERT_EQUAL(std::uint16_t(DALATE_ABI_MINOR), table().minor);
        // Behind size and version there are function pointers only; none may be missing.
        const auto* entries = reinterpret_cast<void* const*>(&table().log);
        const std::size_t count = (sizeof(dalate_host_v1) - offsetof(dalate_host_v1, log)) / sizeof(void*);
        for (std::size_t i = 0; i < count; ++i)
            CPPUNIT_ASSERT(entries[i] != nullptr);
    }

    void permissionsAreThePrincipalsAndThePlugins() {
        request_.principal = &f_.farmer;
        {
            Call call(*f_.place, request_);
            CPPUNIT_ASSERT_EQUAL(0, table().can(call.handle(), str("fake.note.own")));
            CPPUNIT_ASSERT_EQUAL(404, table().can(call.handle(), str("fake.note.all")));
            CPPUNIT_ASSERT_EQUAL(404, table().can(call.handle(), str("fake.unknown")));
            CPPUNIT_ASSERT_EQUAL(404, table().can(call.handle(), str("other.note.own")));
            CPPUNIT_ASSERT_EQUAL(std::string(), failureOf(call));
        }
        request_.principal = nullptr;
        Call call(*f_.place, request_);
        CPPUNIT_ASSERT_EQUAL(404, table().can(call.handle(), str("fake.note.own")));
    }

    void settingsAreDeclaredOnes() {
        dalate_str out{};
        CPPUNIT_ASSERT_EQUAL(0, table().setting(f_.place->handle(), str("colour"), &out));
        CPPUNIT_ASSERT_EQUAL(std::string("green"), std::string(view(out)));
        CPPUNIT_ASSERT_EQUAL(404, table().setting(f_.place->handle(), str("size"), &out));
    }

    void jsonComesBackDigitByDigit() {
        Call call(*f_.place, request_);
        const std::string text = "{\"a\":1.500,\"b\":[true,null,\"麦\"],\"c\":12345678901234567890}";
        dalate_value value{};
        dalate_str out{};
        CPPUNIT_ASSERT_EQUAL(0, table().json_parse(call.handle(), str(text), &value));
        CPPUNIT_ASSERT_EQUAL(0, table().json_write(call.handle(), value, &out));
        CPPUNIT_ASSERT_EQUAL(text, std::string(view(out)));
        CPPUNIT_ASSERT_EQUAL(400, table().json_parse(call.handle(), str("[1,]"), &value));
        CPPUNIT_ASSERT_EQUAL(std::string("core.json.syntax"), failureOf(call));
        CPPUNIT_ASSERT_EQUAL(400,
                             table().json_parse(call.handle(), str(std::string(1'000'000, '[')), &value));
        CPPUNIT_ASSERT_EQUAL(400, table().json_write(call.handle(), {"damaged!", 8}, &out));
    }

    void digestsAreTheStandards() {
        Call call(*f_.place, request_);
        const auto hex = [&](int32_t algorithm, std::string_view bytes) {
            dalate_str out{};
            CPPUNIT_ASSERT_EQUAL(0, table().digest(call.handle(), algorithm, str(bytes), &out));
            std::string text;
            for (const unsigned char c : view(out)) {
                static constexpr char digits[] = "0123456789abcdef";
                text += digits[c >> 4];
                text += digits[c & 15];
            }
            return text;
        };
        CPPUNIT_ASSERT_EQUAL(std::string("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
                             hex(DALATE_DIGEST_SHA256, "abc"));
        // GB/T 32905-2016, A.1
        CPPUNIT_ASSERT_EQUAL(std::string("66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"),
                             hex(DALATE_DIGEST_SM3, "abc"));
        CPPUNIT_ASSERT_EQUAL(std::size_t(64), hex(DALATE_DIGEST_SHA256, "").size());
        dalate_str out{};
        CPPUNIT_ASSERT_EQUAL(400, table().digest(call.handle(), 3, str("abc"), &out));
    }

    void dataFilesAreReadOnceAndKept() {
        dalate_str first{}, second{};
        CPPUNIT_ASSERT_EQUAL(0, table().data_file(f_.place->handle(), str("steps.json"), &first));
        CPPUNIT_ASSERT_EQUAL(std::string("[1,2,3]"), std::string(view(first)));
        writeFile(f_.folder / "fake/data/steps.json", "changed");
        CPPUNIT_ASSERT_EQUAL(0, table().data_file(f_.place->handle(), str("steps.json"), &second));
        CPPUNIT_ASSERT(first.p == second.p);
        CPPUNIT_ASSERT_EQUAL(404, table().data_file(f_.place->handle(), str("none.json"), &first));
        CPPUNIT_ASSERT_EQUAL(std::size_t(0), first.n);
    }

    void dataPathsStayInTheFolder() {
        writeFile(f_.folder / "secret.txt", "secret");
        std::filesystem::create_symlink(f_.folder / "secret.txt", f_.folder / "fake/data/link.txt");
        dalate_str out{};
        using namespace std::string_view_literals;
        for (const std::string_view path :
             {"../migrations/0001_tables.sql"sv, "/etc/passwd"sv, "a/../steps.json"sv, "./steps.json"sv,
              "a//b"sv, ""sv, "steps.json\0.txt"sv, "link.txt"sv})
            CPPUNIT_ASSERT_EQUAL_MESSAGE(std::string(path), 400,
                                         table().data_file(f_.place->handle(), str(path), &out));
        CPPUNIT_ASSERT_EQUAL(404, table().data_file(f_.place->handle(), str("steps.json/x"), &out));
    }

    void idsGrowAndTheClockRuns() {
        const std::int64_t a = table().new_id(f_.place->handle()), b = table().new_id(f_.place->handle());
        CPPUNIT_ASSERT(a > 0 && b > a);
        CPPUNIT_ASSERT(std::abs(table().now(f_.place->handle()) - now()) < 1'000'000);
    }

    void textsNeedTheirFiles() {
        Call call(*f_.place, request_);
        dalate_str out{};
        CPPUNIT_ASSERT_EQUAL(503, table().text(call.handle(), str("fake.hello"), {}, &out));
    }

    void oddLogLinesDoNoHarm() {
        const Value fields = Value::map([](MapWriter& m) { m.set("plugin", "somebody else").set("n", 1); });
        log::configure(log::Form::text, static_cast<log::Level>(9));
        table().log(f_.place->handle(), DALATE_LOG_INFO, str("fake.stored"), raw(fields));
        table().log(f_.place->handle(), 77, str("core.not_mine"), raw(fields));
        table().log(f_.place->handle(), DALATE_LOG_ERROR, {nullptr, 3}, raw(fields));
        table().log(f_.place->handle(), DALATE_LOG_ERROR, str("fake.x"), {"damaged!", 8});
        table().log(nullptr, DALATE_LOG_ERROR, str("fake.x"), {});
        log::configure(log::Form::text, log::Level::error);
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(ToolEntriesTest);

} // namespace
