// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "desk/ListVisit.h"
#include "gateway/Gateway.h"

namespace dalate::desk {

/// A declared list to whoever it is for: /lists/{plugin}/{list} with filter, sort and pages by URL, and what
/// it shows as /csv, /xlsx and /print, all under the same query. What leaves the house is written into the
/// audit record first.
class TablePages {
public:
    explicit TablePages(const ListParts& parts) : parts_(parts) {}
    void addTo(gateway::Gateway& gateway);

    static constexpr std::int64_t perPage = 50;
    static constexpr std::int64_t mostPrinted = 1000;

private:
    enum class Format { csv, xlsx };
    void show(gateway::Visit& visit) const;
    void print(gateway::Visit& visit) const;
    void exported(gateway::Visit& visit, Format format) const;

    const ListParts& parts_;
};

} // namespace dalate::desk
