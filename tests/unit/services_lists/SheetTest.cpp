// SPDX-License-Identifier: Apache-2.0
#include "ListFixture.h"

#include "services/lists/CsvReader.h"
#include "services/lists/CsvWriter.h"
#include "services/lists/Sheet.h"
#include "services/lists/SheetForm.h"
#include "services/lists/XlsxReader.h"
#include "services/lists/XlsxWriter.h"
#include "services/lists/XmlReader.h"

#include <cppunit/extensions/HelperMacros.h>

using namespace dalate;
using namespace dalate::services::lists;

namespace {

std::string refused(std::string_view bytes, const SheetLimits& limits = {}) {
    try {
        readSheet(bytes, limits);
    } catch (const Error& error) {
        return error.id() + " " + error.details()["fault"].asText();
    }
    return "";
}

using Cells = std::vector<std::string>;

class SheetTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(SheetTest);
    CPPUNIT_TEST(csvIsReadAsItsStandardSays);
    CPPUNIT_TEST(csvThatIsNoneIsRefused);
    CPPUNIT_TEST(whatLooksLikeAFormulaIsDefusedAndComesBack);
    CPPUNIT_TEST(aWorkbookComesBackAsItWasWritten);
    CPPUNIT_TEST(aDamagedWorkbookIsRefused);
    CPPUNIT_TEST(xmlWithADocumentTypeIsRefused);
    CPPUNIT_TEST_SUITE_END();

public:
    void csvIsReadAsItsStandardSays() {
        const Sheet sheet = readCsv("\xEF\xBB\xBF"
                                    "a,b\r\n\"x, \"\"y\"\"\nz\",2\n\n3,");
        CPPUNIT_ASSERT_EQUAL(std::size_t(4), sheet.rows.size());
        CPPUNIT_ASSERT(sheet.rows[1].cells == (Cells{"x, \"y\"\nz", "2"}));
        CPPUNIT_ASSERT_EQUAL(std::int64_t(2), sheet.rows[1].line);
        CPPUNIT_ASSERT_EQUAL(std::int64_t(5), sheet.rows[3].line);
        CPPUNIT_ASSERT(sheet.rows[3].cells == (Cells{"3", ""}));
        CPPUNIT_ASSERT_EQUAL(std::size_t(3), readSheet("a,b\n \n1,2\n,\n3,4").rows.size());
        CPPUNIT_ASSERT(readCsv("a;b\n1,5;2").rows[1].cells == (Cells{"1,5", "2"}));
    }

    void csvThatIsNoneIsRefused() {
        CPPUNIT_ASSERT_EQUAL(std::string("core.import.unreadable encoding"), refused("\xb5\xe7\xbb\xb0,1\n"));
        CPPUNIT_ASSERT_EQUAL(std::string("core.import.unreadable quote"), refused("a,\"b\n1,2"));
        CPPUNIT_ASSERT_EQUAL(std::string("core.import.unreadable quote"), refused("a,\"b\"c\n"));
        CPPUNIT_ASSERT_EQUAL(std::string("core.import.unreadable quote"), refused("a,b\"c\n"));
        SheetLimits few;
        few.rows = 2;
        CPPUNIT_ASSERT_EQUAL(std::string("core.import.size "), refused("a\nb\nc\n", few));
        few.columns = 2;
        CPPUNIT_ASSERT_EQUAL(std::string("core.import.size "), refused("a,b,c\n", few));
        few.cell = 3;
        CPPUNIT_ASSERT_EQUAL(std::string("core.import.size "), refused("aaaa\n", few));
    }

