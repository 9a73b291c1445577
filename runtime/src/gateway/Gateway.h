// SPDX-License-Identifier: Apache-2.0
// One request from match to reply, in one direction: path → static files, core pages or a plugin's route →
// who asks and what is switched on for them → the route's access → form origin and token → rate → lease and
// invoke → page or bytes. Nothing here holds a lock or a transaction while a plugin runs.
#pragma once

#include "gateway/CorePage.h"
#include "gateway/Counters.h"
#include "gateway/Doorman.h"
#include "gateway/Downloads.h"
#include "gateway/Housekeeper.h"
#include "gateway/MultipartForm.h"
#include "gateway/Pages.h"
#include "gateway/Parts.h"
#include "gateway/PluginDesk.h"
#include "gateway/RateLimit.h"
#include "gateway/Refusals.h"
#include "gateway/SignIn.h"
#include "gateway/StandingPages.h"
#include "http/Front.h"
#include "plugin/Lifecycle.h"

#include <string>
#include <vector>

namespace dalate::gateway {

/// The handler of the portal's front. Made before the front, destroyed after it has stopped.
class Gateway : public http::Handler {
public:
    Gateway(GatewayConfig config, GatewayParts parts);
    ~Gateway() override;

    /// Adds a page of a floor above. Before the front starts.
    void add(CorePage page) { corePages_.add(std::move(page)); }
    const Pages& pages() const noexcept { return pages_; }

    void handle(http::Request& request, http::Response& response) override;

    /// What may be read of a body that is announced (`FrontConfig::bodyPolicy`): the route's limit for whom
    /// the runtime knows, 64 KiB for everybody else; a token that is none is refused unread.
    http::Admission admit(const http::RequestHead& head) noexcept;

    /// The page of an answer that the front gives by itself (`FrontConfig::errorPage`).
    std::string frontPage(int status) const;

    /// Prometheus text for the operator's address alone.
    std::string metrics(const http::Metrics* front, const std::vector<plugin::PluginStatus>& plugins) const;

private:
    void serve(Visit& visit);
    void serveStatic(Visit& visit) const;
    bool serveHealth(Visit& visit) const;
    void serveCore(Visit& visit, CorePages::Found found);
    void servePlugin(Visit& visit, const plugin::Match& match);
    void refuseMethod(Visit& visit, const std::string& allow) const;
    /// Reads query and form; the files of a multipart form as they lie in the body. Throws what `parseFields` and
    /// `parseMultipart` answer.
    static std::vector<MultipartForm::File> readFields(Visit& visit);
    /// Whether an act on the core's pages may be taken now; else 429 has been answered.
    bool withinRate(Visit& visit);
    /// Looks at the files and stores them: `visit.uploads`. Throws as `FileStore::take`.
    void takeFiles(Visit& visit, const std::vector<MultipartForm::File>& files) const;
    /// Throws `core.request.forgery` (403).
    static void checkForgery(Visit& visit);
    void fault(Visit& visit, const std::exception* e) const;

    GatewayConfig config_;
    GatewayParts parts_;
    Pages pages_;
    Refusals refusals_;
    Doorman doorman_;
    Counters counters_;
    PluginDesk desk_;
    StandingPages standing_;
    SignIn signIn_;
    Downloads downloads_;
    CorePages corePages_;
    RateLimit posts_;
    Housekeeper housekeeper_;
};

} // namespace dalate::gateway
