// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "desk/ListVisit.h"
#include "gateway/Gateway.h"

namespace dalate::desk {

/// /lists/{plugin}/{list}/import: a table is brought, judged row by row and shown before anything happens;
/// then it is begun, goes on for some seconds a press, can be gone on with after any interruption, and can be
/// taken back as a batch.
class ImportPages {
public:
    explicit ImportPages(const ListParts& parts) : parts_(parts) {}
    void addTo(gateway::Gateway& gateway);

    /// How long one press works. A worker is busy meanwhile.
    static constexpr std::chrono::milliseconds press{3000};
    static constexpr std::int64_t shownRows = 50;

private:
    void show(gateway::Visit& visit) const;
    void sendForm(ListVisit& page, const std::string& problem) const;
    std::int64_t taken(ListVisit& page) const;
    void read(gateway::Visit& visit) const;
    void pattern(gateway::Visit& visit) const;
    void batch(gateway::Visit& visit) const;
    /// `asks`: whether the import is really to be taken back.
    enum class Asks { nothing, undo };
    void sendBatch(ListVisit& page, std::int64_t id, Asks asks) const;
    void act(gateway::Visit& visit) const;

    const ListParts& parts_;
};

} // namespace dalate::desk
