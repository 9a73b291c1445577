// SPDX-License-Identifier: Apache-2.0
#include "hold/HolderJob.h"

#include "gs1/LotCode.h"
#include "hold/Holders.h"
#include "hold/HoldStore.h"
#include "story/Wording.h"

#include <dalate/notices.hpp>
#include <dalate/rules.hpp>

namespace dalate::traceability {

namespace {

constexpr std::size_t atOnce = 50; // organisations a transaction: others want the writer too

/// What the notices say, and where they lead.
Value wordsOf(const LotHold& hold, const std::string& uri, const std::string& product) {
    const auto code = gs1::readLotCode(uri);
    return Value::map([&](MapWriter& m) {
        m.set("number", hold.number).set("product", product).set("lot", code ? code->lot : uri);
        m.set("basis", hold.basis);
        m.map("ground", [&](MapWriter& ground) { ground.set("text", "traceability.hold.ground_" + hold.ground); });
        if (code) m.set("href", code->path());
    });
}

class Telling {
public:
    Telling(JobContext& job, const LotHold& hold, Value words)
        : job_(job), hold_(hold), words_(std::move(words)), roles_(Rules(job).roles("holder_roles")) {}

    void held(const std::vector<std::int64_t>& organisations) {
        inParts(organisations, [&](Tx& tx, std::int64_t organisation) {
            HoldStore(tx).add(hold_.kase, {organisation, send(tx, "lot_held", "held", organisation), job_.now()});
        });
    }
    void released(const std::vector<std::int64_t>& organisations) {
        inParts(organisations, [&](Tx& tx, std::int64_t organisation) {
            send(tx, "lot_released", "released", organisation);
            HoldStore(tx).setReleasedTold(hold_.kase, organisation, job_.now());
        });
    }

private:
    template <class F>
    void inParts(const std::vector<std::int64_t>& organisations, F&& tell) {
        for (std::size_t done = 0; done < organisations.size();) {
            Tx tx = job_.begin(TxMode::write);
            for (const std::size_t end = std::min(organisations.size(), done + atOnce); done < end; ++done)
                tell(tx, organisations[done]);
            job_.progress(tx, static_cast<std::int64_t>(done), static_cast<std::int64_t>(organisations.size()));
            tx.commit();
        }
    }

    /// One key for all roles: who holds two is told once.
    std::int64_t send(Tx& tx, std::string_view notice, std::string_view what, std::int64_t organisation) {
        const std::string key = "hold/" + std::to_string(hold_.kase) + "/" + std::string(what);
        std::int64_t people = 0;
        for (const std::string& role : roles_)
            people += notices::send(job_, tx, {notice, notices::To::role(role, organisation), words_, key});
        return people;
    }

    JobContext& job_;
    const LotHold& hold_;
    Value words_;
    std::vector<std::string> roles_;
};

} // namespace

Value HolderJob::run(JobContext& job) {
    const std::int64_t kase = job.arguments()["case"].integer().value_or(0);
    const bool release = job.arguments()["what"].text() == "released";
    std::optional<LotHold> hold;
    std::vector<std::int64_t> organisations;
    std::string uri, product;
    bool complete = true;
    {
        Tx tx = job.begin(TxMode::read);
        HoldStore holds(tx);
        hold = holds.find(kase);
        // Released before anybody was told: there is nothing to tell.
        if (!hold || (!release && !hold->isInForce())) return {};
        uri = Identifiers(tx).uri(hold->node);
        if (const auto code = gs1::readLotCode(uri))
            if (const auto known = CatalogueStore(tx).product(code->gtin)) product = known->name.zh;
        if (release) {
            for (const Holder& each : holds.holders(kase)) organisations.push_back(each.organisation);
        } else {
            // Half of the time is for the trace, the rest for telling.
            const std::int64_t half = job.timeLeft() / 2;
            const Holders found = holdersOf(tx, job.host(), hold->node, [&] { return job.timeLeft() < half; });
            organisations.assign(found.organisations.begin(), found.organisations.end());
            complete = found.complete;
        }
    }
    Telling telling(job, *hold, wordsOf(*hold, uri, product));
    if (release) {
        telling.released(organisations);
    } else {
        telling.held(organisations);
        Tx tx = job.begin(TxMode::write);
        HoldStore(tx).setTraced(kase, complete ? HolderSearch::all : HolderSearch::some);
        tx.commit();
    }
    return Value::map([&](MapWriter& m) { m.set("organisations", organisations.size()).set("complete", complete); });
}

} // namespace dalate::traceability
