// SPDX-License-Identifier: Apache-2.0
#include "gs1/ApplicationIdentifier.h"
#include "gs1/CheckDigit.h"
#include "gs1/DigitalLink.h"
#include "gs1/EpcUrn.h"
#include "gs1/Identifier.h"

#include <cppunit/TestFixture.h>
#include <cppunit/extensions/HelperMacros.h>

#include <string>

using namespace dalate::traceability::gs1;

namespace {

const char* name(LinkFault::Kind kind) {
    switch (kind) {
    case LinkFault::Kind::malformed:
        return "malformed";
    case LinkFault::Kind::unknownAi:
        return "unknown AI";
    case LinkFault::Kind::badValue:
        return "bad value";
    case LinkFault::Kind::checkDigit:
        return "check digit";
    }
    return "";
}

/// The canonical URI, or what is wrong.
std::string reading(std::string_view uri) {
    const auto read = parseDigitalLink(uri);
    if (const auto* link = std::get_if<DigitalLink>(&read)) return link->canonical();
    return name(std::get<LinkFault>(read).kind);
}

class Gs1Test : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(Gs1Test);
    CPPUNIT_TEST(checkDigitsAreThoseOfTheSpecifications);
    CPPUNIT_TEST(aDigitalLinkIsReadInEveryForm);
    CPPUNIT_TEST(faultsAreToldApart);
    CPPUNIT_TEST(valuesAreDecodedAndWrittenBack);
    CPPUNIT_TEST(everySchemeOfEpcHasItsDigitalLink);
    CPPUNIT_TEST(malformedUrnsAreNoticed);
    CPPUNIT_TEST(identifiersMeetInOneForm);
    CPPUNIT_TEST_SUITE_END();

public:
    void checkDigitsAreThoseOfTheSpecifications() {
        CPPUNIT_ASSERT(hasCheckDigit("629104150021"
                                     "3")); // GTIN-13, General Specifications §7.9.1
        CPPUNIT_ASSERT(hasCheckDigit("37610425002123456"
                                     "9"));             // SSCC, same place
        CPPUNIT_ASSERT(hasCheckDigit("96385074"));      // GTIN-8
        CPPUNIT_ASSERT(hasCheckDigit("614141000036"));  // GTIN-12
        CPPUNIT_ASSERT(hasCheckDigit("6901234567892")); // a Chinese prefix
        CPPUNIT_ASSERT(!hasCheckDigit("6901234567893"));
        CPPUNIT_ASSERT(!hasCheckDigit("6901234567829")); // two digits swapped
        CPPUNIT_ASSERT(!hasCheckDigit(""));
        CPPUNIT_ASSERT(!hasCheckDigit("5"));
        CPPUNIT_ASSERT(!hasCheckDigit("69012345678 2"));
        CPPUNIT_ASSERT_EQUAL(std::string("00000096385074"), gtin14("96385074"));
        CPPUNIT_ASSERT_EQUAL(std::string(), gtin14("123456789"));
    }

