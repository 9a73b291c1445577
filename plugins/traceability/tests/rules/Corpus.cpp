// SPDX-License-Identifier: Apache-2.0
#include "Corpus.h"

#include "base/Json.h"
#include "epcis/Decimal.h"
#include "epcis/Schema.h"

#include <openssl/sha.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace dalate::traceability::test {

Value parse(std::string_view json) {
    return json::parse(json).take();
}

std::string readFile(const std::filesystem::path& path) {
    std::ifstream in(path, std::ios::binary);
    if (!in) throw std::runtime_error("cannot read " + path.string());
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

const epcis::Vocabulary& vocabulary() {
    static const epcis::Vocabulary words(
        parse(readFile(std::filesystem::path(TRACEABILITY_DIR) / "data/core-business-vocabulary.json"))
            .view());
    return words;
}

std::filesystem::path corpus(std::string_view folder) {
    const char* root = std::getenv("DALATE_CORPORA");
    if (root == nullptr) return {};
    const std::filesystem::path path = std::filesystem::path(root) / folder;
    return std::filesystem::is_directory(path) ? path : std::filesystem::path();
}

std::vector<std::filesystem::path> documentsBelow(const std::filesystem::path& folder) {
    std::vector<std::filesystem::path> out;
    if (folder.empty()) return out;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
        const auto ending = entry.path().extension();
        if (ending == ".json" || ending == ".jsonld") out.push_back(entry.path());
    }
    std::sort(out.begin(), out.end());
    return out;
}

std::vector<epcis::Problem> problemsOf(ValueView root) {
    std::vector<epcis::Problem> problems;
    const auto document = epcis::readDocument(root, problems);
    if (!document) return problems;
    for (std::size_t i = 0; i < document->events.size(); ++i)
        epcis::check(*document, i, vocabulary(), today, problems);
    return problems;
}

std::string told(const std::vector<epcis::Problem>& problems) {
    std::string out;
    for (const auto& problem : problems) {
        if (!out.empty()) out += '\n';
        out += problem.code.substr(std::string_view("traceability.epcis.").size()) + " at " + problem.path;
    }
    return out;
}

std::string sha256(std::string_view bytes) {
    unsigned char digest[SHA256_DIGEST_LENGTH];
    SHA256(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), digest);
    return {reinterpret_cast<const char*>(digest), sizeof digest};
}

bool sameJson(ValueView a, ValueView b) {
    if (a.isNumber() && b.isNumber())
        return epcis::Decimal::parse(a.asText()).value() == epcis::Decimal::parse(b.asText()).value();
    if (a.tag() != b.tag()) return false;
    if (a.isMap()) {
        if (a.size() != b.size()) return false;
        for (const ValueView member : a)
            if (!b.has(member.key()) || !sameJson(member, b[member.key()])) return false;
        return true;
    }
    if (a.isList()) {
        auto other = b.begin();
        for (const ValueView item : a) {
            if (other == b.end() || !sameJson(item, *other)) return false;
            ++other;
        }
        return other == b.end();
    }
    return a.payload() == b.payload();
}

} // namespace dalate::traceability::test
