// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "unit/identity/TestDatabase.h"

#include "gateway/Gateway.h"
#include "host/PluginHost.h"
#include "identity/Accounts.h"
#include "identity/Activations.h"
#include "identity/Organisations.h"
#include "identity/Passwords.h"
#include "plugin/Lifecycle.h"

#include <Poco/Net/HTTPClientSession.h>
#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/HTTPResponse.h>
#include <Poco/StreamCopier.h>

#include <cppunit/TestAssert.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace dalate::test {

/// What came back.
struct Answer {
    int status = 0;
    std::multimap<std::string, std::string> fields;
    std::string body;

    std::string field(const std::string& name) const {
        const auto at = fields.find(name);
        return at == fields.end() ? std::string() : at->second;
    }
    /// The `Set-Cookie` of that name, whole; empty: none.
    std::string cookie(const std::string& name) const {
        for (auto [at, end] = fields.equal_range("Set-Cookie"); at != end; ++at)
            if (at->second.starts_with(name + "=")) return at->second;
        return {};
    }
    /// The value of the page's first hidden field `csrf`.
    std::string csrf() const {
        const std::string mark = "name=\"csrf\" value=\"";
        const std::size_t at = body.find(mark);
        return at == std::string::npos ? std::string() : body.substr(at + mark.size(), 128);
    }
};

/// The core's templates of the source tree, composed once for all tests.
inline std::shared_ptr<const portal::TemplateStore> coreTemplates() {
    static const auto store = [] {
        const std::filesystem::path source(DALATE_SOURCE_DIR);
        return portal::TemplateStore::core(source / "templates", source / "runtime/i18n",
                                           source / "runtime/static");
    }();
    return store;
}

/// A gateway behind a real front on loopback, with one account, wang, of a bureau. Plugins: none, or those of
/// `pluginFolder` once `load` is called.
class Portal {
public:
    static constexpr const char* password = "correct horse battery";

    explicit Portal(gateway::GatewayConfig config = {}, std::vector<std::string> trustedProxies = {})
        : host(hostOptions(), database_.pool(), coreTemplates()), lifecycle(lifecycleOptions(), database_.pool(), host),
          gateway(std::move(config),
                  {database_.pool(), lifecycle.current(), host, [this] { return ready.load(); }}) {
        host.attach(lifecycle.invoke(), lifecycle.current());
        bureau = database_.write(
            [](storage::Tx& tx) { return identity::Organisations::create(tx, "农牧局", "bureau", 0); });
        account = create("wang", {"bureau_admin"});
        http::FrontConfig settings;
        settings.bind = {"127.0.0.1:0"};
        settings.threads = 2;
        settings.trustedProxies = std::move(trustedProxies);
        settings.bodyPolicy = [this](const http::RequestHead& head) { return gateway.admit(head); };
        settings.errorPage = [this](int status) { return gateway.frontPage(status); };
        front_ = std::make_unique<http::Front>(std::move(settings), gateway);
    }
    ~Portal() {
        front_->stop(std::chrono::milliseconds(2000));
        lifecycle.stop();
    }

    /// Brings up the gathered sample plugin hello, owned by the bureau.
    Portal& load() {
        lifecycle.start();
        CPPUNIT_ASSERT_MESSAGE("build the target hello first",
                               lifecycle.current().get()->find("hello") != nullptr);
        database_.write(
            [this](storage::Tx& tx) { identity::Activations::nameOwner(tx, {}, "hello", bureau); });
        return *this;
    }

    /// After pages were added.
    Portal& start() {
        front_->start();
        return *this;
    }

    std::int64_t create(const std::string& login, std::vector<std::string> roles) {
        static const std::string hash = identity::Passwords::hash(password);
        return database_.write([&](storage::Tx& tx) {
            return identity::Accounts::create(tx, {}, {login, "人名" + login, "", bureau, std::move(roles)},
                                              hash);
        });
    }

    using Fields = std::vector<std::pair<std::string, std::string>>;

    Answer send(const std::string& method, const std::string& target, const Fields& fields = {},
                const std::string& body = {}) {
        Poco::Net::HTTPClientSession session("127.0.0.1", front_->port());
        session.setTimeout(Poco::Timespan(20, 0));
        Poco::Net::HTTPRequest request(method, target, Poco::Net::HTTPMessage::HTTP_1_1);
        for (const auto& [name, value] : fields)
            request.add(name, value);
        if (!body.empty() || method == "POST")
            request.setContentLength(static_cast<std::streamsize>(body.size()));
        session.sendRequest(request) << body;
        Poco::Net::HTTPResponse response;
        Answer answer;
        Poco::StreamCopier::copyToString(session.receiveResponse(response), answer.body);
        answer.status = response.getStatus();
        for (const auto& [name, value] : response)
            answer.fields.emplace(name, value);
        return answer;
    }
    Answer get(const std::string& target, const std::string& cookies = {}) {
        return send("GET", target, cookies.empty() ? Fields{} : Fields{{"Cookie", cookies}});
    }
    Answer post(const std::string& target, const std::string& cookies, const std::string& form) {
        return send("POST", target,
                    {{"Cookie", cookies}, {"Content-Type", "application/x-www-form-urlencoded"}}, form);
    }

    /// `name=value` of the session cookie after signing in.
    std::string signIn(const std::string& login) {
        const Answer form = get("/sign-in");
        const std::string cookie = pair(form.cookie("form"));
        return pair(
            post("/sign-in", cookie, "user=" + login + "&password=correct+horse+battery&csrf=" + form.csrf())
                .cookie("sid"));
    }
    static std::string pair(const std::string& setCookie) { return setCookie.substr(0, setCookie.find(';')); }
    std::string origin() const { return "http://127.0.0.1:" + std::to_string(front_->port()); }
    TestDatabase& database() { return database_; }

private:
    static host::PluginHost::Options hostOptions() {
        host::PluginHost::Options options;
        options.schemas = std::filesystem::path(DALATE_SOURCE_DIR) / "sdk/schema";
        return options;
    }
    plugin::LifecycleOptions lifecycleOptions() {
        const std::filesystem::path source(DALATE_SOURCE_DIR), built(DALATE_BINARY_DIR);
        plugin::LifecycleOptions options;
        std::filesystem::create_directories(database_.folder() / "plugins");
        std::error_code ignored;
        std::filesystem::create_directory_symlink(built / "plugins/hello",
                                                  database_.folder() / "plugins/hello", ignored);
        options.folders = {database_.folder() / "plugins"};
        options.data = database_.folder();
        options.schema = source / "sdk/schema/plugin.schema.json";
        options.first = plugin::Desired::enabled;
        return options;
    }

    TestDatabase database_;

public:
    std::atomic<bool> ready{true};
    host::PluginHost host;
    plugin::Lifecycle lifecycle;
    gateway::Gateway gateway;
    std::int64_t bureau = 0;
    std::int64_t account = 0;

private:
    std::unique_ptr<http::Front> front_;
};

} // namespace dalate::test
