// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/CorePage.h"
#include "gateway/Parts.h"
#include "gateway/Refusals.h"
#include "services/files/FileStore.h"

namespace dalate::gateway {

/// `/files/{id}`: a kept file, to whoever may read it; `?thumb=1`: the small picture of it. Always a download
/// that no browser runs: attachment, nosniff, an empty content policy and a sandbox. Ranges are sent by the
/// loop from the open file. To everybody else, and where there is none, 404; who is not signed in is sent to
/// sign in first.
class Downloads {
public:
    Downloads(const GatewayParts& parts, const Refusals& refusals) : parts_(parts), refusals_(refusals) {}

    void addTo(CorePages& pages);

private:
    void answer(Visit& visit) const;
    void send(Visit& visit, const services::files::File& file) const;

    const GatewayParts& parts_;
    const Refusals& refusals_;
};

} // namespace dalate::gateway
