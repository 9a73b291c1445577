// SPDX-License-Identifier: Apache-2.0
#include "Matters.h"

#include "support/Client.h"
#include "support/Page.h"

#include <memory>
#include <stdexcept>

namespace dalate::simulator {

namespace {

using testing::Answer;
using testing::Client;
using testing::Form;

const std::string holds = "/cases/traceability/hold", complaints = "/cases/traceability/complaint";

std::unique_ptr<Client> signedIn(ValueView access, const std::string& role) {
    auto client = std::make_unique<Client>(access["url"].asText());
    client->signIn(access["accounts"][role]["user"].asText(), access["accounts"][role]["password"].asText());
    return client;
}

Answer mustAnswer(Answer answer, int status, const std::string& what) {
    if (answer.status != status)
        throw std::runtime_error(what + " answered " + std::to_string(answer.status) + ": " +
                                 testing::unescaped(testing::mainOf(answer.body)));
    return answer;
}

/// Takes a step of a case by its button or form.
void move(Client& client, const std::string& path, const std::string& step, Form fields = {}) {
    const std::string page = client.get(path).body;
    fields.emplace_back("_version", testing::between(page, "name=\"_version\" value=\"", "\""));
    if (fields.back().second.empty()) {
        const std::string form = client.get(path + "/move/" + step).body;
        fields.back().second = testing::between(form, "name=\"_version\" value=\"", "\"");
    }
    mustAnswer(client.post(path + "/move/" + step, std::move(fields)), 303, path + " " + step);
}

std::string withoutEnd(const std::string& path) { return path.substr(0, path.rfind('/')); }

} // namespace

void seedMatters(ValueView access, const std::string& complained, const std::string& held) {
    Client buyer(access["url"].asText());
    buyer.get(complaints + "/open?lot=" + testing::formEncoded(complained));
    mustAnswer(buyer.post(complaints + "/open", {{"product", "沙地西瓜(演示)"},
                                                 {"lot", complained},
                                                 {"about", "label"},
                                                 {"what", "扫码看到有一条记录作废，想问清楚这批西瓜到底是哪天采的。"},
                                                 {"shop", "示范超市1号店"},
                                                 {"phone", "13900000001"},
                                                 {"_do", "next"}}),
               200, "a complaint");
    const auto inspector = signedIn(access, "regulator"), lead = signedIn(access, "quality_lead");
    const std::string list = inspector->get(complaints).body;
    const std::string opening = "href=\"" + complaints + "/";
    for (std::size_t at = list.find(opening); at != std::string::npos; at = list.find(opening, at + 1)) {
        const std::string id = testing::between(list, opening, "\"", at);
        if (id.find_first_not_of("0123456789") != std::string::npos) continue;
        move(*inspector, complaints + "/" + id, "accept");
        break;
    }

    inspector->get(holds + "/open?lot=" + testing::formEncoded(held));
    const Answer opened =
        mustAnswer(inspector->post(holds + "/open", {{"product", "三家小米(演示)"},
                                                     {"lot", held},
                                                     {"measure", "suspend"},
                                                     {"ground", "inspection"},
                                                     {"reason", "巡查时现场少一份合格证，先暂停销售，补齐后解除。"},
                                                     {"basis", "《中华人民共和国农产品质量安全法》"},
                                                     {"_do", "send"}}),
                   303, "a hold");
    const std::string hold = withoutEnd(opened.header("location"));
    move(*lead, hold, "confirm");
    move(*inspector, hold, "propose_release", {{"outcome", "corrected"}, {"outcome_text", "合格证已补齐，核对无误。"}});
    move(*lead, hold, "release");
}

} // namespace dalate::simulator
