// SPDX-License-Identifier: Apache-2.0
#include "services/files/Orphans.h"

#include "base/Log.h"
#include "storage/Session.h"
#include "storage/Tx.h"

namespace dalate::services::files {

namespace {

bool isNamed(storage::Pool& pool, std::string_view sha256) {
    auto lease = pool.lease();
    storage::Tx tx(*lease, storage::Tx::Mode::read);
    return tx
        .query("SELECT 1"
               " WHERE EXISTS (SELECT 1 FROM file WHERE sha256 = :sha256)"
               " OR EXISTS (SELECT 1 FROM file WHERE thumb = :sha256)",
               {{"sha256", sha256}})
        .next();
}

} // namespace

Collected collectOrphans(FileStore& store, storage::Pool& pool, std::chrono::milliseconds grace) {
    const Micros before = now() - grace.count() * 1000;
    Collected collected;
    store.blobs().each([&](const Blobs::Found& found) {
        if (found.touched >= before) return;
        const auto unused = [&] { return found.sha256.empty() || !isNamed(pool, found.sha256); };
        // Asked once outside the lock, where most blobs are in use; asked again inside it before one goes.
        if (!unused() || !store.blobs().erase(found, before, unused)) return;
        ++collected.blobs;
        collected.bytes += found.size;
    });
    return collected;
}

Collector::Collector(FileStore& store, storage::Pool& pool, Options options)
    : store_(store), pool_(pool), options_(options), thread_([this] { run(); }) {}

Collector::~Collector() {
    {
        const std::lock_guard lock(mutex_);
        ending_ = true;
    }
    wake_.notify_all();
    thread_.join();
}

void Collector::run() {
    std::unique_lock lock(mutex_);
    while (!wake_.wait_for(lock, options_.every, [this] { return ending_; })) {
        lock.unlock();
        try {
            const Collected done = collectOrphans(store_, pool_, options_.grace);
            if (done.blobs > 0)
                log::info("core.file.collected", Value::map([&](MapWriter& m) {
                              m.set("files", done.blobs).set("bytes", done.bytes);
                          }));
        } catch (const std::exception& error) {
            log::warning("core.file.not_collected",
                         Value::map([&](MapWriter& m) { m.set("error", error.what()); }));
        }
        lock.lock();
    }
}

} // namespace dalate::services::files
