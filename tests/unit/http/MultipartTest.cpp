// SPDX-License-Identifier: Apache-2.0
#include "http/Multipart.h"

#include <cppunit/extensions/HelperMacros.h>

#include <string>
#include <vector>

using namespace dalate::http;

namespace {

struct Collecting : PartSink {
    void begin(const PartHead& head) override { parts.push_back({head, {}}); }
    void content(std::string_view bytes) override { parts.back().second += bytes; }
    void end() override { ++ended; }
    std::vector<std::pair<PartHead, std::string>> parts;
    std::size_t ended = 0;
};

struct Outcome {
    std::string fault; ///< `status id reason`; empty: none
    Collecting sink;
};

Outcome read(std::string_view body, std::size_t piece = 1 << 20, MultipartLimits limits = {}) {
    Outcome outcome;
    Multipart parser("AaB03x", outcome.sink, limits);
    for (std::string_view rest = body; !rest.empty(); rest.remove_prefix(std::min(piece, rest.size())))
        parser.feed(rest.substr(0, piece));
    if (const auto fault = parser.finish())
        outcome.fault = std::to_string(fault->status()) + " " + fault->id() + " " +
                        std::string(fault->details()["reason"].text());
    return outcome;
}

const std::string first = "--AaB03x\r\n", last = "\r\n--AaB03x--\r\n",
                  named = "Content-Disposition: form-data; name=\"a\"";

std::string malformed(std::string_view reason) {
    return "400 core.form.multipart " + std::string(reason);
}

std::string boundary(std::string_view type) {
    const auto found = Multipart::boundaryOf(type);
    return found ? *found : "!" + std::string(found.error().details()["reason"].text());
}

} // namespace

class MultipartTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(MultipartTest);
    CPPUNIT_TEST(readsPartsHoweverTheyArrive);
    CPPUNIT_TEST(whatLooksLikeADelimiterIsContent);
    CPPUNIT_TEST(aFileIsToldFromAField);
    CPPUNIT_TEST(undoesOnlyWhatBrowsersEscape);
    CPPUNIT_TEST(refusesWhatEndsTooEarly);
    CPPUNIT_TEST(refusesWhatStandsAround);
    CPPUNIT_TEST(refusesMalformedHeads);
    CPPUNIT_TEST(passesOverOtherFields);
    CPPUNIT_TEST(holdsItsLimits);
    CPPUNIT_TEST(readsTheBoundaryStrictly);
    CPPUNIT_TEST_SUITE_END();

