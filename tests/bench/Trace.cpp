// SPDX-License-Identifier: Apache-2.0
// bench_trace DATABASE LOT ROUNDS — the search alone, forward, without route, session, page or boundary: the
// plugin's own search over its tables, read with its own statements. LOT is the lot's name. Prints a line a
// round: milliseconds nodes
#include "log/LinkStatements.h"
#include "trace/TraceSearch.h"

#include "storage/Pool.h"
#include "storage/Session.h"
#include "storage/Tx.h"

#include <chrono>
#include <cstdlib>
#include <iostream>
#include <stdexcept>
#include <string>

namespace {

using namespace dalate::traceability;
namespace storage = dalate::storage;

class TableLinks : public EdgeSource {
public:
    explicit TableLinks(storage::Tx& tx) : tx_(tx) {}

    void leaving(const std::vector<Node>& nodes, Links links, std::vector<Edge>& out) override {
        read(EdgeSide::leaving, nodes, links, out);
    }
    void reaching(const std::vector<Node>& nodes, Links links, std::vector<Edge>& out) override {
        read(EdgeSide::reaching, nodes, links, out);
    }

private:
    void read(EdgeSide side, const std::vector<Node>& nodes, Links links, std::vector<Edge>& out) {
        linkStatement(side, links).each<storage::Param>(tx_, nodes, [&](const storage::Rows& row) {
            out.push_back(edgeOf(row));
        });
    }

    storage::Tx& tx_;
};

Node nodeOf(storage::Tx& tx, const std::string& lot) {
    auto rows = tx.query("SELECT node FROM traceability_lot WHERE lot = :lot", {{"lot", lot}});
    if (!rows.next()) throw std::runtime_error("no such lot: " + lot);
    return rows.integer(0);
}

} // namespace

int main(int argc, char** argv) {
    if (argc != 4) {
        std::cerr << "usage: bench_trace DATABASE LOT ROUNDS\n";
        return 2;
    }
    try {
        storage::PoolOptions options;
        options.file = argv[1];
        storage::Pool pool(options);
        for (int round = 0; round < std::atoi(argv[3]); ++round) {
            auto lease = pool.lease();
            storage::Tx tx(*lease, storage::Tx::Mode::read);
            const Node start = nodeOf(tx, argv[2]);
            TableLinks links(tx);
            const auto from = std::chrono::steady_clock::now();
            const Trace found = trace(links, start, Direction::forward);
            const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - from;
            std::cout << took.count() << " " << found.nodes.size() << std::endl;
        }
        return 0;
    } catch (const std::exception& error) {
        std::cerr << "bench_trace: " << error.what() << "\n";
        return 1;
    }
}
