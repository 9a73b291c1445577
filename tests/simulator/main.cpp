// SPDX-License-Identifier: Apache-2.0
// simulator --access FILE --stories DIR [--lots N] — fills a demo county through the portal's own routes, dated up to today, and
// writes the addresses worth opening into FILE (`examples`).
#include "County.h"
#include "MasterData.h"
#include "Matters.h"
#include "Season.h"
#include "Stories.h"

#include "base/Clock.h"
#include "base/Json.h"
#include "support/Capture.h"
#include "support/Client.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>

namespace {

using namespace dalate;
using namespace dalate::simulator;

constexpr std::uint64_t seed = 150621; // the county's code: the same demo everywhere
constexpr std::size_t documentSize = 500;

std::string readAll(const std::string& file) {
    std::ifstream in(file, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

void send(testing::Client& client, const std::vector<std::string>& events, std::int64_t now) {
    const Value state = testing::capture(client, document(events, now));
    if (!state["success"].truth()) throw std::runtime_error("a document was refused: " + json::write(state));
}

/// The access file with other examples, in place and still private.
void writeExamples(const std::string& file, const Value& access, const std::vector<std::string>& examples) {
    const std::string beside = file + ".new";
    const std::string text = json::write(Value::map([&](MapWriter& m) {
        for (const ValueView member : access.view())
            if (member.key() != "examples") m.set(member.key(), member);
        m.list("examples", [&](ListWriter& list) {
            for (const std::string& each : examples) list.add(each);
        });
    }));
    {
        std::ofstream out(beside, std::ios::binary | std::ios::trunc);
        std::filesystem::permissions(beside, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
        out << text;
        if (!out.flush()) throw std::runtime_error("cannot write " + beside);
    }
    std::filesystem::rename(beside, file);
}

int run(const std::string& file, const std::string& stories, int lots) {
    const Value access = json::parse(readAll(file)).take();
    const std::string url = access["url"].asText();
    const std::int64_t now = dalate::now();
    testing::Client cooperative(url), federation(url);
    cooperative.bearer(access["tokens"]["traceability"].asText());
    federation.bearer(access["tokens"]["traceability.county"].asText());

    County county(seed);
    sendMasterData(federation, county);

    Season season(county, now);
    std::vector<PackedLot> packed;
    std::vector<std::string> waiting;
    std::size_t sent = 0;
    for (int i = 0; i < lots; ++i) {
        packed.push_back(season.grow());
        for (std::string& event : season.take()) waiting.push_back(std::move(event));
        if (waiting.size() < documentSize && i + 1 < lots) continue;
        send(federation, waiting, now);
        sent += waiting.size();
        waiting.clear();
    }
    for (const PackedLot& lot : packed) sendPapers(federation, county, lot);

    std::vector<std::string> examples{url + "/"};
    for (const std::string& story : tellStories(cooperative, stories, now)) examples.push_back(url + story);
    seedMatters(access, "/01/09521234500025/10/MELON-1", "/01/09521234500032/10/MILLET-2");
    std::sort(packed.begin(), packed.end(),
              [](const PackedLot& a, const PackedLot& b) { return a.harvestedAt > b.harvestedAt; });
    for (std::size_t i = 0; i < packed.size() && i < 3; ++i)
        examples.push_back(url + "/01/" + packed[i].product->gtin() + "/10/" + packed[i].lot);
    writeExamples(file, access, examples);
    std::cout << sent << " events of " << lots << " lots\n";
    return 0;
}

} // namespace

int main(int argc, char** argv) {
    std::string file, stories;
    int lots = 1200;
    for (int i = 1; i + 1 < argc; i += 2) {
        const std::string_view option = argv[i];
        if (option == "--access") file = argv[i + 1];
        if (option == "--stories") stories = argv[i + 1];
        if (option == "--lots") lots = std::atoi(argv[i + 1]);
    }
    if (file.empty() || stories.empty() || lots < 1) {
        std::cerr << "usage: simulator --access FILE --stories DIR [--lots N]\n";
        return 2;
    }
    try {
        return run(file, stories, lots);
    } catch (const std::exception& error) {
        std::cerr << "simulator: " << error.what() << "\n";
        return 1;
    }
}
