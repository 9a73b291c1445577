// SPDX-License-Identifier: Apache-2.0
// Documents that nobody on this project wrote: each is captured into a fresh repository and comes back equal as
// JSON, or is refused for the reason that the corpus's page gives.
#include "base/Json.h"
#include "support/Capture.h"
#include "support/Daemon.h"
#include "support/SameJson.h"

#include <cppunit/extensions/HelperMacros.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <set>
#include <sstream>

namespace {

namespace fs = std::filesystem;
using namespace dalate;
using namespace dalate::testing;

std::string read(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

std::vector<fs::path> documentsBelow(const fs::path& folder) {
    std::vector<fs::path> found;
    for (const auto& entry : fs::recursive_directory_iterator(folder))
        if (entry.path().extension() == ".jsonld" || entry.path().extension() == ".json")
            found.push_back(entry.path());
    std::sort(found.begin(), found.end());
    return found;
}

ValueView eventsOf(const Value& document) {
    const ValueView body = document["epcisBody"];
    if (body.has("eventList")) return body["eventList"];
    return body["queryResults"]["resultsBody"]["eventList"];
}

/// A demo county made once; every repository begins as a copy of it.
class Repositories {
public:
    Repositories() {
        Daemon first(Daemon::built(), pristine_.path());
        token_ = first.access()["tokens"]["traceability"].asText();
        if (first.stop() != 0) throw std::runtime_error("the daemon did not stop cleanly");
    }
    const fs::path& pristine() const { return pristine_.path(); }
    const std::string& token() const { return token_; }

private:
    TemporaryFolder pristine_;
    std::string token_;
};

class Repository {
public:
    explicit Repository(const Repositories& all) {
        fs::copy(all.pristine(), folder_.path() / "data", fs::copy_options::recursive);
        daemon_ = std::make_unique<Daemon>(Daemon::built(), folder_.path() / "data");
        client_ = std::make_unique<Client>(daemon_->url());
        client_->bearer(all.token());
    }
    Client& client() { return *client_; }

private:
    TemporaryFolder folder_;
    std::unique_ptr<Daemon> daemon_;
    std::unique_ptr<Client> client_;
};

/// Each event that was sent is among those that came back, and nothing else is. Empty when so.
std::string compareSets(ValueView sent, const Value& stored) {
    if (sent.size() != stored.view().size())
        return "sent " + std::to_string(sent.size()) + " events, " + std::to_string(stored.view().size()) + " came back";
    std::set<std::size_t> taken;
    for (const ValueView event : sent) {
        std::size_t index = 0;
        bool found = false;
        std::string last;
        for (const ValueView other : stored.view()) {
            const std::size_t at = index++;
            if (found || taken.count(at) != 0) continue;
            last = event.has("eventID") ? difference(event, other, {"recordTime", "@context"})
                                        : difference(event, other, {"eventID", "recordTime", "@context"});
            if (!last.empty()) continue;
            taken.insert(at);
            found = true;
        }
        if (!found) return "an event did not come back as sent; last difference: " + last;
    }
    return {};
}

class EpcisCorpusTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(EpcisCorpusTest);
    CPPUNIT_TEST(gs1DocumentsComeBackEqual);
    CPPUNIT_TEST(openEpcisDocumentsComeBackEqual);
    CPPUNIT_TEST(singleEventsComeBackEqual);
    CPPUNIT_TEST_SUITE_END();

    static const fs::path& corpus() {
        static const fs::path folder = [] {
            const char* set = std::getenv("DALATE_CORPORA");
            const fs::path epcis = fs::path(set ? set : "") / "epcis";
            if (!fs::is_directory(epcis)) {
                std::cout << "skipped: no EPCIS corpus at DALATE_CORPORA\n";
                std::exit(77);
            }
            return epcis;
        }();
        return folder;
    }
    static const Repositories& repositories() {
        static const Repositories all;
        return all;
    }

    static std::string captured(const fs::path& file) {
        Repository repository(repositories());
        const std::string text = read(file);
        const Value state = capture(repository.client(), text);
        if (!state["success"].truth()) return "refused: " + json::write(state);
        const Value document = json::parse(text).take();
        return compareSets(eventsOf(document), queryEvents(repository.client()));
    }

    /// The codes with which a document is refused, whether at the door or by its job.
    static std::string refusal(const fs::path& file) {
        Repository repository(repositories());
        const Answer answer = repository.client().send("POST", "/traceability/epcis/capture", "application/json",
                                                       read(file));
        std::string said = answer.body;
        if (answer.status == 202) {
            const Value state = capture(repository.client(), read(file));
            CPPUNIT_ASSERT_MESSAGE(file.string(), !state["success"].truth());
            said = json::write(state);
        }
        CPPUNIT_ASSERT_EQUAL_MESSAGE(file.string(), std::size_t{0}, queryEvents(repository.client()).view().size());
        return said;
    }

public:
    void gs1DocumentsComeBackEqual() {
        std::string faults;
        std::size_t count = 0;
        for (const fs::path& file : documentsBelow(corpus() / "gs1/JSON")) {
            ++count;
            if (file.filename() == "AssociationEvent-h.jsonld") {
                const std::string said = refusal(file);
                CPPUNIT_ASSERT_MESSAGE(said, said.find("duplicate_key") != std::string::npos);
                continue;
            }
            const std::string fault = captured(file);
            if (!fault.empty()) faults += file.filename().string() + ": " + fault + "\n";
        }
        CPPUNIT_ASSERT_EQUAL(std::size_t{42}, count);
        CPPUNIT_ASSERT_EQUAL_MESSAGE(faults, std::string(), faults);
    }

    void openEpcisDocumentsComeBackEqual() {
        std::string faults;
        std::size_t count = 0;
        for (const fs::path& file : documentsBelow(corpus() / "openepcis/Documents")) {
            ++count;
            const std::string name = file.filename();
            if (name == "JumbledFieldsOrder.json" || name.find("_all_possible_fields") != std::string::npos) {
                const std::string said = refusal(file);
                CPPUNIT_ASSERT_MESSAGE(name + ": " + said, said.find("sensor") != std::string::npos);
                continue;
            }
            const std::string fault = captured(file);
            if (!fault.empty()) faults += name + ": " + fault + "\n";
        }
        CPPUNIT_ASSERT_EQUAL(std::size_t{38}, count);
        CPPUNIT_ASSERT_EQUAL_MESSAGE(faults, std::string(), faults);
    }

    void singleEventsComeBackEqual() {
        std::string faults;
        for (const fs::path& file : documentsBelow(corpus() / "openepcis/Events")) {
            Repository repository(repositories());
            const std::string text = read(file);
            const Answer answer =
                repository.client().send("POST", "/traceability/epcis/events", "application/json", text);
            if (answer.status != 201) {
                faults += file.filename().string() + ": " + std::to_string(answer.status) + " " + answer.body + "\n";
                continue;
            }
            const Value event = json::parse(text).take();
            const Value list = Value::list([&](ListWriter& l) { l.add(event); });
            const std::string fault = compareSets(list.view(), queryEvents(repository.client()));
            if (!fault.empty()) faults += file.filename().string() + ": " + fault + "\n";
        }
        CPPUNIT_ASSERT_EQUAL_MESSAGE(faults, std::string(), faults);
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(EpcisCorpusTest);

} // namespace
