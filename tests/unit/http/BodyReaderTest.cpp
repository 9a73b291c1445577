// SPDX-License-Identifier: Apache-2.0
#include "http/BodyReader.h"

#include <cppunit/extensions/HelperMacros.h>

#include <string>
#include <vector>

using namespace dalate::http;

namespace {

struct Outcome {
    BodyReader::State state;
    int refusal;
    std::string body;
    std::size_t consumed;
};

Outcome read(BodyReader reader, std::string_view input, std::size_t piece) {
    Outcome outcome{reader.state(), 0, {}, 0};
    while (reader.state() == BodyReader::State::reading && outcome.consumed < input.size()) {
        const BodyReader::Step step = reader.feed(input.substr(outcome.consumed, piece));
        outcome.body += step.data;
        outcome.consumed += step.consumed;
    }
    outcome.state = reader.state();
    outcome.refusal = reader.refusal();
    return outcome;
}

Outcome chunked(std::string_view input, std::uint64_t most = 1000, std::size_t piece = 1 << 20) {
    return read(BodyReader(Framing::chunked, 0, most), input, piece);
}

} // namespace

class BodyReaderTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(BodyReaderTest);
    CPPUNIT_TEST(readsExactlyTheLength);
    CPPUNIT_TEST(decodesChunksHoweverTheyArrive);
    CPPUNIT_TEST(dropsTrailersAndExtensions);
    CPPUNIT_TEST(refusesMalformedChunks);
    CPPUNIT_TEST(refusesWhatIsTooLarge);
    CPPUNIT_TEST(isNotWholeBeforeTheLastOctet);
    CPPUNIT_TEST_SUITE_END();

public:
    void readsExactlyTheLength() {
        const Outcome outcome = read(BodyReader(Framing::length, 5, 100), "helloGET /", 3);
        CPPUNIT_ASSERT(outcome.state == BodyReader::State::whole);
        CPPUNIT_ASSERT_EQUAL(std::string("hello"), outcome.body);
        CPPUNIT_ASSERT_EQUAL(std::size_t(5), outcome.consumed);
        CPPUNIT_ASSERT(BodyReader(Framing::length, 0, 0).state() == BodyReader::State::whole);
        CPPUNIT_ASSERT(BodyReader(Framing::none, 0, 0).state() == BodyReader::State::whole);
    }

    void decodesChunksHoweverTheyArrive() {
        const std::string wire = "5\r\nhello\r\n00C\r\n, world\r\n123\r\n0\r\n\r\n";
        for (std::size_t piece = 1; piece <= wire.size() + 4; ++piece) {
            const Outcome outcome = chunked(wire + "NEXT", 1000, piece);
            CPPUNIT_ASSERT(outcome.state == BodyReader::State::whole);
            CPPUNIT_ASSERT_EQUAL(std::string("hello, world\r\n123"), outcome.body);
            CPPUNIT_ASSERT_EQUAL(wire.size(), outcome.consumed);
        }
    }

    void dropsTrailersAndExtensions() {
        const Outcome outcome =
            chunked("3;a;b=c;d=\"e;\\\"\\\\ f\"\r\nabc\r\n0;x\r\nDigest: q\r\nX: y\r\n\r\n");
        CPPUNIT_ASSERT(outcome.state == BodyReader::State::whole);
        CPPUNIT_ASSERT_EQUAL(std::string("abc"), outcome.body);
    }

    void refusesMalformedChunks() {
        const std::vector<std::string> malformed = {
            "x\r\n",
            "\r\n",
            "-1\r\n",
            "+1\r\n",
            "0x3\r\nabc\r\n",
            " 3\r\nabc\r\n",
            "3 \r\nabc\r\n",
            "3\nabc\r\n",
            "3\r\nabcd\r\n",
            "3\r\nabc\n",
            "3\r\nabc\r\r\n",
            "3\r\nabc0\r\n\r\n",
            "3\rabc",
            "3 ;a\r\nabc\r\n",
            "3;\r\nabc\r\n",
            "3;=b\r\nabc\r\n",
            "3;a=\r\nabc\r\n",
            "3;a b\r\nabc\r\n",
            "3;a=\"b\r\nabc\r\n",
            "3;a=\"b\"c\r\nabc\r\n",
            std::string("3;a\0\r\nabc\r\n", 11),
            "11111111111111111\r\n",
            "0\r\nNoColon\r\n\r\n",
            "0\r\nA : b\r\n\r\n",
            "0\r\n folded: b\r\n\r\n",
            "0\r\nA: b\nC: d\r\n\r\n",
            "0\r\nA: b\rc\r\n\r\n",
            "0\r\n\n",
            "0\r\nA: \x01\r\n\r\n",
            "0\r\r\n",
            "1;" + std::string(5000, 'a') + "\r\nx\r\n",
        };
        for (const std::string& wire : malformed) {
            for (const std::size_t piece : {std::size_t(1), wire.size()}) {
                const Outcome outcome = chunked(wire, 1000, piece);
                CPPUNIT_ASSERT_MESSAGE(wire, outcome.state == BodyReader::State::refused);
                CPPUNIT_ASSERT_EQUAL_MESSAGE(wire, 400, outcome.refusal);
            }
        }
    }

    void refusesWhatIsTooLarge() {
        CPPUNIT_ASSERT_EQUAL(413, BodyReader(Framing::length, 101, 100).refusal());
        CPPUNIT_ASSERT(BodyReader(Framing::length, 100, 100).state() == BodyReader::State::reading);
        CPPUNIT_ASSERT_EQUAL(413, chunked("65\r\n", 100).refusal);
        CPPUNIT_ASSERT_EQUAL(413, chunked("3\r\nabc\r\n2\r\n", 4).refusal);
        CPPUNIT_ASSERT_EQUAL(413, chunked("FFFFFFFFFFFFFFFF\r\n").refusal);
        std::string trailers = "0\r\n";
        for (int i = 0; i < 101; ++i)
            trailers += "X: y\r\n";
        CPPUNIT_ASSERT_EQUAL(431, chunked(trailers + "\r\n").refusal);
        CPPUNIT_ASSERT_EQUAL(431, chunked("0\r\nX: " + std::string(17000, 'y')).refusal);
    }

    void isNotWholeBeforeTheLastOctet() {
        const std::string wire = "3\r\nabc\r\n0\r\n\r\n";
        for (std::size_t cut = 0; cut < wire.size(); ++cut)
            CPPUNIT_ASSERT(chunked(std::string_view(wire).substr(0, cut)).state ==
                           BodyReader::State::reading);
        CPPUNIT_ASSERT(read(BodyReader(Framing::length, 5, 5), "hell", 9).state ==
                       BodyReader::State::reading);
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(BodyReaderTest);