public:
    void readsPartsHoweverTheyArrive() {
        const std::string body =
            first + named + "\r\n\r\nfirst\r\nline" + "\r\n--AaB03x\r\n" +
            "content-disposition:form-data;name=f;filename=\"x.bin\"\r\nContent-Type: a/b\r\n\r\n" +
            std::string("\0\r\n\r\n--\r\n--AaB03\r", 16) + "\r\n--AaB03x\r\n" + named + "\r\n\r\n" + last;
        for (std::size_t piece = 1; piece <= body.size(); ++piece) {
            const Outcome outcome = read(body, piece);
            CPPUNIT_ASSERT_EQUAL(std::string(), outcome.fault);
            CPPUNIT_ASSERT_EQUAL(std::size_t(3), outcome.sink.ended);
            CPPUNIT_ASSERT_EQUAL(std::string("first\r\nline"), outcome.sink.parts[0].second);
            CPPUNIT_ASSERT_EQUAL(std::string("\0\r\n\r\n--\r\n--AaB03\r", 16), outcome.sink.parts[1].second);
            CPPUNIT_ASSERT_EQUAL(std::string("a/b"), outcome.sink.parts[1].first.contentType);
            CPPUNIT_ASSERT_EQUAL(std::string(), outcome.sink.parts[2].second);
        }
    }

    void whatLooksLikeADelimiterIsContent() {
        for (const std::string content :
             {"\r\n--AaB03", "\r\n--aab03x", "--AaB03x", "\n--AaB03x\r\n", "\r", "\r\n-", "\r\r\n-"})
            for (const std::size_t piece : {1u, 2u, 9u, 1000u}) {
                const Outcome outcome = read(first + named + "\r\n\r\n" + content + last, piece);
                CPPUNIT_ASSERT_EQUAL(std::string(), outcome.fault);
                CPPUNIT_ASSERT_EQUAL(content, outcome.sink.parts.at(0).second);
            }
    }

    void aFileIsToldFromAField() {
        const auto head = [](const std::string& more) {
            return read(first + named + more + "\r\n\r\nx" + last).sink.parts.at(0).first.fileName;
        };
        CPPUNIT_ASSERT(!head(""));
        CPPUNIT_ASSERT(head("; filename=\"\"") == "");
        CPPUNIT_ASSERT(head("; filename=\"大.pdf\"") == "大.pdf");
        CPPUNIT_ASSERT(head("; FileName=x.pdf ; other=y") == "x.pdf");
    }

    void undoesOnlyWhatBrowsersEscape() {
        const Outcome outcome = read(
            first + "Content-Disposition: form-data; name=\"a%22b%41\"; filename=\"100%25%00.png\"\r\n\r\nx" +
            last);
        CPPUNIT_ASSERT_EQUAL(std::string(), outcome.fault);
        CPPUNIT_ASSERT_EQUAL(std::string("a\"b%41"), outcome.sink.parts[0].first.name);
        CPPUNIT_ASSERT_EQUAL(std::string("100%25%00.png"), *outcome.sink.parts[0].first.fileName);
        for (const char* name : {"a%0Ab", "a%0db"})
            CPPUNIT_ASSERT_EQUAL(
                malformed("name"),
                read(first + "Content-Disposition: form-data; name=\"" + name + "\"\r\n\r\nx" + last).fault);
    }

    void refusesWhatEndsTooEarly() {
        const std::string whole = first + named + "\r\n\r\nhello\r\n--AaB03x--";
        CPPUNIT_ASSERT_EQUAL(std::string(), read(whole).fault);
        for (std::size_t size = 0; size < whole.size(); ++size)
            CPPUNIT_ASSERT_EQUAL(malformed("unfinished"), read(whole.substr(0, size)).fault);
        CPPUNIT_ASSERT_EQUAL(malformed("after_end"), read(whole + "\r").fault);
    }

    void refusesWhatStandsAround() {
        const std::string part = named + "\r\n\r\nhello";
        CPPUNIT_ASSERT_EQUAL(malformed("preamble"), read("\r\n" + first + part + last).fault);
        CPPUNIT_ASSERT_EQUAL(malformed("preamble"), read("--AaB03y\r\n" + part + last).fault);
        CPPUNIT_ASSERT_EQUAL(malformed("after_end"), read(first + part + last + "\r\n").fault);
        CPPUNIT_ASSERT_EQUAL(malformed("after_end"), read(first + part + last + first + part + last).fault);
        CPPUNIT_ASSERT_EQUAL(malformed("delimiter"), read("--AaB03x \r\n" + part + last).fault);
        CPPUNIT_ASSERT_EQUAL(malformed("delimiter"), read("--AaB03x\n" + part + last).fault);
        CPPUNIT_ASSERT_EQUAL(malformed("delimiter"), read(first + part + "\r\n--AaB03xy\r\n" + last).fault);
        CPPUNIT_ASSERT_EQUAL(malformed("empty"), read("--AaB03x--\r\n").fault);
    }

    void refusesMalformedHeads() {
        const std::string d = "Content-Disposition: form-data; ";
        const std::vector<std::pair<std::string, std::string>> heads = {
            {"Content-Type: a/b", "disposition"},
            {"Content-Disposition: attachment; name=\"a\"", "disposition"},
            {d + "filename=\"a\"", "name"},
            {d + "name=\"\"", "name"},
            {d + "name", "disposition"},
            {d + "name=\"a", "disposition"},
            {d + "name=\"a\"b", "disposition"},
            {d + "name=\"a\\\"b\"", "disposition"},
            {d + "name=\"a\"; filename=\"..\\x\"", "disposition"},
            {d + "name=\"a\"; name=\"b\"", "doubled"},
            {d + "name=\"a\"; filename=\"b\"; filename=\"c\"", "doubled"},
            {d + "name=\"a\"; filename*=UTF-8''b", "extended_name"},
            {d + "name=\"\xff\"", "name"},
            {d + "name=\"\xed\xa0\x80\"", "name"},
            {named + "\r\n" + named, "doubled"},
            {named + "\r\nContent-Type: a/b\r\nContent-Type: c/d", "doubled"},
            {named + "\r\nContent-Transfer-Encoding: base64", "encoding"},
            {named + "\r\n folded: x", "field"},
            {named + ";\r\n filename=\"x\"", "disposition"},
            {named + "\nX: y", "field"},
            {named + "\r\nX: a\rb", "field"},
            {named + "\r\nno colon", "field"},
            {named + "\r\nX : y", "field"},
            {named + "\r\n: y", "field"},
            {std::string("X: a\0b\r\n", 8) + named, "field"},
        };
        for (const auto& [head, reason] : heads)
            CPPUNIT_ASSERT_EQUAL_MESSAGE(head, malformed(reason),
                                         read(first + head + "\r\n\r\nhello" + last).fault);
    }

    void passesOverOtherFields() {
        const Outcome outcome = read(first + "Content-Length: 5\r\n" + named +
                                     "\r\nContent-Transfer-Encoding: BINARY\r\nX-Else:\r\n\r\nhello" + last);
        CPPUNIT_ASSERT_EQUAL(std::string(), outcome.fault);
        CPPUNIT_ASSERT_EQUAL(std::string("hello"), outcome.sink.parts.at(0).second);
    }

    void holdsItsLimits() {
        MultipartLimits limits;
        limits.parts = 2;
        limits.headBytes = 100;
        limits.headFields = 3;
        const std::string part = named + "\r\n\r\nx";
        CPPUNIT_ASSERT_EQUAL(std::string(),
                             read(first + part + "\r\n" + first + part + last, 7, limits).fault);
        const std::string tooMany = "413 core.form.size ";
        CPPUNIT_ASSERT_EQUAL(
            tooMany,
            read(first + part + "\r\n" + first + part + "\r\n" + first + part + last, 7, limits).fault);
        for (const std::size_t piece : {1u, 64u, 4096u}) {
            CPPUNIT_ASSERT_EQUAL(tooMany, read(first + "X: " + std::string(200, 'y'), piece, limits).fault);
            CPPUNIT_ASSERT_EQUAL(
                malformed("fields"),
                read(first + "A: 1\r\nB: 2\r\nC: 3\r\n" + named + "\r\n\r\nx" + last, piece, limits).fault);
        }
    }

    void readsTheBoundaryStrictly() {
        CPPUNIT_ASSERT_EQUAL(std::string("AaB03x"), boundary("multipart/form-data; boundary=AaB03x"));
        CPPUNIT_ASSERT_EQUAL(std::string("a b"),
                             boundary("Multipart/Form-Data;charset=utf-8; BOUNDARY=\"a b\""));
        CPPUNIT_ASSERT_EQUAL(std::string("!boundary"), boundary("multipart/form-data"));
        CPPUNIT_ASSERT_EQUAL(std::string("!boundary"),
                             boundary("multipart/form-data; boundary=a; boundary=b"));
        CPPUNIT_ASSERT_EQUAL(std::string("!boundary"), boundary("multipart/form-data; boundary=\"\""));
        CPPUNIT_ASSERT_EQUAL(std::string("!boundary"), boundary("multipart/form-data; boundary=\"a \""));
        CPPUNIT_ASSERT_EQUAL(std::string("!boundary"),
                             boundary("multipart/form-data; boundary=" + std::string(71, 'a')));
        CPPUNIT_ASSERT_EQUAL(std::string("!boundary"), boundary("multipart/form-data; boundary=a%b"));
        CPPUNIT_ASSERT_EQUAL(std::string("!type"), boundary("multipart/mixed; boundary=a"));
        CPPUNIT_ASSERT_EQUAL(std::string("!type"), boundary("multipart/form-data; boundary=a b"));
        CPPUNIT_ASSERT_EQUAL(std::string("!type"), boundary("multipart/form-data; boundary=a,b"));
        CPPUNIT_ASSERT_EQUAL(std::string("!type"), boundary(""));
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(MultipartTest);
