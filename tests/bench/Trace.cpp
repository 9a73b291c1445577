// SPDX-License-Identifier: Apache-2.0
// bench_trace DATABASE LOT ROUNDS — the search alone, forward, without route, session, page or boundary: the
// plugin's own search over the tables that its capture filled, read with the statements of its LinkRows. LOT
// is the lot's name. Prints a line a round: milliseconds nodes
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
    explicit TableLinks(storage::Tx& tx) : tx_(tx) {
        for (std::size_t i = 0; i < most; ++i)
            names_.push_back("n" + std::to_string(i));
        std::string list;
        for (const std::string& name : names_)
            list += (list.empty() ? ":" : ", :") + name;
        const std::string columns = "SELECT src, dst, kind, start_at, end_at, event, amount, unit FROM ";
        for (const char* rest : {") AND kind < 4", ") AND kind >= 4"}) {
            leaving_.push_back(columns + "traceability_edge_f WHERE src IN (" + list + rest);
            reaching_.push_back(columns + "traceability_edge_b WHERE dst IN (" + list + rest);
        }
    }

    void leaving(const std::vector<Node>& nodes, Links links, std::vector<Edge>& out) override {
        read(nodes, leaving_[links == Links::genealogy ? 0 : 1], out);
    }
    void reaching(const std::vector<Node>& nodes, Links links, std::vector<Edge>& out) override {
        read(nodes, reaching_[links == Links::genealogy ? 0 : 1], out);
    }

private:
    static constexpr std::size_t most = 64;

    void read(const std::vector<Node>& nodes, const std::string& sql, std::vector<Edge>& out) {
        std::vector<storage::Param> params(most);
        for (std::size_t done = 0; done < nodes.size(); done += most) {
            // 0 names nothing and fills a batch up.
            for (std::size_t i = 0; i < most; ++i)
                params[i] = {names_[i], done + i < nodes.size() ? nodes[done + i] : Node{0}};
            auto rows = tx_.query(sql, params);
            while (rows.next()) {
                Edge e;
                e.from = rows.integer(0);
                e.to = rows.integer(1);
                e.kind = static_cast<LinkKind>(rows.integer(2));
                e.start = rows.integer(3);
                e.end = rows.integer(4);
                e.event = rows.integer(5);
                e.amount = {rows.isNull(6) ? Amount::unknown : rows.integer(6),
                            static_cast<std::uint32_t>(rows.integer(7))};
                out.push_back(e);
            }
        }
    }

    storage::Tx& tx_;
    std::vector<std::string> names_, leaving_, reaching_;
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
