// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "trace/Node.h"

#include <dalate/db.hpp>

#include <optional>
#include <string>
#include <vector>

namespace dalate::traceability {

/// A lot that may not be sold (查封, 暂停销售), or was proposed to be; one a case of the machine `hold`.
struct LotHold {
    std::int64_t kase = 0;
    Node node = 0;
    std::string number;  ///< the case's
    std::string measure; ///< suspend, seal
    std::string ground;  ///< test, complaint, papers, inspection
    std::string basis;   ///< the law, as people read it
    Time proposedAt = 0;
    Time heldAt = 0;     ///< 0 while it is proposed
    Time dueAt = 0;      ///< by when it is to be decided
    std::int64_t unknownYear = 0; ///< not 0: `dueAt` does not know that year's holidays
    Time releasedAt = 0; ///< of a proposal: when it came to nothing
    std::int64_t traced = 0; ///< see HolderSearch

    bool isInForce() const noexcept { return heldAt != 0 && releasedAt == 0; }
    bool isProposed() const noexcept { return heldAt == 0 && releasedAt == 0; }
};

/// How far the search for the holders of a lot came.
enum class HolderSearch : int { notYet = 0, all = 1, some = 2 };

/// An organisation that has a held lot or something made of it.
struct Holder {
    std::int64_t organisation = 0;
    std::int64_t people = 0; ///< told of it; 0: nobody there has an account
    Time toldAt = 0;
    Time releasedToldAt = 0;
};

/// The tables of holds. In the caller's transaction.
class HoldStore {
public:
    explicit HoldStore(Tx& tx) noexcept : tx_(tx) {}

    void propose(const LotHold& hold);
    /// False where the case has no proposal.
    bool putInForce(std::int64_t kase, Time heldAt, Time dueAt, std::int64_t unknownYear);
    /// Ends a hold or a proposal; false where neither runs.
    bool end(std::int64_t kase, Time at);
    void setTraced(std::int64_t kase, HolderSearch search);

    std::optional<LotHold> find(std::int64_t kase);
    /// Holds of the lot and proposals, the latest first.
    std::vector<LotHold> of(Node lot);
    /// Holds that were ever in force on one of the lots, the latest first.
    std::vector<LotHold> everInForce(const std::vector<Node>& lots);

    std::vector<Holder> holders(std::int64_t kase);
    /// False where the organisation is known as a holder already.
    bool add(std::int64_t kase, const Holder& holder);
    void setReleasedTold(std::int64_t kase, std::int64_t organisation, Time at);

private:
    Tx& tx_;
};

} // namespace dalate::traceability