    void whatLooksLikeAFormulaIsDefusedAndComesBack() {
        const Cells nasty{"=1+1", "+86 139", "-2",       "@SUM(A1)", "\t=1",  "  =1",
                          "＝1",  "\r=1",    "'quoted'", "a\"b",     "plain", ""};
        std::string csv;
        CsvWriter writer([&](std::string_view piece) { csv += piece; });
        for (const std::string& cell : nasty)
            writer.text(cell);
        writer.endRow();
        writer.finish();
        for (const char* raw : {",=1", ",+86", ",-2", ",@SUM", ",＝1"})
            CPPUNIT_ASSERT_MESSAGE(raw, csv.find(raw) == std::string::npos);
        CPPUNIT_ASSERT(csv.starts_with("\xEF\xBB\xBF'=1+1,"));
        CPPUNIT_ASSERT(readCsv(csv).rows.front().cells == nasty);
        csv.clear();
        CsvWriter numbers([&](std::string_view piece) { csv += piece; });
        numbers.number("-0.50");
        numbers.endRow();
        numbers.finish();
        CPPUNIT_ASSERT_EQUAL(std::string("\xEF\xBB\xBF-0.50\r\n"), csv);
    }

    void aWorkbookComesBackAsItWasWritten() {
        const std::string bytes = workbook();
        const Sheet sheet = readSheet(bytes);
        CPPUNIT_ASSERT_EQUAL(std::size_t(2), sheet.rows.size());
        CPPUNIT_ASSERT(sheet.rows[0].cells == (Cells{"名称", "费用", "数量"}));
        CPPUNIT_ASSERT(sheet.rows[1].cells == (Cells{"=1+1 <&>", "12.5", "3"}));
        CPPUNIT_ASSERT_EQUAL(std::int64_t(2), sheet.rows[1].line);
        // No formula, and no link, was written.
        CPPUNIT_ASSERT(bytes.find("hyperlink") == std::string::npos);
    }

    void aDamagedWorkbookIsRefused() {
        const std::string whole = workbook();
        for (std::size_t cut = 4; cut < whole.size(); cut += 97)
            CPPUNIT_ASSERT(!refused(std::string_view(whole).substr(0, cut)).empty());
        for (std::size_t at = 4; at < whole.size(); at += 61) {
            std::string bent = whole;
            bent[at] = static_cast<char>(bent[at] ^ 0x55);
            refused(bent); // Nothing is promised but an answer.
        }
        SheetLimits few;
        few.bytes = 100;
        CPPUNIT_ASSERT_EQUAL(std::string("core.import.size "), refused(whole, few));
    }

    void xmlWithADocumentTypeIsRefused() {
        const auto read = [](std::string_view text) {
            try {
                XmlReader xml({});
                xml.add(text);
                xml.finish();
            } catch (const Error& error) {
                return error.details()["fault"].asText();
            }
            return std::string();
        };
        CPPUNIT_ASSERT_EQUAL(std::string(), read("<a><b/></a>"));
        CPPUNIT_ASSERT_EQUAL(std::string("xml"), read("<!DOCTYPE a [<!ENTITY x \"y\">]><a>&x;</a>"));
        CPPUNIT_ASSERT_EQUAL(std::string("xml"), read("<!DOCTYPE a SYSTEM \"file:///etc/passwd\"><a/>"));
        CPPUNIT_ASSERT_EQUAL(std::string("xml"), read("<a><b></a>"));
        CPPUNIT_ASSERT_EQUAL(std::string("xml"), read("<a>"));
        std::string deep;
        for (int i = 0; i < 100; ++i)
            deep += "<a>";
        CPPUNIT_ASSERT_EQUAL(std::string("xml"), read(deep));
    }

private:
    static std::string workbook() {
        std::string bytes;
        XlsxWriter book(std::filesystem::temp_directory_path(), "清单 [1]/2", {"名称", "费用", "数量"});
        book.text("=1+1 <&>");
        book.money(1250);
        book.number(3);
        book.endRow();
        book.finish([&](std::string_view piece) { bytes += piece; });
        CPPUNIT_ASSERT(bytes.starts_with("PK"));
        return bytes;
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(SheetTest);

} // namespace
