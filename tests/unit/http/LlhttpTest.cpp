// SPDX-License-Identifier: Apache-2.0
// The requests of llhttp's own test pages, sent raw to a front. A page holds pairs of fenced blocks: `http`,
// the bytes (line ends are CRLF, the last one does not count, `\r \n \t \f \xNN` are escapes, a backslash at
// the end joins lines), and `log`, what a strict parser makes of them. Each block is sent twice: as it is,
// and, so that nothing is refused for a missing Host alone, with a Host put in.
#include "RawClient.h"

#include <cppunit/extensions/HelperMacros.h>

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <regex>
#include <string>
#include <vector>

using namespace dalate::http;
using namespace dalate::http::test;
using std::chrono::milliseconds;

namespace {

struct Block {
    std::string page;
    std::string title;
    std::string kind;
    std::string bytes;
    std::string log;

    /// The code with which the strict parser ended; 0 when it did not.
    int error() const {
        std::smatch found;
        return std::regex_search(log, found, std::regex("error code=(\\d+)")) ? std::stoi(found[1]) : 0;
    }
    /// Whether the parser found fault: pauses and data after `Connection: close` are none.
    bool faulty() const {
        const int code = error();
        return code != 0 && code != 5 && (code < 21 || code > 24);
    }
    std::size_t completeBeforeTheFault() const {
        std::size_t count = 0;
        for (std::size_t at = log.find("message complete"); at != std::string::npos;
             at = log.find("message complete", at + 1))
            ++count;
        return count;
    }
    bool lenient() const { return kind.find("lenient") != std::string::npos; }
};

std::string unescaped(std::string text) {
    if (!text.empty() && text.back() == '\n') text.pop_back();
    std::string bytes;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char next = i + 1 < text.size() ? text[i + 1] : '\0';
        if (text[i] == '\n') {
            bytes += "\r\n";
        } else if (text[i] != '\\' || std::string_view("\nrntfx").find(next) == std::string_view::npos ||
                   next == '\0') {
            bytes += text[i];
        } else if (++i; next == 'x') {
            bytes += static_cast<char>(std::stoi(text.substr(i + 1, 2), nullptr, 16));
            i += 2;
        } else if (next != '\n') {
            bytes += next == 'r' ? '\r' : next == 'n' ? '\n' : next == 't' ? '\t' : '\f';
        }
    }
    return bytes;
}

std::vector<Block> blocksOf(const std::filesystem::path& page) {
    std::ifstream file(page);
    std::vector<Block> blocks;
    Block block;
    std::string line;
    std::string* fence = nullptr;
    std::string http;
    while (std::getline(file, line)) {
        if (fence) {
            if (line != "```") {
                *fence += line + "\n";
                continue;
            }
            if (fence == &block.log) {
                block.page = page.filename();
                block.bytes = unescaped(http);
                blocks.push_back(block);
            }
            fence = nullptr;
        } else if (line.rfind("#", 0) == 0) {
            block.title = line.substr(line.find_first_not_of("# "));
        } else if (std::smatch found;
                   std::regex_search(line, found, std::regex("\"type\": ?\"([a-z-]+)\""))) {
            block.kind = found[1];
        } else if (line == "```http") {
            http.clear();
            fence = &http;
        } else if (line == "```log") {
            block.log.clear();
            fence = &block.log;
        }
    }
    return blocks;
}

/// The same request with a Host, where the first line is whole and no Host is there.
std::string withHost(const std::string& bytes) {
    static const std::regex host("\r\nhost[ \t]*:", std::regex::icase);
    std::size_t begin = bytes.find_first_not_of("\r\n");
    if (begin == std::string::npos) return bytes;
    const std::size_t end = bytes.find("HTTP/1.1\r\n", begin);
    if (end == std::string::npos || bytes.find('\n', begin) != end + 9 || std::regex_search(bytes, host))
        return bytes;
    return bytes.substr(0, end + 10) + "Host: a\r\n" + bytes.substr(end + 10);
}

struct Answers {
    std::size_t good = 0;
    int last = 0;
    bool closed = false;
};

Answers answersTo(std::uint16_t port, const std::string& bytes) {
    RawClient client(port);
    client.trySend(bytes);
    client.endSending();
    Answers answers;
    const std::optional<std::string> all = client.rest(milliseconds(3000));
    answers.closed = all.has_value();
    static const std::regex statusLine("HTTP/1\\.1 (\\d{3}) ");
    const std::string text = all.value_or("");
    for (std::sregex_iterator found(text.begin(), text.end(), statusLine), none; found != none; ++found) {
        answers.last = std::stoi((*found)[1]);
        if (answers.last >= 200 && answers.last < 300) ++answers.good;
    }
    return answers;
}

} // namespace

class LlhttpTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(LlhttpTest);
    CPPUNIT_TEST(refusesWhatAStrictParserRefuses);
    CPPUNIT_TEST_SUITE_END();

public:
    void refusesWhatAStrictParserRefuses() {
        const char* corpora = std::getenv("DALATE_CORPORA");
        const std::filesystem::path folder =
            std::filesystem::path(corpora ? corpora : "") / "http" / "llhttp";
        if (!corpora || !std::filesystem::is_directory(folder)) {
            std::cout << "skipped: no http/llhttp under DALATE_CORPORA\n";
            return;
        }
        Served served([](Request&, Response&) {});
        std::size_t pages = 0;
        std::size_t refused = 0;
        std::size_t sound = 0;
        for (const auto& entry : std::filesystem::directory_iterator(folder)) {
            if (entry.path().extension() != ".md") continue;
            ++pages;
            for (const Block& block : blocksOf(entry.path())) {
                for (const std::string& bytes : {block.bytes, withHost(block.bytes)}) {
                    const Answers answers = answersTo(served.port(), bytes);
                    const std::string name = block.page + ", " + block.title + " (" + block.kind + ")";
                    CPPUNIT_ASSERT_MESSAGE(name + ": left open", answers.closed);
                    if (block.faulty() && !block.lenient()) {
                        ++refused;
                        CPPUNIT_ASSERT_MESSAGE(name + ": the faulty request was served",
                                               answers.good <= block.completeBeforeTheFault());
                        CPPUNIT_ASSERT_MESSAGE(name + ": ended well",
                                               answers.last == 0 || answers.last >= 400 || answers.good > 0);
                    } else if (answers.good > 0) {
                        ++sound;
                    }
                }
            }
        }
        CPPUNIT_ASSERT_EQUAL(std::size_t(13), pages);
        std::cout << "llhttp: " << refused << " faulty requests refused, " << sound << " sound ones served\n";
        CPPUNIT_ASSERT(refused >= 100);
        // A front that refuses everything would pass otherwise.
        CPPUNIT_ASSERT(sound >= 60);
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(LlhttpTest);
