// SPDX-License-Identifier: Apache-2.0
#include "Parts.h"

#include <dalate/plugin.hpp>

/// The county's own IT service desk.
class Helpdesk : public dalate::Plugin {
public:
    using Plugin::Plugin;

    void bind(dalate::Binder& binder) override {
        for (const auto part : {bindTickets, bindSpares, bindAssets, bindTally, bindApi})
            part(binder);
    }
};

DALATE_PLUGIN(Helpdesk)