    void aDigitalLinkIsReadInEveryForm() {
        const struct {
            const char *uri, *canonical;
        } table[] = {
            {"https://id.gs1.org/01/09506000134352", "https://id.gs1.org/01/09506000134352"},
            {"https://id.gs1.org/01/9506000134352", "https://id.gs1.org/01/09506000134352"},
            {"https://id.gs1.org/01/96385074", "https://id.gs1.org/01/00000096385074"},
            {"/01/09506000134352/10/ABC", "https://id.gs1.org/01/09506000134352/10/ABC"},
            {"/01/09506000134352/10/ABC/", "https://id.gs1.org/01/09506000134352/10/ABC"},
            {"/01/09506000134352/21/XYZ-1234", "https://id.gs1.org/01/09506000134352/21/XYZ-1234"},
            {"/01/09506000134352/10/ABC/21/7", "https://id.gs1.org/01/09506000134352/21/7"},
            {"/01/09506000134352/22/2A/10/ABC/21/7", "https://id.gs1.org/01/09506000134352/21/7"},
            {"/01/09506000134352/22/2A/10/ABC", "https://id.gs1.org/01/09506000134352/10/ABC"},
            {"/01/09506000134352/235/TPX9", "https://id.gs1.org/01/09506000134352/235/TPX9"},
            {"https://shop.example.com/a/b/gtin/09506000134352/lot/ABC?17=261231&x",
             "https://id.gs1.org/01/09506000134352/10/ABC"},
            {"http://example.org:8080/00/040123450000003338#top", "https://id.gs1.org/00/040123450000003338"},
            {"https://example.com/414/4012345000115/254/987", "https://id.gs1.org/414/4012345000115/254/987"},
            {"https://example.com/8003/04012345000771876", "https://id.gs1.org/8003/04012345000771876"},
            {"https://example.com/8004/4000001111", "https://id.gs1.org/8004/4000001111"},
            {"https://example.com/8006/040123451234560102/21/999",
             "https://id.gs1.org/8006/040123451234560102/21/999"},
            {"https://example.com/8010/4012345ABC/8011/123", "https://id.gs1.org/8010/4012345ABC/8011/123"},
            {"https://example.com/8018/401234598765400000/8019/3",
             "https://id.gs1.org/8018/401234598765400000/8019/3"},
            {"https://example.com/253/4012345000054987", "https://id.gs1.org/253/4012345000054987"},
            {"https://example.com/417/4012345000009", "https://id.gs1.org/417/4012345000009"},
        };
        for (const auto& row : table)
            CPPUNIT_ASSERT_EQUAL_MESSAGE(row.uri, std::string(row.canonical), reading(row.uri));

        const auto read = parseDigitalLink(
            "https://shop.example.com/a/01/09506000134352/10/L1?17=261231&linkType=gs1%3Apip");
        const auto& link = std::get<DigitalLink>(read);
        CPPUNIT_ASSERT_EQUAL(std::string("https://shop.example.com/a"), link.stem);
        CPPUNIT_ASSERT_EQUAL(std::string("01"), link.ai);
        CPPUNIT_ASSERT_EQUAL(std::string("09506000134352"), link.key);
        CPPUNIT_ASSERT(link.qualifier("10") == "L1");
        CPPUNIT_ASSERT(link.qualifier("21").empty());
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, link.attributes.size());
        CPPUNIT_ASSERT_EQUAL(std::string("gs1:pip"), link.attributes[1].second);
    }

    void faultsAreToldApart() {
        const struct {
            const char *uri, *fault;
        } table[] = {
            {"", "malformed"},
            {"/", "malformed"},
            {"/about", "malformed"},
            {"01/09506000134352", "malformed"},
            {"ftp://id.gs1.org/01/09506000134352", "malformed"},
            {"https://id.gs1.org", "malformed"},
            {"https://id.gs1.org/01", "malformed"},
            {"/01/09506000134352/10", "malformed"},
            {"/01/09506000134352/10/A%2", "malformed"},
            {"/01/09506000134352/10/A%zz", "malformed"},
            {"/01/09506000134352/21/7/10/A", "malformed"}, // qualifiers out of order
            {"/01/09506000134352/10/A/10/B", "malformed"},
            {"/01/09506000134352/10/A?17=%zz", "malformed"},
            {"/99/123", "unknown AI"},
            {"/10/ABC", "unknown AI"}, // a qualifier keys nothing
            {"/01/09506000134352/99/1", "unknown AI"},
            {"/00/040123450000003338/10/A", "unknown AI"},
            {"/01/09506000134353", "check digit"},
            {"/01/9506000134353", "check digit"},
            {"/00/040123450000003339", "check digit"},
            {"/414/4012345000116", "check digit"},
            {"/01/0950600013435", "check digit"}, // 13 digits, so read as a GTIN-13
            {"/01/095060001343", "check digit"},
            {"/01/09506000134", "bad value"},
            {"/01/0950600013435X", "bad value"},
            {"/01/095060001343521", "bad value"},
            {"/01/09506000134352/10/", "malformed"},
            {"/01/09506000134352/10/%20", "bad value"},
            {"/01/09506000134352/10/%E6%9E%B8%E6%9D%9E", "bad value"},
            {"/01/09506000134352/10/123456789012345678901", "bad value"},
            {"/8011/1", "unknown AI"},
            {"/8010/4012345abc", "bad value"}, // a component's reference has capitals only
        };
        for (const auto& row : table)
            CPPUNIT_ASSERT_EQUAL_MESSAGE(row.uri, std::string(row.fault), reading(row.uri));
    }

    void valuesAreDecodedAndWrittenBack() {
        const auto read = parseDigitalLink("/01/09506000134352/10/A%2FB%25(1)/21/%22x%22");
        const auto& link = std::get<DigitalLink>(read);
        CPPUNIT_ASSERT(link.qualifier("10") == "A/B%(1)");
        CPPUNIT_ASSERT(link.qualifier("21") == "\"x\"");
        const std::string uri = link.format("https://trace.example.cn");
        CPPUNIT_ASSERT_EQUAL(
            std::string("https://trace.example.cn/01/09506000134352/10/A%2FB%25%281%29/21/%22x%22"), uri);
        const auto again = parseDigitalLink(uri);
        CPPUNIT_ASSERT(std::get<DigitalLink>(again).qualifiers == link.qualifiers);
    }

    void everySchemeOfEpcHasItsDigitalLink() {
        // The keys of openepcis' epcisDocWithAllGS1Keys.json, and the CBV's examples.
        const struct {
            const char *urn, *canonical;
        } table[] = {
            {"urn:epc:id:sgtin:4012345.012345.12", "https://id.gs1.org/01/04012345123456/21/12"},
            {"urn:epc:id:sgtin:0614141.107346.2017", "https://id.gs1.org/01/10614141073464/21/2017"},
            {"urn:epc:id:sgtin:0614141.107346.a%2Fb%25", "https://id.gs1.org/01/10614141073464/21/a%2Fb%25"},
            {"urn:epc:id:sgtin:0614141.107346.a.b", "https://id.gs1.org/01/10614141073464/21/a.b"},
            {"urn:epc:id:sscc:4012345.0000000333", "https://id.gs1.org/00/040123450000003338"},
            {"urn:epc:id:sscc:4012345.1112223334", "https://id.gs1.org/00/140123451122233341"},
            {"urn:epc:id:sgln:4012345.00011.987", "https://id.gs1.org/414/4012345000115/254/987"},
            {"urn:epc:id:sgln:4012345.00011.0", "https://id.gs1.org/414/4012345000115"},
            {"urn:epc:id:pgln:4012345.00000", "https://id.gs1.org/417/4012345000009"},
            {"urn:epc:id:grai:4012345.66666.87", "https://id.gs1.org/8003/0401234566666387"},
            {"urn:epc:id:giai:4012345.AAbb", "https://id.gs1.org/8004/4012345AAbb"},
            {"urn:epc:id:gsrn:4012345.9876540000", "https://id.gs1.org/8018/401234598765400000"},
            {"urn:epc:id:gsrnp:4012345.0000098765", "https://id.gs1.org/8017/401234500000987658"},
            {"urn:epc:id:gdti:4012345.55555.98", "https://id.gs1.org/253/401234555555498"},
            {"urn:epc:id:cpi:4012345.ABC.123", "https://id.gs1.org/8010/4012345ABC/8011/123"},
            {"urn:epc:id:sgcn:4012345.99999.44", "https://id.gs1.org/255/401234599999044"},
            {"urn:epc:id:ginc:4012345.333", "https://id.gs1.org/401/4012345333"},
            {"urn:epc:id:gsin:4012345.999987654", "https://id.gs1.org/402/40123459999876541"},
            {"urn:epc:id:itip:4012345.012345.01.02.999", "https://id.gs1.org/8006/040123451234560102/21/999"},
            {"urn:epc:id:upui:4012345.012345.AB12", "https://id.gs1.org/01/04012345123456/235/AB12"},
            {"urn:epc:class:lgtin:4054739.099914.20160711",
             "https://id.gs1.org/01/04054739999148/10/20160711"},
            {"urn:epc:idpat:sgtin:4054739.099914.*", "https://id.gs1.org/01/04054739999148"},
            {"urn:epc:idpat:grai:4012345.66666.*", "https://id.gs1.org/8003/04012345666663"},
            {"urn:epc:idpat:gdti:4012345.55555.*", "https://id.gs1.org/253/4012345555554"},
            {"urn:epc:idpat:sgcn:4012345.99999.*", "https://id.gs1.org/255/4012345999990"},
            {"urn:epc:idpat:cpi:4012345.ABC.*", "https://id.gs1.org/8010/4012345ABC"},
            {"urn:epc:idpat:itip:4012345.012345.01.02.*", "https://id.gs1.org/8006/040123451234560102"},
            {"urn:epc:id:sgln:952005385011..0", "https://id.gs1.org/414/9520053850113"},
        };
        for (const auto& row : table)
            CPPUNIT_ASSERT_EQUAL_MESSAGE(row.urn, std::string(row.canonical), canonicalId(row.urn));
    }

    void malformedUrnsAreNoticed() {
        for (const char* urn : {
                 "urn:epc:id:sgtin:0614141.107346",      // no serial number
                 "urn:epc:id:sgtin:0614141.107346.",     // an empty one
                 "urn:epc:id:sgtin:0614141.10734.2017",  // a digit short
                 "urn:epc:id:sgtin:061414X.107346.2017", // a letter
                 "urn:epc:id:sgtin:06141.41107346.2017", // company prefix of five digits
                 "urn:epc:id:sgtin:0614141.107346.%zz",
                 "urn:epc:id:sgtin:0614141.107346.123456789012345678901",
                 "urn:epc:id:sscc:4012345.000000033",
                 "urn:epc:id:itip:4012345.012345.1.02.999",
                 "urn:epc:id:lgtin:4054739.099914.1", // a class, not an instance
                 "urn:epc:class:sgtin:4054739.099914.1",
                 "urn:epc:id:giai:4012345.",
             })
            CPPUNIT_ASSERT_MESSAGE(urn, readEpcUrn(urn).kind == UrnKind::malformed);
        CPPUNIT_ASSERT(readEpcUrn("urn:epc:idpat:sgtin:0614141.*.*").kind == UrnKind::pattern);
        CPPUNIT_ASSERT(readEpcUrn("urn:epc:id:usdod:CAGEY.5678").kind == UrnKind::none);
        CPPUNIT_ASSERT(readEpcUrn("urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6").kind == UrnKind::none);
    }

    void identifiersMeetInOneForm() {
        const std::string one = "https://id.gs1.org/01/04012345123456/10/998877";
        for (const char* uri :
             {"urn:epc:class:lgtin:4012345.012345.998877", "https://id.gs1.org/01/04012345123456/10/998877",
              "https://example.com/x/01/4012345123456/22/V1/10/998877?linkType=all"})
            CPPUNIT_ASSERT_EQUAL_MESSAGE(uri, one, canonicalId(uri));
        // What names no GS1 key, or a key that is not ours to judge, is left as it is.
        for (const char* uri : {"geo:47.506694,11.104301", "http://transaction.acme.com/po/12345678",
                                "urn:epc:idpat:sgtin:0614141.*.*", "https://example.com/01/about",
                                "https://example.com/414/123"}) {
            CPPUNIT_ASSERT_EQUAL(std::string(uri), canonicalId(uri));
            CPPUNIT_ASSERT_MESSAGE(uri, readIdentifier(uri).fault == IdentifierFault::none);
        }
        CPPUNIT_ASSERT(readIdentifier("https://id.gs1.org/01/04012345123457/10/1").fault ==
                       IdentifierFault::gtinCheckDigit);
        CPPUNIT_ASSERT(readIdentifier("https://id.gs1.org/00/040123450000003339").fault ==
                       IdentifierFault::ssccCheckDigit);
        CPPUNIT_ASSERT(readIdentifier("https://id.gs1.org/00/04012345000000333").fault ==
                       IdentifierFault::malformed);
        CPPUNIT_ASSERT(readIdentifier("urn:epc:id:sscc:4012345.33").fault == IdentifierFault::malformed);
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(Gs1Test);

} // namespace
