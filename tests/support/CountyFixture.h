// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "support/Client.h"
#include "support/Daemon.h"
#include "support/Visitors.h"

#include <memory>

#include <cppunit/TestFixture.h>

namespace dalate::testing {

/// A test that begins with a demo county of its own: a daemon on a fresh folder, without events, and the system
/// of the cooperative that captures into it. All of it is gone at the end.
class CountyFixture : public CppUnit::TestFixture {
public:
    void setUp() override {
        daemon_ = std::make_unique<Daemon>(Daemon::built(), folder_.path() / "data");
        cooperative_ = systemOf(*daemon_);
    }
    void tearDown() override {
        cooperative_.reset();
        daemon_.reset();
    }

protected:
    /// Somebody who is not signed in, reading English or another language.
    std::unique_ptr<Client> visitor(const std::string& language = "en") const {
        auto client = std::make_unique<Client>(daemon_->url());
        client->always("Accept-Language", language);
        return client;
    }

    TemporaryFolder folder_;
    std::unique_ptr<Daemon> daemon_;
    std::unique_ptr<Client> cooperative_;
};

} // namespace dalate::testing
