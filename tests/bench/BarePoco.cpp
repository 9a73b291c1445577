// SPDX-License-Identifier: Apache-2.0
// bench_bare_poco PORT SHARE FOLDER DATABASE — the peer without a house: Poco's own HTTPServer, a thread a
// connection, that reads 20 lots with a prepared statement and renders them with the portal's templates. No
// session, no permission, no plugin library. SHARE holds the core's templates, FOLDER is the gathered plugin
// whose page it renders, DATABASE a copy of the daemon's. Prints "ready" once it listens; a line on standard
// input ends it.
#include "portal/Problem.h"
#include "portal/Renderer.h"
#include "portal/TemplateStore.h"
#include "storage/Pool.h"
#include "storage/Session.h"
#include "storage/Tx.h"

#include <cstdlib>
#include <iostream>
#include <stdexcept>
#include <string>

#include <Poco/DateTimeFormatter.h>
#include <Poco/Net/HTTPRequestHandler.h>
#include <Poco/Net/HTTPRequestHandlerFactory.h>
#include <Poco/Net/HTTPServer.h>
#include <Poco/Net/HTTPServerRequest.h>
#include <Poco/Net/HTTPServerResponse.h>
#include <Poco/Net/ServerSocket.h>
#include <Poco/ThreadPool.h>
#include <Poco/Timestamp.h>

namespace {

using namespace dalate;

// A thread serves one connection for as long as it is kept: a generous number of them for two cores.
constexpr int threads = 64;

portal::PageContext context() {
    portal::PageContext page;
    page.personName = "演示监管员";
    page.organisation = "旗农牧局(演示)";
    page.roles = {"监管人员"};
    page.menu = {{"首页", "/", "home", false},
                 {"农产品追溯", "/traceability", "leaf", false},
                 {"批次", "/traceability/lots", "box", true},
                 {"核查事项", "/traceability/findings", "alert", false}};
    page.csrf = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    page.requestId = "0SAPWP0JR0000";
    page.path = "/traceability/lots";
    page.baseUrl = "http://127.0.0.1";
    page.demo = true;
    return page;
}

class LotsPage : public Poco::Net::HTTPRequestHandler {
public:
    LotsPage(storage::Pool& pool, const portal::Renderer& renderer) : pool_(pool), renderer_(renderer) {}

    void handleRequest(Poco::Net::HTTPServerRequest&, Poco::Net::HTTPServerResponse& response) override {
        const std::string html = renderer_.page("traceability/lots", model(), context());
        response.setContentType("text/html; charset=utf-8");
        response.setContentLength64(static_cast<Poco::Int64>(html.size()));
        response.sendBuffer(html.data(), html.size());
    }

private:
    // The statements are those of the plugin's page: a row more than shown, and each row's product.
    Value model() {
        auto lease = pool_.lease();
        storage::Tx tx(*lease, storage::Tx::Mode::read);
        std::int64_t last = 0;
        return Value::map([&](MapWriter& m) {
            m.list("rows", [&](ListWriter& list) {
                auto rows = tx.query("SELECT node, gtin, lot, organisation, first_at FROM traceability_lot "
                                     "WHERE (:organisation IS NULL OR organisation = :organisation) "
                                     "AND first_at < :before ORDER BY first_at DESC, node DESC LIMIT :most",
                                     {{"organisation", nullptr}, {"before", INT64_MAX}, {"most", 21}});
                for (int shown = 0; shown < 20 && rows.next(); ++shown) {
                    const std::string gtin(rows.text(1)), lot(rows.text(2));
                    const std::string name = nameOf(tx, gtin);
                    last = rows.integer(4);
                    list.map([&](MapWriter& row) {
                        const std::string own = "/traceability/lots/" + gtin + "/" + lot;
                        row.set("name", name + " 批次 " + lot);
                        row.set("day", Poco::DateTimeFormatter::format(Poco::Timestamp(last + 28'800'000'000),
                                                                       "%Y年%n月%e日"));
                        row.set("href", own).set("label_href", own + "/label");
                    });
                }
            });
            m.set("next_href", "/traceability/lots?before=" + std::to_string(last));
        });
    }

    static std::string nameOf(storage::Tx& tx, const std::string& gtin) {
        auto rows =
            tx.query("SELECT gtin, name_zh, name_en, name_mn, category, organisation, organisation_name "
                     "FROM traceability_product WHERE gtin = :gtin",
                     {{"gtin", gtin}});
        return rows.next() ? std::string(rows.text(1)) : gtin;
    }

    storage::Pool& pool_;
    const portal::Renderer& renderer_;
};

class Factory : public Poco::Net::HTTPRequestHandlerFactory {
public:
    Factory(storage::Pool& pool, const portal::Renderer& renderer) : pool_(pool), renderer_(renderer) {}
    Poco::Net::HTTPRequestHandler* createRequestHandler(const Poco::Net::HTTPServerRequest&) override {
        return new LotsPage(pool_, renderer_);
    }

private:
    storage::Pool& pool_;
    const portal::Renderer& renderer_;
};

std::shared_ptr<const portal::TemplateStore> pages(const std::filesystem::path& share,
                                                   const std::filesystem::path& folder) {
    const auto core =
        portal::TemplateStore::core(share / "templates", share / "runtime/i18n", share / "runtime/static");
    portal::Problems problems;
    auto all = core->with("traceability", folder, problems);
    if (!all) throw portal::PortalError(problems);
    return all;
}

int serve(int port, const char* share, const char* folder, const char* database) {
    storage::PoolOptions options;
    options.file = database;
    options.sessions = threads + 1;
    storage::Pool pool(options);
    const portal::Renderer renderer(pages(share, folder));

    Poco::ThreadPool threadPool(threads, threads);
    Poco::Net::HTTPServerParams::Ptr settings = new Poco::Net::HTTPServerParams;
    settings->setMaxThreads(threads);
    settings->setMaxQueued(4096);
    settings->setKeepAlive(true);
    settings->setMaxKeepAliveRequests(0);
    Poco::Net::ServerSocket socket(Poco::Net::SocketAddress("127.0.0.1", static_cast<Poco::UInt16>(port)),
                                   4096);
    Poco::Net::HTTPServer server(new Factory(pool, renderer), threadPool, socket, settings);
    server.start();
    std::cout << "ready" << std::endl;
    std::string line;
    std::getline(std::cin, line);
    server.stopAll(true);
    return 0;
}

} // namespace

int main(int argc, char** argv) {
    if (argc != 5) {
        std::cerr << "usage: bench_bare_poco PORT SHARE FOLDER DATABASE\n";
        return 2;
    }
    try {
        return serve(std::atoi(argv[1]), argv[2], argv[3], argv[4]);
    } catch (const std::exception& error) {
        std::cerr << "bench_bare_poco: " << error.what() << "\n";
        return 1;
    }
}
