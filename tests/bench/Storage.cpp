// SPDX-License-Identifier: Apache-2.0
// bench_storage ROUNDS QUERIES — a 12-row query from a session's prepared statements against the same query
// prepared each time. Prints a line a round: cached_us prepared_us
#include "storage/Pool.h"
#include "storage/Session.h"
#include "storage/Tx.h"

#include <chrono>
#include <cstdlib>
#include <iostream>
#include <stdexcept>
#include <string>

#include <unistd.h>

namespace {

using namespace dalate::storage;

constexpr const char* query = "SELECT p.id, p.name, o.name, p.since FROM bench_person AS p "
                              "JOIN bench_organisation AS o ON o.id = p.organisation "
                              "WHERE p.organisation = :organisation ORDER BY p.id LIMIT 12";
// Another text for the same rows, so that a cache of one statement forgets the first.
constexpr const char* other = "SELECT p.id, p.name, o.name, p.since FROM bench_person AS p "
                              "JOIN bench_organisation AS o ON o.id = p.organisation "
                              "WHERE p.organisation = :organisation ORDER BY p.id LIMIT 0 + 12";

class Folder {
public:
    Folder() {
        std::string shape = (std::filesystem::temp_directory_path() / "dalate-bench-XXXXXX").string();
        if (!::mkdtemp(shape.data())) throw std::runtime_error("no temporary folder");
        path = shape;
    }
    ~Folder() { std::filesystem::remove_all(path); }
    std::filesystem::path path;
};

void make(Pool& pool) {
    auto lease = pool.lease();
    Tx tx(*lease, Tx::Mode::write);
    tx.exec("CREATE TABLE bench_organisation (id INTEGER NOT NULL PRIMARY KEY, name TEXT NOT NULL)");
    tx.exec("CREATE TABLE bench_person (id INTEGER NOT NULL PRIMARY KEY, name TEXT NOT NULL, "
            "organisation INTEGER NOT NULL, since INTEGER NOT NULL)");
    tx.exec("CREATE INDEX bench_person_organisation ON bench_person (organisation, id)");
    for (int o = 0; o < 100; ++o) {
        tx.exec("INSERT INTO bench_organisation VALUES (:id, :name)",
                {{"id", o}, {"name", "合作社 " + std::to_string(o)}});
        for (int p = 0; p < 20; ++p)
            tx.exec("INSERT INTO bench_person VALUES (:id, :name, :organisation, :since)",
                    {{"id", o * 20 + p},
                     {"name", "演示农户 " + std::to_string(p)},
                     {"organisation", o},
                     {"since", 1000 + p}});
    }
    tx.commit();
}

/// Microseconds a query, all in one read transaction.
double timed(Pool& pool, int queries) {
    auto lease = pool.lease();
    Tx tx(*lease, Tx::Mode::read);
    std::size_t bytes = 0;
    const auto from = std::chrono::steady_clock::now();
    for (int i = 0; i < queries; ++i) {
        int count = 0;
        auto rows = tx.query(i % 2 ? other : query, {{"organisation", i % 100}});
        for (; rows.next(); ++count)
            bytes += rows.text(1).size() + rows.text(2).size();
        if (count != 12) throw std::runtime_error("not 12 rows");
    }
    if (bytes == 0) throw std::runtime_error("empty rows");
    const std::chrono::duration<double, std::micro> took = std::chrono::steady_clock::now() - from;
    return took.count() / queries;
}

} // namespace

int main(int argc, char** argv) {
    if (argc != 3) {
        std::cerr << "usage: bench_storage ROUNDS QUERIES\n";
        return 2;
    }
    try {
        const Folder folder;
        PoolOptions options;
        options.file = folder.path / "bench.db";
        Pool cached(options);
        make(cached);
        options.statements = 1;
        Pool forgetful(options);
        for (int round = 0; round < std::atoi(argv[1]); ++round) {
            const double fromCache = timed(cached, std::atoi(argv[2]));
            std::cout << fromCache << " " << timed(forgetful, std::atoi(argv[2])) << std::endl;
        }
        return 0;
    } catch (const std::exception& error) {
        std::cerr << "bench_storage: " << error.what() << "\n";
        return 1;
    }
}
