// SPDX-License-Identifier: Apache-2.0
#include "Stories.h"

#include "EventText.h"
#include "MasterData.h"
#include "base/Json.h"
#include "support/Capture.h"

#include <fstream>
#include <sstream>
#include <stdexcept>

namespace dalate::simulator {

namespace {

/// The file's JSON with every `{day:N}` replaced by the date N days from `now`, in the county's time.
Value readDated(const std::filesystem::path& file, std::int64_t now) {
    std::ifstream in(file, std::ios::binary);
    std::ostringstream bytes;
    bytes << in.rdbuf();
    std::string text = bytes.str();
    static constexpr std::string_view opening = "{day:";
    for (std::size_t at = text.find(opening); at != std::string::npos; at = text.find(opening, at)) {
        const std::size_t close = text.find('}', at);
        const int days = std::stoi(text.substr(at + opening.size(), close - at - opening.size()));
        text.replace(at, close - at + 1, stamp(now + days * day).substr(0, 10));
    }
    return json::parse(text).take();
}

} // namespace

std::vector<std::string> tellStories(testing::Client& client, const std::filesystem::path& folder, std::int64_t now) {
    const Value catalogue = readDated(folder / "catalogue.json", now);
    for (const ValueView product : catalogue["products"])
        sendCatalogue(client, "PUT", "/traceability/api/products/" + product["gtin"].asText(),
                      Value::map([&](MapWriter& m) {
                          for (const ValueView member : product)
                              if (member.key() != "gtin") m.set(member.key(), member);
                      }));
    for (const ValueView party : catalogue["parties"])
        sendCatalogue(client, "PUT", "/traceability/api/parties", Value(party));
    const Value stories = readDated(folder / "stories.json", now);
    for (const ValueView story : stories["documents"]) {
        const Value state = testing::capture(client, json::write(story["document"]));
        if (!state["success"].truth())
            throw std::runtime_error("a story was refused: " + story["story"].asText() + " " + json::write(state));
    }
    for (const ValueView paper : catalogue["papers"])
        sendCatalogue(client, "POST", "/traceability/api/papers", Value(paper));
    std::vector<std::string> paths;
    for (const ValueView label : stories["labels"]) paths.push_back(label["address"].asText());
    return paths;
}

} // namespace dalate::simulator
