// SPDX-License-Identifier: Apache-2.0
#include "gateway/MultipartForm.h"
#include "gateway/ByteRange.h"

#include <cppunit/extensions/HelperMacros.h>

using namespace dalate;
using namespace dalate::gateway;

namespace {

const std::string type = "multipart/form-data; boundary=B";

std::string field(const std::string& name, const std::string& value, const std::string& more = {}) {
    return "--B\r\nContent-Disposition: form-data; name=\"" + name + "\"" + more + "\r\n\r\n" + value +
           "\r\n";
}

std::string faultOf(const std::string& body, const MultipartFormLimits& limits = {}) {
    const auto form = parseMultipart(type, body, limits);
    return form ? std::string() : std::to_string(form.error().status()) + " " + form.error().id();
}

} // namespace

class MultipartFormTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(MultipartFormTest);
    CPPUNIT_TEST(fieldsComeAsFromAnUrlencodedForm);
    CPPUNIT_TEST(filesLieInTheBody);
    CPPUNIT_TEST(aFieldWithoutAChoiceBringsNothing);
    CPPUNIT_TEST(refusesWhatAnUrlencodedFormRefuses);
    CPPUNIT_TEST(rangesAreReadAsTheStandardSays);
    CPPUNIT_TEST_SUITE_END();

public:
    void fieldsComeAsFromAnUrlencodedForm() {
        const std::string body =
            field("b", "2") + field("a", "大 &=") + field("b", "3\r\n4") + field("e", "") + "--B--\r\n";
        const auto form = parseMultipart(type, body).take();
        CPPUNIT_ASSERT_EQUAL(std::size_t(3), form.fields.size());
        CPPUNIT_ASSERT_EQUAL(std::string("b"), form.fields[0].first);
        CPPUNIT_ASSERT_EQUAL(std::size_t(2), form.fields[0].second.size());
        CPPUNIT_ASSERT_EQUAL(std::string("3\r\n4"), form.fields[0].second[1]);
        CPPUNIT_ASSERT_EQUAL(std::string("大 &="), *firstOf(form.fields, "a"));
        CPPUNIT_ASSERT_EQUAL(std::string(), *firstOf(form.fields, "e"));
    }

    void filesLieInTheBody() {
        const std::string body = field("f", "one", "; filename=\"a.txt\"\r\nContent-Type: text/plain") +
                                 field("f", "", "; filename=\"b.txt\"") + field("a", "x") + "--B--";
        const auto form = parseMultipart(type, body).take();
        CPPUNIT_ASSERT_EQUAL(std::size_t(2), form.files.size());
        CPPUNIT_ASSERT_EQUAL(std::string("a.txt"), form.files[0].name);
        CPPUNIT_ASSERT_EQUAL(std::string("text/plain"), form.files[0].declaredType);
        CPPUNIT_ASSERT_EQUAL(std::string("one"), std::string(form.files[0].bytes));
        CPPUNIT_ASSERT(form.files[0].bytes.data() > body.data() &&
                       form.files[0].bytes.data() < body.data() + body.size());
        CPPUNIT_ASSERT(form.files[1].bytes.empty());
        CPPUNIT_ASSERT_EQUAL(std::size_t(1), form.fields.size());
    }

    void aFieldWithoutAChoiceBringsNothing() {
        const auto form = parseMultipart(
            type, field("f", "", "; filename=\"\"\r\nContent-Type: application/octet-stream") + "--B--");
        CPPUNIT_ASSERT(form && form->files.empty() && form->fields.empty());
    }

    void refusesWhatAnUrlencodedFormRefuses() {
        const std::string end = "--B--";
        CPPUNIT_ASSERT_EQUAL(std::string("400 core.form.encoding"), faultOf(field("a", "\xff") + end));
        CPPUNIT_ASSERT_EQUAL(std::string("400 core.form.encoding"),
                             faultOf(field("a", std::string("a\0b", 3)) + end));
        CPPUNIT_ASSERT_EQUAL(std::string("413 core.form.size"),
                             faultOf(field("a", std::string(70000, 'x')) + end));
        CPPUNIT_ASSERT_EQUAL(std::string("413 core.form.size"),
                             faultOf(field(std::string(300, 'x'), "") + end));
        CPPUNIT_ASSERT_EQUAL(std::string("400 core.form.charset"),
                             faultOf(field("a", "x", "\r\nContent-Type: text/plain; charset=gb18030") + end));
        CPPUNIT_ASSERT_EQUAL(
            std::string(), faultOf(field("a", "x", "\r\nContent-Type: text/plain; charset=\"UTF-8\"") + end));
        MultipartFormLimits limits;
        limits.files = 1;
        limits.fields.fields = 2;
        const std::string file = field("f", "x", "; filename=\"a\"");
        CPPUNIT_ASSERT_EQUAL(std::string("413 core.form.files"), faultOf(file + file + end, limits));
        CPPUNIT_ASSERT_EQUAL(std::string("413 core.form.size"),
                             faultOf(field("a", "") + field("a", "") + field("a", "") + end, limits));
        CPPUNIT_ASSERT_EQUAL(std::string("400 core.form.multipart"), faultOf(field("a", "x")));
        CPPUNIT_ASSERT_EQUAL(400, parseMultipart("multipart/form-data", "--B--").error().status());
    }

    void rangesAreReadAsTheStandardSays() {
        const auto text = [](const char* range, std::uint64_t size) {
            const ByteRange read = rangeOf(range, size);
            if (read.kind == ByteRange::Kind::whole) return std::string("whole");
            if (read.kind == ByteRange::Kind::unsatisfiable) return std::string("none");
            return std::to_string(read.offset) + "+" + std::to_string(read.length);
        };
        CPPUNIT_ASSERT_EQUAL(std::string("0+1"), text("bytes=0-0", 10));
        CPPUNIT_ASSERT_EQUAL(std::string("4+6"), text("bytes=4-", 10));
        CPPUNIT_ASSERT_EQUAL(std::string("7+3"), text("bytes=-3", 10));
        CPPUNIT_ASSERT_EQUAL(std::string("0+10"), text("bytes=-30", 10));
        CPPUNIT_ASSERT_EQUAL(std::string("9+1"), text("bytes=9-100", 10));
        CPPUNIT_ASSERT_EQUAL(std::string("none"), text("bytes=10-", 10));
        CPPUNIT_ASSERT_EQUAL(std::string("none"), text("bytes=-0", 10));
        CPPUNIT_ASSERT_EQUAL(std::string("none"), text("bytes=0-", 0));
        for (const char* odd : {"bytes=5-4", "bytes=a-b", "bytes=0-1,3-4", "bytes=-", "bytes=", "items=0-1",
                                "bytes=+1-2", "bytes=0x1-2", "bytes=99999999999999999999-", " bytes=0-1", ""})
            CPPUNIT_ASSERT_EQUAL_MESSAGE(odd, std::string("whole"), text(odd, 10));
        CPPUNIT_ASSERT(rangeOf(std::nullopt, 10).kind == ByteRange::Kind::whole);
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(MultipartFormTest);
